/* Where a connection may go and where not: TCP and UDP to one destination, in all the ways that a route can matter. */
#ifndef HAWSER_TEST_DESTINATIONS_H
#define HAWSER_TEST_DESTINATIONS_H

#include "../posix/posix.h"

enum { PORT = 4000 };

static inline const char *named(const char *host, const char *what) {
  char *text = remembered();
  snprintf(text, 128, "%s%s", host, what);
  return text;
}

/* What is to be seen of a socket, in this order: a pending error is read after poll() has told of it. */
static inline const char *state(int fd) {
  const char *events = polled(fd, BOTH), *ready = selected(fd), *error = so_error(fd);
  char *text = remembered();
  snprintf(text, 128, "poll %s, select %s, pending error %s, peer %s, name %s", events, ready, error, peer_name(fd),
           own_name(fd));
  return text;
}

/* A non-blocking connect, what is left of it, and whether the socket is of use afterwards; closed at the end. */
static inline void tcp_nonblocking(const char *row, const char *host) {
  int fd = nonblocking_tcp_socket();
  const char *result = outcome(connect_to(fd, internet(host, PORT)));
  reportf(row, named(host, ", non-blocking"), "%s, %s", result, state(fd));
  close(fd);
}

/* A blocking connect that fails at once, and one with the same socket to somebody who listens. */
static inline void tcp_fails(const char *row, const char *host) {
  int listener = tcp_listener(), fd = tcp_socket();
  report(row, named(host, ", TCP"), outcome(connect_to(fd, internet(host, PORT))));
  report(row, named(host, ", TCP: afterwards"), state(fd));
  report(row, named(host, ", TCP: to one that listens"), outcome(connect_to(fd, loopback(own_port(listener)))));
  close(fd);
  close(listener);
}

static inline void udp(const char *row, const char *host) {
  int fd = udp_socket();
  const char *result = outcome(connect_to(fd, internet(host, PORT)));
  reportf(row, named(host, ", UDP"), "%s, %s", result, state(fd));
  close(fd);
  fd = udp_socket();
  struct sockaddr_in to = internet(host, PORT);
  report("-", named(host, ", UDP: sendto"),
         outcome(sendto(fd, "x", 1, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to)));
  close(fd);
}

#endif
