/* What a socket is after a failure that nobody has asked about, and what an interrupted call is after its handler. */
/* argument: directory */
#include "posix.h"

/* A non-blocking socket whose refusal has come in and was told to nobody. */
static int refused(int dead) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(dead));
  await_hangup(fd);
  return fd;
}

static void refusal(int dead, int listener) {
  int live = own_port(listener);
  int fd = refused(dead);
  report("2.11", "refused: listen", outcome(listen(fd, 1)));
  report("3.13", "refused, listen: pending error", so_error(fd));
  report("2.11", "refused, error read: listen", outcome(listen(fd, 1)));
  report("3.14", "refused, error read: connect", outcome(connect_to(fd, loopback(live))));
  report("2.11", "refused, told: listen", outcome(listen(fd, 1)));
  close(fd);

  fd = refused(dead);
  report("3.18", "refused: shutdown", outcome(shutdown(fd, SHUT_WR)));
  report("3.18", "refused, shutdown: connect", outcome(connect_to(fd, loopback(live))));
  report("3.18", "refused, shutdown: listen", outcome(listen(fd, 1)));
  report("3.18", "refused, shutdown: pending error", so_error(fd));
  report("3.18", "refused, shutdown: connect again", outcome(connect_to(fd, loopback(live))));
  report("3.19", "refused, shutdown: AF_UNSPEC", outcome(dissolve(fd)));
  report("3.19", "refused, shutdown, AF_UNSPEC: connect", outcome(connect_to(fd, loopback(live))));
  close(accept_from(listener));
  close(fd);

  fd = refused(dead);
  dissolve(fd);
  report("3.19", "refused, AF_UNSPEC: connect", outcome(connect_to(fd, loopback(live))));
  report("3.19", "refused, AF_UNSPEC: awaited", polled_for(fd, POLLOUT, SOON));
  report("3.9", "a new attempt forgets the old error", so_error(fd));
  close(accept_from(listener));
  close(fd);
}

static void connection(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  close_with_reset(server);
  await_hangup(client);
  report("2.6", "reset: listen", outcome(listen(client, 1)));
  report("2.6", "reset: pending error", so_error(client));
  report("2.6", "reset, error read: listen", outcome(listen(client, 1)));
  report("2.32", "reset: AF_UNSPEC", outcome(dissolve(client)));
  report("2.32", "reset, AF_UNSPEC: listen", outcome(listen(client, 1)));
  close(client);

  connected_pair(listener, &client, &server);
  dissolve(client);
  report("2.32", "dissolved: connect", outcome(connect_to(client, loopback(own_port(listener)))));
  report("2.32", "dissolved, connected: pending error", so_error(client));
  close(accept_from(listener));
  close(client);
  close(server);

  connected_pair(listener, &client, &server);
  shutdown(server, SHUT_WR);
  shutdown(client, SHUT_WR);
  await_hangup(client);
  report("2.32", "both ended: AF_UNSPEC", outcome(dissolve(client)));
  report("2.32", "both ended, AF_UNSPEC: pending error", so_error(client));
  close(client);
  close(server);
}

static void pairs(void) {
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  send(ends[0], "unread", 6, 0);
  close(ends[1]);
  report("-", "pair, closed with bytes unread: send", sent(ends[0]));
  report("-", "pair, closed with bytes unread: then recv", received(ends[0]));
  report("-", "pair, closed with bytes unread: recv again", received(ends[0]));
  close(ends[0]);

  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  send(ends[1], "lost", 4, 0);
  close(ends[1]);
  report("6.32", "datagram pair, closed: poll", polled(ends[0], BOTH));
  report("6.32", "datagram pair, closed: send", sent(ends[0]));
  report("6.32", "datagram pair, closed: second send", sent(ends[0]));
  report("6.32", "datagram pair, closed: what was unread", received(ends[0]));
  close(ends[0]);

  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  send(ends[1], "lost", 4, 0);
  report("6.24", "datagram pair: AF_UNSPEC", outcome(dissolve(ends[0])));
  report("6.24", "datagram pair, AF_UNSPEC: send", sent(ends[0]));
  report("6.24", "datagram pair, AF_UNSPEC: what was unread", received(ends[0]));
  report("6.24", "datagram pair, AF_UNSPEC: the other end's error", so_error(ends[1]));
  report("6.24", "datagram pair, AF_UNSPEC: the other end's send", sent(ends[1]));
  report("6.24", "datagram pair, AF_UNSPEC: it is heard", received(ends[0]));
  close(ends[0]);
  close(ends[1]);
}

static void listening(const char *directory) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  snprintf(name.sun_path, sizeof name.sun_path, "%s/listening", directory);
  if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0) report("-", "bind", error_name(errno));
  report("4.4", "AF_UNIX, listening", outcome(listen(fd, 1)));
  report("4.4", "AF_UNIX, listening: send", sent(fd));
  report("4.4", "AF_UNIX, listening: shutdown RD", outcome(shutdown(fd, SHUT_RD)));
  report("4.4", "AF_UNIX, listening, shut: poll", polled(fd, BOTH));
  report("4.4", "AF_UNIX, listening, shut: accept", outcome(accept(fd, NULL, NULL)));
  close(fd);
}

/* ---- calls that a handler with SA_RESTART interrupts ---- */

static int victim;
static int replacement;

static void close_victim(int signal_number) {
  (void)signal_number;
  close(victim);
}

static void replace_victim(int signal_number) {
  (void)signal_number;
  dup2(replacement, victim);
}

static void on_alarm(void (*handler)(int), int fd) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  victim = fd;
  alarm_in(30);
}

static void restarts(int listener) {
  int ends[2], others[2];
  char bytes[8];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  on_alarm(close_victim, ends[0]);
  report("-", "the handler closes the descriptor: recv", outcome(recv(ends[0], bytes, 8, 0)));
  close(ends[1]);

  pipe(ends);
  on_alarm(close_victim, ends[0]);
  report("-", "the handler closes the descriptor: read", outcome(read(ends[0], bytes, 8)));
  close(ends[1]);

  int copy = dup(listener);
  on_alarm(close_victim, copy);
  report("-", "the handler closes the descriptor: accept", outcome(accept(copy, NULL, NULL)));

  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  socketpair(AF_UNIX, SOCK_STREAM, 0, others);
  send(others[1], "other", 5, 0);
  replacement = others[0];
  on_alarm(replace_victim, ends[0]);
  report("-", "the handler replaces the descriptor: recv", outcome(recv(ends[0], bytes, 8, 0)));
  report("-", "the handler replaces the descriptor: the old one is closed", outcome(send(ends[1], "x", 1, MSG_NOSIGNAL)));
}

int main(int argc, char **argv) {
  int dead = harness_port("HAWSER_PEER_REFUSED");
  int listener = tcp_listener();
  refusal(dead, listener);
  connection(listener);
  pairs();
  listening(argc > 1 ? argv[1] : ".");
  restarts(listener);
  return 0;
}
