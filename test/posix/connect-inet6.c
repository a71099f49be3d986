/* needs: ipv6 */
/* connect() on IPv6 sockets (rows 1.10 to 1.13), and a synchronous failure without a route, which V6ONLY gives anywhere. */
#include "posix.h"

static struct sockaddr_in6 internet6(const char *host, int port) {
  struct sockaddr_in6 address;
  memset(&address, 0, sizeof address);
  address.sin6_family = AF_INET6;
  address.sin6_port = htons((uint16_t)port);
  inet_pton(AF_INET6, host, &address.sin6_addr);
  return address;
}

static int connect6(int fd, struct sockaddr_in6 address) {
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static int socket6(int type, int v6only) {
  int fd = socket(AF_INET6, type, 0);
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only);
  return fd;
}

static const char *peer6(int fd) {
  struct sockaddr_in6 address;
  socklen_t length = sizeof address;
  if (getpeername(fd, (struct sockaddr *)&address, &length) != 0) return error_name(errno);
  char *text = remembered();
  inet_ntop(AF_INET6, &address.sin6_addr, text, 128);
  return text;
}

static void names_of_the_wrong_family(struct sockaddr_in live) {
  char storage[64];
  memset(storage, 0, sizeof storage);
  memcpy(storage, &live, sizeof live);
  int fd = socket6(SOCK_STREAM, 0);
  report("1.10", "TCP, sockaddr_in of 16 bytes", outcome(connect(fd, (struct sockaddr *)storage, 16)));
  report("1.10", "TCP, sockaddr_in in 28 bytes", outcome(connect(fd, (struct sockaddr *)storage, 28)));
  close(fd);

  fd = socket6(SOCK_DGRAM, 0);
  report("1.11", "UDP, sockaddr_in in 28 bytes", outcome(connect(fd, (struct sockaddr *)storage, 28)));
  close(fd);
}

static void streams(int port, int port4) {
  int fd = socket6(SOCK_STREAM, 0);
  report("2.1", "::1 with a listener", outcome(connect6(fd, internet6("::1", port))));
  report("2.1", "::1, peer", peer6(fd));
  send(fd, "six", 3, 0);
  report("2.1", "::1, echo", received_text(fd));
  report("2.2", "::1 again", outcome(connect6(fd, internet6("::1", port))));
  close(fd);

  fd = socket6(SOCK_STREAM, 0);
  report("1.12", "TCP, v4-mapped", outcome(connect6(fd, internet6("::ffff:127.0.0.1", port4))));
  report("1.12", "TCP, v4-mapped, peer", peer6(fd));
  close(fd);

  fd = socket6(SOCK_STREAM, 0);
  report("1.13", "TCP, link-local without scope", outcome(connect6(fd, internet6("fe80::1", port))));
  close(fd);

  fd = socket6(SOCK_STREAM, 0);
  report("2.24", "TCP to ::", outcome(connect6(fd, internet6("::", port))));
  report("2.24", "TCP to ::, peer", peer6(fd));
  close(fd);
}

static void no_route(int port, int port4) {
  int fd = socket6(SOCK_STREAM, 1);
  report("1.12", "TCP, V6ONLY, v4-mapped", outcome(connect6(fd, internet6("::ffff:127.0.0.1", port4))));
  report("3.21", "no route: pending error", so_error(fd));
  report("3.21", "no route: poll", polled(fd, BOTH));
  report("2.12", "no route, then a live address", outcome(connect6(fd, internet6("::1", port))));
  close(fd);

  fd = socket6(SOCK_STREAM | SOCK_NONBLOCK, 1);
  report("3.21", "no route, non-blocking", outcome(connect6(fd, internet6("::ffff:127.0.0.1", port4))));
  report("3.21", "no route, non-blocking: poll", polled(fd, BOTH));
  report("3.21", "no route, non-blocking: pending error", so_error(fd));
  close(fd);
}

static void datagrams(int port, int port4) {
  int fd = socket6(SOCK_DGRAM, 0);
  report("1.12", "UDP, v4-mapped", outcome(connect6(fd, internet6("::ffff:127.0.0.1", port4))));
  report("1.12", "UDP, v4-mapped, peer", peer6(fd));
  close(fd);

  fd = socket6(SOCK_DGRAM, 1);
  report("1.12", "UDP, V6ONLY, v4-mapped", outcome(connect6(fd, internet6("::ffff:127.0.0.1", port4))));
  close(fd);

  fd = socket6(SOCK_DGRAM, 1);
  connect6(fd, internet6("::1", port));
  report("5.12", "UDP, connected, then no route", outcome(connect6(fd, internet6("::ffff:127.0.0.1", port4))));
  report("5.12", "UDP, connected, then no route: peer", peer6(fd));
  close(fd);

  fd = socket6(SOCK_DGRAM, 0);
  report("1.13", "UDP, link-local without scope", outcome(connect6(fd, internet6("fe80::1", port))));
  report("5.1", "UDP, ::1", outcome(connect6(fd, internet6("::1", port))));
  report("5.1", "UDP, ::1, peer", peer6(fd));
  close(fd);
}

int main(void) {
  int port = harness_port("HAWSER_PEER_ECHO6");
  int port4 = harness_port("HAWSER_PEER_ECHO");
  names_of_the_wrong_family(loopback(port4));
  streams(port, port4);
  no_route(port, port4);
  datagrams(port, port4);
  return 0;
}
