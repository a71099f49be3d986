/* Who may bind which address: plain, SO_REUSEADDR, SO_REUSEPORT, wildcards (socket(7), ip(7), row 2.29). */
#include "posix.h"

/* A socket with an option of SOL_SOCKET on (0: none), bound. Gives the descriptor, -1 with errno. */
static int bound(int type, int option, struct sockaddr_in address) {
  int fd = socket(AF_INET, type, 0), on = 1;
  if (option != 0 && setsockopt(fd, SOL_SOCKET, option, &on, sizeof on) != 0) report("-", "an option", error_name(errno));
  if (bind_to(fd, address) == 0) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

/* What a second bind with an option says where a first one with another is. */
static void second(int type, const char *condition, int first, int then, const char *one, const char *other) {
  int held = bound(type, first, internet(one, 0));
  int fd = bound(type, then, internet(other, own_port(held)));
  report("-", condition, opened(fd));
  if (fd >= 0) close(fd);
  close(held);
}

static void pairs(int type, const char *name) {
  static const struct {
    const char *condition;
    int first, then;
    const char *one, *other;
  } cases[] = {
    {"same address", 0, 0, "127.0.0.1", "127.0.0.1"},
    {"another address", 0, 0, "127.0.0.1", "127.0.0.2"},
    {"wildcard, then an address", 0, 0, "0.0.0.0", "127.0.0.1"},
    {"an address, then the wildcard", 0, 0, "127.0.0.1", "0.0.0.0"},
    {"SO_REUSEADDR on both", SO_REUSEADDR, SO_REUSEADDR, "127.0.0.1", "127.0.0.1"},
    {"SO_REUSEADDR on both, wildcard first", SO_REUSEADDR, SO_REUSEADDR, "0.0.0.0", "127.0.0.1"},
    {"SO_REUSEADDR on the first", SO_REUSEADDR, 0, "127.0.0.1", "127.0.0.1"},
    {"SO_REUSEADDR on the second", 0, SO_REUSEADDR, "127.0.0.1", "127.0.0.1"},
    {"SO_REUSEPORT on both", SO_REUSEPORT, SO_REUSEPORT, "127.0.0.1", "127.0.0.1"},
    {"SO_REUSEPORT on both, wildcard first", SO_REUSEPORT, SO_REUSEPORT, "0.0.0.0", "127.0.0.1"},
    {"SO_REUSEPORT on the first", SO_REUSEPORT, 0, "127.0.0.1", "127.0.0.1"},
    {"SO_REUSEPORT on the second", 0, SO_REUSEPORT, "127.0.0.1", "127.0.0.1"},
    {"SO_REUSEPORT, then SO_REUSEADDR", SO_REUSEPORT, SO_REUSEADDR, "127.0.0.1", "127.0.0.1"},
  };
  for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
    char condition[100];
    snprintf(condition, sizeof condition, "%s, %s", name, cases[i].condition);
    second(type, condition, cases[i].first, cases[i].then, cases[i].one, cases[i].other);
  }
}

static void addresses(void) {
  int fd = bound(SOCK_STREAM, 0, internet("192.0.2.1", 0));
  report("-", "TCP, not an address of this host", opened(fd));
  fd = bound(SOCK_DGRAM, 0, internet("192.0.2.1", 0));
  report("-", "UDP, not an address of this host", opened(fd));
  fd = bound(SOCK_STREAM, 0, internet("239.1.2.3", 0));
  report("-", "TCP, a group", opened(fd));
  report("-", "TCP, a group: listen", outcome(listen(fd, 1)));
  close(fd);
  fd = bound(SOCK_STREAM, 0, internet("127.255.255.255", 0));
  report("-", "TCP, a broadcast address", opened(fd));
  close(fd);
  fd = bound(SOCK_DGRAM, 0, internet("239.1.2.3", 0));
  report("-", "UDP, a group", opened(fd));
  close(fd);
  fd = bound(SOCK_DGRAM, 0, internet("127.255.255.255", 0));
  report("-", "UDP, a broadcast address", opened(fd));
  close(fd);
  fd = bound(SOCK_STREAM, 0, loopback(0));
  report("-", "bind again", outcome(bind_to(fd, loopback(0))));
  int port = own_port(fd);
  close(fd);
  fd = bound(SOCK_STREAM, 0, loopback(port));
  report("-", "closed, then bound by another", opened(fd));
  close(fd);
}

static void listeners(void) {
  int one = bound(SOCK_STREAM, SO_REUSEADDR, loopback(0));
  int other = bound(SOCK_STREAM, SO_REUSEADDR, loopback(own_port(one)));
  report("-", "SO_REUSEADDR: one listens", outcome(listen(one, 4)));
  report("-", "SO_REUSEADDR: the other listens", outcome(listen(other, 4)));
  int third = bound(SOCK_STREAM, SO_REUSEADDR, loopback(own_port(one)));
  report("-", "SO_REUSEADDR: a third while one listens", opened(third));
  close(one);
  report("-", "SO_REUSEADDR: the listener closed, the other listens", outcome(listen(other, 4)));
  close(other);
}

/* An accepted connection holds the port of its listener. */
static void after_the_listener(int option, const char *condition) {
  int listener = bound(SOCK_STREAM, option, loopback(0));
  listen(listener, 4);
  int port = own_port(listener), client, server;
  connected_pair(listener, &client, &server);
  close(listener);
  int fd = bound(SOCK_STREAM, option, loopback(port));
  report("-", condition, opened(fd));
  if (option == SO_REUSEADDR) report("-", "connection left, SO_REUSEADDR on both: listen", outcome(listen(fd, 4)));
  close(fd);
  close_with_reset(client);
  close(server);
}

/* Two sockets at one local address, to two peers and to one. */
static void one_pair_each(void) {
  int listener = tcp_listener(), elsewhere = tcp_listener();
  int one = bound(SOCK_STREAM, SO_REUSEADDR, loopback(0));
  int other = bound(SOCK_STREAM, SO_REUSEADDR, loopback(own_port(one)));
  int third = bound(SOCK_STREAM, SO_REUSEADDR, loopback(own_port(one)));
  report("2.29", "one local address: to a peer", outcome(connect_to(one, loopback(own_port(listener)))));
  report("2.29", "one local address: to another peer", outcome(connect_to(other, loopback(own_port(elsewhere)))));
  report("2.29", "one local address: to the first peer", outcome(connect_to(third, loopback(own_port(listener)))));
  close(accept_from(listener));
  close(accept_from(elsewhere));
  close_with_reset(one);
  close_with_reset(other);
  close(third);
  close(listener);
  close(elsewhere);
}

int main(void) {
  pairs(SOCK_STREAM, "TCP");
  pairs(SOCK_DGRAM, "UDP");
  addresses();
  listeners();
  after_the_listener(0, "connection left, plain: bind");
  after_the_listener(SO_REUSEADDR, "connection left, SO_REUSEADDR on both: bind");
  one_pair_each();
  return 0;
}
