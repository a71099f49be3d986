/* Signals and a blocking connect() whose peer is silent (rows 2.18 to 2.21). A fresh socket and listener for each. */
#include "posix.h"

/* A blocking socket whose connect() was interrupted; the attempt goes on. */
static int interrupted(struct sockaddr_in address) {
  int fd = tcp_socket();
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  if (connect_to(fd, address) == 0 || errno != EINTR) report("-", "a connect() was not interrupted", error_name(errno));
  return fd;
}

static void state(struct sockaddr_in silent) {
  int fd = tcp_socket();
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  report("2.18", "caught signal", outcome(connect_to(fd, silent)));
  report("2.18", "caught signal: handlers run", outcome(signals_seen));
  report("2.18", "interrupted: poll", polled(fd, BOTH));
  report("2.18", "interrupted: select", selected(fd));
  report("2.18", "interrupted: pending error", so_error(fd));
  report("2.18", "interrupted: peer", peer_name(fd));
  report("2.18", "interrupted: own name", own_name(fd));
  report("2.18", "interrupted: send", sent(fd));
  report("2.18", "interrupted: recv", received(fd));
  set_nonblocking(fd, 1);
  report("2.21", "made non-blocking, again", outcome(connect_to(fd, silent)));
  close(fd);
}

/* 2.19: the page has no exception for SA_RESTART; Linux restarts the call and it ends when the connection stands. */
static void restarting_handler(void) {
  int port;
  int control = late_listener(&port);
  int fd = tcp_socket();
  catch_signal(SIGALRM, SA_RESTART);
  alarm_in(50);
  open_late(control, 300);
  report("2.19", "caught signal, SA_RESTART", outcome(connect_to(fd, loopback(port))));
  report("2.19", "SA_RESTART: handlers run", outcome(signals_seen));
  report("2.19", "SA_RESTART: awaited", polled_for(fd, POLLOUT, SOON));
  report("2.19", "SA_RESTART: peer", peer_name(fd));
  close(fd);
  close(control);
}

/* 2.20: still blocking, a second connect() waits in Linux; the page says EALREADY. */
static void second_call_waits(void) {
  int port;
  int control = late_listener(&port);
  int fd = interrupted(loopback(port));
  open_late(control, 0);
  report("2.20", "again, still blocking", outcome(connect_to(fd, loopback(port))));
  report("2.20", "again: awaited", polled_for(fd, POLLOUT, SOON));
  report("2.20", "again: peer", peer_name(fd));
  close(fd);
  close(control);
}

static void second_call_interrupted(struct sockaddr_in silent) {
  int fd = interrupted(silent);
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  report("2.20", "again, interrupted again", outcome(connect_to(fd, silent)));
  alarm_in(0);
  close(fd);
}

static void second_call_after_completion(void) {
  int port;
  int control = late_listener(&port);
  int fd = interrupted(loopback(port));
  open_late(control, 0);
  report("2.22", "completed: awaited", polled_for(fd, POLLOUT, SOON));
  report("2.22", "completed: pending error", so_error(fd));
  report("3.10", "completed after an interruption: again", outcome(connect_to(fd, loopback(port))));
  report("3.11", "completed after an interruption: a third time", outcome(connect_to(fd, loopback(port))));
  close(fd);
  close(control);
}

/* A signal that is ignored interrupts nothing. */
static void ignored_signal(void) {
  int port;
  int control = late_listener(&port);
  int fd = tcp_socket();
  signal(SIGALRM, SIG_IGN);
  alarm_in(50);
  open_late(control, 300);
  report("2.18", "ignored signal", outcome(connect_to(fd, loopback(port))));
  report("2.18", "ignored signal: peer", peer_name(fd));
  close(fd);
  close(control);
}

int main(void) {
  struct sockaddr_in silent = loopback(harness_port("HAWSER_PEER_SILENT"));
  state(silent);
  restarting_handler();
  second_call_waits();
  second_call_interrupted(silent);
  second_call_after_completion();
  ignored_signal();
  return 0;
}
