/* The glue has these under names of its own: many a program has its own err or warn, and without this header. */
#ifndef _HAWSER_ERR_H
#define _HAWSER_ERR_H
#include <__hawser.h>
#include <stdarg.h>
#ifdef __cplusplus
extern "C" {
#endif
void warn(const char *, ...) __HAWSER_NAME(warn);
void vwarn(const char *, va_list) __HAWSER_NAME(vwarn);
void warnx(const char *, ...) __HAWSER_NAME(warnx);
void vwarnx(const char *, va_list) __HAWSER_NAME(vwarnx);
__attribute__((__noreturn__)) void err(int, const char *, ...) __HAWSER_NAME(err);
__attribute__((__noreturn__)) void verr(int, const char *, va_list) __HAWSER_NAME(verr);
__attribute__((__noreturn__)) void errx(int, const char *, ...) __HAWSER_NAME(errx);
__attribute__((__noreturn__)) void verrx(int, const char *, va_list) __HAWSER_NAME(verrx);
#ifdef __cplusplus
}
#endif
#endif
