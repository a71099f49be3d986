/* A TCP connection that stays pending, since the peer's queue is full and its SYN is dropped (rows 3.1 to 3.8, 3.22, 0.7). */
#include "posix.h"

static struct sockaddr_in silent;

static int pending(void) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, silent);
  return fd;
}

static void state(void) {
  int fd = nonblocking_tcp_socket();
  report("3.1", "silent peer", outcome(connect_to(fd, silent)));
  report("3.2", "pending: poll", polled(fd, BOTH));
  report("3.2", "pending: poll for nothing", polled(fd, 0));
  report("3.2", "pending: poll for 50 ms", polled_for(fd, POLLOUT, 50));
  report("3.2", "pending: select", selected(fd));
  report("3.2", "pending: error", so_error(fd));
  report("3.2", "pending: peer", peer_name(fd));
  report("3.2", "pending: own name", own_name(fd));
  report("3.4", "pending: send", sent(fd));
  report("3.4", "pending: recv", received(fd));
  close(fd);
}

static void connect_again(int port) {
  int fd = pending();
  report("3.3", "again, same address", outcome(connect_to(fd, silent)));
  report("3.3", "again, other address", outcome(connect_to(fd, loopback(port))));
  struct sockaddr_in foreign = silent;
  foreign.sin_family = AF_UNIX;
  report("0.7", "again, wrong family", outcome(connect_to(fd, foreign)));
  report("0.7", "again, short namelen", outcome(connect(fd, (struct sockaddr *)&silent, 4)));
  report("3.3", "the attempt goes on: poll", polled(fd, BOTH));
  report("3.3", "the attempt goes on: peer", peer_name(fd));
  report("3.5", "listen", outcome(listen(fd, 1)));
  report("3.5", "bind", outcome(bind_to(fd, loopback(0))));
  report("3.5", "the attempt still goes on", outcome(connect_to(fd, silent)));
  close(fd);
}

static void shut_down(const char *name, int how, int port) {
  char condition[64];
  int fd = pending();
  snprintf(condition, sizeof condition, "shutdown %s", name);
  report("3.6", condition, outcome(shutdown(fd, how)));
  snprintf(condition, sizeof condition, "shutdown %s: poll", name);
  report("3.6", condition, polled(fd, BOTH));
  snprintf(condition, sizeof condition, "shutdown %s: pending error", name);
  report("3.6", condition, so_error(fd));
  snprintf(condition, sizeof condition, "shutdown %s: then a live address", name);
  report("3.6", condition, outcome(connect_to(fd, loopback(port))));
  snprintf(condition, sizeof condition, "shutdown %s: awaited", name);
  report("3.6", condition, polled_for(fd, POLLOUT, SOON));
  close(fd);
}

static void given_up(int port) {
  int fd = pending();
  report("3.7", "AF_UNSPEC", outcome(dissolve(fd)));
  report("3.7", "AF_UNSPEC: pending error", so_error(fd));
  report("3.7", "AF_UNSPEC: then a live address", outcome(connect_to(fd, loopback(port))));
  report("3.7", "AF_UNSPEC: awaited", polled_for(fd, POLLOUT, SOON));
  report("3.7", "AF_UNSPEC: peer", peer_name(fd));
  close(fd);
}

static void duplicated(void) {
  int fd = pending();
  int copy = dup(fd);
  close(fd);
  report("3.8", "original closed: connect on the copy", outcome(connect_to(copy, silent)));
  report("3.8", "original closed: poll", polled(copy, BOTH));
  close(copy);
}

static void send_timeout(void) {
  struct timeval limit = {0, 100000};
  int fd = tcp_socket();
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  long before = milliseconds_now();
  const char *result = outcome(connect_to(fd, silent));
  long waited = milliseconds_now() - before;
  report("2.17", "blocking with SO_SNDTIMEO", result);
  report("2.17", "SO_SNDTIMEO: it waited that long", yes_no(waited >= 90 && waited < SOON));
  report("2.17", "SO_SNDTIMEO: poll", polled(fd, BOTH));
  report("2.17", "SO_SNDTIMEO: pending error", so_error(fd));
  set_nonblocking(fd, 1);
  report("2.17", "SO_SNDTIMEO: connect again", outcome(connect_to(fd, silent)));
  close(fd);
}

/* 3.22: room appears, the SYN that is sent again completes the connection. */
static void room_appears(void) {
  int port;
  int control = late_listener(&port);
  int fd = nonblocking_tcp_socket();
  report("3.22", "queue full", outcome(connect_to(fd, loopback(port))));
  report("3.22", "queue full: poll", polled(fd, BOTH));
  report("3.22", "queue full: pending error", so_error(fd));
  open_late(control, 0);
  report("3.22", "room appears", polled_for(fd, POLLOUT, SOON));
  report("3.22", "room appears: pending error", so_error(fd));
  report("3.22", "room appears: peer", peer_name(fd));
  report("3.22", "room appears: send", sent(fd));
  report("3.22", "room appears: echo", received_text(fd));
  close(fd);
  close(control);
}

int main(void) {
  int port = harness_port("HAWSER_PEER_ECHO");
  silent = loopback(harness_port("HAWSER_PEER_SILENT"));
  state();
  connect_again(port);
  shut_down("RD", SHUT_RD, port);
  shut_down("WR", SHUT_WR, port);
  shut_down("RDWR", SHUT_RDWR, port);
  given_up(port);
  duplicated();
  send_timeout();
  room_appears();
  return 0;
}
