/* Clocks and sleeping. Nobody here may set a clock, and the one timer is setitimer()'s. */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

int posix_ppoll(void *, unsigned long, const struct timespec *, const sigset_t *) POSIX(ppoll);

int clock_settime(clockid_t clock, const struct timespec *time) {
  (void)clock;
  (void)time;
  return refuse(EPERM);
}
int settimeofday(const struct timeval *time, const void *zone) {
  (void)time;
  (void)zone;
  return refuse(EPERM);
}
int stime(const time_t *time) {
  (void)time;
  return refuse(EPERM);
}
int adjtime(const struct timeval *delta, struct timeval *left) {
  (void)left;
  if (delta != NULL) return refuse(EPERM);
  /* Nothing is being adjusted. */
  if (left != NULL) memset(left, 0, sizeof *left);
  return 0;
}
int adjtimex(struct timex *state) {
  (void)state;
  return refuse(EPERM);
}
/* No clock counts a process's time alone. */
int clock_getcpuclockid(pid_t pid, clockid_t *clock) {
  (void)clock;
  return pid == 0 || pid == getpid() ? ENOENT : ESRCH;
}

/* As glibc: what is asked for of the zone is zero. */
int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  if (zone != NULL) memset(zone, 0, 2 * sizeof(int));
  if (time == NULL) return 0;
  if (clock_gettime(CLOCK_REALTIME, &now) < 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = (suseconds_t)(now.tv_nsec / 1000);
  return 0;
}

/* wasi-libc's local time is UTC. */
char *tzname[2] = {"UTC", "UTC"};
long timezone;
int daylight;
void tzset(void) {}

/* ---- sleeping: a poll of nothing, which ends early for a signal ---- */

static long long nanoseconds(const struct timespec *time) { return time->tv_sec * 1000000000LL + time->tv_nsec; }
static struct timespec timespec_of(long long nanoseconds) {
  return (struct timespec){nanoseconds / 1000000000LL, (long)(nanoseconds % 1000000000LL)};
}
static int is_time(const struct timespec *time) {
  return time->tv_sec >= 0 && time->tv_nsec >= 0 && time->tv_nsec < 1000000000L;
}

/* Sleeps until `clock` says so: 0 or EINTR. A clock's last word on what is late. */
static int sleep_until(clockid_t clock, long long end, long long *left) {
  while (1) {
    struct timespec now;
    clock_gettime(clock, &now);
    *left = end - nanoseconds(&now);
    if (*left <= 0) return 0;
    struct timespec wanted = timespec_of(*left);
    int result = posix_ppoll(NULL, 0, &wanted, NULL);
    if (result < 0) {
      clock_gettime(clock, &now);
      *left = end - nanoseconds(&now);
      if (*left < 0) *left = 0;
      return -result;
    }
  }
}

int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *rest) {
  struct timespec now;
  long long left;
  if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) return EINVAL;
  if (!is_time(wanted)) return EINVAL;
  if (flags & TIMER_ABSTIME) return sleep_until(clock, nanoseconds(wanted), &left);
  clock_gettime(CLOCK_MONOTONIC, &now);
  int error = sleep_until(CLOCK_MONOTONIC, nanoseconds(&now) + nanoseconds(wanted), &left);
  if (error != 0 && rest != NULL) *rest = timespec_of(left);
  return error;
}

int nanosleep(const struct timespec *wanted, struct timespec *left) {
  int error = clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, left);
  return error != 0 ? refuse(error) : 0;
}

/* What is left in whole seconds, as glibc tells it. */
unsigned sleep(unsigned seconds) {
  struct timespec wanted = {seconds, 0}, left = {0, 0};
  if (nanosleep(&wanted, &left) == 0) return 0;
  return (unsigned)left.tv_sec;
}

int usleep(unsigned microseconds) {
  struct timespec wanted = {microseconds / 1000000, microseconds % 1000000 * 1000L};
  return nanosleep(&wanted, NULL);
}

/* ---- timers of POSIX: as a Linux built without them ---- */

int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict timer) {
  (void)clock;
  (void)event;
  (void)timer;
  return refuse(ENOSYS);
}
int timer_delete(timer_t timer) {
  (void)timer;
  return refuse(ENOSYS);
}
int timer_settime(timer_t timer, int flags, const struct itimerspec *restrict value, struct itimerspec *restrict old) {
  (void)timer;
  (void)flags;
  (void)value;
  (void)old;
  return refuse(ENOSYS);
}
int timer_gettime(timer_t timer, struct itimerspec *value) {
  (void)timer;
  (void)value;
  return refuse(ENOSYS);
}
int timer_getoverrun(timer_t timer) {
  (void)timer;
  return refuse(ENOSYS);
}
