/*
 * Routes that fail, for IPv6 sockets: to IPv6 destinations, and to IPv4 ones by their mapped names (rows 1.12, 2.12 to 2.17,
 * 2.25, 2.30, 3.20, 3.21, 5.20 to 5.24). In the network's fd00::/8 are fd09:1::1 (ours), fd05::/16 unreachable, fd06::/16
 * blackhole, fd07::/16 prohibit, fd09:9::9 silent, and nobody at fd09:1::9.
 */
#include "destinations.h"

static struct sockaddr_in6 internet6(const char *host) {
  struct sockaddr_in6 address;
  memset(&address, 0, sizeof address);
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(PORT);
  inet_pton(AF_INET6, host, &address.sin6_addr);
  return address;
}

static int connect6(int fd, const char *host) {
  struct sockaddr_in6 address = internet6(host);
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static const char *own_name6(int fd) {
  struct sockaddr_in6 address;
  socklen_t length = sizeof address;
  memset(&address, 0, sizeof address);
  if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return error_name(errno);
  char *text = remembered();
  inet_ntop(AF_INET6, &address.sin6_addr, text, 100);
  strcat(text, address.sin6_port == 0 ? " 0" : " port");
  return text;
}

/* A connect of each kind that fails at once, or, of UDP, comes through. */
static void at_once(const char *row, const char *host) {
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  report(row, named(host, ", TCP"), outcome(connect6(fd, host)));
  reportf(row, named(host, ", TCP: afterwards"), "poll %s, pending error %s", polled(fd, BOTH), so_error(fd));
  close(fd);
  fd = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
  report("3.21", named(host, ", TCP, non-blocking"), outcome(connect6(fd, host)));
  close(fd);
}

static void datagram(const char *row, const char *host, int broadcast) {
  const char *with = broadcast ? " with SO_BROADCAST" : "";
  int fd = socket(AF_INET6, SOCK_DGRAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &broadcast, sizeof broadcast);
  char *condition = remembered();
  snprintf(condition, 128, "%s, UDP%s", host, with);
  report(row, condition, outcome(connect6(fd, host)));
  condition = remembered();
  snprintf(condition, 128, "%s, UDP%s: own name", host, with);
  report(row, condition, own_name6(fd));
  close(fd);
  fd = socket(AF_INET6, SOCK_DGRAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &broadcast, sizeof broadcast);
  struct sockaddr_in6 to = internet6(host);
  condition = remembered();
  snprintf(condition, 128, "%s, UDP%s: sendto", host, with);
  report(row, condition, outcome(sendto(fd, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to)));
  close(fd);
}

static void silence(const char *host) {
  struct timeval soon = {0, 200000};
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
  report("2.17", named(host, ", TCP, SO_SNDTIMEO"), outcome(connect6(fd, host)));
  report("2.17", named(host, ", TCP, SO_SNDTIMEO: again"), outcome(connect6(fd, host)));
  report("3.2", named(host, ", TCP: own name"), own_name6(fd));
  close(fd);
}

int main(void) {
  static const char *const failing[][2] = {
    {"2.12", "2001:db8::9"},        {"2.13", "fd05::1"},          {"2.15", "fd06::1"},          {"2.14", "fd07::1"},
    {"2.12", "::ffff:203.0.113.9"}, {"2.13", "::ffff:10.5.1.1"}, {"2.15", "::ffff:10.6.1.1"}, {"2.14", "::ffff:10.7.1.1"},
  };
  int nobody = socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK, 0);
  report("3.20", "nobody there: connect", outcome(connect6(nobody, "fd09:1::9")));
  for (unsigned i = 0; i < sizeof failing / sizeof *failing; i++) {
    at_once(failing[i][0], failing[i][1]);
    datagram("5.23", failing[i][1], 0);
  }
  at_once("2.25", "::ffff:10.9.1.255");
  at_once("2.25", "::ffff:255.255.255.255");
  at_once("2.25", "ff0e::1");
  for (int broadcast = 0; broadcast < 2; broadcast++) {
    const char *row = broadcast ? "5.21" : "5.20";
    datagram(row, "::ffff:10.9.1.255", broadcast);
    datagram(row, "::ffff:255.255.255.255", broadcast);
  }
  silence("fd09:9::9");
  silence("::ffff:10.9.9.9");
  datagram("5.2", "fd09:9::9", 0);
  datagram("5.2", "::ffff:10.9.9.9", 0);
  await_hangup(nobody);
  report("3.20", "nobody there: poll", polled(nobody, BOTH));
  report("3.20", "nobody there: pending error", so_error(nobody));
  close(nobody);
  return 0;
}
