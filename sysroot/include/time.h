#ifndef _HAWSER_TIME_H
#define _HAWSER_TIME_H
#include <__hawser.h>
#define nanosleep __HAWSER_OVER(nanosleep)
#define clock_nanosleep __HAWSER_OVER(clock_nanosleep)
#include_next <time.h>
#undef nanosleep
#undef clock_nanosleep
#define __NEED_pid_t
#define __NEED_timer_t
#include <bits/alltypes.h>

#define timelocal mktime
#ifdef __cplusplus
extern "C" {
#endif
struct sigevent;
struct itimerspec;
int nanosleep(const struct timespec *, struct timespec *) __HAWSER_NAME(nanosleep);
int clock_nanosleep(clockid_t, int, const struct timespec *, struct timespec *) __HAWSER_NAME(clock_nanosleep);
int clock_settime(clockid_t, const struct timespec *);
int clock_getcpuclockid(pid_t, clockid_t *);
int stime(const time_t *);
int timer_create(clockid_t, struct sigevent *__restrict, timer_t *__restrict);
int timer_delete(timer_t);
int timer_settime(timer_t, int, const struct itimerspec *__restrict, struct itimerspec *__restrict);
int timer_gettime(timer_t, struct itimerspec *);
int timer_getoverrun(timer_t);
void tzset(void);
extern long timezone;
extern int daylight;
extern char *tzname[2];
#ifdef __cplusplus
}
#endif
#endif
