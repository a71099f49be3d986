/* argument: directory */
/* SCM_RIGHTS (unix(7), cmsg(3)): descriptors in messages, over every kind of AF_UNIX socket that the network has. */
#include "posix.h"
#include <sys/resource.h>

static const char *directory;

enum { MOST = 260 };

static union {
  char bytes[CMSG_SPACE(MOST * sizeof(int))];
  struct cmsghdr align;
} outgoing, incoming;

/* What the last receive gave. */
static int got[MOST], got_count, got_flags, got_room;

static long send_many(int fd, const char *text, size_t length, const int *fds, int count, int flags) {
  struct iovec part = {(char *)text, length};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &outgoing};
  message.msg_controllen = CMSG_SPACE(count * sizeof(int));
  memset(&outgoing, 0, sizeof outgoing);
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(count * sizeof(int));
  memcpy(CMSG_DATA(header), fds, count * sizeof(int));
  return sendmsg(fd, &message, flags | MSG_NOSIGNAL);
}

static long send_one(int fd, const char *text, int passed) {
  return send_many(fd, text, strlen(text), &passed, 1, 0);
}

/* Receives with so much room for the bytes and for control data; the descriptors are in `got`. */
static const char *receive(int fd, size_t room, size_t control, int flags) {
  char bytes[256] = "";
  struct iovec part = {bytes, room};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_controllen = control};
  message.msg_control = control > 0 ? &incoming : NULL;
  memset(&incoming, 0, sizeof incoming);
  got_count = 0;
  polled_for(fd, POLLIN, 200);
  long count = recvmsg(fd, &message, flags | MSG_DONTWAIT);
  if (count < 0) return error_name(errno);
  got_flags = message.msg_flags;
  got_room = message.msg_controllen;
  struct cmsghdr *header = control == 0 ? NULL : CMSG_FIRSTHDR(&message);
  for (; header != NULL; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) return "other control data";
    int size = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(got + got_count, CMSG_DATA(header), size * sizeof(int));
    got_count += size;
  }
  char *text = remembered();
  snprintf(text, 128, "%ld \"%.40s\", %d descriptors%s%s%s", count, bytes, got_count,
           got_flags & MSG_CTRUNC ? ", control cut" : "", got_flags & MSG_TRUNC ? ", cut" : "",
           got_flags & MSG_CMSG_CLOEXEC ? ", close on exec" : "");
  return text;
}

static const char *receive_any(int fd) {
  return receive(fd, 200, sizeof incoming, 0);
}

static void close_got(void) {
  for (int i = 0; i < got_count; i++) close(got[i]);
  got_count = 0;
}

