/*
 * connect() with a limit in time, three ways: non-blocking with select() or poll() and back to blocking, SO_SNDTIMEO, and
 * alarm(). Against a listener that is silent, one that is late, one that is there and one that is not; then I/O over it.
 */
#include "posix.h"

enum { SHORT = 100 };

static long started;

static const char *time_taken(void) {
  long waited = milliseconds_now() - started;
  return waited < SHORT - 1 ? "at once" : waited < SOON ? "in time" : "too late";
}

/* What an attempt's limit left: 0, or -1 with ETIMEDOUT or the attempt's error. The socket blocks again. */
static int connect_selecting(int fd, struct sockaddr_in address, int milliseconds) {
  int flags = fcntl(fd, F_GETFL), error = 0;
  socklen_t length = sizeof error;
  fcntl(fd, F_SETFL, flags | O_NONBLOCK);
  int result = connect_to(fd, address);
  if (result != 0 && errno == EINPROGRESS) {
    struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000};
    fd_set readable, writable;
    FD_ZERO(&writable);
    FD_SET(fd, &writable);
    readable = writable;
    result = select(fd + 1, &readable, &writable, NULL, &limit);
    if (result == 0) errno = ETIMEDOUT;
    if (result > 0) {
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
      errno = error;
    }
    result = result > 0 && error == 0 ? 0 : -1;
  }
  error = errno;
  fcntl(fd, F_SETFL, flags);
  errno = error;
  return result;
}

static int connect_polling(int fd, struct sockaddr_in address, int milliseconds) {
  int on = 1, off = 0, error = 0;
  socklen_t length = sizeof error;
  ioctl(fd, FIONBIO, &on);
  int result = connect_to(fd, address);
  if (result != 0 && errno == EINPROGRESS) {
    struct pollfd entry = {.fd = fd, .events = POLLOUT};
    result = poll(&entry, 1, milliseconds);
    if (result == 0) errno = ETIMEDOUT;
    if (result > 0) {
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
      errno = error;
    }
    result = result > 0 && error == 0 ? 0 : -1;
  }
  error = errno;
  ioctl(fd, FIONBIO, &off);
  errno = error;
  return result;
}

/* socket(7): EINPROGRESS says that SO_SNDTIMEO has passed. The limit is taken off again for the I/O. */
static int connect_sndtimeo(int fd, struct sockaddr_in address, int milliseconds) {
  struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000}, none = {0, 0};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  int result = connect_to(fd, address);
  int error = errno == EINPROGRESS ? ETIMEDOUT : errno;
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &none, sizeof none);
  errno = error;
  return result;
}

static int connect_alarmed(int fd, struct sockaddr_in address, int milliseconds) {
  catch_signal(SIGALRM, 0);
  alarm_in(milliseconds);
  int result = connect_to(fd, address);
  int error = errno == EINTR ? ETIMEDOUT : errno;
  struct itimerval off = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &off, NULL);
  errno = error;
  return result;
}

static const struct {
  const char *name;
  int (*connect)(int, struct sockaddr_in, int);
} ways[] = {
  {"select", connect_selecting},
  {"poll", connect_polling},
  {"SO_SNDTIMEO", connect_sndtimeo},
  {"alarm", connect_alarmed},
};

static const char *named(int way, const char *rest) {
  static char conditions[64][64];
  static unsigned next;
  char *condition = conditions[next++ % 64];
  snprintf(condition, 64, "%s: %s", ways[way].name, rest);
  return condition;
}

static void silent(int way) {
  int port, fd = tcp_socket();
  int control = late_listener(&port);
  started = milliseconds_now();
  const char *result = outcome(ways[way].connect(fd, loopback(port), SHORT));
  reportf("2.17", named(way, "silent"), "%s, %s", result, time_taken());
  report("2.17", named(way, "silent: poll"), polled(fd, BOTH));
  report("2.17", named(way, "silent: pending error"), so_error(fd));
  report("2.20", named(way, "silent: non-blocking connect again"), (set_nonblocking(fd, 1), outcome(connect_to(fd, loopback(port)))));
  close(fd);
  close(control);
}

static void live(int way) {
  int fd = tcp_socket();
  char text[8] = "";
  report("2.1", named(way, "live"), outcome(ways[way].connect(fd, loopback(harness_port("HAWSER_PEER_ECHO")), SOON)));
  report("2.1", named(way, "live: it blocks"), yes_no((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0));
  send(fd, "hello", 5, 0);
  report("2.1", named(way, "live: recv waits"), outcome(recv(fd, text, 5, MSG_WAITALL)));
  report("2.1", named(way, "live: echo"), text);
  close(fd);
}

static void dead(int way) {
  int fd = tcp_socket();
  started = milliseconds_now();
  const char *result = outcome(ways[way].connect(fd, loopback(harness_port("HAWSER_PEER_REFUSED")), SOON));
  reportf("2.7", named(way, "dead"), "%s, %s", result, milliseconds_now() - started < SOON ? "at once" : "too late");
  report("-", named(way, "dead, then live"), outcome(ways[way].connect(fd, loopback(harness_port("HAWSER_PEER_ECHO")), SOON)) );
  close(fd);
}

/* The limit passes and the program goes on waiting: the attempt was never given up. */
static void late(int way) {
  int port, fd = tcp_socket(), error = -1;
  socklen_t length = sizeof error;
  int control = late_listener(&port);
  report("2.22", named(way, "late"), outcome(ways[way].connect(fd, loopback(port), SHORT)));
  open_late(control, 0);
  await(fd, POLLOUT);
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  report("2.22", named(way, "late: in the end"), error_name(error));
  send(fd, "hello", 5, 0);
  report("2.22", named(way, "late: echo"), received_text(fd));
  close(fd);
  close(control);
}

int main(void) {
  for (int way = 0; way < (int)(sizeof ways / sizeof ways[0]); way++) {
    silent(way);
    live(way);
    dead(way);
  }
  late(0);
  late(3);
  return 0;
}
