/* A datagram is answered by "port unreachable": who hears of it, once, and what stays (rows 5.17 to 5.19). */
#include "posix.h"

static struct sockaddr_in nobody;

/* A connected socket whose first datagram was refused; nobody was told yet. */
static int refused(void) {
  int fd = udp_socket();
  connect_to(fd, nobody);
  send(fd, "x", 1, 0);
  await(fd, 0);
  return fd;
}

static void readiness(void) {
  int fd = udp_socket();
  connect_to(fd, nobody);
  report("5.17", "send", sent(fd));
  report("5.17", "awaited", polled_for(fd, 0, SOON));
  report("5.17", "poll", polled(fd, BOTH));
  report("5.17", "select", selected(fd));
  report("5.17", "pending error", so_error(fd));
  report("5.17", "pending error again", so_error(fd));
  report("5.17", "error read: poll", polled(fd, BOTH));
  report("5.17", "the association stays", peer_name(fd));
  close(fd);
}

static void others_first(void) {
  char byte;
  int fd = refused();
  report("5.17", "recv first", received(fd));
  report("5.17", "recv again", received(fd));
  close(fd);

  fd = refused();
  report("5.17", "send first", sent(fd));
  report("5.17", "send again", sent(fd));
  close(fd);

  fd = refused();
  report("5.17", "peek first", outcome(recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT)));
  report("5.17", "then recv", received(fd));
  close(fd);

  fd = refused();
  report("5.17", "blocking recv", outcome(recv(fd, &byte, 1, 0)));
  close(fd);
}

/* A blocking recv is woken by it. */
static void woken(void) {
  char byte;
  int fd = udp_socket();
  connect_to(fd, nobody);
  send(fd, "x", 1, 0);
  report("5.17", "recv that waits for it", outcome(recv(fd, &byte, 1, 0)));
  close(fd);
}

static void kept(int a) {
  int fd = refused();
  report("5.18", "connect elsewhere", outcome(connect_to(fd, loopback(own_port(a)))));
  report("5.18", "connect elsewhere: pending error", so_error(fd));
  report("5.18", "connect elsewhere: send", sent(fd));
  report("5.18", "connect elsewhere: it arrives", received_text(a));
  close(fd);

  fd = refused();
  report("5.18", "AF_UNSPEC", outcome(dissolve(fd)));
  report("5.18", "AF_UNSPEC: pending error", so_error(fd));
  close(fd);
}

static void unconnected(void) {
  int fd = udp_socket();
  report("5.19", "unconnected: sendto", outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)&nobody, sizeof nobody)));
  report("5.19", "unconnected: no event", polled_for(fd, 0, 50));
  report("5.19", "unconnected: pending error", so_error(fd));
  report("5.19", "unconnected: recv", received(fd));
  report("5.19", "unconnected: sendto again", outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)&nobody, sizeof nobody)));
  close(fd);
}

int main(void) {
  int a = bound_udp_socket();
  nobody = loopback(harness_port("HAWSER_PEER_UDP_REFUSED"));
  readiness();
  others_first();
  woken();
  kept(a);
  unconnected();
  return 0;
}
