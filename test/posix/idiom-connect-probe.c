/*
 * connect() again as the probe of a non-blocking attempt, as clients do that came from systems without SO_ERROR: EALREADY
 * and EINPROGRESS say "not yet", EISCONN (or 0) says "connected", anything else is the attempt's error.
 */
#include "posix.h"

/* 1: connected, 0: not yet, -1: failed, with errno. */
static int probe(int fd, struct sockaddr_in address) {
  if (connect_to(fd, address) == 0 || errno == EISCONN) return 1;
  return errno == EALREADY || errno == EINPROGRESS ? 0 : -1;
}

/* Probes until there is an outcome, sleeping in between or waiting for poll(). */
static const char *connected_by(int fd, struct sockaddr_in address, int polling) {
  for (long limit = milliseconds_now() + SOON; milliseconds_now() < limit;) {
    int result = probe(fd, address);
    if (result != 0) return result > 0 ? "connected" : error_name(errno);
    if (polling) polled_for(fd, POLLOUT, SOON);
    else sleep_ms(2);
  }
  return "not yet";
}

static void live(void) {
  struct sockaddr_in echo = loopback(harness_port("HAWSER_PEER_ECHO"));
  for (int polling = 0; polling < 2; polling++) {
    int fd = nonblocking_tcp_socket();
    report("3.10", polling ? "live, polled" : "live, probed", connected_by(fd, echo, polling));
    report("3.11", polling ? "live, polled: connect" : "live, probed: connect", outcome(connect_to(fd, echo)));
    set_nonblocking(fd, 0);
    send(fd, "hello", 5, 0);
    report("-", polling ? "live, polled: echo" : "live, probed: echo", received_text(fd));
    close(fd);
  }
  int fd = tcp_socket();
  report("2.2", "live, blocking", connected_by(fd, echo, 0));
  close(fd);
}

static void dead(void) {
  struct sockaddr_in refused = loopback(harness_port("HAWSER_PEER_REFUSED"));
  struct sockaddr_in echo = loopback(harness_port("HAWSER_PEER_ECHO"));
  for (int polling = 0; polling < 2; polling++) {
    int fd = nonblocking_tcp_socket();
    report("3.15", polling ? "dead, polled" : "dead, probed", connected_by(fd, refused, polling));
    report("3.15", polling ? "dead, polled: pending error" : "dead, probed: pending error", so_error(fd));
    report("3.15", polling ? "dead, polled: then live" : "dead, probed: then live", connected_by(fd, echo, polling));
    close(fd);
  }
}

/* Not yet, for as long as it takes; the probes do the attempt no harm. */
static void late(void) {
  int port, fd = nonblocking_tcp_socket(), not_yet = 0;
  int control = late_listener(&port);
  report("3.1", "late: first", outcome(connect_to(fd, loopback(port))));
  for (int i = 0; i < 20; i++) not_yet += probe(fd, loopback(port)) == 0;
  report("3.3", "late: probes that say not yet", outcome(not_yet));
  report("3.3", "late: connect", outcome(connect_to(fd, loopback(port))));
  report("3.2", "late: poll", polled(fd, BOTH));
  report("3.2", "late: pending error", so_error(fd));
  open_late(control, 0);
  report("3.10", "late: probed until it answers", connected_by(fd, loopback(port), 0));
  report("3.9", "late: poll then", polled(fd, BOTH));
  set_nonblocking(fd, 0);
  send(fd, "hello", 5, 0);
  report("-", "late: echo", received_text(fd));
  close(fd);
  close(control);
}

int main(void) {
  live();
  dead();
  late();
  return 0;
}
