/*
 * connect() in a program that has a timer running: EINTR, then poll() until the attempt is over, whatever interrupts that,
 * then SO_ERROR. With alarm() and setitimer(), with SA_RESTART and without: the program sees the same in the end.
 */
#include "posix.h"

/* Waits for what a connect() began: 0, or -1 with the attempt's errno. */
static int connect_wait(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLOUT};
  int error = 0, ready;
  socklen_t length = sizeof error;
  while ((ready = poll(&entry, 1, SOON)) < 0 && errno == EINTR) continue;
  if (ready == 0) errno = ETIMEDOUT;
  if (ready <= 0) return -1;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1) return -1;
  if (error != 0) {
    errno = error;
    return -1;
  }
  return 0;
}

static int connect_whole(int fd, struct sockaddr_in address) {
  int result = connect_to(fd, address);
  if (result == -1 && (errno == EINTR || errno == EINPROGRESS)) result = connect_wait(fd);
  return result;
}

/* The same loop with select(), whose sets are to be made anew each time. */
static int connect_selecting(int fd, struct sockaddr_in address) {
  int error = 0, ready;
  socklen_t length = sizeof error;
  fd_set writable;
  if (connect_to(fd, address) == 0) return 0;
  if (errno != EINTR && errno != EINPROGRESS) return -1;
  do {
    FD_ZERO(&writable);
    FD_SET(fd, &writable);
    struct timeval limit = {SOON / 1000, 0};
    ready = select(fd + 1, NULL, &writable, NULL, &limit);
  } while (ready < 0 && errno == EINTR);
  if (ready <= 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1) return -1;
  errno = error;
  return error == 0 ? 0 : -1;
}

static void every(int milliseconds) {
  struct itimerval timer = {{0, milliseconds * 1000}, {0, milliseconds * 1000}};
  setitimer(ITIMER_REAL, &timer, NULL);
}

static void report_attempt(const char *name, int flags, int alarms, int (*how)(int, struct sockaddr_in)) {
  char condition[80];
  int port, fd = tcp_socket();
  int control = late_listener(&port);
  catch_signal(SIGALRM, flags);
  if (alarms) alarm_in(50);
  else every(40);
  open_late(control, 200);
  const char *result = outcome(how(fd, loopback(port)));
  every(0);
  reportf("2.22", name, "%s, %s", result, signals_seen > 0 ? "with signals" : "without signals");
  snprintf(condition, sizeof condition, "%s: peer", name);
  report("2.22", condition, peer_name(fd));
  send(fd, "hello", 5, 0);
  snprintf(condition, sizeof condition, "%s: echo", name);
  report("2.22", condition, received_text(fd));
  close(fd);
  close(control);
}

/* The attempt fails while the timer runs: its listener goes away. */
static void refused(void) {
  int fd = tcp_socket();
  catch_signal(SIGALRM, 0);
  every(5);
  report("2.7", "dead, a timer running", outcome(connect_whole(fd, loopback(harness_port("HAWSER_PEER_REFUSED")))));
  close(fd);
  fd = nonblocking_tcp_socket();
  report("3.13", "dead, non-blocking, a timer running", outcome(connect_whole(fd, loopback(harness_port("HAWSER_PEER_REFUSED")))));
  close(fd);
  every(0);
}

/* Everything else goes on under the timer too, as a program with SA_RESTART expects: nothing is interrupted. */
static void going_on(void) {
  static char block[300000];
  int fd = tcp_socket();
  connect_to(fd, loopback(harness_port("HAWSER_PEER_ECHO")));
  catch_signal(SIGALRM, SA_RESTART);
  every(2);
  long back = 0, there = 0, part = 1;
  while (back < (long)sizeof block && part > 0) {
    if (there < (long)sizeof block) {
      part = send(fd, block + there, 50000, 0);
      if (part > 0) there += part;
    }
    char text[50000];
    part = recv(fd, text, sizeof text, 0);
    if (part > 0) back += part;
  }
  every(0);
  report("-", "300000 bytes there and back, SA_RESTART", part < 0 ? error_name(errno) : outcome(back));
  close(fd);
}

int main(void) {
  report_attempt("alarm", 0, 1, connect_whole);
  report_attempt("interval, SA_RESTART", SA_RESTART, 0, connect_whole);
  report_attempt("interval, select", 0, 0, connect_selecting);
  refused();
  going_on();
  return 0;
}
