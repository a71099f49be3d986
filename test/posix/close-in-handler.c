/*
 * A signal handler closes the descriptor that a call waits on, or has it be another. A call that starts again (SA_RESTART)
 * begins anew: with the number, not with what it stood for.
 */
#include "posix.h"

static int listener, victim = -1, instead = -1;

static void close_victim(int signal_number) {
  (void)signal_number;
  signals_seen++;
  if (instead >= 0) dup2(instead, victim);
  else close(victim);
}

static void arm(int fd, int other, int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = close_victim;
  action.sa_flags = flags;
  sigaction(SIGALRM, &action, NULL);
  victim = fd;
  instead = other;
  alarm_in(60);
}

static const char *named(int flags, const char *rest) {
  static char conditions[64][64];
  static unsigned next;
  char *condition = conditions[next++ % 64];
  snprintf(condition, 64, "%s%s", flags ? "SA_RESTART: " : "", rest);
  return condition;
}

static void streams(int flags) {
  int client, server, ends[2];
  char byte;
  connected_pair(listener, &client, &server);
  arm(client, -1, flags);
  report("-", named(flags, "recv"), outcome(recv(client, &byte, 1, 0)));
  close(server);
  connected_pair(listener, &client, &server);
  arm(client, -1, flags);
  report("-", named(flags, "read"), outcome(read(client, &byte, 1)));
  close(server);
  connected_pair(listener, &client, &server);
  fill_up(client);
  set_nonblocking(client, 0);
  arm(client, -1, flags);
  report("-", named(flags, "send"), outcome(send(client, "x", 1, MSG_NOSIGNAL)));
  close(server);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  arm(ends[0], -1, flags);
  report("-", named(flags, "recv of a pair"), outcome(recv(ends[0], &byte, 1, 0)));
  report("-", named(flags, "recv of a pair: the other end"), outcome(recv(ends[1], &byte, 1, MSG_DONTWAIT)));
  close(ends[1]);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  fill_up(ends[0]);
  set_nonblocking(ends[0], 0);
  arm(ends[0], -1, flags);
  report("-", named(flags, "send to a pair"), outcome(send(ends[0], "x", 1, MSG_NOSIGNAL)));
  close(ends[1]);
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  arm(ends[0], -1, flags);
  report("-", named(flags, "recv of a datagram pair"), outcome(recv(ends[0], &byte, 1, 0)));
  close(ends[1]);
}

static void others(int flags) {
  int ends[2], fd = bound_udp_socket();
  char byte;
  static char block[65536];
  arm(fd, -1, flags);
  report("-", named(flags, "recv of a datagram"), outcome(recv(fd, &byte, 1, 0)));
  fd = tcp_listener();
  arm(fd, -1, flags);
  report("-", named(flags, "accept"), opened(accept(fd, NULL, NULL)));
  pipe(ends);
  arm(ends[0], -1, flags);
  report("-", named(flags, "read of a pipe"), outcome(read(ends[0], &byte, 1)));
  close(ends[1]);
  pipe(ends);
  write(ends[1], block, sizeof block);
  arm(ends[1], -1, flags);
  report("-", named(flags, "write to a pipe"), outcome(write(ends[1], "x", 1)));
  close(ends[0]);
}

/* An attempt goes with its socket. */
static void attempt(void) {
  int port, fd = tcp_socket();
  int control = late_listener(&port);
  arm(fd, -1, 0);
  report("2.18", "connect", outcome(connect_to(fd, loopback(port))));
  report("2.18", "connect again", outcome(connect_to(fd, loopback(port))));
  close(control);
}

/* The number stands for another description once the handler has run. */
static void replaced(void) {
  int client, server, ends[2];
  char text[8] = "";
  connected_pair(listener, &client, &server);
  pipe(ends);
  write(ends[1], "pipe", 4);
  arm(client, ends[0], SA_RESTART);
  report("-", "replaced: read", outcome(read(client, text, 4)));
  report("-", "replaced: what was read", text);
  close(client);
  close(server);
  int other_client, other_server;
  connected_pair(listener, &client, &server);
  connected_pair(listener, &other_client, &other_server);
  send(other_server, "next", 4, 0);
  await(other_client, POLLIN);
  arm(client, other_client, SA_RESTART);
  report("-", "replaced: recv", outcome(recv(client, text, 4, 0)));
  report("-", "replaced: what was received", text);
  report("-", "replaced: the old peer's recv", outcome(recv(server, text, 4, 0)));
  close(client);
  close(server);
  close(other_client);
  close(other_server);
  close(ends[0]);
  close(ends[1]);
}

/* What was done before the signal is told, and the call does not start again. The block is more than a bridge and the
   kernels at its ends hold. */
static void in_part(void) {
  static char block[0x2000000];
  int client, server;
  char text[8];
  connected_pair(listener, &client, &server);
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  catch_signal(SIGALRM, SA_RESTART);
  alarm_in(60);
  report("-", "in part: MSG_WAITALL for 8", outcome(recv(client, text, 8, MSG_WAITALL)));
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  alarm_in(60);
  report("-", "in part: peek with MSG_WAITALL for 8", outcome(recv(client, text, 8, MSG_PEEK | MSG_WAITALL)));
  alarm_in(300);
  long sent_bytes = send(client, block, sizeof block, MSG_NOSIGNAL);
  report("-", "in part: send of more than there is room for", yes_no(sent_bytes > 0 && sent_bytes < (long)sizeof block));
  close(client);
  close(server);
  int ends[2];
  pipe(ends);
  alarm_in(60);
  report("-", "in part: write to a pipe", outcome(write(ends[1], block, 100000)));
  close(ends[0]);
  close(ends[1]);
}

/* A duplicate keeps the description, so that the data goes on to be there. */
static void duplicated(void) {
  int client, server;
  connected_pair(listener, &client, &server);
  int copy = dup(client);
  char byte;
  arm(client, -1, SA_RESTART);
  report("-", "a duplicate is left: recv", outcome(recv(client, &byte, 1, 0)));
  send(server, "x", 1, 0);
  report("-", "a duplicate is left: its recv", outcome(recv(copy, &byte, 1, 0)));
  close(copy);
  close(server);
}

int main(void) {
  listener = tcp_listener();
  streams(0);
  streams(SA_RESTART);
  others(0);
  others(SA_RESTART);
  attempt();
  replaced();
  duplicated();
  report("-", "handlers run", outcome(signals_seen));
  in_part();
  return 0;
}
