/* stdin: typed */
/* argument: directory */
/* poll() and select() over every kind of descriptor. */
#include "posix.h"

static void nothing_asked(void) {
  volatile nfds_t many = 1 << 30;
  struct pollfd entries[2] = {{.fd = -1, .events = POLLIN}, {.fd = -7, .events = POLLOUT}};
  report("-", "no entries", outcome(poll(NULL, 0, 0)));
  report("-", "negative descriptors", outcome(poll(entries, 2, 0)));
  report("-", "negative descriptors: revents", revents_names(entries[0].revents));
  report("-", "too many entries", outcome(poll(entries, many, 0)));
  int closed = tcp_socket();
  close(closed);
  report("-", "closed descriptor", polled(closed, BOTH));
  report("-", "closed descriptor, asked for nothing", polled(closed, 0));
}

static void pipes(void) {
  int ends[2];
  char bytes[8];
  pipe(ends);
  report("-", "empty pipe, read end", polled(ends[0], BOTH));
  report("-", "empty pipe, write end", polled(ends[1], BOTH));
  write(ends[1], "abc", 3);
  report("-", "filled pipe, read end", polled(ends[0], BOTH));
  report("-", "filled pipe: select", selected(ends[0]));
  close(ends[1]);
  report("-", "filled, no writer", polled(ends[0], POLLIN));
  read(ends[0], bytes, sizeof bytes);
  report("-", "drained, no writer", polled(ends[0], POLLIN));
  report("-", "drained, no writer: select", selected(ends[0]));
  report("-", "drained, no writer: read", outcome(read(ends[0], bytes, sizeof bytes)));
  close(ends[0]);

  signal(SIGPIPE, SIG_IGN);
  pipe(ends);
  close(ends[0]);
  report("-", "no reader", polled(ends[1], POLLOUT));
  report("-", "no reader: write", outcome(write(ends[1], "x", 1)));
  close(ends[1]);

  pipe2(ends, O_NONBLOCK);
  report("-", "empty non-blocking pipe: read", outcome(read(ends[0], bytes, 1)));
  static char block[4096];
  while (write(ends[1], block, sizeof block) > 0) continue;
  report("-", "full non-blocking pipe: write", outcome(write(ends[1], block, sizeof block)));
  report("-", "full pipe, write end", polled(ends[1], POLLOUT));
  report("-", "read end: write", outcome(write(ends[0], "x", 1)));
  report("-", "write end: read", outcome(read(ends[1], bytes, 1)));
  close(ends[0]);
  close(ends[1]);
}

static void files(const char *directory) {
  char path[200];
  snprintf(path, sizeof path, "%s/file", directory);
  int fd = open(path, O_CREAT | O_RDWR, 0600);
  report("-", "regular file", polled(fd, BOTH));
  report("-", "regular file: select", selected(fd));
  report("-", "regular file: connect", outcome(connect_to(fd, loopback(9))));
  report("-", "regular file: recv", received(fd));
  int copy = dup(fd);
  write(fd, "abc", 3);
  write(copy, "def", 3);
  report("-", "the offset is shared by a duplicate", outcome((long)lseek(fd, 0, SEEK_CUR)));
  close(copy);
  close(fd);
  unlink(path);
}

static void standard_input(void) {
  char text[16] = "";
  await(0, POLLIN);
  report("-", "standard input: readable", yes_no(strstr(polled(0, POLLIN), "IN") != NULL));
  long length = 0, part;
  while (length < 6 && (part = read(0, text + length, (size_t)(6 - length))) > 0) length += part;
  reportf("-", "standard input: read", "%ld %.5s", length, text);
  await(0, POLLIN);
  report("-", "standard input at its end: readable", yes_no(strstr(polled(0, POLLIN), "IN") != NULL));
  report("-", "standard input at its end: read", outcome(read(0, text, sizeof text)));
  report("-", "standard output: writable", yes_no(strstr(polled(1, POLLOUT), "OUT") != NULL));
}

/* One call over a listener, a connection, a pipe and a closed number. */
static void together(void) {
  int listener = tcp_listener();
  int client, server, ends[2];
  connected_pair(listener, &client, &server);
  pipe(ends);
  int closed = dup(client);
  close(closed);
  struct pollfd entries[6] = {
    {.fd = listener, .events = POLLIN}, {.fd = client, .events = POLLIN}, {.fd = server, .events = POLLOUT},
    {.fd = ends[0], .events = POLLIN},  {.fd = -1, .events = BOTH},       {.fd = closed, .events = POLLIN},
  };
  report("-", "mixed: entries ready", outcome(poll(entries, 6, 0)));
  for (int i = 0; i < 6; i++) {
    char condition[32];
    snprintf(condition, sizeof condition, "mixed: entry %d", i);
    report("-", condition, revents_names(entries[i].revents));
  }
  send(server, "x", 1, 0);
  write(ends[1], "x", 1);
  await(client, POLLIN);
  entries[5].fd = -1;
  report("-", "mixed, filled: entries ready", outcome(poll(entries, 6, SOON)));
  report("-", "mixed, filled: connection", revents_names(entries[1].revents));
  report("-", "mixed, filled: pipe", revents_names(entries[3].revents));

  struct pollfd twice[2] = {{.fd = client, .events = POLLIN}, {.fd = client, .events = POLLOUT}};
  report("-", "the same descriptor twice", outcome(poll(twice, 2, SOON)));
  close(client);
  close(server);
  close(listener);
  close(ends[0]);
  close(ends[1]);
}

static void select_calls(void) {
  struct timeval now = {0, 0}, negative = {-1, 0};
  fd_set set;
  report("-", "select of nothing", outcome(select(0, NULL, NULL, NULL, &now)));
  report("-", "select with a negative count", outcome(select(-1, NULL, NULL, NULL, &now)));
  report("-", "select with a negative time", outcome(select(0, NULL, NULL, NULL, &negative)));
  int fd = udp_socket();
  FD_ZERO(&set);
  FD_SET(fd, &set);
  report("-", "select for output", outcome(select(fd + 1, NULL, &set, NULL, &now)));
  report("-", "select for output: is set", yes_no(FD_ISSET(fd, &set)));
  report("-", "select for input", outcome(select(fd + 1, &set, NULL, NULL, &now)));
  report("-", "select for input: is cleared", yes_no(!FD_ISSET(fd, &set)));
  FD_SET(fd, &set);
  report("-", "select below the descriptor", outcome(select(fd, &set, NULL, NULL, &now)));
  close(fd);
  FD_ZERO(&set);
  FD_SET(fd, &set);
  report("-", "select of a closed descriptor", outcome(select(fd + 1, &set, NULL, NULL, &now)));
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  nothing_asked();
  pipes();
  files(arguments[1]);
  standard_input();
  together();
  select_calls();
  return 0;
}
