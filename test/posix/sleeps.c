/* Sleeping, interrupted and not: what is left; the timers and clocks that there are. */
#include "posix.h"

/* Of what was asked for, what is left after a signal at 50 ms: between nothing and the whole. */
static const char *left_text(const struct timespec *left, long most) {
  long milliseconds = (long)left->tv_sec * 1000 + left->tv_nsec / 1000000;
  return milliseconds > 0 && milliseconds <= most ? "some is left" : milliseconds <= 0 ? "nothing is left" : "too much is left";
}

static void interrupted(void) {
  struct timespec wanted = {10, 0}, left = {77, 0}, until;
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  report("-", "nanosleep, interrupted", outcome(nanosleep(&wanted, &left)));
  report("-", "nanosleep tells", left_text(&left, 9990));
  alarm_in(50);
  reportf("-", "clock_nanosleep, interrupted", "%s", error_name(clock_nanosleep(CLOCK_MONOTONIC, 0, &wanted, &left)));
  report("-", "clock_nanosleep tells", left_text(&left, 9990));
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += 10;
  left.tv_sec = 77;
  alarm_in(50);
  reportf("-", "TIMER_ABSTIME, interrupted", "%s", error_name(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, &left)));
  reportf("-", "TIMER_ABSTIME leaves what was there", "%d", (int)left.tv_sec);
  alarm_in(50);
  report("-", "usleep, interrupted", outcome(usleep(900000)));
  alarm_in(50);
  report("-", "sleep, interrupted, tells", outcome(sleep(10)));
  reportf("-", "handlers run", "%d", (int)signals_seen);
  catch_signal(SIGALRM, SA_RESTART);
  alarm_in(50);
  report("-", "SA_RESTART: nanosleep does not go on", outcome(nanosleep(&wanted, NULL)));
  signal(SIGALRM, SIG_IGN);
  alarm_in(50);
  struct timespec short_time = {0, 100000000};
  report("-", "an ignored signal does not interrupt", outcome(nanosleep(&short_time, NULL)));
}

static void whole(void) {
  struct timespec short_time = {0, 20000000}, none = {0, 0}, before, until;
  long start = milliseconds_now();
  report("-", "nanosleep", outcome(nanosleep(&short_time, NULL)));
  report("-", "it took its time", yes_no(milliseconds_now() - start >= 19));
  report("-", "nanosleep of nothing", outcome(nanosleep(&none, NULL)));
  clock_gettime(CLOCK_MONOTONIC, &before);
  until = before;
  until.tv_nsec += 20000000;
  if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
  start = milliseconds_now();
  report("-", "TIMER_ABSTIME", error_name(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL)));
  report("-", "TIMER_ABSTIME took its time", yes_no(milliseconds_now() - start >= 18));
  report("-", "TIMER_ABSTIME of the past", error_name(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &before, NULL)));
  report("-", "sleep of nothing", outcome(sleep(0)));
}

static void wrong(void) {
  struct timespec negative = {-1, 0}, much = {0, 1000000000}, less = {0, -1};
  report("-", "nanosleep, negative seconds", outcome(nanosleep(&negative, NULL)));
  report("-", "nanosleep, too many nanoseconds", outcome(nanosleep(&much, NULL)));
  report("-", "nanosleep, negative nanoseconds", outcome(nanosleep(&less, NULL)));
  report("-", "clock_nanosleep, too many nanoseconds", error_name(clock_nanosleep(CLOCK_REALTIME, 0, &much, NULL)));
}

static void timers(void) {
  struct itimerval value = {.it_value = {10, 0}}, old;
  report("-", "setitimer, unknown", outcome(setitimer(77, &value, &old)));
  report("-", "getitimer, unknown", outcome(getitimer(77, &old)));
  value.it_value.tv_usec = 1000000;
  report("-", "setitimer, too many microseconds", outcome(setitimer(ITIMER_REAL, &value, NULL)));
  value.it_value.tv_usec = -1;
  report("-", "setitimer, negative", outcome(setitimer(ITIMER_REAL, &value, NULL)));
  value.it_value.tv_usec = 0;
  report("-", "ITIMER_VIRTUAL", outcome(setitimer(ITIMER_VIRTUAL, &value, NULL)));
  report("-", "ITIMER_PROF", outcome(setitimer(ITIMER_PROF, &value, NULL)));
  report("-", "ITIMER_REAL", outcome(setitimer(ITIMER_REAL, &value, &old)));
  report("-", "none was set", yes_no(old.it_value.tv_sec == 0 && old.it_value.tv_usec == 0));
  report("-", "alarm(0) tells what is left", yes_no(alarm(0) > 0));
  report("-", "ualarm tells what is left", yes_no(ualarm(900000, 0) == 0 && ualarm(0, 0) > 0));
  report("-", "gettimeofday and clock_gettime agree", ({
    struct timeval now;
    struct timespec same;
    gettimeofday(&now, NULL);
    clock_gettime(CLOCK_REALTIME, &same);
    yes_no(same.tv_sec - now.tv_sec >= 0 && same.tv_sec - now.tv_sec <= 5);
  }));
}

int main(void) {
  interrupted();
  whole();
  wrong();
  timers();
  return 0;
}
