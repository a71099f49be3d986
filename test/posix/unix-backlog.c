/* AF_UNIX streams: the listener's queue is full (rows 6.16 to 6.18). The listener is the harness's. */
#include "posix.h"

/* A late listener on a path: its queue is full. The result is the control connection. */
static int late_path(struct sockaddr_un *address) {
  int control = tcp_socket();
  unsigned char length = 0;
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (connect_to(control, loopback(harness_port("HAWSER_PEER_LATE_UNIX"))) != 0 ||
      receive_all(control, (char *)&length, 1) != 1 || receive_all(control, address->sun_path, length) != length)
    report("-", "there is no late listener", error_name(errno));
  return control;
}

/* Has it accept ('a') or close ('c') in so many milliseconds. */
static void tell_late(int control, char what, int milliseconds) {
  char order[2] = {what, (char)(milliseconds / 10)};
  send(control, order, 2, 0);
}

static int connect_path(int fd, const struct sockaddr_un *address) {
  return connect(fd, (const struct sockaddr *)address, sizeof *address);
}

/* The listener is bound to another name of the same file. */
static const char *peer(int fd) {
  struct sockaddr_un address;
  socklen_t length = sizeof address;
  memset(&address, 0, sizeof address);
  if (getpeername(fd, (struct sockaddr *)&address, &length) != 0) return error_name(errno);
  return address.sun_path[0] == '/' ? "a path" : "another name";
}

static const char *echoed(int fd) {
  send(fd, "echo", 4, MSG_NOSIGNAL);
  return received_text(fd);
}

static void set_send_timeout(int fd, int milliseconds) {
  struct timeval time = {milliseconds / 1000, milliseconds % 1000 * 1000};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time);
}

static void nonblocking(void) {
  struct sockaddr_un address;
  int control = late_path(&address), fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  report("6.16", "non-blocking", outcome(connect_path(fd, &address)));
  report("6.16", "non-blocking: pending error", so_error(fd));
  report("6.16", "non-blocking: poll", polled(fd, BOTH));
  report("6.16", "non-blocking: peer", peer(fd));
  report("6.16", "non-blocking: send", sent(fd));
  report("6.16", "non-blocking: again", outcome(connect_path(fd, &address)));
  report("6.16", "non-blocking: once more", outcome(connect_path(fd, &address)));
  tell_late(control, 'a', 0);
  /* No event tells of room. */
  long limit = milliseconds_now() + SOON;
  int result;
  while ((result = connect_path(fd, &address)) != 0 && errno == EAGAIN && milliseconds_now() < limit) sleep_ms(5);
  report("6.16", "non-blocking: with room", outcome(result));
  report("6.16", "non-blocking: with room: peer", peer(fd));
  set_nonblocking(fd, 0);
  report("6.16", "non-blocking: with room: echo", echoed(fd));
  close(fd);
  close(control);
}

static void blocking(void) {
  struct sockaddr_un address;
  int control = late_path(&address), fd = socket(AF_UNIX, SOCK_STREAM, 0);
  set_send_timeout(fd, 100);
  long before = milliseconds_now();
  report("6.17", "SO_SNDTIMEO", outcome(connect_path(fd, &address)));
  report("6.17", "SO_SNDTIMEO: it waited", yes_no(milliseconds_now() - before >= 90));
  report("6.17", "SO_SNDTIMEO: pending error", so_error(fd));
  report("6.17", "SO_SNDTIMEO: poll", polled(fd, BOTH));
  report("6.17", "SO_SNDTIMEO: peer", peer(fd));
  set_send_timeout(fd, 0);
  tell_late(control, 'a', 100);
  report("6.17", "waits for room", outcome(connect_path(fd, &address)));
  report("6.17", "waits for room: peer", peer(fd));
  report("6.17", "waits for room: echo", echoed(fd));
  close(fd);
  close(control);
}

static void closed_meanwhile(void) {
  struct sockaddr_un address;
  int control = late_path(&address), fd = socket(AF_UNIX, SOCK_STREAM, 0);
  tell_late(control, 'c', 100);
  report("6.17", "listener closed meanwhile", outcome(connect_path(fd, &address)));
  report("6.17", "listener closed meanwhile: pending error", so_error(fd));
  report("6.17", "listener closed meanwhile: poll", polled(fd, BOTH));
  report("6.17", "listener closed meanwhile: again", outcome(connect_path(fd, &address)));
  close(fd);
  close(control);
}

static void interrupted(void) {
  struct sockaddr_un address;
  int control = late_path(&address), fd = socket(AF_UNIX, SOCK_STREAM, 0);
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  report("6.18", "caught signal", outcome(connect_path(fd, &address)));
  report("6.18", "caught signal: seen", yes_no(signals_seen == 1));
  report("6.18", "caught signal: pending error", so_error(fd));
  report("6.18", "caught signal: poll", polled(fd, BOTH));
  report("6.18", "caught signal: peer", peer(fd));
  alarm_in(50);
  report("6.18", "repeated, caught signal again", outcome(connect_path(fd, &address)));
  set_nonblocking(fd, 1);
  report("6.18", "repeated, non-blocking", outcome(connect_path(fd, &address)));
  set_nonblocking(fd, 0);
  tell_late(control, 'a', 0);
  sleep_ms(200);
  report("6.18", "with room, nothing has continued: poll", polled(fd, BOTH));
  report("6.18", "with room, nothing has continued: peer", peer(fd));
  report("6.18", "repeated, with room", outcome(connect_path(fd, &address)));
  report("6.18", "repeated, with room: echo", echoed(fd));
  close(fd);
  close(control);
}

static void restarted(void) {
  struct sockaddr_un address;
  int control = late_path(&address), fd = socket(AF_UNIX, SOCK_STREAM, 0);
  catch_signal(SIGALRM, SA_RESTART);
  alarm_in(50);
  tell_late(control, 'a', 400);
  report("6.18", "caught signal, SA_RESTART", outcome(connect_path(fd, &address)));
  report("6.18", "caught signal, SA_RESTART: seen", yes_no(signals_seen == 1));
  close(fd);
  close(control);
}

int main(void) {
  nonblocking();
  blocking();
  closed_meanwhile();
  interrupted();
  restarted();
  return 0;
}