/* How many descriptors below 1000 are open. */
static int open_count(void) {
  int count = 0;
  for (int fd = 0; fd < 1000; fd++) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

static int lowest_free(void) {
  int fd = dup(0);
  close(fd);
  return fd;
}

/* Whether a pipe's or socket's other end is closed: a read gives its end. */
static const char *ended(int fd) {
  char byte;
  polled_for(fd, POLLIN, 200);
  set_nonblocking(fd, 1);
  long count = read(fd, &byte, 1);
  return count < 0 ? error_name(errno) : count == 0 ? "its end" : "a byte";
}

/* The same of what is closed by a search for sockets in nobody's reach, which Linux begins when a socket is closed. */
static const char *ended_by_search(int fd) {
  const char *result = ended(fd);
  for (int tries = 0; tries < 20 && result[0] == 'E'; tries++) {
    close(socket(AF_UNIX, SOCK_STREAM, 0));
    result = ended(fd);
  }
  return result;
}

static char how_prefix[32];
static const char *named_condition(const char *text) {
  char *condition = remembered();
  snprintf(condition, 128, "%s: %s", how_prefix, text);
  return condition;
}
#define ROW(text, result) report("-", named_condition(text), result)

/* What holds of every kind of socket. */
static void exchange(const char *how, int one, int other) {
  int ends[2], before = open_count();
  snprintf(how_prefix, sizeof how_prefix, "%s", how);
  (void)!pipe(ends);

  ROW("send a pipe's end", outcome(send_one(one, "write end", ends[1])));
  close(ends[1]);
  ROW("the sender has closed its own: the pipe", polled_for(ends[0], POLLIN, 0));
  int lowest = lowest_free();
  ROW("received", receive_any(other));
  ROW("on the lowest number", yes_no(got_count == 1 && got[0] == lowest));
  ROW("msg_controllen", yes_no(got_room == (int)CMSG_SPACE(sizeof(int))));
  ROW("FD_CLOEXEC", outcome(fcntl(got[0], F_GETFD)));
  ROW("write to it", outcome(write(got[0], "x", 1)));
  ROW("it arrives", ended(ends[0]));
  close_got();
  ROW("closed: the pipe", ended(ends[0]));
  close(ends[0]);

  (void)!pipe(ends);
  int three[3] = {ends[0], ends[1], ends[0]};
  ROW("send three", outcome(send_many(one, "three", 5, three, 3, 0)));
  ROW("three received", receive(other, 200, sizeof incoming, MSG_CMSG_CLOEXEC));
  ROW("three: FD_CLOEXEC", outcome(fcntl(got[2], F_GETFD)));
  ROW("three: the same pipe", yes_no(write(got[1], "ab", 2) == 2 && read(got[2], got + 10, 1) == 1));
  close_got();

  send_many(one, "three", 5, three, 3, 0);
  ROW("room for one", receive(other, 200, CMSG_LEN(sizeof(int)), 0));
  close_got();
  send_many(one, "three", 5, three, 3, 0);
  ROW("room for none", receive(other, 200, sizeof(struct cmsghdr), 0));
  send_many(one, "three", 5, three, 3, 0);
  ROW("no room", receive(other, 200, 0, 0));
  send_many(one, "three", 5, three, 3, 0);
  char text[32];
  polled_for(other, POLLIN, 200);
  ROW("plain recv", outcome(recv(other, text, sizeof text, 0)));
  send_many(one, "three", 5, three, 3, 0);
  polled_for(other, POLLIN, 200);
  ROW("plain read", outcome(read(other, text, sizeof text)));
  close(ends[0]);
  close(ends[1]);
  ROW("none is left open", yes_no(open_count() == before));

  (void)!pipe(ends);
  send_one(one, "look", ends[1]);
  ROW("MSG_PEEK", receive(other, 200, sizeof incoming, MSG_PEEK));
  ROW("MSG_PEEK: write to it", outcome(write(got[0], "x", 1)));
  close_got();
  ROW("after MSG_PEEK", receive_any(other));
  ROW("after MSG_PEEK: write to it", outcome(write(got[0], "x", 1)));
  close_got();
  close(ends[0]);
  close(ends[1]);

  int file = open(directory, O_RDONLY | O_DIRECTORY);
  ROW("send a directory", outcome(send_one(one, "directory", file)));
  close(file);
  receive_any(other);
  struct stat status;
  ROW("a directory: fstat", yes_no(got_count == 1 && fstat(got[0], &status) == 0 && S_ISDIR(status.st_mode)));
  close_got();

  int listener = tcp_listener();
  send_one(one, "listener", listener);
  int port = own_port(listener);
  close(listener);
  receive_any(other);
  ROW("a listening socket: its port", yes_no(got_count == 1 && own_port(got[0]) == port));
  int client = tcp_socket();
  ROW("a listening socket: connect", outcome(connect_to(client, loopback(port))));
  int server = accept(got[0], NULL, NULL);
  ROW("a listening socket: accept", opened(server));
  close_got();
  send_one(one, "server", server);
  close(server);
  receive_any(other);
  ROW("a connection: send", sent(got[0]));
  ROW("a connection: it arrives", received(client));
  send_one(one, "again", got[0]);
  close_got();
  ROW("a connection in flight: not ended", received(client));
  polled_for(other, POLLIN, 200);
  recv(other, text, sizeof text, 0);
  ROW("a connection, unread control: ended", ended(client));
  close(client);

  send_one(one, "itself", other);
  ROW("itself", receive_any(other));
  int duplicate = got_count == 1 ? got[0] : other;
  send_one(one, "through the duplicate", 0);
  ROW("through the duplicate", receive_any(duplicate));
  close_got();
  if (duplicate != other) close(duplicate);
  ROW("none is left open at the end", yes_no(open_count() == before));
}

static void refusals(const char *how, int one, int other) {
  snprintf(how_prefix, sizeof how_prefix, "%s", how);
  int fds[MOST], bad[2] = {0, 999};
  for (int i = 0; i < MOST; i++) fds[i] = 0;
  ROW("a bad descriptor", outcome(send_many(one, "x", 1, bad, 2, 0)));
  ROW("descriptor -1", outcome(send_one(one, "x", -1)));
  ROW("a bad descriptor, MSG_OOB", outcome(send_many(one, "x", 1, bad, 2, MSG_OOB)));
  ROW("254", outcome(send_many(one, "x", 1, fds, 254, 0)));
  ROW("none of it came", received(other));
  ROW("253", outcome(send_many(one, "x", 1, fds, 253, 0)));
  ROW("253 received", receive_any(other));
  close_got();
  ROW("none", outcome(send_many(one, "x", 1, fds, 0, 0)));
  ROW("none received", receive_any(other));

  struct iovec part = {"x", 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &outgoing};
  struct cmsghdr *header = (struct cmsghdr *)&outgoing;
  memset(&outgoing, 0, sizeof outgoing);
  message.msg_controllen = CMSG_SPACE(sizeof(int));
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = sizeof(struct cmsghdr) - 1;
  ROW("cmsg_len too small", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));
  header->cmsg_len = CMSG_SPACE(sizeof(int)) + 1;
  ROW("cmsg_len beyond the end", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));
  header->cmsg_len = CMSG_LEN(sizeof(int));
  header->cmsg_type = 77;
  ROW("unknown type", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));
  header->cmsg_level = IPPROTO_TCP;
  ROW("another level", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));
  ROW("another level: received", receive_any(other));
  message.msg_controllen = sizeof(struct cmsghdr) - 1;
  ROW("msg_controllen below a head", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));
  ROW("below a head: received", receive_any(other));
  message.msg_controllen = CMSG_SPACE(sizeof(int));
  message.msg_control = NULL;
  ROW("msg_control NULL", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));
  message.msg_control = (void *)1;
  ROW("msg_control 1", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));

  /* Two heads in one message. */
  memset(&outgoing, 0, sizeof outgoing);
  message.msg_control = &outgoing;
  message.msg_controllen = 2 * CMSG_SPACE(sizeof(int));
  for (header = CMSG_FIRSTHDR(&message); header != NULL; header = CMSG_NXTHDR(&message, header)) {
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
  }
  ROW("two heads", outcome(sendmsg(one, &message, MSG_NOSIGNAL)));
  ROW("two heads received", receive_any(other));
  close_got();

  /* A table without room. */
  struct rlimit limit;
  int filled = 0, kept[1100], last;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 1024) {
    limit.rlim_cur = 1024;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  int two[2] = {0, 0};
  send_many(one, "full", 4, two, 2, 0);
  while (filled < 1100 && (last = dup(0)) >= 0) kept[filled++] = last;
  close(kept[--filled]);
  ROW("room for one number", receive_any(other));
  close_got();
  while (filled > 0) close(kept[--filled]);
}

