/* A non-blocking TCP connection is refused: who hears of it first, and what comes after (rows 3.12 to 3.19). */
#include "posix.h"

/* A non-blocking socket whose refusal has come in and was told to nobody. */
static int refused(int dead) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(dead));
  await_hangup(fd);
  return fd;
}

static void readiness(int dead) {
  int fd = refused(dead);
  report("3.12", "poll", polled(fd, BOTH));
  report("3.12", "poll for OUT", polled(fd, POLLOUT));
  report("3.12", "poll for IN", polled(fd, POLLIN));
  report("3.12", "poll for nothing", polled(fd, 0));
  report("3.12", "poll for RDHUP", polled(fd, POLLRDHUP));
  report("3.12", "select", selected(fd));
  report("3.12", "peer", peer_name(fd));
  report("3.13", "pending error", so_error(fd));
  report("3.13", "pending error again", so_error(fd));
  report("3.13", "error read: poll", polled(fd, BOTH));
  report("3.13", "error read: select", selected(fd));
  report("3.13", "error read: recv", received(fd));
  report("3.13", "error read: send", sent(fd));
  report("3.14", "error read: connect", outcome(connect_to(fd, loopback(dead))));
  report("3.14", "error read: connect again", outcome(connect_to(fd, loopback(dead))));
  close(fd);
}

static void connect_first(int dead, int listener) {
  int fd = refused(dead);
  report("3.15", "connect first", outcome(connect_to(fd, loopback(dead))));
  report("3.15", "connect first: pending error", so_error(fd));
  report("3.15", "connect first: connect again", outcome(connect_to(fd, loopback(dead))));
  await_hangup(fd);
  report("3.15", "connect first: refused again", so_error(fd));
  close(fd);

  fd = refused(dead);
  report("3.15", "connect first, live address", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.15", "live address again", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.15", "live address: awaited", polled_for(fd, POLLOUT, SOON));
  report("3.15", "live address: pending error", so_error(fd));
  report("3.15", "live address: peer", peer_name(fd));
  close(accept_from(listener));
  close(fd);
}

static void others_first(int dead, int listener) {
  int fd = refused(dead);
  report("3.16", "recv first", received(fd));
  report("3.16", "recv again", received(fd));
  report("3.16", "recv first: pending error", so_error(fd));
  close(fd);

  fd = refused(dead);
  report("3.17", "send first", sent(fd));
  report("3.17", "send again", sent(fd));
  report("3.17", "send first: pending error", so_error(fd));
  close(fd);

  fd = refused(dead);
  report("3.18", "shutdown first", outcome(shutdown(fd, SHUT_RDWR)));
  report("3.18", "shutdown first: pending error", so_error(fd));
  close(fd);

  fd = refused(dead);
  report("3.19", "AF_UNSPEC first", outcome(dissolve(fd)));
  report("3.19", "AF_UNSPEC first: pending error", so_error(fd));
  report("3.19", "AF_UNSPEC first: poll", polled(fd, BOTH));
  report("3.19", "AF_UNSPEC first: then a live address", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.19", "AF_UNSPEC first: awaited", polled_for(fd, POLLOUT, SOON));
  report("3.19", "AF_UNSPEC first: peer", peer_name(fd));
  close(accept_from(listener));
  close(fd);
}

/* Blocking calls hear of it too: the wait for it is theirs. */
static void made_blocking(int dead) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(dead));
  set_nonblocking(fd, 0);
  char byte;
  report("3.16", "recv that waits", outcome(recv(fd, &byte, 1, 0)));
  close(fd);

  fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(dead));
  set_nonblocking(fd, 0);
  report("3.17", "send that waits", outcome(send(fd, "x", 1, MSG_NOSIGNAL)));
  close(fd);
}

int main(void) {
  int dead = harness_port("HAWSER_PEER_REFUSED");
  int listener = tcp_listener();
  readiness(dead);
  connect_first(dead, listener);
  others_first(dead, listener);
  made_blocking(dead);
  return 0;
}
