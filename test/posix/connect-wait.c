/*
 * The manual page's pattern: an interrupted connect() is waited for with poll(), and its outcome asked with SO_ERROR
 * (rows 2.18, 2.22). Run against listeners that answer late, that answer at once, and that do not exist.
 */
#include "posix.h"

/* Finishes what an interrupted connect() began: 0, or -1 with the attempt's errno. */
static int connect_wait(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLOUT};
  int error = 0;
  socklen_t length = sizeof error;

  if (poll(&entry, 1, -1) == -1) return -1;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1) return -1;
  if (error != 0) {
    errno = error;
    return -1;
  }
  return 0;
}

/* connect() as a program calls it that has signals: complete, whatever interrupts it. */
static int connect_whole(int fd, struct sockaddr_in address) {
  int result = connect_to(fd, address);
  if (result == -1 && (errno == EINTR || errno == EINPROGRESS)) result = connect_wait(fd);
  return result;
}

static void interrupted(void) {
  int port;
  int control = late_listener(&port);
  int fd = tcp_socket();
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  report("2.18", "interrupted connect", outcome(connect_to(fd, loopback(port))));
  report("2.18", "handlers run", outcome(signals_seen));
  report("2.18", "not connected yet", peer_name(fd));
  report("2.18", "no error yet", so_error(fd));
  open_late(control, 0);
  report("2.22", "connect_wait", outcome(connect_wait(fd)));
  report("2.22", "peer", peer_name(fd));
  report("2.22", "poll", polled(fd, BOTH));
  report("2.22", "the socket blocks still", yes_no((fcntl(fd, F_GETFL) & O_NONBLOCK) == 0));
  report("2.22", "send", outcome(send(fd, "hello", 5, 0)));
  report("2.22", "echo", received_text(fd));
  close(fd);
  close(control);
}

static void whole_calls(void) {
  int fd = tcp_socket();
  report("2.1", "blocking, live", outcome(connect_whole(fd, loopback(harness_port("HAWSER_PEER_ECHO")))));
  report("2.1", "blocking, live: send", outcome(send(fd, "there", 5, 0)));
  report("2.1", "blocking, live: echo", received_text(fd));
  close(fd);

  fd = tcp_socket();
  report("2.7", "blocking, dead", outcome(connect_whole(fd, loopback(harness_port("HAWSER_PEER_REFUSED")))));
  close(fd);

  fd = nonblocking_tcp_socket();
  report("3.9", "non-blocking, live", outcome(connect_whole(fd, loopback(harness_port("HAWSER_PEER_ECHO")))));
  report("3.9", "non-blocking, live: peer", peer_name(fd));
  close(fd);

  fd = nonblocking_tcp_socket();
  report("3.13", "non-blocking, dead", outcome(connect_whole(fd, loopback(harness_port("HAWSER_PEER_REFUSED")))));
  close(fd);
}

/* The whole of it in one call, the interruption included; the listener opens while poll() waits. */
static void whole_interrupted(void) {
  int port;
  int control = late_listener(&port);
  int fd = tcp_socket();
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  open_late(control, 300);
  report("2.22", "interrupted and finished", outcome(connect_whole(fd, loopback(port))));
  report("2.22", "interrupted and finished: handlers run", outcome(signals_seen));
  report("2.22", "interrupted and finished: send", outcome(send(fd, "again", 5, 0)));
  report("2.22", "interrupted and finished: echo", received_text(fd));
  close(fd);
  close(control);
}

int main(void) {
  interrupted();
  whole_calls();
  whole_interrupted();
  return 0;
}
