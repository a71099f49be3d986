/*
 * A TCP socket may come to be connected to itself, where its own port is the one that it connects to: programs that hunt for
 * a free port or wait for a server compare the two names. Row 2.28.
 */
#include "posix.h"

/* What careful clients ask after each connect(): are both names the same? */
static int is_self_connected(int fd) {
  struct sockaddr_in own = internet("0.0.0.0", 0), peer = internet("0.0.0.0", 0);
  socklen_t length = sizeof own;
  if (getsockname(fd, (struct sockaddr *)&own, &length) != 0) return 0;
  length = sizeof peer;
  if (getpeername(fd, (struct sockaddr *)&peer, &length) != 0) return 0;
  return own.sin_port == peer.sin_port && own.sin_addr.s_addr == peer.sin_addr.s_addr;
}

static void itself(int nonblocking) {
  char condition[64];
  const char *how = nonblocking ? "non-blocking" : "blocking";
  int fd = nonblocking ? nonblocking_tcp_socket() : tcp_socket();
  bind_to(fd, loopback(0));
  snprintf(condition, sizeof condition, "itself, %s: connect", how);
  const char *result = outcome(connect_to(fd, loopback(own_port(fd))));
  report("2.28", condition, result);
  await(fd, POLLOUT);
  snprintf(condition, sizeof condition, "itself, %s: is itself", how);
  report("2.28", condition, yes_no(is_self_connected(fd)));
  snprintf(condition, sizeof condition, "itself, %s: poll", how);
  report("2.28", condition, polled(fd, BOTH));
  snprintf(condition, sizeof condition, "itself, %s: send", how);
  report("2.28", condition, outcome(send(fd, "hello", 5, 0)));
  snprintf(condition, sizeof condition, "itself, %s: what it hears", how);
  report("2.28", condition, received_text(fd));
  snprintf(condition, sizeof condition, "itself, %s: its own end", how);
  shutdown(fd, SHUT_WR);
  report("2.28", condition, received_text(fd));
  snprintf(condition, sizeof condition, "itself, %s: poll then", how);
  report("2.28", condition, polled(fd, BOTH | POLLRDHUP));
  close(fd);
}

/* A client that waits for its server and must not take itself for it. */
static void waiting_for_a_server(void) {
  int refused = 0, own = 0, found = 0;
  int listener = tcp_socket();
  bind_to(listener, loopback(0));
  int port = own_port(listener);
  for (int tries = 0; tries < 20 && !found; tries++) {
    int fd = tcp_socket();
    if (tries == 10) listen(listener, 4);
    if (connect_to(fd, loopback(port)) != 0) refused += errno == ECONNREFUSED;
    else if (is_self_connected(fd)) own++;
    else found = tries;
    close(fd);
  }
  report("2.7", "waiting: refused", outcome(refused));
  report("2.28", "waiting: took itself for it", outcome(own));
  report("2.1", "waiting: found at", outcome(found));
  close(listener);
}

/* Which of these ports has a server: the others refuse, whichever socket holds them. */
static void hunt(void) {
  int holders[8], found = -1, refused = 0;
  for (int i = 0; i < 8; i++) {
    holders[i] = tcp_socket();
    bind_to(holders[i], loopback(0));
  }
  listen(holders[6], 4);
  for (int i = 0; i < 8 && found < 0; i++) {
    int fd = tcp_socket();
    if (connect_to(fd, loopback(own_port(holders[i]))) == 0 && !is_self_connected(fd)) found = i;
    else refused += errno == ECONNREFUSED;
    close(fd);
  }
  report("2.7", "hunt: refused", outcome(refused));
  report("2.1", "hunt: found at", outcome(found));

  // And for a port to listen on: those that are taken say so.
  for (int i = 0; i < 8; i++) listen(holders[i], 4);
  int taken = 0, fd = -1, at = -1;
  for (int i = 0; i <= 8 && at < 0; i++) {
    fd = tcp_socket();
    int port = i < 8 ? own_port(holders[i]) : 0;
    if (bind_to(fd, loopback(port)) == 0 && listen(fd, 4) == 0) at = i;
    else {
      taken += errno == EADDRINUSE;
      close(fd);
    }
  }
  report("-", "hunt for a port of its own: taken", outcome(taken));
  report("-", "hunt for a port of its own: the system's choice", outcome(at));
  close(fd);
  for (int i = 0; i < 8; i++) close(holders[i]);
}

/* Two sockets that are bound, each to the other: a simultaneous open needs both at the same time, one alone is refused. */
static void each_other(void) {
  int one = tcp_socket(), other = tcp_socket();
  bind_to(one, loopback(0));
  bind_to(other, loopback(0));
  report("2.7", "to one that is bound: connect", outcome(connect_to(one, loopback(own_port(other)))));
  report("2.10", "to one that is bound: its port is kept", yes_no(own_port(one) != 0));
  close(one);
  close(other);
}

/* A UDP socket that is its own peer hears itself. */
static void datagrams(void) {
  int fd = bound_udp_socket();
  report("5.28", "UDP, itself: connect", outcome(connect_to(fd, loopback(own_port(fd)))));
  report("5.28", "UDP, itself: is itself", yes_no(is_self_connected(fd)));
  send(fd, "hello", 5, 0);
  report("5.28", "UDP, itself: what it hears", received_text(fd));
  close(fd);
}

int main(void) {
  itself(0);
  itself(1);
  waiting_for_a_server();
  hunt();
  each_other();
  datagrams();
  return 0;
}
