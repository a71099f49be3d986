/* How long calls wait: SO_RCVTIMEO, SO_SNDTIMEO, poll and select. Times are told as "long enough, not far too long". */
#include "posix.h"

enum { SHORT = 40 };

static long started;

static void start(void) {
  started = milliseconds_now();
}

/* Whether SHORT milliseconds have passed since start(), and not many times as much. */
static const char *in_time(void) {
  long waited = milliseconds_now() - started;
  return waited < SHORT - 1 ? "too early" : waited > SOON ? "too late" : "in time";
}

/* Whether hardly any time has passed. */
static const char *at_once(void) {
  return milliseconds_now() - started < 1000 ? "at once" : "too late";
}

static void set_limit(int fd, int option, int milliseconds) {
  struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000};
  setsockopt(fd, SOL_SOCKET, option, &limit, sizeof limit);
}

static void report_timed(const char *condition, const char *result) {
  reportf("-", condition, "%s, %s", result, in_time());
}

static void receiving(int listener) {
  int client, server;
  char text[8];
  connected_pair(listener, &client, &server);
  set_limit(client, SO_RCVTIMEO, SHORT);
  start();
  report_timed("SO_RCVTIMEO: recv", outcome(recv(client, text, 1, 0)));
  start();
  report_timed("SO_RCVTIMEO: read", outcome(read(client, text, 1)));
  start();
  report_timed("SO_RCVTIMEO: peek", outcome(recv(client, text, 1, MSG_PEEK)));
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  start();
  report_timed("SO_RCVTIMEO: MSG_WAITALL gives what came", outcome(recv(client, text, 8, MSG_WAITALL)));
  set_limit(client, SO_RCVTIMEO, SOON);
  send(server, "d", 1, 0);
  report("-", "SO_RCVTIMEO: what arrives in time", outcome(recv(client, text, 1, 0)));
  set_limit(client, SO_RCVTIMEO, 0);
  catch_signal(SIGALRM, 0);
  start();
  alarm_in(SHORT);
  report_timed("SO_RCVTIMEO 0 is no limit", outcome(recv(client, text, 1, 0)));
  set_limit(client, SO_RCVTIMEO, SOON);
  set_nonblocking(client, 1);
  start();
  report("-", "O_NONBLOCK wins over SO_RCVTIMEO", outcome(recv(client, text, 1, 0)));
  report("-", "O_NONBLOCK: time", at_once());
  set_nonblocking(client, 0);
  start();
  report("-", "MSG_DONTWAIT wins too", outcome(recv(client, text, 1, MSG_DONTWAIT)));
  report("-", "MSG_DONTWAIT: time", at_once());
  close(client);
  close(server);
}

static void accepting(void) {
  int listener = tcp_listener();
  set_limit(listener, SO_RCVTIMEO, SHORT);
  start();
  report_timed("SO_RCVTIMEO: accept", opened(accept(listener, NULL, NULL)));
  close(listener);
}

static void datagrams(void) {
  int fd = bound_udp_socket();
  char byte;
  set_limit(fd, SO_RCVTIMEO, SHORT);
  start();
  report_timed("SO_RCVTIMEO: recvfrom", outcome(recvfrom(fd, &byte, 1, 0, NULL, NULL)));
  close(fd);
}

static void sending(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  fill_up(client);
  set_nonblocking(client, 0);
  set_limit(client, SO_SNDTIMEO, SHORT);
  start();
  report_timed("SO_SNDTIMEO: send with no room", outcome(send(client, "x", 1, MSG_NOSIGNAL)));
  close(client);
  close(server);
}

/* SO_RCVTIMEO is not SO_SNDTIMEO: connect() and send() know the latter only. */
static void connecting(void) {
  int fd = tcp_socket();
  set_limit(fd, SO_SNDTIMEO, SHORT);
  start();
  const char *result = outcome(connect_to(fd, loopback(harness_port("HAWSER_PEER_SILENT"))));
  reportf("2.17", "SO_SNDTIMEO: connect", "%s, %s", result, in_time());
  close(fd);

  fd = tcp_socket();
  set_limit(fd, SO_SNDTIMEO, SHORT);
  report("2.1", "SO_SNDTIMEO: connect in time", outcome(connect_to(fd, loopback(harness_port("HAWSER_PEER_ECHO")))));
  close(fd);
}

static void polling(void) {
  int fd = bound_udp_socket();
  struct pollfd entry = {.fd = fd, .events = POLLIN};
  fd_set set;
  start();
  report("-", "poll, 0", outcome(poll(&entry, 1, 0)));
  report("-", "poll, 0: time", at_once());
  start();
  report_timed("poll, 40 ms", outcome(poll(&entry, 1, SHORT)));
  start();
  report_timed("poll of nothing, 40 ms", outcome(poll(NULL, 0, SHORT)));
  struct timeval limit = {0, SHORT * 1000};
  FD_ZERO(&set);
  FD_SET(fd, &set);
  start();
  report_timed("select, 40 ms", outcome(select(fd + 1, &set, NULL, NULL, &limit)));
  struct timespec fine = {0, SHORT * 1000000};
  start();
  report_timed("ppoll, 40 ms", outcome(ppoll(&entry, 1, &fine, NULL)));
  fine.tv_nsec = 1000000000;
  report("-", "ppoll, a thousand million ns", outcome(ppoll(&entry, 1, &fine, NULL)));
  connect_to(fd, loopback(own_port(fd)));
  send(fd, "x", 1, 0);
  start();
  report("-", "poll, endless, something is there", outcome(poll(&entry, 1, -1)));
  report("-", "poll, endless: time", at_once());
  start();
  fine = (struct timespec){0, SHORT * 1000000};
  report_timed("nanosleep, 40 ms", outcome(nanosleep(&fine, NULL)));
  close(fd);
}

int main(void) {
  int listener = tcp_listener();
  receiving(listener);
  accepting();
  datagrams();
  sending(listener);
  connecting();
  polling();
  return 0;
}
