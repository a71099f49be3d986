/*
 * Talks to another guest over AF_UNIX datagrams or records: local serve|call datagram|record NAME. The server says "ready"
 * and echoes what it hears, as its length and its sender's name, until it hears "end"; a record socket then sees the end.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int type;
static char bytes[60000];

static struct sockaddr_un named(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
  return address;
}

static int bound(const char *name) {
  struct sockaddr_un address = named(name);
  int fd = socket(AF_UNIX, type, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) perror("bind");
  return fd;
}

static int serve(const char *name) {
  int fd = bound(name);
  if (type == SOCK_SEQPACKET && listen(fd, 1) != 0) perror("listen");
  printf("ready\n");
  fflush(stdout);
  if (type == SOCK_SEQPACKET) fd = accept(fd, NULL, NULL);
  for (int count = 0;; count++) {
    struct sockaddr_un from = {.sun_family = AF_UNIX};
    socklen_t size = sizeof from;
    ssize_t length = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size);
    if (length < 0) perror("recvfrom");
    if (length == 3 && memcmp(bytes, "end", 3) == 0) {
      printf("heard %d\n", count);
      break;
    }
    char text[160];
    int told = snprintf(text, sizeof text, "%zd from %s", length, size > 2 ? from.sun_path : "nobody");
    if (type == SOCK_SEQPACKET) size = 0;
    if (bytes[0] == '?' && sendto(fd, text, told, 0, size > 0 ? (struct sockaddr *)&from : NULL, size) < 0) perror("sendto");
  }
  if (type == SOCK_SEQPACKET) printf("end: %zd\n", recv(fd, bytes, sizeof bytes, 0));
  return 0;
}

static void ask(int fd, size_t length) {
  char text[160];
  memset(bytes, '?', length);
  if (send(fd, bytes, length, 0) < 0) perror("send");
  ssize_t told = recv(fd, text, sizeof text, 0);
  printf("%.*s\n", (int)told, text);
}

static void pass_descriptor(int fd) {
  union {
    char room[CMSG_SPACE(sizeof(int))];
    struct cmsghdr header;
  } control = {0};
  struct iovec part = {"with a descriptor", 17};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  control.header.cmsg_len = CMSG_LEN(sizeof(int));
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  printf("a descriptor: %s\n", sendmsg(fd, &message, 0) < 0 ? strerror(errno) : "sent");
}

static int call(const char *name) {
  char own[100];
  snprintf(own, sizeof own, "%s.caller", name);
  struct sockaddr_un address = named(name);
  int fd = bound(own);
  if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) perror("connect");
  ask(fd, 1);
  ask(fd, 60000);
  pass_descriptor(fd);
  /* Many more than a queue holds: the call waits for the other guest. */
  for (int i = 0; i < 500; i++)
    if (send(fd, "many", 4, 0) != 4) perror("send");
  if (send(fd, "end", 3, 0) != 3) perror("send");
  close(fd);
  return 0;
}

int main(int count, char **arguments) {
  if (count != 4) return 2;
  type = strcmp(arguments[2], "record") == 0 ? SOCK_SEQPACKET : SOCK_DGRAM;
  return strcmp(arguments[1], "serve") == 0 ? serve(arguments[3]) : call(arguments[3]);
}
