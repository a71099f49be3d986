/* connect() on UDP sockets: association, filter, reconnection, dissolution (rows 5.1 to 5.16, 5.20, 5.21, 5.29). */
#include "posix.h"

static const char *sent_to(int fd, struct sockaddr_in address) {
  return outcome(sendto(fd, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&address, sizeof address));
}

static void associate(int a, int b) {
  int fd = udp_socket();
  report("5.1", "connect", outcome(connect_to(fd, loopback(own_port(a)))));
  report("5.1", "connected: own name", own_name(fd));
  report("5.1", "connected: peer", peer_name(fd));
  report("5.1", "connected: poll", polled(fd, BOTH));
  report("5.1", "connected: send", sent(fd));
  report("5.1", "connected: it arrives", received_text(a));
  int port = own_port(fd);
  report("5.3", "connect to the same peer", outcome(connect_to(fd, loopback(own_port(a)))));
  report("5.3", "connect to another peer", outcome(connect_to(fd, loopback(own_port(b)))));
  report("5.3", "the peer is the other", yes_no(peer_port(fd) == own_port(b)));
  report("5.3", "the local port is the same", yes_no(own_port(fd) == port));
  report("5.5", "sendto somebody else", sent_to(fd, loopback(own_port(a))));
  report("5.5", "sendto somebody else: it arrives there", received_text(a));
  report("5.5", "sendto the peer", sent_to(fd, loopback(own_port(b))));
  report("5.5", "sendto nobody", outcome(sendto(fd, "y", 1, 0, NULL, 0)));
  report("5.5", "sendto the peer: arrives", received_text(b));
  report("5.5", "sendto nobody: arrives at the peer", received_text(b));
  close(fd);

  fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  report("5.1", "non-blocking connect", outcome(connect_to(fd, loopback(own_port(a)))));
  close(fd);
  fd = udp_socket();
  report("5.2", "connect where nobody is", outcome(connect_to(fd, loopback(harness_port("HAWSER_PEER_UDP_REFUSED")))));
  report("5.2", "nobody is there: no error yet", so_error(fd));
  close(fd);
}

/* 5.4: what was queued before stays; afterwards the peer's datagrams only. */
static void filter(int a, int b) {
  int fd = bound_udp_socket();
  struct sockaddr_in here = loopback(own_port(fd));
  sendto(a, "1", 1, 0, (struct sockaddr *)&here, sizeof here);
  report("5.4", "queued before connect", polled_for(fd, POLLIN, SOON));
  connect_to(fd, loopback(own_port(b)));
  report("5.4", "the filtered sender's send", outcome(sendto(a, "2", 1, 0, (struct sockaddr *)&here, sizeof here)));
  sendto(b, "3", 1, 0, (struct sockaddr *)&here, sizeof here);
  report("5.4", "first received", received_text(fd));
  report("5.4", "second received", received_text(fd));
  report("5.4", "nothing more", polled_for(fd, POLLIN, 30));
  report("5.4", "the filtered sender sees no error", so_error(a));
  close(fd);
}

static void dissolution(int a, int b) {
  int fd = bound_udp_socket();
  int port = own_port(fd);
  connect_to(fd, loopback(own_port(b)));
  report("5.7", "AF_UNSPEC", outcome(dissolve(fd)));
  report("5.8", "dissolved: peer", peer_name(fd));
  report("5.9", "dissolved, bound with port 0: own name", own_name(fd));
  report("5.8", "dissolved: send", sent(fd));
  report("5.8", "dissolved: poll", polled(fd, BOTH));
  report("5.7", "AF_UNSPEC again", outcome(dissolve(fd)));
  report("5.3", "connect after that", outcome(connect_to(fd, loopback(own_port(a)))));
  report("5.3", "connect after that: send", sent(fd));
  report("5.3", "connect after that: it arrives", received_text(a));
  close(fd);

  fd = udp_socket();
  connect_to(fd, loopback(own_port(a)));
  report("5.11", "AF_UNSPEC, not bound", outcome(dissolve(fd)));
  report("5.9", "dissolved, not bound: own name", own_name(fd));
  close(fd);

  fd = udp_socket();
  report("5.11", "AF_UNSPEC, fresh", outcome(dissolve(fd)));
  close(fd);

  /* The port that was just given back is named. */
  fd = udp_socket();
  report("5.9", "bind to a named port", outcome(bind_to(fd, loopback(port))));
  connect_to(fd, loopback(own_port(b)));
  dissolve(fd);
  report("5.9", "dissolved, bound with a port: own name", own_name(fd));
  report("5.9", "dissolved, bound with a port: the same", yes_no(own_port(fd) == port));
  sent_to(a, loopback(port));
  report("5.8", "dissolved: anybody's datagram arrives", received_text(fd));
  close(fd);

  fd = udp_socket();
  bind_to(fd, internet("0.0.0.0", 0));
  connect_to(fd, loopback(own_port(a)));
  report("5.10", "bound to 0.0.0.0, connected: own name", own_name(fd));
  dissolve(fd);
  report("5.10", "bound to 0.0.0.0, dissolved: own name", own_name(fd));
  close(fd);
}

