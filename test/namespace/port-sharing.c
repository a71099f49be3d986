/* No ephemeral port left, where there are sixteen (rows 2.30, 5.24). */
#include "destinations.h"

enum { PORTS = 16, FIRST = 5001, SECOND = 5002 };

static int listener_at(int port) {
  int fd = tcp_socket();
  if (bind_to(fd, loopback(port)) != 0 || listen(fd, 16) != 0) report("-", "a listener could not be made", error_name(errno));
  return fd;
}

static void streams(void) {
  int listeners[] = {listener_at(FIRST), listener_at(SECOND)}, fds[PORTS], connected = 0;
  for (int i = 0; i < PORTS; i++) {
    fds[i] = tcp_socket();
    if (connect_to(fds[i], loopback(FIRST)) == 0) connected++;
  }
  reportf("2.30", "TCP: connections until there is none", "%d", connected);
  int fd = tcp_socket();
  report("2.30", "TCP: connect", outcome(connect_to(fd, loopback(FIRST))));
  report("2.30", "TCP: afterwards", state(fd));
  int nonblocking = nonblocking_tcp_socket();
  report("2.30", "TCP, non-blocking: connect", outcome(connect_to(nonblocking, loopback(FIRST))));
  report("2.30", "TCP: to another port", outcome(connect_to(fd, loopback(SECOND))));
  int bound = tcp_socket();
  bind_to(bound, internet("127.0.0.2", 6000));
  report("2.30", "TCP, bound before: connect", outcome(connect_to(bound, loopback(FIRST))));
  int none = tcp_socket();
  report("-", "TCP: bind to port 0", outcome(bind_to(none, loopback(0))));
  close_with_reset(fds[0]);
  report("2.30", "TCP: one closed with a reset: connect", outcome(connect_to(nonblocking, loopback(FIRST))));
  for (int i = 1; i < PORTS; i++) close_with_reset(fds[i]);
  close_with_reset(fd);
  close(nonblocking);
  close(none);
  close_with_reset(bound);
  close(listeners[0]);
  close(listeners[1]);
}

static void datagrams(void) {
  int fds[PORTS], connected = 0;
  for (int i = 0; i < PORTS; i++) {
    fds[i] = udp_socket();
    if (connect_to(fds[i], loopback(FIRST)) == 0) connected++;
  }
  reportf("5.24", "UDP: associations until there is none", "%d", connected);
  int fd = udp_socket();
  report("5.24", "UDP: connect", outcome(connect_to(fd, loopback(FIRST))));
  report("5.24", "UDP: afterwards", state(fd));
  report("5.24", "UDP: to another port", outcome(connect_to(fd, loopback(SECOND))));
  int bound = udp_socket();
  bind_to(bound, loopback(6000));
  report("5.24", "UDP, bound before: connect", outcome(connect_to(bound, loopback(FIRST))));
  int none = udp_socket();
  struct sockaddr_in to = loopback(FIRST);
  report("-", "UDP: sendto", outcome(sendto(none, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to)));
  report("-", "UDP: bind to port 0", outcome(bind_to(none, loopback(0))));
  close(fds[0]);
  report("5.24", "UDP: one closed: connect", outcome(connect_to(fd, loopback(FIRST))));
  for (int i = 1; i < PORTS; i++) close(fds[i]);
  close(fd);
  close(bound);
  close(none);
}

int main(void) {
  streams();
  datagrams();
  return 0;
}
