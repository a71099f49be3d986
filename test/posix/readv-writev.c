/* readv() and writev() on sockets and pipes: several buffers, empty ones, counts out of range. */
#include "posix.h"

static void gathered(const char *kind, int in, int out) {
  char condition[64];
  char a[3] = "", b[1] = "", c[8] = "";
  struct iovec outgoing[4] = {{"ab", 2}, {"", 0}, {"cde", 3}, {"f", 1}};
  struct iovec incoming[4] = {{a, 2}, {b, 0}, {c, 3}, {c + 4, 3}};
  snprintf(condition, sizeof condition, "%s: writev", kind);
  report("-", condition, outcome(writev(out, outgoing, 4)));
  await(in, POLLIN);
  snprintf(condition, sizeof condition, "%s: readv", kind);
  report("-", condition, outcome(readv(in, incoming, 4)));
  snprintf(condition, sizeof condition, "%s: what each buffer got", kind);
  reportf("-", condition, "%.2s %.3s %.1s", a, c, c + 4);
}

static void refused(const char *kind, int in, int out) {
  static struct iovec many[1100];
  char condition[64];
  char byte;
  volatile int minus_one = -1;
  for (int i = 0; i < 1100; i++) many[i] = (struct iovec){&byte, 0};
  snprintf(condition, sizeof condition, "%s: writev of no buffers", kind);
  report("-", condition, outcome(writev(out, many, 0)));
  snprintf(condition, sizeof condition, "%s: readv of no buffers", kind);
  report("-", condition, outcome(readv(in, many, 0)));
  snprintf(condition, sizeof condition, "%s: writev, count -1", kind);
  report("-", condition, outcome(writev(out, many, minus_one)));
  snprintf(condition, sizeof condition, "%s: readv, count -1", kind);
  report("-", condition, outcome(readv(in, many, minus_one)));
  snprintf(condition, sizeof condition, "%s: writev, count 1025", kind);
  report("-", condition, outcome(writev(out, many, 1025)));
  snprintf(condition, sizeof condition, "%s: readv, count 1025", kind);
  report("-", condition, outcome(readv(in, many, 1025)));
  many[1].iov_len = (size_t)-1;
  snprintf(condition, sizeof condition, "%s: writev, a length of -1", kind);
  report("-", condition, outcome(writev(out, many, 2)));
  snprintf(condition, sizeof condition, "%s: readv, a length of -1", kind);
  report("-", condition, outcome(readv(in, many, 2)));
}

static void most_buffers(int in, int out) {
  static char bytes[1024];
  static struct iovec each[1024];
  char got[1024];
  for (int i = 0; i < 1024; i++) {
    bytes[i] = (char)('a' + i % 26);
    each[i] = (struct iovec){&bytes[i], 1};
  }
  report("-", "writev, 1024 buffers", outcome(writev(out, each, 1024)));
  report("-", "1024 buffers: all arrive", outcome(receive_all(in, got, sizeof got)));
  report("-", "1024 buffers: in order", yes_no(memcmp(got, bytes, sizeof got) == 0));
}

static void partial(int in, int out) {
  char a[4] = "", b[8] = "";
  struct iovec incoming[2] = {{a, 4}, {b, 8}};
  write(out, "123456", 6);
  await(in, POLLIN);
  report("-", "readv of more than there is", outcome(readv(in, incoming, 2)));
  reportf("-", "readv of more than there is: bytes", "%.4s %.2s", a, b);
  set_nonblocking(in, 1);
  report("-", "readv of nothing", outcome(readv(in, incoming, 2)));
  set_nonblocking(in, 0);
}

static void datagrams(void) {
  int a = bound_udp_socket(), b = udp_socket();
  struct iovec outgoing[2] = {{"da", 2}, {"ta", 2}};
  char text[8] = "";
  struct iovec incoming[2] = {{text, 1}, {text + 1, 2}};
  connect_to(b, loopback(own_port(a)));
  report("-", "UDP: writev is one datagram", outcome(writev(b, outgoing, 2)));
  await(a, POLLIN);
  report("-", "UDP: readv cuts it", outcome(readv(a, incoming, 2)));
  report("-", "UDP: what it got", text);
  report("-", "UDP: nothing more", received(a));
  close(a);
  close(b);
}

int main(void) {
  int listener = tcp_listener();
  int client, server, ends[2], local[2];
  connected_pair(listener, &client, &server);
  gathered("TCP", server, client);
  refused("TCP", server, client);
  most_buffers(server, client);
  partial(server, client);
  pipe(ends);
  gathered("pipe", ends[0], ends[1]);
  refused("pipe", ends[0], ends[1]);
  socketpair(AF_UNIX, SOCK_STREAM, 0, local);
  gathered("pair", local[0], local[1]);
  datagrams();
  struct iovec one = {"x", 1};
  int fd = tcp_socket();
  close(fd);
  report("-", "closed: writev", outcome(writev(fd, &one, 1)));
  report("-", "pipe: writev at the read end", outcome(writev(ends[0], &one, 1)));
  return 0;
}
