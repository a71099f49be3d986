#ifndef _HAWSER_SYS_TIME_H
#define _HAWSER_SYS_TIME_H
#include <__hawser.h>
#define gettimeofday __HAWSER_OVER(gettimeofday)
#include_next <sys/time.h>
#undef gettimeofday
#include <sys/select.h>
/* As on the BSDs: old programs call time(2) with this header alone, and would do so with a wrong type. */
#include <time.h>

#define ITIMER_REAL 0
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct itimerval {
  struct timeval it_interval;
  struct timeval it_value;
};

#ifdef __cplusplus
extern "C" {
#endif
int getitimer(int, struct itimerval *);
int setitimer(int, const struct itimerval *__restrict, struct itimerval *__restrict);
int gettimeofday(struct timeval *__restrict, void *__restrict) __HAWSER_NAME(gettimeofday);
int futimes(int, const struct timeval[2]);
int lutimes(const char *, const struct timeval[2]);
int adjtime(const struct timeval *, struct timeval *);
int settimeofday(const struct timeval *, const void *);
#ifdef __cplusplus
}
#endif
#endif
