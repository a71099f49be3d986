/* stdin: typed */
/* argument: directory */
/* The arguments of poll, ppoll, select and pselect: counts, bad pointers, times, the same descriptor more than once. */
#include "posix.h"
#include <sys/resource.h>

/* A pointer that leads nowhere, which the compiler must not know. */
static void *volatile nowhere = (void *)1;

static void counts(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  rlim_t many = limit.rlim_cur;
  struct pollfd *entries = calloc(many + 1, sizeof *entries);
  for (rlim_t i = 0; i <= many; i++) entries[i] = (struct pollfd){.fd = -1, .events = POLLIN};
  struct timespec now = {0, 0};
  report("-", "as many as RLIMIT_NOFILE", outcome(poll(entries, many, 0)));
  entries[many - 1] = (struct pollfd){.fd = 1, .events = POLLOUT};
  report("-", "as many, the last one ready", outcome(poll(entries, many, 0)));
  report("-", "one more", outcome(poll(entries, many + 1, 0)));
  report("-", "one more: ppoll", outcome(ppoll(entries, many + 1, &now, NULL)));
  report("-", "none, nowhere", outcome(poll(nowhere, 0, 0)));
  report("-", "none, as a sleep", outcome(poll(NULL, 0, 20)));
  report("-", "none, as a sleep: ppoll", outcome(ppoll(NULL, 0, &now, NULL)));
  report("-", "select: negative", outcome(select(-1, NULL, NULL, NULL, NULL)));
  report("-", "pselect: negative", outcome(pselect(-1, NULL, NULL, NULL, &now, NULL)));
  free(entries);
}

static void pointers(void) {
  struct pollfd entry = {.fd = 1, .events = POLLOUT};
  struct timespec now = {0, 0};
  struct timeval no_time = {0, 0};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(1, &set);
  report("-", "entries", outcome(poll(nowhere, 1, 0)));
  report("-", "entries: ppoll", outcome(ppoll(nowhere, 1, &now, NULL)));
  report("-", "mask: ppoll", outcome(ppoll(&entry, 1, &now, nowhere)));
  report("-", "read set", outcome(select(2, nowhere, NULL, NULL, &no_time)));
  report("-", "write set", outcome(select(2, NULL, nowhere, NULL, &no_time)));
  report("-", "except set", outcome(select(2, NULL, NULL, nowhere, &no_time)));
  report("-", "read set of no length", outcome(select(0, nowhere, nowhere, nowhere, &no_time)));
  report("-", "read set: pselect", outcome(pselect(2, nowhere, NULL, NULL, &now, NULL)));
  report("-", "mask: pselect", outcome(pselect(2, NULL, &set, NULL, &now, nowhere)));
}

static void times(void) {
  struct pollfd entry = {.fd = 1, .events = POLLOUT};
  static const struct timespec wrong[] = {{-1, 0}, {0, -1}, {0, 1000000000}, {0, 999999999}};
  static const char *const names[] = {"negative seconds", "negative nanoseconds", "too many nanoseconds", "most nanoseconds"};
  static const char *const selects[] = {
      "pselect: negative seconds", "pselect: negative nanoseconds", "pselect: too many nanoseconds", "pselect: most nanoseconds"};
  for (int i = 0; i < 4; i++) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(1, &set);
    report("-", names[i], outcome(ppoll(&entry, 1, &wrong[i], NULL)));
    report("-", selects[i], outcome(pselect(2, NULL, &set, NULL, &wrong[i], NULL)));
  }
  struct timeval limits[] = {{-1, 0}, {0, -1}, {0, 1000001}, {0x7fffffff, 999999}};
  static const char *const limit_names[] = {
      "select: negative seconds", "select: negative microseconds", "select: many microseconds", "select: many seconds"};
  for (int i = 0; i < 4; i++) {
    fd_set set;
    FD_ZERO(&set);
    FD_SET(1, &set);
    report("-", limit_names[i], outcome(select(2, NULL, &set, NULL, &limits[i])));
  }
  report("-", "poll: any negative time is none", outcome(poll(&entry, 1, -1000)));
}

