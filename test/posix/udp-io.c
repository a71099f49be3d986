/* UDP datagrams: boundaries, sources, lengths, shutdown (rows 5.6, 5.25 to 5.28, 5.30). */
#include "posix.h"

static char datagram[70000];

static void fresh(int a) {
  int fd = udp_socket();
  report("5.6", "fresh: poll", polled(fd, BOTH));
  report("5.6", "fresh: select", selected(fd));
  report("5.6", "fresh: peer", peer_name(fd));
  report("5.6", "fresh: own name", own_name(fd));
  report("5.6", "fresh: send", sent(fd));
  report("5.6", "fresh: recv", received(fd));
  struct sockaddr_in there = loopback(own_port(a));
  sendto(fd, "x", 1, 0, (struct sockaddr *)&there, sizeof there);
  report("5.6", "sendto binds: own name", own_name(fd));
  report("5.6", "sendto: it arrives", received_text(a));
  close(fd);
}

static void boundaries(int a) {
  char buffer[16] = "";
  int count = -1;
  struct sockaddr_in from;
  socklen_t length = sizeof from;
  int fd = udp_socket();
  bind_to(fd, loopback(0));
  connect_to(fd, loopback(own_port(a)));
  send(fd, "one", 3, 0);
  send(fd, "four", 4, 0);
  send(fd, "seven77", 7, 0);
  await(a, POLLIN);
  report("-", "FIONREAD", outcome(ioctl(a, FIONREAD, &count)));
  report("-", "FIONREAD: bytes of the first", outcome(count));
  report("-", "first", outcome(recvfrom(a, buffer, sizeof buffer, 0, (struct sockaddr *)&from, &length)));
  report("-", "first: its source", yes_no(ntohs(from.sin_port) == own_port(fd)));
  report("-", "first: length of the source", yes_no(length == sizeof from));
  await(a, POLLIN);
  report("-", "second, peeked", outcome(recv(a, buffer, 2, MSG_PEEK)));
  report("-", "second, cut", outcome(recv(a, buffer, 2, 0)));
  await(a, POLLIN);
  report("-", "third, cut, true length", outcome(recv(a, buffer, 2, MSG_TRUNC)));
  report("-", "nothing more", received(a));
  close(fd);
}

static void lengths(int a) {
  int fd = udp_socket();
  connect_to(fd, loopback(own_port(a)));
  report("5.28", "zero-length: send", outcome(send(fd, "", 0, 0)));
  report("5.28", "zero-length: poll", polled_for(a, POLLIN, SOON));
  report("5.28", "zero-length: recv", outcome(recv(a, datagram, 8, MSG_DONTWAIT)));
  report("5.28", "zero-length: only once", received(a));
  report("-", "the longest", outcome(send(fd, datagram, 65507, 0)));
  await(a, POLLIN);
  report("-", "the longest: recv", outcome(recv(a, datagram, sizeof datagram, MSG_DONTWAIT)));
  report("-", "one byte more", outcome(send(fd, datagram, 65508, 0)));
  close(fd);
}

static void itself(void) {
  int fd = bound_udp_socket();
  report("5.28", "itself: connect", outcome(connect_to(fd, loopback(own_port(fd)))));
  report("5.28", "itself: send", sent(fd));
  report("5.28", "itself: received", received_text(fd));
  close(fd);
}

static void echo(void) {
  int fd = udp_socket();
  connect_to(fd, loopback(harness_port("HAWSER_PEER_UDP_ECHO")));
  report("-", "echo: send", outcome(send(fd, "echo me", 7, 0)));
  report("-", "echo: received", received_text(fd));
  close(fd);
}

static void addresses(int a) {
  char storage[200] = "";
  struct sockaddr_in there = loopback(own_port(a));
  int fd = udp_socket();
  memcpy(storage, &there, sizeof there);
  report("-", "sendto, namelen 15", outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)storage, 15)));
  report("-", "sendto, namelen 129", outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)storage, 129)));
  there.sin_family = AF_INET6;
  report("-", "sendto, wrong family", outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)&there, sizeof there)));
  close(fd);
  fd = udp_socket();
  report("-", "bind to a used port", outcome(bind_to(fd, loopback(own_port(a)))));
  report("-", "then to another", outcome(bind_to(fd, loopback(0))));
  report("-", "and once more", outcome(bind_to(fd, loopback(0))));
  close(fd);
}

static void shutdowns(int a) {
  struct sockaddr_in there = loopback(own_port(a));
  char byte;
  int fd = udp_socket();
  report("5.25", "unconnected: shutdown WR", outcome(shutdown(fd, SHUT_WR)));
  report("5.25", "it takes effect: sendto", outcome(sendto(fd, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&there, sizeof there)));
  report("5.25", "it takes effect: connect", outcome(connect_to(fd, there)));
  report("5.25", "it takes effect: send", sent(fd));
  close(fd);

  fd = udp_socket();
  connect_to(fd, there);
  report("5.26", "connected: shutdown WR", outcome(shutdown(fd, SHUT_WR)));
  report("5.26", "shut WR: send", sent(fd));
  report("5.26", "shut WR: sendto", outcome(sendto(fd, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&there, sizeof there)));
  report("5.26", "shut WR: poll", polled(fd, BOTH | POLLRDHUP));
  report("5.27", "then shutdown RD", outcome(shutdown(fd, SHUT_RD)));
  report("5.27", "shut both: recv", received(fd));
  report("5.27", "shut both: poll", polled(fd, BOTH | POLLRDHUP));
  report("5.26", "shut both: connect", outcome(connect_to(fd, there)));
  report("5.26", "shut both, connected: send", sent(fd));
  close(fd);

  fd = udp_socket();
  connect_to(fd, there);
  shutdown(fd, SHUT_RD);
  report("5.27", "shut RD: blocking recv", outcome(recv(fd, &byte, 1, 0)));
  report("5.27", "shut RD: poll", polled(fd, BOTH | POLLRDHUP));
  report("5.27", "shut RD: send", sent(fd));
  received_text(a);
  close(fd);
}

static void not_for_datagrams(void) {
  int fd = bound_udp_socket();
  report("5.30", "listen", outcome(listen(fd, 1)));
  report("5.30", "accept", opened(accept(fd, NULL, NULL)));
  close(fd);
}

int main(void) {
  int a = bound_udp_socket();
  fresh(a);
  boundaries(a);
  lengths(a);
  itself();
  echo();
  addresses(a);
  shutdowns(a);
  not_for_datagrams();
  return 0;
}
