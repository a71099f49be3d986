/*
 * One UDP socket for many peers, as resolvers have it: connect() to each in turn, AF_UNSPEC in between or not, late answers
 * of the one before not heard. And the way in which getaddrinfo() sorts: connect() to each address, getsockname().
 */
#include "posix.h"

/* A server of the program's own: answers what has come in, and says what it was. */
static const char *serve(int server, const char *answer) {
  char text[32] = "";
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  await(server, POLLIN);
  if (recvfrom(server, text, sizeof text - 1, 0, (struct sockaddr *)&from, &length) < 0) return error_name(errno);
  if (answer != NULL) sendto(server, answer, strlen(answer), 0, (struct sockaddr *)&from, length);
  return strcpy(remembered(), text);
}

static void in_turn(int unspec) {
  char condition[64];
  int servers[3], fd = udp_socket(), ports = 0;
  int first_port = 0;
  for (int i = 0; i < 3; i++) servers[i] = bound_udp_socket();
  for (int i = 0; i < 3; i++) {
    const char *how = unspec ? "dissolved in between" : "connected anew";
    char answer[16];
    if (unspec && i > 0) dissolve(fd);
    snprintf(condition, sizeof condition, "%s, server %d: connect", how, i);
    report("5.3", condition, outcome(connect_to(fd, loopback(own_port(servers[i])))));
    if (i == 0) first_port = own_port(fd);
    else ports += own_port(fd) == first_port;
    send(fd, "query", 5, 0);
    snprintf(answer, sizeof answer, "answer %d", i);
    snprintf(condition, sizeof condition, "%s, server %d: query", how, i);
    report("5.3", condition, serve(servers[i], answer));
    snprintf(condition, sizeof condition, "%s, server %d: answer", how, i);
    report("5.3", condition, received_text(fd));
  }
  if (!unspec) report("5.3", "connected anew: the port stays", outcome(ports));
  for (int i = 0; i < 3; i++) close(servers[i]);
  close(fd);
}

/* The first server answers when the second is asked already: only the second is heard. */
static void late_answer(void) {
  int slow = bound_udp_socket(), fast = bound_udp_socket(), fd = udp_socket();
  connect_to(fd, loopback(own_port(slow)));
  struct sockaddr_in client = loopback(own_port(fd));
  send(fd, "query", 5, 0);
  serve(slow, NULL);
  connect_to(fd, loopback(own_port(fast)));
  send(fd, "query", 5, 0);
  sendto(slow, "late", 4, 0, (struct sockaddr *)&client, sizeof client);
  report("5.4", "the second server", serve(fast, "in time"));
  report("5.4", "what is heard", received_text(fd));
  report("5.4", "and then", received(fd));

  // What had come in before the socket turned to another peer is still there.
  sendto(fast, "early", 5, 0, (struct sockaddr *)&client, sizeof client);
  await(fd, POLLIN);
  connect_to(fd, loopback(own_port(slow)));
  report("5.4", "came before it turned away", received_text(fd));
  report("5.4", "the slow one again", (send(fd, "query", 5, 0), serve(slow, "answer")));
  report("5.4", "its answer", received_text(fd));
  close(slow);
  close(fast);
  close(fd);
}

/* A server that is not there: the error comes once, of the query, and the next server is asked with the same socket. */
static void dead_server(void) {
  int live = bound_udp_socket(), fd = udp_socket();
  connect_to(fd, loopback(harness_port("HAWSER_PEER_UDP_REFUSED")));
  report("5.2", "dead server: query", outcome(send(fd, "query", 5, 0)));
  await(fd, POLLIN);
  report("5.17", "dead server: answer", received(fd));
  report("5.17", "dead server: and then", received(fd));
  report("5.3", "dead server: the next", outcome(connect_to(fd, loopback(own_port(live)))));
  report("5.3", "dead server: query to the next", outcome(send(fd, "query", 5, 0)));
  report("5.3", "dead server: the next heard", serve(live, "answer"));
  report("5.3", "dead server: answer of the next", received_text(fd));
  // The error of a query is still there when the socket has turned to another server: it is of the socket.
  connect_to(fd, loopback(harness_port("HAWSER_PEER_UDP_REFUSED")));
  send(fd, "query", 5, 0);
  await(fd, 0);
  connect_to(fd, loopback(own_port(live)));
  report("5.18", "dead server, turned away: send", outcome(send(fd, "query", 5, 0)));
  report("5.18", "dead server, turned away: send again", outcome(send(fd, "query", 5, 0)));
  report("5.18", "dead server, turned away: heard", serve(live, NULL));
  close(live);
  close(fd);
}

/* Sends to all from an unconnected socket, as with many servers at a time; each answer tells whose it is. */
static void at_once(void) {
  int one = bound_udp_socket(), other = bound_udp_socket(), fd = udp_socket();
  int ports[2] = {own_port(one), own_port(other)}, heard[2] = {0, 0};
  for (int i = 0; i < 2; i++) {
    struct sockaddr_in to = loopback(ports[i]);
    sendto(fd, "query", 5, 0, (struct sockaddr *)&to, sizeof to);
  }
  report("-", "at once: one", serve(one, "one"));
  report("-", "at once: other", serve(other, "other"));
  for (int i = 0; i < 2; i++) {
    char text[16];
    struct sockaddr_in from = internet("0.0.0.0", 0);
    socklen_t length = sizeof from;
    await(fd, POLLIN);
    recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &length);
    for (int j = 0; j < 2; j++) heard[j] += ntohs(from.sin_port) == ports[j];
  }
  reportf("-", "at once: answers of each", "%d %d", heard[0], heard[1]);
  close(one);
  close(other);
  close(fd);
}

/* RFC 6724 as C libraries do it: one socket, AF_UNSPEC before each address but the first, its source if it has one. */
static void sorting(void) {
  static const char *const hosts[] = {"127.0.0.1", "127.0.0.7", "0.0.0.0", "127.1.2.3"};
  int fd = udp_socket();
  for (int i = 0; i < 4; i++) {
    char condition[64];
    if (i > 0) dissolve(fd);
    int result = connect_to(fd, internet(hosts[i], 65535));
    snprintf(condition, sizeof condition, "source for %s", hosts[i]);
    report("5.1", condition, result == 0 ? own_name(fd) : error_name(errno));
  }
  close(fd);
}

int main(void) {
  in_turn(0);
  in_turn(1);
  late_answer();
  dead_server();
  at_once();
  sorting();
  return 0;
}
