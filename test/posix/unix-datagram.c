/* argument: directory */
/* needs: unix-datagrams */
/* AF_UNIX datagrams (rows 6.13, 6.23, 6.24, 6.26, 6.28 to 6.33). */
#include "posix.h"

static const char *directory;

static struct sockaddr_un named(const char *name) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", directory, name);
  return address;
}

static int datagram_socket(void) {
  return socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
}

static int connect_named(int fd, const char *name) {
  struct sockaddr_un address = named(name);
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static int bound(int type, const char *name) {
  struct sockaddr_un address = named(name);
  int fd = socket(AF_UNIX, type | SOCK_NONBLOCK, 0);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) report("-", name, error_name(errno));
  return fd;
}

static const char *send_named(int fd, const char *name, const char *text) {
  struct sockaddr_un address = named(name);
  return outcome(sendto(fd, text, strlen(text), MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address));
}

static const char *send_text(int fd, const char *text) {
  return outcome(send(fd, text, strlen(text), MSG_NOSIGNAL));
}

/* What one receive gives: the text and the last part of its sender's name. */
static const char *heard(int fd) {
  char bytes[64];
  struct sockaddr_un from;
  memset(&from, 0, sizeof from);
  socklen_t length = sizeof from;
  polled_for(fd, POLLIN, 200);
  long count = recvfrom(fd, bytes, sizeof bytes - 1, 0, (struct sockaddr *)&from, &length);
  if (count < 0) return error_name(errno);
  bytes[count] = '\0';
  char *text = remembered();
  char *slash = strrchr(from.sun_path, '/');
  snprintf(text, 128, "%.40s from %.60s", bytes, length <= 2 ? "no name" : slash == NULL ? "a name" : slash + 1);
  return text;
}

static const char *name_of(int fd, int peer) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  socklen_t length = sizeof address;
  int result = peer ? getpeername(fd, (struct sockaddr *)&address, &length)
                    : getsockname(fd, (struct sockaddr *)&address, &length);
  if (result != 0) return error_name(errno);
  if (length <= 2) return "no name";
  char *slash = strrchr(address.sun_path, '/');
  char *text = remembered();
  snprintf(text, 128, "%.100s", slash == NULL ? "a name" : slash + 1);
  return text;
}

static void fresh(void) {
  int fd = datagram_socket();
  report("6.33", "fresh: poll", polled(fd, BOTH));
  report("6.33", "fresh: select", selected(fd));
  report("6.33", "fresh: send", send_text(fd, "x"));
  report("6.33", "fresh: recv", received(fd));
  report("6.33", "fresh: peer", name_of(fd, 1));
  report("6.33", "fresh: own name", name_of(fd, 0));
  report("6.33", "fresh: pending error", so_error(fd));
  report("-", "listen", outcome(listen(fd, 1)));
  report("-", "accept", opened(accept(fd, NULL, NULL)));
  close(fd);
}

static void associate(void) {
  int one = bound(SOCK_DGRAM, "one"), two = bound(SOCK_DGRAM, "two"), fd = datagram_socket();
  report("6.28", "connect", outcome(connect_named(fd, "one")));
  report("6.28", "connect: peer", name_of(fd, 1));
  report("6.28", "connect: own name", name_of(fd, 0));
  report("6.28", "connect: poll", polled(fd, BOTH));
  report("6.28", "connect: send", send_text(fd, "first"));
  report("6.28", "connect: heard", heard(one));
  report("6.28", "connect again", outcome(connect_named(fd, "two")));
  report("6.28", "connect again: peer", name_of(fd, 1));
  report("6.28", "connect again: send", send_text(fd, "second"));
  report("6.28", "connect again: the new peer hears", heard(two));
  report("6.28", "connect again: the old peer hears", heard(one));
  report("6.31", "connected: sendto another", send_named(fd, "one", "explicit"));
  report("6.31", "connected: the other hears", heard(one));
  report("6.31", "connected: peer after sendto", name_of(fd, 1));

  report("6.29", "connected: connect to an absent name", outcome(connect_named(fd, "absent")));
  report("6.29", "absent name: peer", name_of(fd, 1));
  report("6.29", "absent name: send", send_text(fd, "third"));
  connect_named(fd, "two");
  struct sockaddr_in wrong = loopback(9);
  report("6.23", "connected: family AF_INET", outcome(connect(fd, (struct sockaddr *)&wrong, sizeof wrong)));
  report("6.29", "wrong family: peer", name_of(fd, 1));
  connect_named(fd, "two");
  report("6.24", "AF_UNSPEC", outcome(dissolve(fd)));
  report("6.24", "AF_UNSPEC: peer", name_of(fd, 1));
  report("6.24", "AF_UNSPEC: send", send_text(fd, "x"));
  report("6.24", "AF_UNSPEC twice", outcome(dissolve(fd)));
  report("6.24", "bound socket, connected", outcome(connect_named(one, "two")));
  report("6.24", "bound socket, AF_UNSPEC", outcome(dissolve(one)));
  report("6.24", "bound socket, AF_UNSPEC: own name", name_of(one, 0));
  close(one);
  close(two);
  close(fd);
}

