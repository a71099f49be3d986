/* needs: ipv6 */
/* One port in two families: IPV6_V6ONLY, the dual stack, IPv4-mapped names (ipv6(7), RFC 3493 3.7 and 5.3). */
#include "posix.h"

static struct sockaddr_in6 internet6(const char *host, int port) {
  struct sockaddr_in6 address;
  memset(&address, 0, sizeof address);
  address.sin6_family = AF_INET6;
  address.sin6_port = htons((uint16_t)port);
  inet_pton(AF_INET6, host, &address.sin6_addr);
  return address;
}

static int socket6(int type, int v6only) {
  int fd = socket(AF_INET6, type, 0);
  setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only);
  return fd;
}

static int bind6(int fd, const char *host, int port) {
  struct sockaddr_in6 address = internet6(host, port);
  return bind(fd, (struct sockaddr *)&address, sizeof address);
}

static int port6(int fd) {
  struct sockaddr_in6 address;
  socklen_t length = sizeof address;
  getsockname(fd, (struct sockaddr *)&address, &length);
  return ntohs(address.sin6_port);
}

/* A host without its port: where from, or whose. */
static const char *host6(const struct sockaddr_in6 *address) {
  char *text = remembered();
  inet_ntop(AF_INET6, &address->sin6_addr, text, 128);
  return text;
}

/* A port that was free in both families a moment ago: one of IPv6 alone may be somebody's in IPv4. */
static int port_of_nobody(int type) {
  int fd = socket6(type, 0);
  bind6(fd, "::", 0);
  int port = port6(fd);
  close(fd);
  return port;
}

static void second(int type, const char *name, const char *condition, int v6only, const char *one, const char *other) {
  char text[100];
  int held = socket6(type, v6only), fd = socket(AF_INET, type, 0);
  bind6(held, one, port_of_nobody(type));
  snprintf(text, sizeof text, "%s, %s", name, condition);
  report("-", text, outcome(bind_to(fd, internet(other, port6(held)))));
  close(fd);
  close(held);
}

static void pairs(int type, const char *name) {
  second(type, name, ":: and 0.0.0.0", 0, "::", "0.0.0.0");
  second(type, name, ":: and 127.0.0.1", 0, "::", "127.0.0.1");
  second(type, name, ":: with IPV6_V6ONLY and 0.0.0.0", 1, "::", "0.0.0.0");
  second(type, name, "::1 and 0.0.0.0", 0, "::1", "0.0.0.0");
  second(type, name, "::ffff:127.0.0.1 and 127.0.0.1", 0, "::ffff:127.0.0.1", "127.0.0.1");
  second(type, name, "::ffff:127.0.0.1 and 127.0.0.2", 0, "::ffff:127.0.0.1", "127.0.0.2");
  second(type, name, "::ffff:127.0.0.1 and 0.0.0.0", 0, "::ffff:127.0.0.1", "0.0.0.0");
}

static void names(void) {
  int on = 1, fd = socket6(SOCK_STREAM, 1);
  report("-", "IPV6_V6ONLY: bind ::ffff:127.0.0.1", outcome(bind6(fd, "::ffff:127.0.0.1", 0)));
  close(fd);
  fd = socket6(SOCK_STREAM, 0);
  report("-", "bind ::1", outcome(bind6(fd, "::1", 0)));
  report("-", "bound: IPV6_V6ONLY", outcome(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on)));
  close(fd);
  fd = socket6(SOCK_STREAM, 0);
  report("-", "bind an address that is not here", outcome(bind6(fd, "2001:db8::1", 0)));
  close(fd);
}

static void streams(void) {
  struct sockaddr_in6 peer;
  socklen_t length = sizeof peer;
  int listener = socket6(SOCK_STREAM, 0), client = tcp_socket();
  bind6(listener, "::", 0);
  listen(listener, 4);
  report("-", "dual listener: connect from IPv4", outcome(connect_to(client, loopback(port6(listener)))));
  await(listener, POLLIN);
  int server = accept(listener, (struct sockaddr *)&peer, &length);
  report("-", "dual listener: accepted's peer", host6(&peer));
  length = sizeof peer;
  getsockname(server, (struct sockaddr *)&peer, &length);
  report("-", "dual listener: accepted's own name", host6(&peer));
  close_with_reset(client);
  close(server);
  client = socket(AF_INET6, SOCK_STREAM, 0);
  peer = internet6("::1", port6(listener));
  report("-", "dual listener: connect from IPv6", outcome(connect(client, (struct sockaddr *)&peer, sizeof peer)));
  close(accept_from(listener));
  close(client);
  close(listener);

  listener = socket6(SOCK_STREAM, 1);
  bind6(listener, "::", port_of_nobody(SOCK_STREAM));
  listen(listener, 4);
  client = tcp_socket();
  report("-", "IPv6 only listener: connect from IPv4", outcome(connect_to(client, loopback(port6(listener)))));
  close(client);
  int both = tcp_socket();
  bind_to(both, internet("0.0.0.0", port6(listener)));
  listen(both, 4);
  client = tcp_socket();
  report("-", "a listener for each family: connect from IPv4", outcome(connect_to(client, loopback(port6(listener)))));
  close(accept_from(both));
  close(client);
  close(both);
  close(listener);
}

static void datagrams(void) {
  struct sockaddr_in6 from;
  socklen_t length = sizeof from;
  char text[8];
  int fd = socket6(SOCK_DGRAM, 0), sender = bound_udp_socket();
  bind6(fd, "::", 0);
  struct sockaddr_in to = loopback(port6(fd));
  sendto(sender, "four", 4, 0, (struct sockaddr *)&to, sizeof to);
  await(fd, POLLIN);
  report("-", "dual receiver: from IPv4", outcome(recvfrom(fd, text, sizeof text, 0, (struct sockaddr *)&from, &length)));
  report("-", "dual receiver: the sender's name", host6(&from));
  report("-", "dual receiver: answer", outcome(sendto(fd, "six", 3, 0, (struct sockaddr *)&from, sizeof from)));
  report("-", "dual receiver: it arrives", received_text(sender));
  close(sender);
  close(fd);
}

int main(void) {
  pairs(SOCK_STREAM, "TCP");
  pairs(SOCK_DGRAM, "UDP");
  names();
  streams();
  datagrams();
  return 0;
}
