/* argument: directory */
/* What poll, ppoll, select, pselect and FIONREAD say of AF_UNIX sockets and socket pairs, state by state. */
#include "readiness.h"

static struct sockaddr_un name;
static int listener;

static int stream_to_listener(int *server) {
  int client = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&name, sizeof name);
  *server = accept_from(listener);
  return client;
}

static void without_a_peer(void) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0), server;
  report_readiness("4.3", "fresh", fd);
  bind(fd, (struct sockaddr *)&name, sizeof name);
  report_readiness("4.3", "bound", fd);
  listen(fd, 4);
  report_readiness("-", "listening", fd);
  listener = fd;
  fd = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(fd, (struct sockaddr *)&name, sizeof name);
  await(listener, POLLIN);
  report_readiness("-", "listening, one waits", listener);
  report_readiness("6.15", "connected, not accepted", fd);
  server = accept_from(listener);
  report_readiness("-", "listening, all taken", listener);
  report_readiness("6.15", "connected", fd);
  report_readiness("6.15", "accepted", server);
  close(server);
  close(fd);
  fd = socket(AF_UNIX, SOCK_STREAM, 0);
  shutdown(fd, SHUT_RD);
  report_readiness("4.3", "fresh, shut RD", fd);
  shutdown(fd, SHUT_WR);
  report_readiness("4.3", "fresh, shut both ways", fd);
  close(fd);
  fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  report_readiness("-", "fresh datagram socket", fd);
  close(fd);
}

static void report_kind(const char *row, const char *kind, const char *state, int fd) {
  static char conditions[64][64];
  static unsigned next;
  char *condition = conditions[next++ % 64];
  snprintf(condition, 64, "%s: %s", kind, state);
  report_readiness(row, condition, fd);
}

/* Streams by name and in pairs are to be told alike. */
static void open_stream(int paired, int *one, int *other) {
  int ends[2];
  if (!paired) {
    *one = stream_to_listener(other);
    return;
  }
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  *one = ends[0];
  *other = ends[1];
}

static void stream(int paired) {
  const char *kind = paired ? "stream pair" : "stream";
  int one, other;
  char bytes[8];
  open_stream(paired, &one, &other);
  report_kind("-", kind, "nothing yet", one);
  send(other, "abc", 3, 0);
  await(one, POLLIN);
  report_kind("-", kind, "3 bytes", one);
  recv(one, bytes, 2, 0);
  report_kind("-", kind, "1 of 3 bytes", one);
  fill_up(one);
  report_kind("-", kind, "full, 1 byte", one);
  recv(one, bytes, 2, 0);
  report_kind("-", kind, "full", one);
  close(one);
  close(other);

  open_stream(paired, &one, &other);
  send(other, "abc", 3, 0);
  shutdown(other, SHUT_WR);
  await(one, POLLRDHUP);
  report_kind("-", kind, "peer's end, 3 bytes before it", one);
  recv(one, bytes, 8, 0);
  report_kind("-", kind, "peer's end", one);
  report_kind("-", kind, "own end", other);
  shutdown(one, SHUT_WR);
  await(other, POLLHUP);
  report_kind("-", kind, "peer's end, then own", one);
  report_kind("-", kind, "own end, then peer's", other);
  close(one);
  close(other);

  open_stream(paired, &one, &other);
  shutdown(one, SHUT_RD);
  report_kind("-", kind, "shut RD", one);
  shutdown(one, SHUT_WR);
  report_kind("-", kind, "shut RD, then WR", one);
  close(one);
  close(other);

  open_stream(paired, &one, &other);
  send(other, "abc", 3, 0);
  close(other);
  await(one, POLLHUP);
  report_kind("6.21", kind, "closed by the peer, 3 bytes before it", one);
  recv(one, bytes, 8, 0);
  report_kind("6.21", kind, "closed by the peer", one);
  sent(one);
  report_kind("6.21", kind, "closed by the peer, then sent to", one);
  close(one);

  open_stream(paired, &one, &other);
  send(one, "abc", 3, 0);
  await(other, POLLIN);
  close(other);
  await(one, POLLHUP);
  report_kind("-", kind, "closed by a peer that had not read", one);
  so_error(one);
  report_kind("-", kind, "the same, SO_ERROR read", one);
  close(one);
}

static void records(int type, const char *kind) {
  int ends[2];
  char bytes[8];
  socketpair(AF_UNIX, type, 0, ends);
  report_kind("-", kind, "nothing yet", ends[0]);
  send(ends[1], "", 0, 0);
  report_kind("-", kind, "an empty one", ends[0]);
  send(ends[1], "abc", 3, 0);
  report_kind("-", kind, "an empty one and one of 3 bytes", ends[0]);
  recv(ends[0], bytes, 8, 0);
  report_kind("-", kind, "one of 3 bytes", ends[0]);
  recv(ends[0], bytes, 1, 0);
  report_kind("-", kind, "read in part", ends[0]);
  while (send(ends[1], "abc", 3, MSG_DONTWAIT) > 0) continue;
  report_kind("-", kind, "full", ends[1]);
  close(ends[0]);
  report_kind("-", kind, "full, closed by the peer", ends[1]);
  close(ends[1]);

  socketpair(AF_UNIX, type, 0, ends);
  shutdown(ends[0], SHUT_WR);
  report_kind("-", kind, "shut WR", ends[0]);
  report_kind("-", kind, "shut WR by the peer", ends[1]);
  close(ends[0]);
  close(ends[1]);
  socketpair(AF_UNIX, type, 0, ends);
  shutdown(ends[0], SHUT_RD);
  report_kind("-", kind, "shut RD", ends[0]);
  report_kind("-", kind, "shut RD by the peer", ends[1]);
  shutdown(ends[0], SHUT_WR);
  report_kind("-", kind, "shut both ways", ends[0]);
  report_kind("-", kind, "shut both ways by the peer", ends[1]);
  close(ends[0]);
  close(ends[1]);
  socketpair(AF_UNIX, type, 0, ends);
  close(ends[1]);
  report_kind("6.32", kind, "closed by the peer", ends[0]);
  sent(ends[0]);
  report_kind("6.32", kind, "closed by the peer, then sent to", ends[0]);
  close(ends[0]);
  socketpair(AF_UNIX, type, 0, ends);
  send(ends[0], "abc", 3, 0);
  close(ends[1]);
  report_kind("6.32", kind, "closed by a peer that had not read", ends[0]);
  close(ends[0]);
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  name.sun_family = AF_UNIX;
  snprintf(name.sun_path, sizeof name.sun_path, "%s/socket", arguments[1]);
  without_a_peer();
  stream(0);
  stream(1);
  records(SOCK_DGRAM, "datagram pair");
  records(SOCK_SEQPACKET, "record pair");
  close(listener);
  unlink(name.sun_path);
  return 0;
}
