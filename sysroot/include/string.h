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
#ifdef _GNU_SOURCE
void *rawmemchr(const void *, int);
const char *sigabbrev_np(int);
const char *sigdescr_np(int);
const char *strerrordesc_np(int);
/* GNU's, which changes nothing; <libgen.h> has the other one. */
#if !defined(basename) && !defined(__cplusplus)
char *basename(const char *) __asm__("__hawser_gnu_basename");
#endif
#define strndupa(text, most)                                                   \
  (__extension__({                                                             \
    const char *__text = (text);                                               \
    size_t __length = strnlen(__text, (most));                                 \
    char *__copy = (char *)__builtin_alloca(__length + 1);                     \
    __copy[__length] = '\0';                                                   \
    (char *)memcpy(__copy, __text, __length);                                  \
  }))
#endif
#ifdef __cplusplus
}
#endif
#endif