static void types(void) {
  int stream = bound(SOCK_STREAM, "stream"), silent = bound(SOCK_STREAM, "not-listening");
  int datagram = bound(SOCK_DGRAM, "datagram"), record = bound(SOCK_SEQPACKET, "record");
  listen(stream, 4);
  listen(record, 4);
  struct { const char *what; int type; } kinds[] = {
      {"stream", SOCK_STREAM}, {"datagram", SOCK_DGRAM}, {"seqpacket", SOCK_SEQPACKET}};
  const char *names[] = {"stream", "not-listening", "datagram", "record"};
  for (int kind = 0; kind < 3; kind++)
    for (int name = 0; name < 4; name++) {
      char *condition = remembered();
      snprintf(condition, 128, "%s socket to %s", kinds[kind].what, names[name]);
      int fd = socket(AF_UNIX, kinds[kind].type | SOCK_NONBLOCK, 0);
      report("6.13", condition, outcome(connect_named(fd, names[name])));
      close(fd);
    }
  int fd = datagram_socket();
  report("6.13", "sendto a stream's name", send_named(fd, "stream", "x"));
  close(fd);
  close(stream);
  close(silent);
  close(datagram);
  close(record);
}

static void strangers(void) {
  int one = bound(SOCK_DGRAM, "busy"), two = bound(SOCK_DGRAM, "friend"), three = bound(SOCK_DGRAM, "stranger");
  report("6.30", "connected to its friend", outcome(connect_named(one, "friend")));
  report("6.30", "a stranger: sendto", send_named(three, "busy", "x"));
  report("6.30", "a stranger: connect", outcome(connect_named(three, "busy")));
  report("6.30", "the friend: sendto", send_named(two, "busy", "hello"));
  report("6.30", "the friend is heard", heard(one));
  dissolve(one);
  report("6.30", "dissolved: a stranger's sendto", send_named(three, "busy", "again"));
  report("6.30", "dissolved: the stranger is heard", heard(one));
  report("6.30", "what came before connecting", send_named(three, "busy", "early"));
  connect_named(one, "friend");
  report("6.30", "what came before connecting is heard", heard(one));
  close(one);
  close(two);
  close(three);
}

static void closed_peer(void) {
  int peer = bound(SOCK_DGRAM, "leaving"), fd = datagram_socket();
  connect_named(fd, "leaving");
  close(peer);
  report("6.32", "peer closed: poll", polled(fd, POLLOUT));
  report("6.32", "peer closed: pending error", so_error(fd));
  report("6.32", "peer closed: peer", name_of(fd, 1));
  report("6.32", "peer closed: send", send_text(fd, "x"));
  report("6.32", "peer closed: peer after a send", name_of(fd, 1));
  report("6.32", "peer closed: second send", send_text(fd, "x"));
  report("6.32", "a stale name: connect", outcome(connect_named(fd, "leaving")));
  report("6.32", "a stale name: sendto", send_named(fd, "leaving", "x"));
  report("6.32", "an absent name: sendto", send_named(fd, "nobody", "x"));
  close(fd);
}

