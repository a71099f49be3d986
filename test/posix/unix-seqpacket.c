/* argument: directory */
/* needs: unix-seqpacket */
/* AF_UNIX SOCK_SEQPACKET: connected, reliable, records kept (rows 6.13, 6.15, 6.19 to 6.21, 6.26). */
#include "posix.h"

static const char *directory;

static struct sockaddr_un named(const char *name) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", directory, name);
  return address;
}

static int record_socket(void) {
  return socket(AF_UNIX, SOCK_SEQPACKET, 0);
}

static int connect_named(int fd, const char *name) {
  struct sockaddr_un address = named(name);
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static const char *send_text(int fd, const char *text) {
  return outcome(send(fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT));
}

/* One recvmsg(): its text and flags. */
static const char *record(int fd, size_t room) {
  char bytes[64] = "";
  struct iovec part = {bytes, room};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  polled_for(fd, POLLIN, 200);
  long count = recvmsg(fd, &message, MSG_DONTWAIT);
  if (count < 0) return error_name(errno);
  char *text = remembered();
  snprintf(text, 128, "%ld \"%.40s\"%s%s", count, bytes, message.msg_flags & MSG_TRUNC ? " cut" : "",
           message.msg_flags & MSG_EOR ? " end of record" : "");
  return text;
}

static void records(const char *how, int one, int other) {
  char condition[64];
#define CONDITION(text) (snprintf(condition, sizeof condition, "%s: %s", how, text), condition)
  report("-", CONDITION("poll"), polled(one, BOTH));
  report("-", CONDITION("recv with nothing there"), received(one));
  report("-", CONDITION("send"), send_text(one, "first"));
  report("-", CONDITION("send another"), send_text(one, "second"));
  report("-", CONDITION("poll for what came"), polled_for(other, BOTH, SOON));
  report("-", CONDITION("the first"), record(other, 40));
  report("-", CONDITION("the second, cut"), record(other, 3));
  report("-", CONDITION("nothing is left"), received(other));
  report("-", CONDITION("length 0: send"), outcome(send(one, "", 0, MSG_NOSIGNAL)));
  report("-", CONDITION("length 0: poll"), polled_for(other, POLLIN, 100));
  report("-", CONDITION("length 0: recv"), record(other, 40));
  send_text(one, "peeked");
  await(other, POLLIN);
  char bytes[64];
  report("-", CONDITION("MSG_PEEK"), outcome(recv(other, bytes, 4, MSG_PEEK)));
  report("-", CONDITION("MSG_TRUNC tells the length"), outcome(recv(other, bytes, 4, MSG_TRUNC)));
  report("-", CONDITION("it is gone"), received(other));
  struct iovec parts[2] = {{"gath", 4}, {"ered", 4}};
  report("-", CONDITION("writev"), outcome(writev(one, parts, 2)));
  report("-", CONDITION("writev is one record"), record(other, 40));
  report("-", CONDITION("MSG_EOR"), outcome(send(one, "eor", 3, MSG_EOR | MSG_NOSIGNAL)));
  report("-", CONDITION("MSG_EOR: recv"), record(other, 40));
  struct sockaddr_un address = named("elsewhere");
  report("-", CONDITION("sendto with a name"),
         outcome(sendto(one, "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address)));
  record(other, 40);
  report("-", CONDITION("the other way"), send_text(other, "back"));
  report("-", CONDITION("the other way: heard"), record(one, 40));

  static char large[300000];
  report("-", CONDITION("300,000 bytes"), outcome(send(one, large, sizeof large, MSG_NOSIGNAL | MSG_DONTWAIT)));
  report("-", CONDITION("60,000 bytes"), outcome(send(one, large, 60000, MSG_NOSIGNAL | MSG_DONTWAIT)));
  await(other, POLLIN);
  report("-", CONDITION("60,000 bytes: heard"), outcome(recv(other, large, sizeof large, 0)));

  int before_full = 0, heard = 0;
  while (before_full < 5000 && send(one, large, 1000, MSG_NOSIGNAL | MSG_DONTWAIT) == 1000) before_full++;
  report("-", CONDITION("full: send"), send_text(one, "x"));
  report("-", CONDITION("full: poll"), polled(one, POLLOUT));
  while (polled_for(other, POLLIN, 50) && recv(other, large, sizeof large, MSG_DONTWAIT) == 1000) heard++;
  report("-", CONDITION("full: all of it is heard"), yes_no(heard == before_full && heard > 10));
  report("-", CONDITION("drained: poll"), polled_for(one, POLLOUT, SOON));

  report("-", CONDITION("SHUT_WR"), outcome(shutdown(one, SHUT_WR)));
  report("-", CONDITION("SHUT_WR: send"), send_text(one, "x"));
  report("-", CONDITION("SHUT_WR: the other's poll"), polled_for(other, BOTH | POLLRDHUP, SOON));
  report("-", CONDITION("SHUT_WR: the other's recv"), record(other, 40));
  report("-", CONDITION("SHUT_WR: the other sends"), send_text(other, "still"));
  report("-", CONDITION("SHUT_WR: heard"), record(one, 40));
  send_text(other, "last");
  close(other);
  await_hangup(one);
  report("-", CONDITION("closed: poll"), polled(one, BOTH | POLLRDHUP));
  report("-", CONDITION("closed: what was sent before"), record(one, 40));
  report("-", CONDITION("closed: recv"), record(one, 40));
  report("-", CONDITION("closed: poll at the end"), polled(one, BOTH | POLLRDHUP));
  close(one);
#undef CONDITION
}

static void connections(void) {
  int listener = record_socket(), client = record_socket();
  struct sockaddr_un address = named("listener");
  report("-", "fresh: poll", polled(client, BOTH));
  report("4.3", "fresh seqpacket: send", send_text(client, "x"));
  report("4.3", "fresh seqpacket: recv", received(client));
  report("4.3", "fresh seqpacket: shutdown", outcome(shutdown(record_socket(), SHUT_WR)));
  report("-", "listen without a name", outcome(listen(listener, 2)));
  report("-", "bind", outcome(bind(listener, (struct sockaddr *)&address, sizeof address)));
  report("6.14", "bound, not listening", outcome(connect_named(client, "listener")));
  report("-", "listen", outcome(listen(listener, 2)));
  report("6.15", "connect", outcome(connect_named(client, "listener")));
  report("6.15", "connect: poll before accept", polled(client, BOTH));
  report("6.15", "connect: send before accept", send_text(client, "early"));
  report("6.19", "connect again", outcome(connect_named(client, "listener")));
  report("6.20", "connect on the listener", outcome(connect_named(listener, "listener")));
  int server = accept_from(listener);
  report("6.15", "accept: what came before", record(server, 40));
  records("connection", client, server);

  client = record_socket();
  connect_named(client, "listener");
  server = accept_from(listener);
  send_text(server, "unread");
  close(server);
  report("6.21", "peer closed: connect", outcome(connect_named(client, "listener")));
  report("6.21", "peer closed: recv", record(client, 40));
  report("6.21", "peer closed: recv again", record(client, 40));
  report("6.21", "peer closed: send", send_text(client, "x"));
  close(client);

  client = record_socket();
  connect_named(client, "listener");
  close(listener);
  report("6.22", "listener closed: poll", polled_for(client, BOTH, SOON));
  report("6.22", "listener closed: pending error", so_error(client));
  report("6.22", "listener closed: recv", record(client, 40));
  report("6.22", "listener closed: send", send_text(client, "x"));
  close(client);
  client = record_socket();
  report("6.12", "a name nobody holds", outcome(connect_named(client, "listener")));
  report("6.1", "an absent name", outcome(connect_named(client, "absent")));
  close(client);
}

int main(int count, char **arguments) {
  (void)count;
  directory = arguments[1];
  signal(SIGPIPE, SIG_IGN);
  int ends[2];
  report("6.26", "socketpair", outcome(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends)));
  records("pair", ends[0], ends[1]);
  int fd = record_socket();
  report("-", "socket", opened(fd));
  if (fd < 0) return 0;
  close(fd);
  connections();
  return 0;
}