/* Bytes and descriptors of a stream: a read stops behind what came with descriptors, and not before it. */
static void stretches(const char *how, int one, int other) {
  snprintf(how_prefix, sizeof how_prefix, "%s, bytes", how);
#define SEND_THREE() (send(one, "ab", 2, 0), send_one(one, "cd", 0), send(one, "ef", 2, 0))
  SEND_THREE();
  ROW("plain, with, plain", receive_any(other));
  close_got();
  ROW("then", receive_any(other));
  SEND_THREE();
  ROW("MSG_WAITALL", receive(other, 6, sizeof incoming, MSG_WAITALL));
  close_got();
  ROW("MSG_WAITALL: then", receive_any(other));
  SEND_THREE();
  ROW("up to them", receive(other, 2, sizeof incoming, 0));
  ROW("one byte of them", receive(other, 1, sizeof incoming, 0));
  close_got();
  ROW("the others", receive(other, 3, sizeof incoming, MSG_WAITALL));
  SEND_THREE();
  ROW("MSG_PEEK up to them", receive(other, 2, sizeof incoming, MSG_PEEK));
  close_got();
  ROW("MSG_PEEK", receive(other, 100, sizeof incoming, MSG_PEEK));
  close_got();
  char text[16];
  ROW("plain recv", outcome(recv(other, text, sizeof text, 0)));
  ROW("plain recv: then", outcome(recv(other, text, sizeof text, 0)));
  send_one(one, "ab", 0);
  send_one(one, "cd", 0);
  ROW("two with", receive_any(other));
  close_got();
  ROW("two with: then", receive_any(other));
  close_got();
  send_one(one, "ab", 0);
  ROW("a buffer of 0", receive(other, 0, sizeof incoming, 0));
  close_got();
  ROW("a buffer of 0: then", receive_any(other));
  ROW("no byte", outcome(send_one(one, "", 0)));
  ROW("no byte: received", receive_any(other));

  /* More than a buffer holds: the descriptors go with its first bytes. */
  static char large[400000];
  int passed = 0;
  set_nonblocking(one, 1);
  long taken = send_many(one, large, sizeof large, &passed, 1, 0);
  ROW("large: some went", yes_no(taken > 0 && taken < (long)sizeof large));
  long more = fill_up(one);
  ROW("large: full", outcome(send_one(one, "x", 0)));
  receive(other, 1, sizeof incoming, 0);
  ROW("large: with the first", outcome(got_count));
  close_got();
  long rest = 0, part;
  while ((polled_for(other, POLLIN, 100), part = recv(other, large, sizeof large, MSG_DONTWAIT)) > 0) rest += part;
  ROW("large: the rest is plain", yes_no(rest == taken + more - 1));
  set_nonblocking(one, 0);
}

