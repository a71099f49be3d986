/*
 * The ways in which clients ask what became of a non-blocking connect() that poll() or select() has told of: SO_ERROR,
 * getpeername(), a read, a send of nothing. Each is asked first, of an attempt of its own.
 */
#include "posix.h"

static int live_port, dead_port;

/* An attempt that has come to its end. */
static int ended(int port) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(port));
  await(fd, POLLOUT);
  return fd;
}

static const char *by_so_error(int fd) {
  int error = -1;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return error_name(errno);
  return error == 0 || error == EISCONN ? "connected" : error_name(error);
}

/* Where SO_ERROR cannot be asked: no peer, and then a read tells why. */
static const char *by_peer(int fd) {
  struct sockaddr_in address;
  socklen_t length = sizeof address;
  char byte;
  if (getpeername(fd, (struct sockaddr *)&address, &length) == 0) return "connected";
  if (errno != ENOTCONN) return "another errno";
  return read(fd, &byte, 1) < 0 ? error_name(errno) : "no error";
}

/* A read of nothing tells nothing, on either. */
static const char *by_empty_read(int fd) {
  return outcome(read(fd, NULL, 0));
}

static const char *by_empty_recv(int fd) {
  char byte;
  return outcome(recv(fd, &byte, 0, 0));
}

static const char *by_empty_send(int fd) {
  return outcome(send(fd, "", 0, MSG_NOSIGNAL));
}

static const char *by_empty_write(int fd) {
  return outcome(write(fd, "", 0));
}

/* Readable and writable at once is a failure, or data that came already: the error decides. */
static const char *by_select(int fd) {
  const char *sets = selected(fd);
  if (strcmp(sets, "w") == 0) return "connected";
  return strcmp(sets, "r,w") == 0 ? by_so_error(fd) : sets;
}

/* POLLERR and POLLHUP decide. */
static const char *by_revents(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLOUT};
  poll(&entry, 1, 0);
  if (entry.revents & (POLLERR | POLLHUP | POLLNVAL)) return by_so_error(fd);
  return entry.revents & POLLOUT ? "connected" : "not yet";
}

static const char *by_peek(int fd) {
  char byte;
  return outcome(recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT));
}

static const struct {
  const char *name;
  const char *(*ask)(int);
} ways[] = {
  {"SO_ERROR", by_so_error},     {"getpeername", by_peer},      {"read of nothing", by_empty_read}, {"recv of nothing", by_empty_recv},
  {"send of nothing", by_empty_send}, {"write of nothing", by_empty_write}, {"select", by_select}, {"revents", by_revents},
  {"peek", by_peek},
};

static void ask_all(const char *row, const char *which, int port) {
  for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    int fd = ended(port);
    char condition[64], again[80];
    snprintf(condition, sizeof condition, "%s: %s", which, ways[i].name);
    snprintf(again, sizeof again, "%s, then SO_ERROR", condition);
    report(row, condition, ways[i].ask(fd));
    report(row, again, so_error(fd));
    close(fd);
  }
}

/* While it is pending, a zero from SO_ERROR means nothing. */
static void pending(void) {
  int port, fd = nonblocking_tcp_socket();
  int control = late_listener(&port);
  connect_to(fd, loopback(port));
  for (unsigned i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    char condition[64];
    // Those that only look.
    if (ways[i].ask == by_peer || ways[i].ask == by_so_error) continue;
    snprintf(condition, sizeof condition, "pending: %s", ways[i].name);
    report("3.2", condition, ways[i].ask(fd));
  }
  report("3.2", "pending: SO_ERROR", so_error(fd));
  report("3.4", "pending: getpeername", by_peer(fd));
  close(fd);
  close(control);
}

/* The server has spoken already: readable and writable, and connected. */
static void spoken(void) {
  int listener = tcp_listener(), fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(own_port(listener)));
  int server = accept_from(listener);
  send(server, "220 ready", 9, 0);
  await(fd, POLLIN);
  report("3.9", "the server spoke first: select", selected(fd));
  report("3.9", "the server spoke first: by select", by_select(fd));
  report("3.9", "the server spoke first: by revents", by_revents(fd));
  report("3.9", "the server spoke first: recv", received_text(fd));
  close(server);
  await(fd, POLLRDHUP);
  report("2.4", "and has closed: by select", by_select(fd));
  report("2.4", "and has closed: by revents", by_revents(fd));
  report("2.4", "and has closed: getpeername", by_peer(fd));
  close(fd);
  close(listener);
}

int main(void) {
  live_port = harness_port("HAWSER_PEER_ECHO");
  dead_port = harness_port("HAWSER_PEER_REFUSED");
  ask_all("3.9", "live", live_port);
  ask_all("3.13", "dead", dead_port);
  pending();
  spoken();
  return 0;
}
