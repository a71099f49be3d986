#ifndef _HAWSER_STRING_H
#define _HAWSER_STRING_H
#include <__hawser.h>
#define strerror __HAWSER_OVER(strerror)
#define strerror_r __HAWSER_OVER(strerror_r)
#include_next <string.h>
#undef strerror
#undef strerror_r
#ifdef __cplusplus
extern "C" {
#endif
char *strerror(int) __HAWSER_NAME(strerror);
int strerror_r(int, char *, size_t) __HAWSER_NAME(strerror_r);
#ifdef __cplusplus
}
#endif
#endif
