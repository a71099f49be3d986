/* SO_REUSEPORT: listeners share what comes in, datagrams are shared by where they come from (socket(7)). */
#include "posix.h"

enum { SHARERS = 2, CALLERS = 48 };

static int sharer(int type) {
  int fd = socket(AF_INET, type, 0), on = 1;
  if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) report("-", "SO_REUSEPORT", error_name(errno));
  set_nonblocking(fd, 1);
  return fd;
}

static void open_sharers(int type, const char *condition, int *fds) {
  fds[0] = sharer(type);
  fds[1] = sharer(type);
  bind_to(fds[0], loopback(0));
  report("-", condition, outcome(bind_to(fds[1], loopback(own_port(fds[0])))));
}

/* Waits until one of them is readable. */
static void await_any(const int *fds) {
  struct pollfd entries[SHARERS];
  for (int i = 0; i < SHARERS; i++) entries[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
  poll(entries, SHARERS, SOON);
}

static void streams(void) {
  int fds[SHARERS], got[SHARERS] = {0}, total = 0;
  open_sharers(SOCK_STREAM, "TCP: the second binds", fds);
  report("-", "TCP: the first listens", outcome(listen(fds[0], 64)));
  report("-", "TCP: the second listens", outcome(listen(fds[1], 64)));
  for (int i = 0; i < CALLERS; i++) {
    int client = tcp_socket();
    if (connect_to(client, loopback(own_port(fds[0]))) != 0) report("-", "TCP: a caller", error_name(errno));
    await_any(fds);
    for (int k = 0; k < SHARERS; k++) {
      int server = accept(fds[k], NULL, NULL);
      if (server < 0) continue;
      got[k]++;
      total++;
      close_with_reset(server);
    }
    close(client);
  }
  report("-", "TCP: every connection was accepted", yes_no(total == CALLERS));
  report("-", "TCP: each listener had some", yes_no(got[0] > 0 && got[1] > 0));
  close(fds[0]);
  int client = tcp_socket(), error = connect_to(client, loopback(own_port(fds[1])));
  report("-", "TCP: one closed: connect", outcome(error));
  if (error == 0) close(accept_from(fds[1]));
  close(client);
  close(fds[1]);
}

static void datagrams(void) {
  int fds[SHARERS], senders[CALLERS], first[CALLERS], got[SHARERS] = {0}, total = 0, faithful = 1;
  open_sharers(SOCK_DGRAM, "UDP: the second binds", fds);
  struct sockaddr_in address = loopback(own_port(fds[0]));
  for (int round = 0; round < 2; round++) {
    for (int i = 0; i < CALLERS; i++) {
      if (round == 0) senders[i] = bound_udp_socket();
      sendto(senders[i], "x", 1, 0, (struct sockaddr *)&address, sizeof address);
      await_any(fds);
      for (int k = 0; k < SHARERS; k++) {
        char byte;
        if (recv(fds[k], &byte, 1, 0) != 1) continue;
        got[k]++;
        total++;
        if (round == 0) first[i] = k;
        else if (first[i] != k) faithful = 0;
      }
    }
  }
  report("-", "UDP: every datagram was received", yes_no(total == 2 * CALLERS));
  report("-", "UDP: each had some", yes_no(got[0] > 0 && got[1] > 0));
  report("-", "UDP: one sender's go to one receiver", yes_no(faithful));
  for (int i = 0; i < CALLERS; i++) close(senders[i]);
  close(fds[0]);
  close(fds[1]);
}

int main(void) {
  streams();
  datagrams();
  return 0;
}
