/* needs: ipv6 */
/*
 * Which address would be the source for this destination? A UDP socket is connected, which sends nothing, and getsockname()
 * tells. As media clients, DNS servers and mail programs ask.
 */
#include "posix.h"
#include <netdb.h>

static struct sockaddr_storage name6(const char *host, int port) {
  struct sockaddr_storage storage;
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
  inet_pton(AF_INET6, host, &address.sin6_addr);
  memset(&storage, 0, sizeof storage);
  memcpy(&storage, &address, sizeof address);
  return storage;
}

/* A name as "host port" or "host 0", its length in front where it is not its family's. */
static const char *text_of(const struct sockaddr_storage *name, socklen_t length) {
  char *text = remembered();
  const struct sockaddr_in *four = (const struct sockaddr_in *)name;
  const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)name;
  int is_four = name->ss_family == AF_INET;
  if (length != (is_four ? sizeof *four : sizeof *six)) return "a wrong length";
  inet_ntop(name->ss_family, is_four ? (const void *)&four->sin_addr : (const void *)&six->sin6_addr, text, 100);
  strcat(text, (is_four ? four->sin_port : six->sin6_port) == 0 ? " 0" : " port");
  return text;
}

static const char *local_name(int fd) {
  struct sockaddr_storage name;
  socklen_t length = sizeof name;
  if (getsockname(fd, (struct sockaddr *)&name, &length) != 0) return error_name(errno);
  return text_of(&name, length);
}

static const char *remote_name(int fd) {
  struct sockaddr_storage name;
  socklen_t length = sizeof name;
  if (getpeername(fd, (struct sockaddr *)&name, &length) != 0) return error_name(errno);
  return text_of(&name, length);
}

static void report_named(const char *row, const char *destination, const char *what, const char *result) {
  char condition[100];
  snprintf(condition, sizeof condition, "%s: %s", destination, what);
  report(row, condition, result);
}

static void ask(const char *destination, struct sockaddr_storage name) {
  int fd = socket(name.ss_family, SOCK_DGRAM, 0);
  socklen_t length = name.ss_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
  report_named("5.6", destination, "before", local_name(fd));
  report_named("5.1", destination, "connect", outcome(connect(fd, (struct sockaddr *)&name, length)));
  report_named("5.1", destination, "source", local_name(fd));
  report_named("5.1", destination, "peer", remote_name(fd));
  report_named("5.7", destination, "dissolve", outcome(dissolve(fd)));
  report_named("5.8", destination, "peer then", remote_name(fd));
  report_named("5.10", destination, "source then", local_name(fd));
  close(fd);
}

static struct sockaddr_storage name4(const char *host, int port) {
  struct sockaddr_storage storage;
  struct sockaddr_in address = internet(host, port);
  memset(&storage, 0, sizeof storage);
  memcpy(&storage, &address, sizeof address);
  return storage;
}

/* Nothing was sent by any of it: who listens there hears nothing. */
static void silent(void) {
  int listener = bound_udp_socket(), fd = udp_socket();
  for (int i = 0; i < 5; i++) {
    connect_to(fd, loopback(own_port(listener)));
    dissolve(fd);
  }
  report("5.2", "what the destination heard", received(listener));
  report("5.2", "what the destination heard: poll", polled(listener, POLLIN));
  close(fd);
  close(listener);
}

/* The same question over TCP, which has an answer while the attempt is under way. */
static void over_tcp(void) {
  int port, fd = nonblocking_tcp_socket();
  int control = late_listener(&port);
  connect_to(fd, loopback(port));
  report("3.2", "TCP, pending: source", local_name(fd));
  close(fd);
  close(control);
}

/* A source that was named is kept, and one that cannot reach the destination is an error. */
static void named(void) {
  int fd = udp_socket();
  struct sockaddr_in name = internet("127.0.0.3", 0);
  bind_to(fd, name);
  report("5.10", "bound to 127.0.0.3: source", local_name(fd));
  report("5.10", "bound to 127.0.0.3: connect", outcome(connect_to(fd, loopback(9))));
  report("5.10", "bound to 127.0.0.3, connected: source", local_name(fd));
  dissolve(fd);
  report("5.10", "bound to 127.0.0.3, dissolved: source", local_name(fd));
  close(fd);
}

/* What servers bind and clients connect to that name no host, in getaddrinfo()'s order: a server takes the first. */
static void nobody(const char *condition, int flags, int family, int type) {
  struct addrinfo hints = {.ai_flags = flags, .ai_family = family, .ai_socktype = type}, *all = NULL;
  char *text = remembered();
  int error = getaddrinfo(NULL, "80", &hints, &all);
  snprintf(text, 100, "%d", error);
  for (struct addrinfo *each = all; each != NULL; each = each->ai_next) {
    struct sockaddr_storage name = {0};
    memcpy(&name, each->ai_addr, each->ai_addrlen);
    strcat(strcat(text, ", "), text_of(&name, each->ai_addrlen));
  }
  if (error == 0) freeaddrinfo(all);
  report("5.1", condition, text);
}

/* Programs print errno even where the answer says it all. */
static void unknown_service(void) {
  struct addrinfo *all;
  errno = 0;
  int error = getaddrinfo("127.0.0.1", "no-such-service", NULL, &all);
  report("5.1", "an unknown service", error == EAI_SERVICE ? "EAI_SERVICE" : "another");
  report("5.1", "an unknown service: errno", outcome(errno));
}

int main(void) {
  ask("127.0.0.1", name4("127.0.0.1", 9));
  ask("127.0.0.2", name4("127.0.0.2", 9));
  ask("0.0.0.0", name4("0.0.0.0", 9));
  ask("::1", name6("::1", 9));
  ask("::", name6("::", 9));
  ask("::ffff:127.0.0.1", name6("::ffff:127.0.0.1", 9));
  silent();
  over_tcp();
  named();
  nobody("a server's addresses", AI_PASSIVE, AF_UNSPEC, SOCK_STREAM);
  nobody("a server's addresses, UDP", AI_PASSIVE, AF_UNSPEC, SOCK_DGRAM);
  nobody("a server's addresses, IPv4", AI_PASSIVE, AF_INET, SOCK_STREAM);
  nobody("a server's addresses, IPv6", AI_PASSIVE, AF_INET6, SOCK_STREAM);
  nobody("a client's addresses", 0, AF_UNSPEC, SOCK_STREAM);
  nobody("a client's addresses, IPv4", 0, AF_INET, SOCK_STREAM);
  nobody("a client's addresses, IPv6", 0, AF_INET6, SOCK_STREAM);
  unknown_service();
  return 0;
}
