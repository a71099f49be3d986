/*
 * A keep-alive pool: before a connection is used again it is looked at without waiting (a peek, or poll() of no time), and
 * one that has gone bad is thrown away for a new one. The server has meanwhile ended, closed, reset or spoken.
 */
#include "posix.h"

static int listener;

/* "idle": to be used again; "stale": closed or broken; "unexpected": it has bytes that nobody asked for. */
static const char *state_by_peek(int fd) {
  char byte;
  long length = recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  if (length > 0) return "unexpected";
  if (length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return "idle";
  return length == 0 ? "stale, end" : error_name(errno);
}

static const char *state_by_poll(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLIN | POLLPRI};
  int ready = poll(&entry, 1, 0);
  if (ready == 0) return "idle";
  if (ready < 0 || entry.revents & (POLLERR | POLLHUP | POLLNVAL)) return "stale";
  return state_by_peek(fd);
}

static const char *state_by_select(int fd) {
  fd_set readable;
  struct timeval now = {0, 0};
  FD_ZERO(&readable);
  FD_SET(fd, &readable);
  return select(fd + 1, &readable, NULL, NULL, &now) == 0 ? "idle" : state_by_peek(fd);
}

static void report_states(const char *row, const char *name, int fd) {
  char condition[80];
  const char *(*const ways[])(int) = {state_by_poll, state_by_select, state_by_peek};
  static const char *const way_names[] = {"poll", "select", "peek"};
  for (int i = 0; i < 3; i++) {
    snprintf(condition, sizeof condition, "%s: by %s", name, way_names[i]);
    report(row, condition, ways[i](fd));
  }
  snprintf(condition, sizeof condition, "%s: SO_ERROR", name);
  report(row, condition, so_error(fd));
}

/* One request and its answer over a connection whose server is in this program too. */
static const char *exchange(int client, int server, const char *request) {
  if (send(client, request, strlen(request), MSG_NOSIGNAL) < 0) return error_name(errno);
  const char *heard = received_text(server);
  send(server, heard, strlen(heard), MSG_NOSIGNAL);
  return received_text(client);
}

static void used_again(void) {
  int client, server;
  connected_pair(listener, &client, &server);
  report("-", "first request", exchange(client, server, "one"));
  report_states("-", "idle", client);
  report("-", "second request", exchange(client, server, "two"));
  report_states("-", "idle again", client);
  send(server, "408", 3, 0);
  await(client, POLLIN);
  report_states("-", "spoken to", client);
  report("-", "spoken to: what was said", received_text(client));
  report_states("-", "spoken to and read", client);
  close(client);
  close(server);
}

static void ended(void) {
  int client, server;
  connected_pair(listener, &client, &server);
  exchange(client, server, "one");
  shutdown(server, SHUT_WR);
  await(client, POLLIN);
  report_states("2.4", "half-closed by the server", client);
  report("2.4", "half-closed by the server: send", sent(client));
  close(client);
  close(server);

  connected_pair(listener, &client, &server);
  exchange(client, server, "one");
  close(server);
  await(client, POLLIN);
  report_states("2.4", "closed by the server", client);
  // Who does not look first loses the request: the first send is taken, then comes the reset.
  report("2.4", "closed by the server: send", outcome(send(client, "GET", 3, MSG_NOSIGNAL)));
  await(client, POLLERR);
  report_states("-", "closed by the server, sent to", client);
  report("-", "closed by the server, sent to: send", outcome(send(client, "GET", 3, MSG_NOSIGNAL)));
  close(client);

  connected_pair(listener, &client, &server);
  exchange(client, server, "one");
  send(server, "bye", 3, 0);
  close(server);
  await(client, POLLIN);
  report_states("2.4", "last words, then closed", client);
  report("2.4", "last words", received_text(client));
  await(client, POLLIN);
  report_states("2.4", "last words read", client);
  close(client);
}

static void reset(void) {
  int client, server;
  connected_pair(listener, &client, &server);
  exchange(client, server, "one");
  close_with_reset(server);
  await(client, POLLERR);
  report("4.5", "reset: by poll", state_by_poll(client));
  report("4.5", "reset: by peek", state_by_peek(client));
  report("4.5", "reset: by peek again", state_by_peek(client));
  report("4.5", "reset: by poll again", state_by_poll(client));
  report("4.5", "reset: send", outcome(send(client, "GET", 3, MSG_NOSIGNAL)));
  close(client);

  connected_pair(listener, &client, &server);
  close_with_reset(server);
  await(client, POLLERR);
  report("4.5", "reset: by SO_ERROR", so_error(client));
  report("4.5", "reset, SO_ERROR read: by peek", state_by_peek(client));
  close(client);

  connected_pair(listener, &client, &server);
  close_with_reset(server);
  await(client, POLLERR);
  report("4.5", "reset: send first", outcome(send(client, "GET", 3, MSG_NOSIGNAL)));
  report("4.5", "reset: send again", outcome(send(client, "GET", 3, MSG_NOSIGNAL)));
  report("4.5", "reset, sent to: by peek", state_by_peek(client));
  close(client);
}

/* Takes a good connection of the pool or makes a new one, for ten requests, after some of which the server hangs up. */
static void pool(void) {
  int client = -1, server = -1, made = 0, answered = 0;
  for (int i = 0; i < 10; i++) {
    if (client >= 0 && strcmp(state_by_poll(client), "idle") != 0) {
      close(client);
      client = -1;
    }
    if (client < 0) {
      connected_pair(listener, &client, &server);
      made++;
    }
    answered += strcmp(exchange(client, server, "request"), "request") == 0;
    if (i % 3 != 2) continue;
    if (i % 2 == 0) close(server);
    else close_with_reset(server);
    await(client, POLLIN);
  }
  report("-", "pool: answered", outcome(answered));
  report("-", "pool: connections", outcome(made));
  close(client);
  close(server);
}

/* The socket of a failed connection is used for another, as some clients do: AF_UNSPEC first, or connect() at once. */
static void same_socket(void) {
  int client, server, fd = tcp_socket();
  report("2.7", "failed: connect", outcome(connect_to(fd, loopback(harness_port("HAWSER_PEER_REFUSED")))));
  report("2.9", "failed: connect to another", outcome(connect_to(fd, loopback(own_port(listener)))));
  server = accept_from(listener);
  report("2.9", "failed: exchange", exchange(fd, server, "after all"));
  close(server);
  close(fd);

  connected_pair(listener, &client, &server);
  close_with_reset(server);
  await(client, POLLERR);
  report("2.32", "reset: AF_UNSPEC", outcome(dissolve(client)));
  so_error(client);
  report("2.32", "reset: connect anew", outcome(connect_to(client, loopback(own_port(listener)))));
  server = accept_from(listener);
  report("2.32", "reset: exchange", exchange(client, server, "once more"));
  report_states("2.32", "once more", client);
  close(client);
  close(server);
}

int main(void) {
  listener = tcp_listener();
  used_again();
  ended();
  reset();
  pool();
  same_socket();
  return 0;
}