/* 5.12, 5.14: the manual page lets a failing connect dissolve the association; Linux keeps it. 5.13: EFAULT does not. */
static void failing(int a) {
  struct sockaddr_in foreign = loopback(own_port(a));
  foreign.sin_family = AF_INET6;

  int fd = udp_socket();
  connect_to(fd, loopback(own_port(a)));
  report("5.12", "connected, then wrong family", outcome(connect_to(fd, foreign)));
  report("5.12", "wrong family: peer", peer_name(fd));
  report("5.12", "wrong family: send", sent(fd));
  close(fd);

  fd = udp_socket();
  connect_to(fd, loopback(own_port(a)));
  report("5.12", "connected, then short namelen", outcome(connect(fd, (struct sockaddr *)&foreign, 4)));
  report("5.12", "short namelen: peer", peer_name(fd));
  close(fd);

  fd = udp_socket();
  connect_to(fd, loopback(own_port(a)));
  report("5.13", "connected, then a bad pointer", outcome(connect(fd, (struct sockaddr *)1, sizeof foreign)));
  report("5.13", "bad pointer: peer", peer_name(fd));
  close(fd);

  fd = udp_socket();
  connect_to(fd, loopback(own_port(a)));
  report("5.14", "connected, then 0.0.0.0 port 0", outcome(connect_to(fd, internet("0.0.0.0", 0))));
  report("5.14", "0.0.0.0 port 0: peer", peer_name(fd));
  report("5.14", "0.0.0.0 port 0: send", sent(fd));
  close(fd);
}

static void special_addresses(int a) {
  int fd = udp_socket();
  report("5.15", "0.0.0.0 with a port", outcome(connect_to(fd, internet("0.0.0.0", own_port(a)))));
  report("5.15", "0.0.0.0 with a port: peer", peer_name(fd));
  close(fd);

  fd = udp_socket();
  report("5.16", "port 0", outcome(connect_to(fd, loopback(0))));
  report("5.16", "port 0: peer", peer_name(fd));
  report("5.16", "sendto port 0", sent_to(fd, loopback(0)));
  close(fd);

  int on = 1;
  fd = udp_socket();
  report("5.20", "broadcast without SO_BROADCAST", outcome(connect_to(fd, internet("127.255.255.255", 9))));
  report("5.20", "broadcast without SO_BROADCAST: sendto", sent_to(fd, internet("127.255.255.255", 9)));
  close(fd);
  fd = udp_socket();
  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
  report("5.21", "broadcast with SO_BROADCAST", outcome(connect_to(fd, internet("127.255.255.255", 9))));
  report("5.21", "broadcast with SO_BROADCAST: peer", peer_name(fd));
  close(fd);
}

static void same_pair(int a) {
  int on = 1;
  int first = udp_socket(), second = udp_socket();
  setsockopt(first, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(second, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bind_to(first, loopback(0));
  report("5.29", "the same port twice", outcome(bind_to(second, loopback(own_port(first)))));
  report("5.29", "first connect", outcome(connect_to(first, loopback(own_port(a)))));
  report("5.29", "second connect, same peer", outcome(connect_to(second, loopback(own_port(a)))));
  close(first);
  close(second);
}

int main(void) {
  int a = bound_udp_socket();
  int b = bound_udp_socket();
  associate(a, b);
  filter(a, b);
  dissolution(a, b);
  failing(a);
  special_addresses(a);
  same_pair(a);
  return 0;
}
