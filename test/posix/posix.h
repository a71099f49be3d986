/*
 * The verbs of the differential programs: report a line, name an errno, make a socket, wait for an event. Each program
 * is built natively and as wasm, run against the same peers (test/peers.ts), and its lines are compared:
 *
 *   ROW <tab> condition <tab> result      ROW is a row of the specification's table, or - for what it does not list
 *
 * Results are symbolic: no port, no descriptor, no number that differs between two kernels that agree. A condition is
 * named once per program. Owns no scenario.
 */
#ifndef HAWSER_TEST_POSIX_H
#define HAWSER_TEST_POSIX_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* How long a program waits for what must come. Far more than it takes; the harness kills at 20 s. */
enum { SOON = 5000 };
/* Both directions. */
enum { BOTH = POLLIN | POLLOUT };

/* ---- reporting ---- */

/* A string that stays valid for the next 32 calls, so that several can be made before they are reported. */
static inline char *remembered(void) {
  static char ring[32][128];
  static unsigned next;
  char *slot = ring[next++ % 32];
  slot[0] = '\0';
  return slot;
}

static inline void report(const char *row, const char *condition, const char *result) {
  printf("%s\t%s\t%s\n", row, condition, result);
  fflush(stdout);
}

__attribute__((format(printf, 3, 4)))
static inline void reportf(const char *row, const char *condition, const char *format, ...) {
  char result[512];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(result, sizeof result, format, arguments);
  va_end(arguments);
  report(row, condition, result);
}

static inline const char *error_name(int error) {
  switch (error) {
    case 0: return "0";
#define NAME(name) case name: return #name;
    NAME(EACCES) NAME(EADDRINUSE) NAME(EADDRNOTAVAIL) NAME(EAFNOSUPPORT) NAME(EAGAIN) NAME(EALREADY) NAME(EBADF) NAME(ECHILD)
    NAME(ECONNABORTED) NAME(ECONNREFUSED) NAME(ECONNRESET) NAME(EDESTADDRREQ) NAME(EDOM) NAME(EEXIST) NAME(EFAULT)
    NAME(EHOSTUNREACH) NAME(EINPROGRESS) NAME(EINTR) NAME(EINVAL) NAME(EIO) NAME(EISCONN) NAME(EISDIR) NAME(ELOOP)
    NAME(EMFILE) NAME(EMSGSIZE) NAME(ENAMETOOLONG) NAME(ENETUNREACH) NAME(ENOBUFS) NAME(ENODEV) NAME(ENOENT) NAME(ENOMEM)
    NAME(ENOPROTOOPT) NAME(ENOSPC) NAME(ENOSYS) NAME(ENOTCONN) NAME(ENOTDIR) NAME(ENOTSOCK) NAME(ENOTTY) NAME(EOPNOTSUPP)
    NAME(EPERM) NAME(EPIPE) NAME(EPROTO) NAME(EPROTONOSUPPORT) NAME(EPROTOTYPE) NAME(ERANGE) NAME(ESPIPE) NAME(ESRCH) NAME(ETIMEDOUT)
#undef NAME
  }
  return "another errno";
}

/* What a call gave: its number, or the name of its errno. Use it on the call itself: outcome(close(fd)). */
static inline const char *outcome(long result) {
  if (result < 0) return error_name(errno);
  char *text = remembered();
  snprintf(text, 128, "%ld", result);
  return text;
}

/* The same for a call whose number is a new descriptor, which is not told. */
static inline const char *opened(int fd) {
  return fd < 0 ? error_name(errno) : "a descriptor";
}

static inline const char *yes_no(int condition) {
  return condition ? "yes" : "no";
}

/* ---- waiting ---- */

static inline void append(char *text, const char *word) {
  if (text[0] != '\0') strcat(text, ",");
  strcat(text, word);
}

static inline const char *revents_names(int revents) {
  char *text = remembered();
  if (revents & POLLIN) append(text, "IN");
  if (revents & POLLPRI) append(text, "PRI");
  if (revents & POLLOUT) append(text, "OUT");
  if (revents & POLLERR) append(text, "ERR");
  if (revents & POLLHUP) append(text, "HUP");
  if (revents & POLLNVAL) append(text, "NVAL");
  if (revents & POLLRDHUP) append(text, "RDHUP");
  return text[0] == '\0' ? "none" : text;
}

static inline const char *polled_for(int fd, int events, int milliseconds) {
  struct pollfd entry = {.fd = fd, .events = (short)events};
  int count = poll(&entry, 1, milliseconds);
  return count < 0 ? error_name(errno) : revents_names(entry.revents);
}

