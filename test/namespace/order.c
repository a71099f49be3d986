/* Which errno wins where a route fails, or an address is one for all (rows 0.1, 0.6, 0.7, 2.15, 2.25, 2.27, 2.29). */
#include "destinations.h"

static const char *const hosts[] = {"10.9.1.255", "10.5.1.1", "10.6.1.1", "10.7.1.1", "203.0.113.9"};

enum { HOSTS = sizeof hosts / sizeof *hosts };

/* A name that is too short, or of another family, is seen before where it leads. */
static void before_the_route(const char *host) {
  struct sockaddr_in address = internet(host, PORT);
  int fd = tcp_socket();
  report("0.1", named(host, ", a short name"), outcome(connect(fd, (struct sockaddr *)&address, 15)));
  address.sin_family = AF_INET6;
  report("0.1", named(host, ", another family"), outcome(connect(fd, (struct sockaddr *)&address, sizeof address)));
  close(fd);
}

static void connected(const char *host, int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  report("0.6", named(host, ", connected"), outcome(connect_to(client, internet(host, PORT))));
  report("0.6", named(host, ", connected: still"), sent(client));
  close(client);
  close(server);
}

static void connecting(const char *host) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, internet("10.9.9.9", PORT));
  report("0.7", named(host, ", an attempt under way"), outcome(connect_to(fd, internet(host, PORT))));
  report("0.7", named(host, ", an attempt under way: still"), outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  close(fd);
}

static void listening(const char *host) {
  int fd = tcp_listener();
  report("2.23", named(host, ", listening"), outcome(connect_to(fd, internet(host, PORT))));
  close(fd);
}

/* A failed connect leaves what bind() named, and one that did not fail can follow. */
static void bound(const char *host, int listener) {
  int fd = tcp_socket();
  bind_to(fd, internet("10.9.1.1", 0));
  int port = own_port(fd);
  report("2.10", named(host, ", bound"), outcome(connect_to(fd, internet(host, PORT))));
  reportf("2.10", named(host, ", bound: name"), "%s, the same port: %s", own_name(fd), yes_no(own_port(fd) == port));
  report("2.10", named(host, ", bound: to one that listens"), outcome(connect_to(fd, loopback(own_port(listener)))));
  reportf("2.10", named(host, ", bound: connected name"), "%s, the same port: %s", own_name(fd),
          yes_no(own_port(fd) == port));
  close(fd);
}

static void port_zero(const char *host) {
  int fd = tcp_socket();
  report("2.27", named(host, ", port 0"), outcome(connect_to(fd, internet(host, 0))));
  close(fd);
  fd = udp_socket();
  report("5.16", named(host, ", UDP, port 0"), outcome(connect_to(fd, internet(host, 0))));
  close(fd);
}

int main(void) {
  int listener = tcp_listener();
  for (unsigned i = 0; i < HOSTS; i++) {
    before_the_route(hosts[i]);
    connected(hosts[i], listener);
    connecting(hosts[i]);
    listening(hosts[i]);
    bound(hosts[i], listener);
    port_zero(hosts[i]);
  }
  close(listener);
  return 0;
}
