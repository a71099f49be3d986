/* socketpair(): streams and datagrams, both ends in one process (row 6.26). */
#include "posix.h"

static void stream(void) {
  int ends[2];
  report("-", "stream pair", outcome(socketpair(AF_UNIX, SOCK_STREAM, 0, ends)));
  report("-", "poll", polled(ends[0], BOTH));
  report("-", "recv of nothing", received(ends[0]));
  report("-", "send", outcome(send(ends[0], "there", 5, 0)));
  report("-", "arrives", received_text(ends[1]));
  report("-", "write", outcome(write(ends[1], "back", 4)));
  report("-", "write arrives", received_text(ends[0]));
  send(ends[0], "ab", 2, 0);
  send(ends[0], "cd", 2, 0);
  report("-", "two sends, one recv", received_text(ends[1]));

  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  socklen_t length = sizeof address;
  report("6.26", "getpeername", outcome(getpeername(ends[0], (struct sockaddr *)&address, &length)));
  report("6.26", "it has no name", yes_no(length == 2));
  report("6.26", "the family is AF_UNIX", yes_no(address.sun_family == AF_UNIX));

  report("-", "shutdown WR", outcome(shutdown(ends[0], SHUT_WR)));
  report("-", "shut WR: send", sent(ends[0]));
  report("-", "shut WR: other side's poll", polled(ends[1], BOTH | POLLRDHUP));
  report("-", "shut WR: other side's recv", received(ends[1]));
  report("-", "shut WR: other side's send", sent(ends[1]));
  report("-", "shut WR: it arrives", received_text(ends[0]));
  close(ends[1]);
  report("-", "other end closed: poll", polled(ends[0], BOTH | POLLRDHUP));
  report("-", "other end closed: recv", received(ends[0]));
  close(ends[0]);
}

static void ends_of_a_stream(void) {
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  close(ends[1]);
  report("-", "closed: poll", polled(ends[0], BOTH));
  report("-", "closed: recv", received(ends[0]));
  report("-", "closed: send", sent(ends[0]));
  report("-", "closed: pending error", so_error(ends[0]));
  close(ends[0]);

  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  send(ends[0], "unread", 6, 0);
  close(ends[1]);
  report("-", "closed with bytes unread: poll", polled(ends[0], BOTH));
  report("-", "closed with bytes unread: recv", received(ends[0]));
  report("-", "closed with bytes unread: recv again", received(ends[0]));
  close(ends[0]);

  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  send(ends[1], "kept", 4, 0);
  close(ends[1]);
  report("-", "closed after a send: received", received_text(ends[0]));
  report("-", "closed after a send: then", received_text(ends[0]));
  close(ends[0]);
}

static void full_stream(void) {
  int ends[2];
  char byte[4096];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  long total = fill_up(ends[0]);
  report("-", "full: something was taken", yes_no(total > 0));
  report("-", "full: send", sent(ends[0]));
  report("-", "full: poll", polled(ends[0], BOTH));
  long got = 0, part;
  while ((part = recv(ends[1], byte, sizeof byte, MSG_DONTWAIT)) > 0) got += part;
  report("-", "drained: all of it", yes_no(got == total));
  report("-", "drained: poll", polled(ends[0], BOTH));
  close(ends[0]);
  close(ends[1]);
}

static void datagram(void) {
  int ends[2];
  char bytes[8];
  report("-", "datagram pair", outcome(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends)));
  send(ends[0], "one", 3, 0);
  send(ends[0], "three", 5, 0);
  report("-", "datagram: first", received_text(ends[1]));
  report("-", "datagram: second, cut", outcome(recv(ends[1], bytes, 2, 0)));
  report("-", "datagram: nothing more", received(ends[1]));
  report("-", "datagram: poll", polled(ends[1], BOTH));
  report("-", "datagram: zero-length", outcome(send(ends[0], bytes, 0, 0)));
  report("-", "datagram: zero-length arrives", polled(ends[1], BOTH));
  report("-", "datagram: zero-length received", outcome(recv(ends[1], bytes, 8, 0)));
  close(ends[1]);
  report("-", "datagram, other end closed: send", sent(ends[0]));
  close(ends[0]);
}

static void refusals(void) {
  int ends[2];
  report("-", "AF_INET", outcome(socketpair(AF_INET, SOCK_STREAM, 0, ends)));
  report("-", "unknown family", outcome(socketpair(47, SOCK_STREAM, 0, ends)));
  report("-", "unknown protocol", outcome(socketpair(AF_UNIX, SOCK_STREAM, 99, ends)));
  socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends);
  report("-", "SOCK_NONBLOCK", yes_no(fcntl(ends[1], F_GETFL) & O_NONBLOCK));
  report("-", "SOCK_CLOEXEC", yes_no(fcntl(ends[1], F_GETFD) & FD_CLOEXEC));
  close(ends[0]);
  close(ends[1]);
}

int main(void) {
  stream();
  ends_of_a_stream();
  full_stream();
  datagram();
  refusals();
  return 0;
}
