/* Ends of TCP connections: half-close, close, close of a duplicate, close with bytes unread. */
#include "posix.h"

static void half_close(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  send(client, "last", 4, 0);
  report("2.5", "shutdown WR", outcome(shutdown(client, SHUT_WR)));
  report("2.5", "shutdown WR again", outcome(shutdown(client, SHUT_WR)));
  report("-", "half-closed: the bytes before it", received_text(server));
  await(server, POLLRDHUP);
  report("-", "half-closed: other side's poll", polled(server, BOTH | POLLRDHUP));
  report("-", "half-closed: other side's recv", received(server));
  report("-", "half-closed: and again", received(server));
  report("-", "half-closed: other side's send", outcome(send(server, "reply", 5, 0)));
  report("-", "half-closed: received", received_text(client));
  report("-", "half-closed: own poll", polled(client, BOTH | POLLRDHUP));
  report("-", "half-closed: own send", sent(client));
  close(server);
  await(client, POLLRDHUP);
  report("-", "both ended: poll", polled(client, BOTH | POLLRDHUP));
  report("-", "both ended: recv", received(client));
  report("-", "both ended: pending error", so_error(client));
  close(client);
}

static void receive_only(int listener) {
  int client, server;
  char byte;
  connected_pair(listener, &client, &server);
  report("-", "shutdown RD", outcome(shutdown(client, SHUT_RD)));
  report("-", "shut RD: poll", polled(client, BOTH | POLLRDHUP));
  report("-", "shut RD: blocking recv", outcome(recv(client, &byte, 1, 0)));
  report("-", "shut RD: send", sent(client));
  report("-", "shut RD: it arrives", received_text(server));
  report("-", "shut RD: the other side may send", sent(server));
  close(client);
  close(server);
}

static void both_at_once(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  report("2.5", "shutdown RDWR", outcome(shutdown(client, SHUT_RDWR)));
  report("2.5", "shut RDWR: poll", polled(client, BOTH | POLLRDHUP));
  report("2.5", "shut RDWR: send", sent(client));
  report("2.5", "shut RDWR: recv", received(client));
  report("-", "shut RDWR: the other side gets", received_text(server));
  close(client);
  close(server);
}

static void bad_how(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  report("-", "shutdown with an unknown how", outcome(shutdown(client, 77)));
  report("-", "shutdown with a negative how", outcome(shutdown(client, -1)));
  report("-", "shutdown of a closed descriptor", outcome(shutdown(-1, SHUT_RD)));
  report("-", "it is connected still", peer_name(client));
  close(client);
  close(server);
}

static void closed(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  send(client, "bye", 3, 0);
  report("-", "close", outcome(close(client)));
  report("-", "close again", outcome(close(client)));
  report("-", "closed: send", sent(client));
  report("-", "closed: recv", received(client));
  report("-", "closed: poll", polled(client, BOTH));
  report("-", "closed: the other side gets", received_text(server));
  report("-", "closed: and then", received_text(server));
  close(server);
}

/* The connection ends with the last descriptor. */
static void duplicate(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  int copy = dup(client);
  close(client);
  report("-", "one of two closed: other side's poll", polled_for(server, POLLIN, 30));
  report("-", "one of two closed: the copy sends", sent(copy));
  report("-", "one of two closed: received", received_text(server));
  close(copy);
  report("-", "both closed: received", received_text(server));
  close(server);
}

/* shutdown() is the description's: every duplicate has it. */
static void duplicate_shut(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  int copy = dup(client);
  shutdown(copy, SHUT_WR);
  report("-", "a duplicate shut WR: the other sends", sent(client));
  report("-", "a duplicate shut WR: received", received_text(server));
  close(copy);
  close(client);
  close(server);
}

/* RFC 2525, 2.17: what was not read cannot be delivered any more, so the other side is told by a reset. */
static void unread(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  send(client, "unread", 6, 0);
  await(server, POLLIN);
  close(server);
  await_hangup(client);
  report("-", "closed with bytes unread: the other side's poll", polled(client, BOTH));
  report("-", "closed with bytes unread: the other side's recv", received(client));
  close(client);
}

/* Bytes that were sent before close() arrive, however many. */
static void close_delivers(int listener) {
  static char block[100000];
  int client, server;
  connected_pair(listener, &client, &server);
  memset(block, 'd', sizeof block);
  report("-", "100000 bytes sent", outcome(send(client, block, sizeof block, 0)));
  close(client);
  report("-", "100000 bytes sent, closed: received", outcome(receive_all(server, block, sizeof block)));
  report("-", "100000 bytes sent, closed: then", received_text(server));
  close(server);
}

int main(void) {
  int listener = tcp_listener();
  half_close(listener);
  receive_only(listener);
  both_at_once(listener);
  bad_how(listener);
  closed(listener);
  duplicate(listener);
  duplicate_shut(listener);
  unread(listener);
  close_delivers(listener);
  return 0;
}