/* One descriptor in several entries, and several descriptors for one socket. */
static void again(void) {
  int listener = tcp_listener(), client, server;
  connected_pair(listener, &client, &server);
  int copy = dup(client), other = fcntl(client, F_DUPFD, 100);
  struct pollfd entries[5] = {{.fd = client, .events = POLLIN}, {.fd = client, .events = POLLOUT}, {.fd = copy, .events = POLLIN | POLLOUT},
                              {.fd = other, .events = 0},       {.fd = client, .events = POLLIN}};
  report("-", "quiet: ready", outcome(poll(entries, 5, 0)));
  send(server, "x", 1, 0);
  await(client, POLLIN);
  report("-", "a byte: ready", outcome(poll(entries, 5, 0)));
  for (int i = 0; i < 5; i++) {
    static const char *const names[] = {"a byte: first", "a byte: output", "a byte: copy", "a byte: for nothing", "a byte: last"};
    report("-", names[i], revents_names(entries[i].revents));
  }
  fd_set readable, writable;
  FD_ZERO(&readable);
  FD_ZERO(&writable);
  FD_SET(client, &readable);
  FD_SET(copy, &readable);
  FD_SET(other, &readable);
  FD_SET(copy, &writable);
  struct timeval now = {0, 0};
  report("-", "a byte: select counts each bit", outcome(select(other + 1, &readable, &writable, NULL, &now)));
  close(client);
  report("-", "one closed: ready", outcome(poll(entries, 5, 0)));
  report("-", "one closed: it", revents_names(entries[0].revents));
  report("-", "one closed: copy", revents_names(entries[2].revents));
  report("-", "one closed: recv of the copy", received(copy));
  close_with_reset(server);
  await(other, POLLERR);
  report("-", "reset: copy", polled(copy, BOTH));
  report("-", "reset: pending error of the other copy", so_error(other));
  report("-", "reset, read: copy", polled(copy, BOTH));
  close(copy);
  close(other);
  close(listener);
}

/* Standard input, a pipe, a file, a pair, TCP and UDP sockets in one call; only what has something is told. */
static void mixed(const char *directory) {
  char path[200], text[16];
  snprintf(path, sizeof path, "%s/file", directory);
  int listener = tcp_listener(), client, server, ends[2], pair[2], udp = bound_udp_socket();
  connected_pair(listener, &client, &server);
  pipe(ends);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  int file = open(path, O_CREAT | O_RDWR, 0600);
  await(0, POLLIN);
  while (read(0, text, sizeof text) > 0) continue;
  struct pollfd entries[7] = {{.fd = ends[0], .events = POLLIN}, {.fd = pair[0], .events = POLLIN}, {.fd = client, .events = POLLIN},
                              {.fd = udp, .events = POLLIN},     {.fd = listener, .events = POLLIN}, {.fd = -1, .events = POLLIN},
                              {.fd = -1, .events = POLLIN}};
  report("-", "mixed, quiet", outcome(poll(entries, 7, 20)));
  entries[5].fd = file;
  report("-", "mixed, with a file", outcome(poll(entries, 7, SOON)));
  report("-", "mixed: file", revents_names(entries[5].revents));
  entries[5].fd = -1;
  entries[6].fd = 0;
  report("-", "mixed, with standard input at its end", outcome(poll(entries, 7, SOON)));
  entries[6].fd = -1;
  write(ends[1], "x", 1);
  send(pair[1], "x", 1, 0);
  send(server, "x", 1, 0);
  int sender = udp_socket(), late = tcp_socket();
  struct sockaddr_in to = loopback(own_port(udp));
  sendto(sender, "x", 1, 0, (struct sockaddr *)&to, sizeof to);
  connect_to(late, loopback(own_port(listener)));
  for (int i = 0; i < 5; i++) await(entries[i].fd, POLLIN);
  report("-", "mixed, all filled", outcome(poll(entries, 5, SOON)));
  fd_set set;
  FD_ZERO(&set);
  int top = 0;
  for (int i = 0; i < 5; i++) {
    FD_SET(entries[i].fd, &set);
    if (entries[i].fd > top) top = entries[i].fd;
  }
  FD_SET(file, &set);
  if (file > top) top = file;
  report("-", "mixed, all filled, and the file: select", outcome(select(top + 1, &set, NULL, NULL, NULL)));
  int all[] = {client, server, ends[0], ends[1], pair[0], pair[1], udp, file, sender, late, listener};
  for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) close(all[i]);
  unlink(path);
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  counts();
  pointers();
  times();
  again();
  mixed(arguments[1]);
  return 0;
}