static void messages(void) {
  int one = bound(SOCK_DGRAM, "reader"), fd = bound(SOCK_DGRAM, "writer");
  connect_named(fd, "reader");
  report("-", "length 0: send", outcome(send(fd, "", 0, 0)));
  report("-", "length 0: poll", polled_for(one, BOTH, SOON));
  report("-", "length 0: heard", heard(one));
  send_text(fd, "abcdef");
  send_text(fd, "ghi");
  char bytes[4] = "";
  await(one, POLLIN);
  report("-", "MSG_PEEK", outcome(recv(one, bytes, 2, MSG_PEEK)));
  report("-", "MSG_PEEK with MSG_TRUNC", outcome(recv(one, bytes, 2, MSG_PEEK | MSG_TRUNC)));
  report("-", "cut", outcome(recv(one, bytes, 2, 0)));
  report("-", "the rest of it is gone", heard(one));
  struct iovec part = {bytes, 2};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  send_text(fd, "abcdef");
  await(one, POLLIN);
  report("-", "recvmsg, cut", outcome(recvmsg(one, &message, 0)));
  report("-", "recvmsg, cut: MSG_TRUNC", yes_no(message.msg_flags & MSG_TRUNC));
  static char large[300000];
  report("-", "300,000 bytes", outcome(send(fd, large, sizeof large, 0)));
  report("-", "60,000 bytes", outcome(send(fd, large, 60000, 0)));
  await(one, POLLIN);
  report("-", "60,000 bytes: heard", outcome(recv(one, large, sizeof large, 0)));
  report("-", "read and write: write", outcome(write(fd, "plain", 5)));
  await(one, POLLIN);
  report("-", "read and write: read", outcome(read(one, large, sizeof large)));

  int sent_before_full = 0;
  while (sent_before_full < 2000 && send(fd, "x", 1, 0) == 1) sent_before_full++;
  report("-", "full: send", send_text(fd, "x"));
  report("-", "full: some went before", yes_no(sent_before_full >= 4));
  report("-", "full: poll", polled(fd, POLLOUT));
  struct timeval soon = {0, 100000};
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
  set_nonblocking(fd, 0);
  report("-", "full, blocking, SO_SNDTIMEO: send", send_text(fd, "x"));
  int heard_of_them = 0;
  while (recv(one, large, sizeof large, 0) == 1) heard_of_them++;
  polled_for(one, POLLIN, 100);
  while (recv(one, large, sizeof large, 0) == 1) heard_of_them++;
  report("-", "full: all that went is heard", yes_no(heard_of_them == sent_before_full));
  report("-", "drained: poll", polled_for(fd, POLLOUT, SOON));
  report("-", "drained: send", send_text(fd, "y"));
  close(one);
  close(fd);
}

static void shut(void) {
  int one = bound(SOCK_DGRAM, "shut-reader"), fd = datagram_socket();
  connect_named(fd, "shut-reader");
  report("-", "SHUT_WR", outcome(shutdown(fd, SHUT_WR)));
  report("-", "SHUT_WR: send", send_text(fd, "x"));
  report("-", "SHUT_WR: poll", polled(fd, BOTH));
  close(fd);
  fd = datagram_socket();
  connect_named(fd, "shut-reader");
  report("-", "peer's SHUT_RD", outcome(shutdown(one, SHUT_RD)));
  report("-", "peer's SHUT_RD: its recv", received(one));
  report("-", "peer's SHUT_RD: its poll", polled(one, BOTH));
  report("-", "peer's SHUT_RD: send", send_text(fd, "x"));
  close(one);
  close(fd);
}

static void autobind(void) {
  sa_family_t family = AF_UNIX;
  int fd = datagram_socket(), other = datagram_socket();
  report("-", "bind with the family alone", outcome(bind(fd, (struct sockaddr *)&family, sizeof family)));
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  socklen_t length = sizeof address;
  getsockname(fd, (struct sockaddr *)&address, &length);
  report("-", "the system's name: length", outcome(length));
  report("-", "the system's name: it is abstract", yes_no(address.sun_path[0] == '\0'));
  report("-", "the system's name: sendto", outcome(sendto(other, "x", 1, 0, (struct sockaddr *)&address, length)));
  report("-", "the system's name: heard", heard(fd));
  report("-", "bind again", outcome(bind(fd, (struct sockaddr *)&family, sizeof family)));
  close(fd);
  close(other);
}

static void pair(void) {
  int ends[2];
  report("6.26", "socketpair", outcome(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, ends)));
  int one = bound(SOCK_DGRAM, "third");
  report("6.26", "pair: send", send_text(ends[0], "hello"));
  report("6.26", "pair: heard", heard(ends[1]));
  report("6.31", "pair: sendto another", send_named(ends[0], "third", "explicit"));
  report("6.31", "pair: the other hears", heard(one));
  report("6.31", "pair: the mate does not", heard(ends[1]));
  report("6.31", "pair: the mate is still the peer", send_text(ends[0], "mine"));
  report("6.31", "pair: the mate still hears", heard(ends[1]));
  report("6.31", "pair: the other end", send_named(ends[1], "third", "second"));
  report("6.31", "pair: the other end is heard", heard(one));
  report("6.26", "pair: connect", outcome(connect_named(ends[0], "third")));
  report("6.26", "pair: send after connect", send_text(ends[0], "elsewhere"));
  report("6.26", "pair: the third hears", heard(one));
  report("6.26", "pair: the mate hears", heard(ends[1]));
  close(one);
  close(ends[0]);
  close(ends[1]);
}

int main(int count, char **arguments) {
  (void)count;
  directory = arguments[1];
  int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  report("-", "socket", opened(fd));
  if (fd < 0) return 0;
  close(fd);
  fresh();
  associate();
  types();
  strangers();
  closed_peer();
  messages();
  shut();
  autobind();
  pair();
  return 0;
}
