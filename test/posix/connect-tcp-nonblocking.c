/* connect() on a non-blocking TCP socket that succeeds (rows 3.1, 3.9 to 3.11, 3.23). */
#include "posix.h"

/* A non-blocking socket whose connection to the listener has completed and was not asked about. */
static int completed(int listener) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(own_port(listener)));
  await(fd, POLLOUT);
  return fd;
}

static void success(int listener) {
  int fd = nonblocking_tcp_socket();
  report("3.1", "listener present", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.9", "awaited", polled_for(fd, POLLOUT, SOON));
  report("3.9", "completed: poll", polled(fd, BOTH));
  report("3.9", "completed: select", selected(fd));
  report("3.9", "completed: pending error", so_error(fd));
  report("3.9", "completed: pending error again", so_error(fd));
  report("3.9", "completed: peer", peer_name(fd));
  report("3.9", "completed: own name", own_name(fd));
  int server = accept_from(listener);
  report("3.9", "completed: send", sent(fd));
  report("3.9", "completed: received by the other side", received_text(server));
  report("3.23", "the accepted socket is non-blocking", yes_no((fcntl(server, F_GETFL) & O_NONBLOCK) != 0));
  close(server);
  close(fd);
}

/* 3.10: the manual page allows one successful connect() only; Linux says 0 once more. */
static void again(int listener, int other) {
  int fd = completed(listener);
  report("3.10", "again, same address", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.11", "a third time", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.11", "a fourth time, other address", outcome(connect_to(fd, loopback(own_port(other)))));
  close(accept_from(listener));
  close(fd);

  fd = completed(listener);
  report("3.10", "again, other address", outcome(connect_to(fd, loopback(own_port(other)))));
  report("3.10", "again, other address: the peer stays", yes_no(peer_port(fd) == own_port(listener)));
  close(accept_from(listener));
  close(fd);

  fd = completed(listener);
  report("3.10", "data sent: send", sent(fd));
  report("3.10", "data sent: again", outcome(connect_to(fd, loopback(own_port(listener)))));
  close(accept_from(listener));
  close(fd);

  fd = completed(listener);
  close(accept_from(listener));
  await(fd, POLLIN);
  report("3.10", "peer closed: again", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.11", "peer closed: a third time", outcome(connect_to(fd, loopback(own_port(listener)))));
  close(fd);

  fd = completed(listener);
  set_nonblocking(fd, 0);
  report("3.10", "made blocking: again", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("3.11", "made blocking: a third time", outcome(connect_to(fd, loopback(own_port(listener)))));
  close(accept_from(listener));
  close(fd);
}

/* A remote failure is told by SO_ERROR, a success by 0: the loop that most programs have. */
static void usual_loop(int listener, int dead) {
  int ports[2] = {dead, own_port(listener)};
  for (int i = 0; i < 2; i++) {
    int fd = nonblocking_tcp_socket();
    const char *first = outcome(connect_to(fd, loopback(ports[i])));
    await(fd, POLLOUT);
    reportf("3.1", i == 0 ? "the usual loop, dead port" : "the usual loop, live port", "%s, then %s", first, so_error(fd));
    close(fd);
  }
  close(accept_from(listener));
}

int main(void) {
  int listener = tcp_listener();
  int other = tcp_listener();
  success(listener);
  again(listener, other);
  usual_loop(listener, harness_port("HAWSER_PEER_REFUSED"));
  return 0;
}
