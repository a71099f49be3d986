/* listen(2): a full queue keeps connections pending until there is room (rows 2.22, 3.1; Linux takes one more than asked). */
#include "posix.h"

static int caller(int port) {
  int fd = nonblocking_tcp_socket();
  connect_to(fd, loopback(port));
  return fd;
}

int main(void) {
  int listener = tcp_socket();
  bind_to(listener, loopback(0));
  report("-", "listen with a backlog of 1", outcome(listen(listener, 1)));
  int port = own_port(listener);
  int one = caller(port), two = caller(port);
  await(one, POLLOUT);
  await(two, POLLOUT);
  report("-", "the first and the second: poll", polled(two, BOTH));
  int three = caller(port);
  report("-", "the third: poll", polled_for(three, BOTH, 500));
  close(accept_from(listener));
  report("-", "one was accepted: the third, within its time", polled_for(three, POLLOUT, SOON));
  report("-", "one was accepted: the third's error", so_error(three));
  close(accept_from(listener));
  close(accept_from(listener));
  close(one);
  close(two);
  close(three);
  one = caller(port);
  await(one, POLLOUT);
  report("-", "listen again, with a backlog of 8", outcome(listen(listener, 8)));
  int callers[8];
  for (int i = 0; i < 8; i++) callers[i] = caller(port);
  for (int i = 0; i < 8; i++) await(callers[i], POLLOUT);
  report("-", "the last of nine: poll", polled(callers[7], BOTH));
  int accepted = 0;
  for (int i = 0; i < 9; i++) {
    int fd = accept_from(listener);
    if (fd >= 0) accepted++;
    close(fd);
  }
  report("-", "all of them are accepted", yes_no(accepted == 9));
  return 0;
}
