/* What poll, ppoll, select, pselect and FIONREAD say of a TCP socket, state by state. */
#include "readiness.h"

static int listener, client, server;

static void pair(void) {
  connected_pair(listener, &client, &server);
}

static void drop(void) {
  close(client);
  close(server);
}

static void without_a_peer(void) {
  int fd = tcp_socket();
  report_readiness("4.1", "fresh", fd);
  bind_to(fd, loopback(0));
  report_readiness("4.1", "bound", fd);
  listen(fd, 4);
  report_readiness("4.4", "listening", fd);
  int one = tcp_socket(), other = tcp_socket();
  connect_to(one, loopback(own_port(fd)));
  await(fd, POLLIN);
  report_readiness("4.4", "listening, one waits", fd);
  connect_to(other, loopback(own_port(fd)));
  int accepted = accept_from(fd);
  await(fd, POLLIN);
  report_readiness("4.4", "listening, one of two taken", fd);
  close(accepted);
  accepted = accept_from(fd);
  report_readiness("4.4", "listening, all taken", fd);
  close(accepted);
  close(one);
  close(other);
  close(fd);
  int inet6 = socket(AF_INET6, SOCK_STREAM, 0);
  report_readiness("4.1", "fresh IPv6", inet6);
  close(inet6);
}

static void attempt(void) {
  int port, fd = nonblocking_tcp_socket();
  int control = late_listener(&port);
  connect_to(fd, loopback(port));
  report_readiness("3.2", "connecting", fd);
  shutdown(fd, SHUT_RDWR);
  report_readiness("3.6", "connecting, then shut down", fd);
  so_error(fd);
  report_readiness("3.6", "and its error read", fd);
  close(fd);
  fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(port));
  dissolve(fd);
  report_readiness("3.7", "connecting, then dissolved", fd);
  close(fd);
  close(control);

  fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(own_port(listener)));
  await(fd, POLLOUT);
  report_readiness("3.9", "connected", fd);
  close(fd);
  close(accept_from(listener));
}

static void refused(void) {
  int dead = harness_port("HAWSER_PEER_REFUSED");
  int fd = nonblocking_tcp_socket();
  char byte;
  connect_to(fd, loopback(dead));
  await_hangup(fd);
  report_readiness("3.12", "refused, unread", fd);
  so_error(fd);
  report_readiness("3.13", "refused, SO_ERROR read", fd);
  close(fd);
  fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(dead));
  await_hangup(fd);
  recv(fd, &byte, 1, 0);
  report_readiness("3.16", "refused, then recv", fd);
  close(fd);
  fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(dead));
  await_hangup(fd);
  connect_to(fd, loopback(dead));
  report_readiness("3.15", "refused, then connect", fd);
  close(fd);
  fd = tcp_socket();
  connect_to(fd, loopback(dead));
  report_readiness("2.7", "refused, blocking", fd);
  close(fd);
}

static void data(void) {
  char bytes[8];
  pair();
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  report_readiness("-", "3 bytes", client);
  recv(client, bytes, 2, 0);
  report_readiness("-", "1 of 3 bytes", client);
  recv(client, bytes, 8, MSG_PEEK);
  report_readiness("-", "1 byte, peeked at", client);
  fill_up(client);
  report_readiness("-", "full, 1 byte", client);
  recv(client, bytes, 8, 0);
  report_readiness("-", "full", client);
  shutdown(client, SHUT_WR);
  report_readiness("-", "full, shut WR", client);
  drop();
}

static void ends(void) {
  char bytes[8];
  pair();
  send(server, "abc", 3, 0);
  shutdown(server, SHUT_WR);
  await(client, POLLRDHUP);
  report_readiness("2.4", "peer's end, 3 bytes before it", client);
  recv(client, bytes, 8, 0);
  report_readiness("2.4", "peer's end", client);
  recv(client, bytes, 8, 0);
  report_readiness("2.4", "peer's end, read", client);
  report_readiness("-", "own end", server);
  shutdown(client, SHUT_WR);
  report_readiness("2.5", "peer's end, then own", client);
  await(server, POLLHUP);
  report_readiness("2.5", "own end, then peer's", server);
  drop();

  pair();
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  shutdown(client, SHUT_RD);
  report_readiness("-", "3 bytes, shut RD", client);
  recv(client, bytes, 8, 0);
  report_readiness("-", "3 bytes, shut RD, read", client);
  drop();
  pair();
  shutdown(client, SHUT_RD);
  report_readiness("-", "shut RD", client);
  shutdown(client, SHUT_WR);
  report_readiness("2.5", "shut RD, then WR", client);
  drop();
  pair();
  shutdown(client, SHUT_RDWR);
  report_readiness("2.5", "shut RDWR", client);
  drop();

  pair();
  close(server);
  await(client, POLLRDHUP);
  report_readiness("2.4", "closed by the peer", client);
  sent(client);
  await(client, POLLERR);
  report_readiness("-", "closed by the peer, then sent to", client);
  sent(client);
  report_readiness("-", "closed by the peer, sent to twice", client);
  close(client);
}

static void resets(void) {
  char bytes[8];
  pair();
  close_with_reset(server);
  await(client, POLLERR);
  report_readiness("4.5", "reset", client);
  so_error(client);
  report_readiness("4.5", "reset, SO_ERROR read", client);
  close(client);
  pair();
  close_with_reset(server);
  await(client, POLLERR);
  recv(client, bytes, 8, 0);
  report_readiness("4.5", "reset, then recv", client);
  close(client);
  pair();
  shutdown(client, SHUT_WR);
  await(server, POLLRDHUP);
  close_with_reset(server);
  await(client, POLLERR);
  report_readiness("4.5", "own end, then reset", client);
  close(client);
  pair();
  send(client, "abc", 3, 0);
  await(server, POLLIN);
  close(server);
  await(client, POLLERR);
  report_readiness("4.5", "closed by a peer that had not read", client);
  close(client);
  pair();
  dissolve(client);
  report_readiness("2.32", "dissolved", client);
  await(server, POLLERR);
  report_readiness("2.32", "dissolved by the peer", server);
  so_error(client);
  report_readiness("2.32", "dissolved, SO_ERROR read", client);
  connect_to(client, loopback(own_port(listener)));
  report_readiness("2.32", "dissolved, connected anew", client);
  drop();
  close(accept_from(listener));
}

int main(void) {
  listener = tcp_listener();
  without_a_peer();
  attempt();
  refused();
  data();
  ends();
  resets();
  return 0;
}
