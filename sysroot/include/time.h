#ifndef _HAWSER_TIME_H
#define _HAWSER_TIME_H
#include <__hawser.h>
#define nanosleep __HAWSER_OVER(nanosleep)
#include_next <time.h>
#undef nanosleep
#ifdef __cplusplus
extern "C" {
#endif
int nanosleep(const struct timespec *, struct timespec *) __HAWSER_NAME(nanosleep);
int clock_settime(clockid_t, const struct timespec *);
void tzset(void);
extern long timezone;
extern int daylight;
extern char *tzname[2];
#ifdef __cplusplus
}
#endif
#endif
