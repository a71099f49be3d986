/* Attempts that end by themselves: TCP_SYNCNT (rows 2.16, 3.20), against a peer that never answers. */
#include "posix.h"

static int one_retry(int flags) {
  int fd = socket(AF_INET, SOCK_STREAM | flags, 0), retries = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &retries, sizeof retries);
  return fd;
}

static void option(void) {
  int fd = tcp_socket(), values[] = {3, 1, 127, 0, 128, -1};
  for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
    int value = values[i], got = 0;
    socklen_t length = sizeof got;
    char *condition = remembered();
    snprintf(condition, 128, "TCP_SYNCNT %d", value);
    const char *set = outcome(setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &value, sizeof value));
    getsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &got, &length);
    reportf("-", condition, "%s, then %d", set, got);
  }
  close(fd);
}

/* Three seconds, in all three ways at the same time: blocking last, since it waits. */
static void silence(int port) {
  int polled_for_it = one_retry(SOCK_NONBLOCK), never_polled = one_retry(SOCK_NONBLOCK), blocking = one_retry(0);
  report("2.16", "non-blocking: connect", outcome(connect_to(polled_for_it, loopback(port))));
  report("2.16", "never polled: connect", outcome(connect_to(never_polled, loopback(port))));
  long began = milliseconds_now();
  report("2.16", "blocking: connect", outcome(connect_to(blocking, loopback(port))));
  long took = milliseconds_now() - began;
  report("2.16", "blocking: it took about three seconds", yes_no(took >= 2500 && took < 10000));
  report("2.16", "blocking: pending error", so_error(blocking));
  report("2.16", "blocking: poll", polled(blocking, BOTH));
  report("2.16", "blocking: peer", peer_name(blocking));
  report("2.16", "blocking: connect to one that answers",
         outcome(connect_to(blocking, loopback(harness_port("HAWSER_PEER_ECHO")))));
  await_hangup(polled_for_it);
  report("3.20", "non-blocking: poll", polled(polled_for_it, BOTH));
  report("3.20", "non-blocking: select", selected(polled_for_it));
  report("3.20", "non-blocking: pending error", so_error(polled_for_it));
  report("3.20", "non-blocking: pending error again", so_error(polled_for_it));
  report("3.20", "non-blocking: poll after it", polled(polled_for_it, BOTH));
  sleep_ms(300);
  report("3.20", "never polled: connect again", outcome(connect_to(never_polled, loopback(port))));
  report("3.20", "never polled: pending error after it", so_error(never_polled));
  close(polled_for_it);
  close(never_polled);
  close(blocking);
}

int main(void) {
  option();
  silence(harness_port("HAWSER_PEER_SILENT"));
  return 0;
}