/* What poll() says now. */
static inline const char *polled(int fd, int events) {
  return polled_for(fd, events, 0);
}

/* Waits until poll() has something to say; the program's lines show it if nothing comes. */
static inline void await(int fd, int events) {
  struct pollfd entry = {.fd = fd, .events = (short)events};
  if (poll(&entry, 1, SOON) != 1) report("-", "an awaited event did not come", "timeout");
}

/* Waits for an error or a hang-up, which poll() tells without being asked. */
static inline void await_hangup(int fd) {
  await(fd, 0);
}

/* What select() says now: r, w, x. */
static inline const char *selected(int fd) {
  fd_set readable, writable, exceptional;
  FD_ZERO(&readable);
  FD_ZERO(&writable);
  FD_ZERO(&exceptional);
  FD_SET(fd, &readable);
  FD_SET(fd, &writable);
  FD_SET(fd, &exceptional);
  struct timeval now = {0, 0};
  if (select(fd + 1, &readable, &writable, &exceptional, &now) < 0) return error_name(errno);
  char *text = remembered();
  if (FD_ISSET(fd, &readable)) append(text, "r");
  if (FD_ISSET(fd, &writable)) append(text, "w");
  if (FD_ISSET(fd, &exceptional)) append(text, "x");
  return text[0] == '\0' ? "none" : text;
}

/* A short sleep, for where there is no event to wait for. */
static inline void sleep_ms(int milliseconds) {
  struct timespec left = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
}

static inline long milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long)(now.tv_sec % 1000000) * 1000 + (long)(now.tv_nsec / 1000000);
}

/* ---- addresses ---- */

static inline struct sockaddr_in internet(const char *host, int port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)port);
  inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

static inline struct sockaddr_in loopback(int port) {
  return internet("127.0.0.1", port);
}