/* Descriptors that nobody has read. `other` is closed. */
static void unread(const char *how, int one, int other) {
  int ends[2], before;
  snprintf(how_prefix, sizeof how_prefix, "%s, unread", how);
  (void)!pipe(ends);
  before = open_count();
  ROW("sent", outcome(send_one(one, "unread", ends[1])));
  close(ends[1]);
  ROW("not closed yet", ended(ends[0]));
  close(other);
  ROW("the receiver has closed", ended(ends[0]));
  ROW("send then", outcome(send_one(one, "x", 0)));
  ROW("none is left open", yes_no(open_count() == before - 2));
  close(ends[0]);
  close(one);
}

static int pair_of(int type, int ends[2]) {
  return socketpair(AF_UNIX, type, 0, ends);
}

static int count_of_names;

/* A connection by a name, or two datagram sockets by one: 0, or -1 where the network has no such sockets. */
static int connection_of(int type, int ends[2]) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s/s%d", directory, count_of_names++);
  int server = socket(AF_UNIX, type, 0);
  ends[0] = socket(AF_UNIX, type, 0);
  if (server < 0 || ends[0] < 0) return -1;
  if (bind(server, (struct sockaddr *)&address, sizeof address) != 0) return -1;
  if (type != SOCK_DGRAM) listen(server, 4);
  if (connect(ends[0], (struct sockaddr *)&address, sizeof address) != 0) return -1;
  if (type == SOCK_DGRAM) {
    ends[1] = server;
    return 0;
  }
  ends[1] = accept(server, NULL, NULL);
  close(server);
  return 0;
}

