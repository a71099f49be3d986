/* connect() on TCP sockets: addresses that are special (rows 2.23 to 2.29, 2.34). A fresh socket for each. */
#include "posix.h"

static void wildcard(int listener) {
  int fd = tcp_socket();
  report("2.24", "0.0.0.0", outcome(connect_to(fd, internet("0.0.0.0", own_port(listener)))));
  report("2.24", "0.0.0.0: peer", peer_name(fd));
  report("2.24", "0.0.0.0: own name", own_name(fd));
  close(accept_from(listener));
  close(fd);
}

/* 2.25: the manual page's EINVAL. */
static void groups(int port) {
  static const char *const HOSTS[] = {"255.255.255.255", "127.255.255.255", "224.0.0.1", "239.1.2.3"};
  for (size_t i = 0; i < sizeof HOSTS / sizeof HOSTS[0]; i++) {
    char condition[64];
    int fd = tcp_socket();
    report("2.25", HOSTS[i], outcome(connect_to(fd, internet(HOSTS[i], port))));
    snprintf(condition, sizeof condition, "%s: pending error", HOSTS[i]);
    report("2.25", condition, so_error(fd));
    snprintf(condition, sizeof condition, "%s: poll", HOSTS[i]);
    report("2.25", condition, polled(fd, BOTH));
    snprintf(condition, sizeof condition, "%s: then a live address", HOSTS[i]);
    report("2.25", condition, outcome(connect_to(fd, loopback(port))));
    close(fd);

    fd = nonblocking_tcp_socket();
    snprintf(condition, sizeof condition, "%s, non-blocking", HOSTS[i]);
    report("2.25", condition, outcome(connect_to(fd, internet(HOSTS[i], port))));
    close(fd);
  }
  int on = 1;
  int fd = tcp_socket();
  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
  report("2.25", "127.255.255.255 with SO_BROADCAST", outcome(connect_to(fd, internet("127.255.255.255", port))));
  close(fd);
}

static void port_zero(void) {
  int fd = tcp_socket();
  report("2.27", "port 0", outcome(connect_to(fd, loopback(0))));
  close(fd);
  fd = tcp_socket();
  report("2.27", "0.0.0.0, port 0", outcome(connect_to(fd, internet("0.0.0.0", 0))));
  close(fd);
  fd = nonblocking_tcp_socket();
  report("2.27", "port 0, non-blocking", outcome(connect_to(fd, loopback(0))));
  close(fd);
}

static void itself(void) {
  int fd = tcp_socket();
  bind_to(fd, loopback(0));
  report("2.28", "its own address", outcome(connect_to(fd, loopback(own_port(fd)))));
  report("2.28", "its own address: send", sent(fd));
  report("2.28", "its own address: received", received_text(fd));
  close(fd);
}

static void a_listening_socket(int listener) {
  int fd = tcp_listener();
  report("2.23", "connect on a listening socket", outcome(connect_to(fd, loopback(own_port(listener)))));
  int client = tcp_socket();
  report("2.23", "it listens on", outcome(connect_to(client, loopback(own_port(fd)))));
  close(client);
  close(fd);
}

static void used_four_tuple(int listener) {
  int on = 1;
  int first = tcp_socket();
  int second = tcp_socket();
  setsockopt(first, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(second, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  bind_to(first, loopback(0));
  report("2.29", "SO_REUSEADDR: the same local port twice", outcome(bind_to(second, loopback(own_port(first)))));
  report("2.29", "first of the pair", outcome(connect_to(first, loopback(own_port(listener)))));
  report("2.29", "second of the pair, same peer", outcome(connect_to(second, loopback(own_port(listener)))));
  close(accept_from(listener));
  close(first);
  close(second);
}

/* 2.34: the option as the manual page's systems have it, an int that is switched on. */
static void signature_without_a_key(int listener) {
#ifdef TCP_MD5SIG
  int on = 1;
  int fd = tcp_socket();
  const char *set = outcome(setsockopt(fd, IPPROTO_TCP, TCP_MD5SIG, &on, sizeof on));
  const char *connected = outcome(connect_to(fd, loopback(own_port(listener))));
  reportf("2.34", "TCP_MD5SIG switched on without a key", "set %s, connect %s", set, connected);
  close(fd);
#endif
}

int main(void) {
  int listener = tcp_listener();
  wildcard(listener);
  groups(own_port(listener));
  port_zero();
  itself();
  a_listening_socket(listener);
  used_four_tuple(listener);
  signature_without_a_key(listener);
  return 0;
}