static inline int connect_to(int fd, struct sockaddr_in address) {
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static inline int bind_to(int fd, struct sockaddr_in address) {
  return bind(fd, (struct sockaddr *)&address, sizeof address);
}

/* connect() with AF_UNSPEC. */
static inline int dissolve(int fd) {
  struct sockaddr nobody;
  memset(&nobody, 0, sizeof nobody);
  nobody.sa_family = AF_UNSPEC;
  return connect(fd, &nobody, sizeof nobody);
}

static inline const char *address_text(const struct sockaddr_in *address) {
  char *text = remembered();
  char host[INET_ADDRSTRLEN];
  inet_ntop(AF_INET, &address->sin_addr, host, sizeof host);
  snprintf(text, 128, "%s:%s", host, address->sin_port == 0 ? "0" : "port");
  return text;
}

/* getsockname() as "127.0.0.1:port". */
static inline const char *own_name(int fd) {
  struct sockaddr_in address = internet("0.0.0.0", 0);
  socklen_t length = sizeof address;
  if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return error_name(errno);
  return address_text(&address);
}

/* getpeername() as "127.0.0.1:port". */
static inline const char *peer_name(int fd) {
  struct sockaddr_in address = internet("0.0.0.0", 0);
  socklen_t length = sizeof address;
  if (getpeername(fd, (struct sockaddr *)&address, &length) != 0) return error_name(errno);
  return address_text(&address);
}

static inline int own_port(int fd) {
  struct sockaddr_in address = internet("0.0.0.0", 0);
  socklen_t length = sizeof address;
  getsockname(fd, (struct sockaddr *)&address, &length);
  return ntohs(address.sin_port);
}

static inline int peer_port(int fd) {
  struct sockaddr_in address = internet("0.0.0.0", 0);
  socklen_t length = sizeof address;
  getpeername(fd, (struct sockaddr *)&address, &length);
  return ntohs(address.sin_port);
}

/* The port of a peer of the harness, from HAWSER_PEER_ECHO and the like. */
static inline int harness_port(const char *variable) {
  const char *value = getenv(variable);
  if (value == NULL) {
    fprintf(stderr, "%s is not set\n", variable);
    exit(2);
  }
  return atoi(value);
}

/* ---- sockets ---- */

static inline int tcp_socket(void) {
  return socket(AF_INET, SOCK_STREAM, 0);
}

static inline int nonblocking_tcp_socket(void) {
  return socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

static inline int udp_socket(void) {
  return socket(AF_INET, SOCK_DGRAM, 0);
}

/* A listening TCP socket on 127.0.0.1. */
static inline int tcp_listener(void) {
  int fd = tcp_socket();
  if (bind_to(fd, loopback(0)) != 0 || listen(fd, 16) != 0) report("-", "a listener could not be made", error_name(errno));
  return fd;
}

/* A UDP socket bound to 127.0.0.1. */
static inline int bound_udp_socket(void) {
  int fd = udp_socket();
  if (bind_to(fd, loopback(0)) != 0) report("-", "a datagram socket could not be bound", error_name(errno));
  return fd;
}

/* Waits for a connection and accepts it. */
static inline int accept_from(int listener) {
  await(listener, POLLIN);
  return accept(listener, NULL, NULL);
}

/* A blocking client and the socket that accept() gave for it. */
static inline void connected_pair(int listener, int *client, int *server) {
  *client = tcp_socket();
  if (connect_to(*client, loopback(own_port(listener))) != 0) report("-", "a pair could not be made", error_name(errno));
  *server = accept_from(listener);
}

/* Closes with a reset. */
static inline void close_with_reset(int fd) {
  struct linger at_once = {.l_onoff = 1, .l_linger = 0};
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(fd);
}

static inline void set_nonblocking(int fd, int on) {
  int flags = fcntl(fd, F_GETFL);
  fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

/* SO_ERROR, which reading clears. */
static inline const char *so_error(int fd) {
  int error = -1;
  socklen_t length = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0) return error_name(errno);
  return error_name(error);
}

/* Sends one byte without waiting. */
static inline const char *sent(int fd) {
  return outcome(send(fd, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL));
}

/* Receives one byte without waiting. */
static inline const char *received(int fd) {
  char byte;
  return outcome(recv(fd, &byte, 1, MSG_DONTWAIT));
}

/* Receives what one call gives, as text; waits for it. */
static inline const char *received_text(int fd) {
  char *text = remembered();
  await(fd, POLLIN);
  long length = recv(fd, text, 100, MSG_DONTWAIT);
  if (length < 0) return error_name(errno);
  text[length] = '\0';
  return length == 0 ? "end" : text;
}

/* Receives until `length` bytes are there or the stream ends: how many. */
static inline long receive_all(int fd, char *buffer, long length) {
  long done = 0;
  while (done < length) {
    await(fd, POLLIN);
    long part = recv(fd, buffer + done, (size_t)(length - done), MSG_DONTWAIT);
    if (part <= 0) break;
    done += part;
  }
  return done;
}

/* Sends until a stream has taken nothing more for 250 ms: how many bytes. Leaves it non-blocking. */
static inline long fill_up(int fd) {
  static const char block[65536];
  long total = 0, before, part;
  set_nonblocking(fd, 1);
  do {
    before = total;
    while ((part = send(fd, block, sizeof block, MSG_NOSIGNAL)) > 0) total += part;
    while ((part = send(fd, block, 1, MSG_NOSIGNAL)) > 0) total += part;
    polled_for(fd, POLLOUT, 250);
  } while (total != before);
  return total;
}

/* ---- signals ---- */

static volatile sig_atomic_t signals_seen;

static inline void count_signal(int signal_number) {
  (void)signal_number;
  signals_seen++;
}

/* Counts a signal in signals_seen. */
static inline void catch_signal(int signal_number, int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = count_signal;
  action.sa_flags = flags;
  sigemptyset(&action.sa_mask);
  sigaction(signal_number, &action, NULL);
  signals_seen = 0;
}

/* SIGALRM once, after so many milliseconds. */
static inline void alarm_in(int milliseconds) {
  struct itimerval once = {.it_value = {milliseconds / 1000, (milliseconds % 1000) * 1000}};
  setitimer(ITIMER_REAL, &once, NULL);
}

/* ---- the harness's late listener ---- */

/*
 * A listener of the harness whose queue is full, so that a connection to it stays pending. Its port is put into *port;
 * the descriptor is the control connection: closing it takes the listener away.
 */
static inline int late_listener(int *port) {
  unsigned char bytes[2];
  int control = tcp_socket();
  if (connect_to(control, loopback(harness_port("HAWSER_PEER_LATE"))) != 0 ||
      receive_all(control, (char *)bytes, 2) != 2)
    report("-", "there is no late listener", error_name(errno));
  *port = bytes[0] * 256 + bytes[1];
  return control;
}

/* Has the late listener accept (and echo) in so many milliseconds, at most 2550: a pending connection completes when its SYN is sent again. */
static inline void open_late(int control, int milliseconds) {
  unsigned char tens = (unsigned char)(milliseconds / 10);
  send(control, &tens, 1, 0);
}

#endif
