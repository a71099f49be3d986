/* A peer that swallows whatever is sent to it (rows 2.16, 2.17, 3.1 to 3.8, 3.20, 5.2). */
#include "destinations.h"

static struct sockaddr_in hole(void) {
  return internet("10.9.9.9", PORT);
}

static void send_timeout(int fd, int milliseconds) {
  struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

static void deadline(void) {
  int fd = tcp_socket();
  send_timeout(fd, 300);
  long began = milliseconds_now();
  report("2.17", "SO_SNDTIMEO 300 ms: connect", outcome(connect_to(fd, hole())));
  report("2.17", "SO_SNDTIMEO: it waited", yes_no(milliseconds_now() - began >= 250));
  report("2.17", "SO_SNDTIMEO: afterwards", state(fd));
  report("2.17", "SO_SNDTIMEO: connect again", outcome(connect_to(fd, hole())));
  report("2.17", "SO_SNDTIMEO: connect elsewhere", outcome(connect_to(fd, loopback(PORT))));
  close(fd);
}

static void pending(void) {
  int fd = nonblocking_tcp_socket();
  report("3.1", "non-blocking: connect", outcome(connect_to(fd, hole())));
  sleep_ms(100);
  report("3.2", "non-blocking: pending", state(fd));
  report("3.3", "non-blocking: connect again", outcome(connect_to(fd, hole())));
  report("3.4", "send", sent(fd));
  report("3.4", "recv", received(fd));
  report("3.5", "listen", outcome(listen(fd, 1)));
  report("3.5", "bind", outcome(bind_to(fd, loopback(0))));
  int copy = dup(fd);
  close(fd);
  report("3.8", "the copy: connect again", outcome(connect_to(copy, hole())));
  report("3.7", "AF_UNSPEC", outcome(dissolve(copy)));
  report("3.7", "AF_UNSPEC: pending error", so_error(copy));
  report("3.7", "AF_UNSPEC: connect", outcome(connect_to(copy, hole())));
  report("3.6", "shutdown", outcome(shutdown(copy, SHUT_WR)));
  report("3.6", "shutdown: afterwards", state(copy));
  close(copy);
}

static void expiry(void) {
  int retries = 1, fd = tcp_socket(), polled_for_it = nonblocking_tcp_socket(), listener = tcp_listener();
  setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &retries, sizeof retries);
  setsockopt(polled_for_it, IPPROTO_TCP, TCP_SYNCNT, &retries, sizeof retries);
  report("2.16", "TCP_SYNCNT 1, non-blocking: connect", outcome(connect_to(polled_for_it, hole())));
  report("2.16", "TCP_SYNCNT 1: connect", outcome(connect_to(fd, hole())));
  report("2.16", "TCP_SYNCNT 1: afterwards", state(fd));
  report("2.16", "TCP_SYNCNT 1: to one that listens", outcome(connect_to(fd, loopback(own_port(listener)))));
  await_hangup(polled_for_it);
  report("3.20", "TCP_SYNCNT 1, non-blocking: its end", state(polled_for_it));
  report("3.20", "TCP_SYNCNT 1, non-blocking: once more", state(polled_for_it));
  close(fd);
  close(polled_for_it);
  close(listener);
}

static void datagrams(void) {
  int fd = udp_socket();
  report("5.2", "UDP: connect", outcome(connect_to(fd, hole())));
  report("5.2", "UDP: connected", state(fd));
  report("5.2", "UDP: send", sent(fd));
  sleep_ms(100);
  report("5.2", "UDP: sent", state(fd));
  report("5.2", "UDP: recv", received(fd));
  report("5.2", "UDP: send again", sent(fd));
  close(fd);
}

int main(void) {
  deadline();
  pending();
  expiry();
  datagrams();
  return 0;
}
