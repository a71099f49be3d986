/* What poll, ppoll, select, pselect and FIONREAD say of a UDP socket, state by state. */
#include "readiness.h"

static int connected_to(int port) {
  int fd = udp_socket();
  connect_to(fd, loopback(port));
  return fd;
}

/* A connected socket with the error of a port unreachable. */
static int unreachable(void) {
  int fd = connected_to(harness_port("HAWSER_PEER_UDP_REFUSED"));
  send(fd, "x", 1, 0);
  await(fd, 0);
  return fd;
}

static void plain(void) {
  int fd = udp_socket();
  report_readiness("5.6", "fresh", fd);
  bind_to(fd, loopback(0));
  report_readiness("5.6", "bound", fd);
  int other = connected_to(own_port(fd));
  report_readiness("5.1", "connected", other);
  send(other, "", 0, 0);
  await(fd, POLLIN);
  report_readiness("5.28", "an empty datagram", fd);
  send(other, "abc", 3, 0);
  received(fd);
  await(fd, POLLIN);
  report_readiness("-", "a datagram of 3 bytes", fd);
  send(other, "defgh", 5, 0);
  received(other);
  report_readiness("-", "datagrams of 3 and 5 bytes", fd);
  received(fd);
  await(fd, POLLIN);
  report_readiness("-", "the first read in part", fd);
  dissolve(other);
  report_readiness("5.8", "dissolved", other);
  close(fd);
  close(other);
}

static void errors(void) {
  int fd = unreachable();
  report_readiness("5.17", "port unreachable", fd);
  so_error(fd);
  report_readiness("5.17", "port unreachable, SO_ERROR read", fd);
  close(fd);
  fd = unreachable();
  received(fd);
  report_readiness("5.17", "port unreachable, then recv", fd);
  close(fd);
  fd = unreachable();
  sent(fd);
  report_readiness("5.17", "port unreachable, then send", fd);
  close(fd);
  fd = unreachable();
  dissolve(fd);
  report_readiness("5.18", "port unreachable, then dissolved", fd);
  close(fd);
  fd = unreachable();
  shutdown(fd, SHUT_RD);
  report_readiness("5.18", "port unreachable, then shut RD", fd);
  close(fd);
}

static void shut(void) {
  static const char *const names[] = {"shut RD", "shut WR", "shut RDWR"};
  static const char *const fresh[] = {"unconnected, shut RD", "unconnected, shut WR", "unconnected, shut RDWR"};
  for (int how = SHUT_RD; how <= SHUT_RDWR; how++) {
    int other = bound_udp_socket(), fd = connected_to(own_port(other));
    shutdown(fd, how);
    report_readiness("5.27", names[how], fd);
    close(fd);
    close(other);
    fd = bound_udp_socket();
    shutdown(fd, how);
    report_readiness("5.25", fresh[how], fd);
    close(fd);
  }
}

int main(void) {
  plain();
  errors();
  shut();
  return 0;
}
