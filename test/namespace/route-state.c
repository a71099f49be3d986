/* Destinations that no route leads to, and those that one forbids (rows 2.12 to 2.15, 2.25, 2.26, 3.21, 5.20 to 5.23). */
#include "destinations.h"

static void at_once(const char *row, const char *host) {
  tcp_fails(row, host);
  tcp_nonblocking("3.21", host);
  udp("5.23", host);
}

static void bound_to_loopback(void) {
  int fd = tcp_socket();
  bind_to(fd, loopback(0));
  report("2.15", "TCP bound to 127.0.0.1, to 10.9.9.9", outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  report("2.15", "TCP bound to 127.0.0.1: afterwards", state(fd));
  close(fd);
  fd = tcp_socket();
  bind_to(fd, loopback(0));
  report("2.15", "TCP bound to 127.0.0.1, to 203.0.113.9", outcome(connect_to(fd, internet("203.0.113.9", PORT))));
  close(fd);
  fd = udp_socket();
  bind_to(fd, loopback(0));
  report("2.15", "UDP bound to 127.0.0.1, to 10.9.9.9", outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  close(fd);
}

/* An association, then a connect that fails: the manual has it dissolved. */
static void dissolved(void) {
  static const char *const hosts[] = {"203.0.113.9", "10.5.1.1", "10.7.1.1"};
  for (unsigned i = 0; i < sizeof hosts / sizeof *hosts; i++) {
    int fd = udp_socket();
    connect_to(fd, loopback(PORT));
    const char *result = outcome(connect_to(fd, internet(hosts[i], PORT)));
    reportf("5.12", named(hosts[i], ", UDP that was connected"), "%s, peer %s", result, peer_name(fd));
    close(fd);
  }
}

int main(void) {
  at_once("2.12", "203.0.113.9");
  at_once("2.13", "10.5.1.1");
  at_once("2.14", "10.7.1.1");
  at_once("2.15", "10.6.1.1");
  bound_to_loopback();
  at_once("2.26", "240.0.0.1");
  at_once("2.26", "0.1.2.3");
  dissolved();
  return 0;
}