static void every(const char *how, int type, int (*make)(int, int[2])) {
  int ends[2];
  make(type, ends);
  exchange(how, ends[0], ends[1]);
  refusals(how, ends[0], ends[1]);
  if (type == SOCK_STREAM) stretches(how, ends[0], ends[1]);
  unread(how, ends[0], ends[1]);
}

/* Sockets that only messages refer to: nobody can read them, and they are closed. */
static void circles(void) {
  int ends[2], watched[2];
  snprintf(how_prefix, sizeof how_prefix, "circle");
  pair_of(SOCK_STREAM, ends);
  (void)!pipe(watched);
  send_one(ends[0], "x", watched[1]);
  send_one(ends[0], "x", ends[1]);
  send_one(ends[1], "x", ends[0]);
  close(watched[1]);
  close(ends[0]);
  ROW("one end is open", ended(watched[0]));
  close(ends[1]);
  ROW("both ends were sent over each other and closed", ended_by_search(watched[0]));
  close(watched[0]);

  int outer[2];
  pair_of(SOCK_DGRAM, ends);
  pair_of(SOCK_STREAM, outer);
  (void)!pipe(watched);
  send_one(ends[0], "x", watched[1]);
  send_one(ends[0], "x", ends[1]);
  send_one(outer[0], "x", ends[1]);
  close(watched[1]);
  close(ends[0]);
  close(ends[1]);
  ROW("in reach by another message", ended(watched[0]));
  char byte;
  recv(outer[1], &byte, 1, 0);
  ROW("that message was read, its descriptor closed", ended_by_search(watched[0]));
  close(watched[0]);
  close(outer[0]);
  close(outer[1]);

  int at = -1, depth = 0;
  (void)!pipe(watched);
  int carried = watched[1];
  while (depth < 4 && pair_of(SOCK_STREAM, ends) == 0) {
    send_one(ends[0], "x", carried);
    close(carried);
    close(ends[0]);
    at = carried = ends[1];
    depth++;
  }
  ROW("a socket in a socket in a socket", ended(watched[0]));
  close(at);
  ROW("the outermost is closed", ended(watched[0]));
  close(watched[0]);
}

/* TCP and UDP have no descriptors: control data of AF_UNIX means nothing to them. */
static void on_tcp(void) {
  int listener = tcp_listener(), client, server;
  snprintf(how_prefix, sizeof how_prefix, "TCP");
  connected_pair(listener, &client, &server);
  ROW("send", outcome(send_one(client, "x", 0)));
  ROW("received", receive_any(server));
  ROW("a bad descriptor", outcome(send_one(client, "x", 999)));
  close(client);
  close(server);
  close(listener);
}

int main(int count, char **arguments) {
  (void)count;
  directory = arguments[1];
  every("stream pair", SOCK_STREAM, pair_of);
  every("datagram pair", SOCK_DGRAM, pair_of);
  every("seqpacket pair", SOCK_SEQPACKET, pair_of);
  circles();
  on_tcp();
  int ends[2];
  snprintf(how_prefix, sizeof how_prefix, "connection");
  if (connection_of(SOCK_STREAM, ends) != 0) return 1;
  const char *result = outcome(send_one(ends[0], "by name", 0));
  ROW("send", result);
  if (result[0] == 'E') return 0;
  close(ends[0]);
  close(ends[1]);
  every("stream", SOCK_STREAM, connection_of);
  every("datagram", SOCK_DGRAM, connection_of);
  every("seqpacket", SOCK_SEQPACKET, connection_of);
  return 0;
}
