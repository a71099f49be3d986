/* How poll, ppoll, select and pselect wait: for a time, for an event, for a signal; and the mask for the time of a call. */
#include "posix.h"

/* LATER: a signal that must not come before the call that it interrupts. */
enum { SHORT = 40, LATER = 80, CALLS = 4 };
enum which { POLL, PPOLL, SELECT, PSELECT };
static const char *const names[CALLS] = {"poll", "ppoll", "select", "pselect"};

static int listener;
static int to_close = -1;
static long started;

/* One of the four, for input, with a time in milliseconds (-1: none) and a mask (the last two of each pair have it). */
static int wait_for(enum which which, int fd, int milliseconds, const sigset_t *mask) {
  struct pollfd entry = {.fd = fd, .events = POLLIN};
  struct timespec time = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000};
  fd_set set;
  FD_ZERO(&set);
  if (fd >= 0) FD_SET(fd, &set);
  started = milliseconds_now();
  switch (which) {
    case POLL: return poll(&entry, 1, milliseconds);
    case PPOLL: return ppoll(&entry, 1, milliseconds < 0 ? NULL : &time, mask);
    case SELECT: return select(fd + 1, &set, NULL, NULL, milliseconds < 0 ? NULL : &limit);
    case PSELECT: return pselect(fd + 1, &set, NULL, NULL, milliseconds < 0 ? NULL : &time, mask);
  }
  return -1;
}

/* A time that was asked for has passed, and not many times as much. */
static const char *in_time(void) {
  long waited = milliseconds_now() - started;
  return waited < SHORT - 1 ? "too early" : waited < SOON ? "in time" : "late";
}

/* Nobody waited for a time that was not asked for. */
static const char *at_once(void) {
  return milliseconds_now() - started < SOON - 1000 ? "at once" : "late";
}

/* A condition's name with the call's in front. */
static const char *named(enum which which, const char *rest) {
  static char conditions[128][64];
  static unsigned next;
  char *condition = conditions[next++ % 128];
  snprintf(condition, 64, "%s: %s", names[which], rest);
  return condition;
}

static void report_waited(enum which which, const char *condition, int result) {
  const char *text = outcome(result);
  reportf("-", named(which, condition), "%s, %s", text, in_time());
}

static void report_at_once(enum which which, const char *condition, int result) {
  const char *text = outcome(result);
  reportf("-", named(which, condition), "%s, %s", text, at_once());
}

static void times(void) {
  int client, server;
  connected_pair(listener, &client, &server);
  for (enum which which = POLL; which <= PSELECT; which++) {
    report_at_once(which, "no time", wait_for(which, client, 0, NULL));
    report_waited(which, "a short time", wait_for(which, client, SHORT, NULL));
    report_waited(which, "a short time over nothing", wait_for(which, -1, SHORT, NULL));
  }
  struct timeval limit = {0, SHORT * 1000};
  started = milliseconds_now();
  select(0, NULL, NULL, NULL, &limit);
  reportf("-", "select tells the time left", "%ld %ld", (long)limit.tv_sec, (long)limit.tv_usec);
  struct timespec time = {0, SHORT * 1000000};
  pselect(0, NULL, NULL, NULL, &time, NULL);
  report("-", "pselect leaves the time as it was", outcome(time.tv_nsec));
  send(server, "x", 1, 0);
  await(client, POLLIN);
  limit = (struct timeval){30, 0};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(client, &set);
  select(client + 1, &set, NULL, NULL, &limit);
  report("-", "select at once: most of the time is left", yes_no(limit.tv_sec >= 25 && limit.tv_sec <= 30));
  close(client);
  close(server);
}

/* What comes while it waits: the echo of a byte that has a way to go. */
static void events(void) {
  int fd = tcp_socket(), udp = udp_socket();
  connect_to(fd, loopback(harness_port("HAWSER_PEER_ECHO")));
  connect_to(udp, loopback(harness_port("HAWSER_PEER_UDP_ECHO")));
  for (enum which which = POLL; which <= PSELECT; which++) {
    send(fd, "x", 1, 0);
    report("-", named(which, "a byte comes"), outcome(wait_for(which, fd, -1, NULL)));
    received(fd);
    send(udp, "x", 1, 0);
    report("-", named(which, "a datagram comes"), outcome(wait_for(which, udp, SOON, NULL)));
    received(udp);
  }
  close(fd);
  close(udp);
}

static void close_it(int signal_number) {
  (void)signal_number;
  signals_seen++;
  close(to_close);
}

static void interrupted(void) {
  int client, server;
  for (int restart = 0; restart < 2; restart++) {
    connected_pair(listener, &client, &server);
    for (enum which which = POLL; which <= PSELECT; which++) {
      catch_signal(SIGALRM, restart ? SA_RESTART : 0);
      alarm_in(LATER);
      report("-", named(which, restart ? "signal, SA_RESTART" : "signal"), outcome(wait_for(which, client, -1, NULL)));
      report("-", named(which, restart ? "signal, SA_RESTART: handlers" : "signal: handlers"), outcome(signals_seen));
    }
    close(client);
    close(server);
  }
  for (enum which which = POLL; which <= PSELECT; which++) {
    connected_pair(listener, &client, &server);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = close_it;
    action.sa_flags = SA_RESTART;
    sigaction(SIGALRM, &action, NULL);
    to_close = client;
    alarm_in(LATER);
    report("-", named(which, "closed by a handler"), outcome(wait_for(which, client, -1, NULL)));
    report("-", named(which, "closed by a handler: again"), outcome(wait_for(which, client, 0, NULL)));
    close(server);
  }
}

/* ppoll and pselect put a mask in place for the time of the call. */
static void masked(void) {
  sigset_t alarms, none, before;
  int client, server;
  sigemptyset(&none);
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  connected_pair(listener, &client, &server);
  for (enum which which = PPOLL; which <= PSELECT; which += 2) {
    catch_signal(SIGALRM, 0);
    sigprocmask(SIG_BLOCK, &alarms, NULL);
    raise(SIGALRM);
    report("-", named(which, "pending: handlers"), outcome(signals_seen));
    report_at_once(which, "pending, let through", wait_for(which, client, -1, &none));
    report("-", named(which, "pending, let through: handlers"), outcome(signals_seen));
    sigprocmask(SIG_BLOCK, NULL, &before);
    report("-", named(which, "the mask is back"), yes_no(sigismember(&before, SIGALRM)));
    raise(SIGALRM);
    report_at_once(which, "pending, let through, no time", wait_for(which, client, 0, &none));
    raise(SIGALRM);
    send(server, "x", 1, 0);
    await(client, POLLIN);
    report("-", named(which, "pending, let through, but ready"), outcome(wait_for(which, client, -1, &none)));
    report("-", named(which, "pending, let through, but ready: handlers"), outcome(signals_seen));
    received(client);
    sigprocmask(SIG_UNBLOCK, &alarms, NULL);
    report("-", named(which, "unblocked: handlers"), outcome(signals_seen));

    alarm_in(SHORT / 2);
    int result = wait_for(which, client, SHORT, &alarms), seen = signals_seen;
    report_waited(which, "blocked by the call's mask", result);
    report("-", named(which, "blocked by the call's mask: handlers at its return"), outcome(seen));
    alarm_in(LATER);
    report("-", named(which, "not blocked by the call's mask"), outcome(wait_for(which, client, SOON, &none)));
    report("-", named(which, "not blocked by the call's mask: handlers"), outcome(signals_seen));
  }
  close(client);
  close(server);
}

int main(void) {
  listener = tcp_listener();
  times();
  events();
  interrupted();
  masked();
  return 0;
}
