/* A TCP connection is reset: by the peer, and by connect() with AF_UNSPEC (rows 2.6, 2.31 to 2.33, 4.5). */
#include "posix.h"

/* A client, connected by a blocking connect(), whose peer has sent a reset. */
static int reset_client(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  close_with_reset(server);
  await_hangup(client);
  return client;
}

static void by_the_peer(int listener) {
  int fd = reset_client(listener);
  report("4.5", "reset: poll", polled(fd, BOTH));
  report("4.5", "reset: poll with RDHUP", polled(fd, BOTH | POLLRDHUP));
  report("4.5", "reset: select", selected(fd));
  report("4.5", "reset: peer", peer_name(fd));
  report("4.5", "reset: recv", received(fd));
  report("4.5", "reset: recv again", received(fd));
  report("4.5", "reset: send", sent(fd));
  report("4.5", "reset: poll after that", polled(fd, BOTH));
  close(fd);

  fd = reset_client(listener);
  report("4.5", "reset, send first", sent(fd));
  report("4.5", "reset, send again", sent(fd));
  report("4.5", "reset, then recv", received(fd));
  close(fd);

  fd = reset_client(listener);
  report("2.6", "reset: connect", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("2.6", "reset: pending error stays", so_error(fd));
  report("2.6", "reset: pending error again", so_error(fd));
  close(fd);

  fd = reset_client(listener);
  report("-", "reset: shutdown", outcome(shutdown(fd, SHUT_RDWR)));
  close(fd);
}

/* 2.6, second half: nobody has told the program that the connection stood. */
static void by_the_peer_before_it_was_told(int listener) {
  for (int read_first = 0; read_first < 2; read_first++) {
    int fd = nonblocking_tcp_socket();
    connect_to(fd, loopback(own_port(listener)));
    await(fd, POLLOUT);
    close_with_reset(accept_from(listener));
    await_hangup(fd);
    if (read_first) report("2.6", "asynchronous, reset: pending error", so_error(fd));
    report("2.6", read_first ? "asynchronous, reset, error read: connect" : "asynchronous, reset: connect",
           outcome(connect_to(fd, loopback(own_port(listener)))));
    close(fd);
  }
}

static void by_the_harness(void) {
  int fd = tcp_socket();
  connect_to(fd, loopback(harness_port("HAWSER_PEER_RESET")));
  report("4.5", "a peer that resets: send", sent(fd));
  await_hangup(fd);
  report("4.5", "a peer that resets: poll", polled(fd, BOTH));
  report("4.5", "a peer that resets: pending error", so_error(fd));
  close(fd);
}

static void unspec_fresh(int listener) {
  int fd = tcp_socket();
  report("2.31", "AF_UNSPEC, fresh", outcome(dissolve(fd)));
  report("2.31", "AF_UNSPEC, fresh: then connect", outcome(connect_to(fd, loopback(own_port(listener)))));
  close(accept_from(listener));
  close(fd);
}

static void unspec_connected(int listener, int other) {
  int client, server;
  connected_pair(listener, &client, &server);
  report("2.32", "AF_UNSPEC, connected", outcome(dissolve(client)));
  report("2.32", "AF_UNSPEC: peer", peer_name(client));
  report("2.32", "AF_UNSPEC: poll", polled(client, BOTH));
  report("2.32", "AF_UNSPEC: pending error", so_error(client));
  await_hangup(server);
  report("2.32", "AF_UNSPEC: the other side's recv", received(server));
  report("2.32", "AF_UNSPEC: connect anew", outcome(connect_to(client, loopback(own_port(other)))));
  close(server);
  server = accept_from(other);
  report("2.32", "AF_UNSPEC: new peer", yes_no(peer_port(client) == own_port(other)));
  report("2.32", "AF_UNSPEC: send", sent(client));
  report("2.32", "AF_UNSPEC: received", received_text(server));
  close(server);
  close(client);
}

static void unspec_listening(void) {
  int fd = tcp_listener();
  int accepting = -1;
  socklen_t length = sizeof accepting;
  report("2.33", "AF_UNSPEC, listening", outcome(dissolve(fd)));
  getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &accepting, &length);
  report("2.33", "AF_UNSPEC: SO_ACCEPTCONN", outcome(accepting));
  report("2.33", "AF_UNSPEC: accept", opened(accept(fd, NULL, NULL)));
  close(fd);
}

int main(void) {
  int listener = tcp_listener();
  int other = tcp_listener();
  by_the_peer(listener);
  by_the_peer_before_it_was_told(listener);
  by_the_harness();
  unspec_fresh(listener);
  unspec_connected(listener, other);
  unspec_listening();
  return 0;
}
