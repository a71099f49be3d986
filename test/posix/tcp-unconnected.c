/* TCP sockets that are not connected (rows 4.1, 4.2, 4.4, 4.6). */
#include "posix.h"

static void fresh(void) {
  int fd = tcp_socket();
  report("4.1", "fresh: poll", polled(fd, BOTH));
  report("4.1", "fresh: poll for nothing", polled(fd, 0));
  report("4.1", "fresh: poll with RDHUP", polled(fd, BOTH | POLLRDHUP));
  report("4.1", "fresh: select", selected(fd));
  report("4.1", "fresh: pending error", so_error(fd));
  report("4.1", "fresh: peer", peer_name(fd));
  report("4.1", "fresh: own name", own_name(fd));
  report("4.2", "fresh: recv", received(fd));
  report("4.2", "fresh: send", sent(fd));
  close(fd);

  fd = tcp_socket();
  report("4.2", "fresh: shutdown WR", outcome(shutdown(fd, SHUT_WR)));
  close(fd);
  fd = tcp_socket();
  report("4.2", "fresh: shutdown RD", outcome(shutdown(fd, SHUT_RD)));
  close(fd);
  fd = tcp_socket();
  report("4.2", "fresh: shutdown, how out of range", outcome(shutdown(fd, 77)));
  report("4.2", "fresh: accept", opened(accept(fd, NULL, NULL)));
  char byte;
  report("4.2", "fresh: read", outcome(read(fd, &byte, 1)));
  report("4.2", "fresh: recv of 0 bytes", outcome(recv(fd, &byte, 0, 0)));
  report("4.2", "fresh: blocking recv", outcome(recv(fd, &byte, 1, 0)));
  close(fd);
}

static void bound(void) {
  int fd = tcp_socket();
  bind_to(fd, loopback(0));
  report("4.1", "bound: poll", polled(fd, BOTH));
  report("4.1", "bound: own name", own_name(fd));
  report("4.1", "bound: peer", peer_name(fd));
  report("4.1", "bound: bind again", outcome(bind_to(fd, loopback(0))));
  close(fd);
}

static void listening(void) {
  int fd = tcp_listener();
  report("4.4", "listening: poll", polled(fd, BOTH));
  report("4.4", "listening: poll for OUT", polled(fd, POLLOUT));
  report("4.4", "listening: select", selected(fd));
  report("4.4", "listening: peer", peer_name(fd));
  report("4.4", "listening: recv", received(fd));
  report("4.4", "listening: send", sent(fd));
  close(fd);
}

/* 4.6: exactly when a stream send gives EPIPE without MSG_NOSIGNAL. */
static void broken_pipe_signal(void) {
  catch_signal(SIGPIPE, 0);
  int fd = tcp_socket();
  report("4.6", "SIGPIPE, fresh: send", outcome(send(fd, "x", 1, 0)));
  report("4.6", "SIGPIPE, fresh: signals", outcome(signals_seen));
  report("4.6", "SIGPIPE, fresh: send with MSG_NOSIGNAL", outcome(send(fd, "x", 1, MSG_NOSIGNAL)));
  report("4.6", "SIGPIPE, with MSG_NOSIGNAL: signals", outcome(signals_seen));
  report("4.6", "SIGPIPE, fresh: write", outcome(write(fd, "x", 1)));
  report("4.6", "SIGPIPE, write: signals", outcome(signals_seen));
  close(fd);

  int listener = tcp_listener();
  int client, server;
  connected_pair(listener, &client, &server);
  shutdown(client, SHUT_WR);
  report("4.6", "SIGPIPE, after shutdown: send", outcome(send(client, "x", 1, 0)));
  report("4.6", "SIGPIPE, after shutdown: signals", outcome(signals_seen));
  close(client);
  close(server);

  connected_pair(listener, &client, &server);
  close_with_reset(server);
  await_hangup(client);
  report("4.6", "SIGPIPE, after a reset: first send", outcome(send(client, "x", 1, 0)));
  report("4.6", "SIGPIPE, after a reset: signals after the first", outcome(signals_seen));
  report("4.6", "SIGPIPE, after a reset: second send", outcome(send(client, "x", 1, 0)));
  report("4.6", "SIGPIPE, after a reset: signals after the second", outcome(signals_seen));
  close(client);
  close(listener);

  signal(SIGPIPE, SIG_IGN);
  fd = tcp_socket();
  report("4.6", "SIGPIPE ignored: send", outcome(send(fd, "x", 1, 0)));
  report("4.6", "SIGPIPE ignored: signals", outcome(signals_seen));
  close(fd);
}

int main(void) {
  fresh();
  bound();
  listening();
  broken_pipe_signal();
  return 0;
}
