/* stdin: typed */
/* argument: directory */
/* What poll, ppoll, select, pselect and FIONREAD say of pipes, files, standard streams and numbers that are nothing. */
#include "readiness.h"

static void pipes(void) {
  int ends[2];
  char byte;
  static char block[4096];
  pipe2(ends, O_NONBLOCK);
  report_readiness("-", "pipe: read end", ends[0]);
  report_readiness("-", "pipe: write end", ends[1]);
  write(ends[1], "abc", 3);
  report_readiness("-", "pipe, 3 bytes: read end", ends[0]);
  report_readiness("-", "pipe, 3 bytes: write end", ends[1]);
  read(ends[0], &byte, 1);
  report_readiness("-", "pipe, 1 of 3 bytes read", ends[0]);
  int copy = dup(ends[1]);
  close(ends[1]);
  report_readiness("-", "pipe, a duplicate of the writer is left", ends[0]);
  close(copy);
  report_readiness("-", "pipe, no writer, 2 bytes", ends[0]);
  read(ends[0], block, sizeof block);
  report_readiness("-", "pipe, no writer", ends[0]);
  close(ends[0]);

  pipe2(ends, O_NONBLOCK);
  while (write(ends[1], block, sizeof block) > 0) continue;
  report_readiness("-", "full pipe: write end", ends[1]);
  copy = dup(ends[0]);
  close(ends[0]);
  report_readiness("-", "full pipe, a duplicate of the reader is left", ends[1]);
  close(copy);
  report_readiness("-", "full pipe, no reader", ends[1]);
  close(ends[1]);
  pipe(ends);
  close(ends[0]);
  report_readiness("-", "pipe, no reader", ends[1]);
  close(ends[1]);
}

static void files(const char *directory) {
  char path[200];
  snprintf(path, sizeof path, "%s/file", directory);
  int fd = open(path, O_CREAT | O_RDWR, 0600);
  report("-", "file: poll", polled(fd, EVERY));
  report("-", "file: ppoll for nothing", ppolled(fd, 0));
  report("-", "file: pselect", pselected(fd));
  write(fd, "abc", 3);
  report("-", "file, at its end", polled(fd, EVERY));
  close(fd);
  fd = open(path, O_RDONLY);
  report("-", "file for reading", polled(fd, EVERY));
  report("-", "file for reading: select", selected(fd));
  close(fd);
  fd = open(path, O_WRONLY);
  report("-", "file for writing", polled(fd, EVERY));
  close(fd);
  unlink(path);
  fd = open(directory, O_RDONLY | O_DIRECTORY);
  report("-", "directory", polled(fd, EVERY));
  report("-", "directory: select", selected(fd));
  close(fd);
}

static void standard_streams(void) {
  char text[16];
  await(0, POLLIN);
  report("-", "standard input: readable", yes_no(strstr(polled(0, POLLIN), "IN") != NULL));
  report("-", "standard input: select reads", yes_no(strchr(selected(0), 'r') != NULL));
  report("-", "standard input: unread", unread(0));
  read(0, text, 2);
  report("-", "standard input, 2 bytes read: readable", yes_no(strstr(polled(0, POLLIN), "IN") != NULL));
  report("-", "standard input, 2 bytes read: unread", unread(0));
  while (read(0, text, sizeof text) > 0) continue;
  report("-", "standard input at its end: ready", yes_no(strcmp(polled(0, POLLIN), "none") != 0));
  report("-", "standard input at its end: select reads", yes_no(strchr(selected(0), 'r') != NULL));
  report("-", "standard input at its end: unread", unread(0));
  report("-", "standard output: poll", polled(1, POLLOUT));
  report("-", "standard output: select writes", yes_no(strchr(selected(1), 'w') != NULL));
  report("-", "standard error: poll", polled(2, POLLOUT));
}

/* Numbers that are no descriptors. */
static void nothing(void) {
  int fd = dup(1);
  close(fd);
  for (int i = 0; i < 3; i++) {
    static const char *const asked[] = {"closed: poll", "closed: poll for nothing", "closed: ppoll"};
    report("-", asked[i], i == 2 ? ppolled(fd, EVERY) : polled(fd, i == 0 ? EVERY : 0));
  }
  report("-", "closed: select", selected(fd));
  report("-", "closed: pselect", pselected(fd));
  report("-", "closed: unread", unread(fd));
  struct pollfd entries[3] = {{.fd = -1, .events = EVERY, .revents = 77}, {.fd = 100000, .events = POLLIN}, {.fd = 1, .events = POLLOUT}};
  report("-", "negative, far away, open", outcome(poll(entries, 3, 0)));
  report("-", "negative: revents", revents_names(entries[0].revents));
  report("-", "far away: revents", revents_names(entries[1].revents));
  report("-", "open: revents", revents_names(entries[2].revents));
}

/* Numbers up to FD_SETSIZE in one set. */
static void high(void) {
  int ends[2], top = FD_SETSIZE - 1;
  struct timeval now = {0, 0};
  fd_set set;
  pipe(ends);
  FD_ZERO(&set);
  if (dup2(ends[0], top) != top) {
    report("-", "the highest of a set", error_name(errno));
    return;
  }
  write(ends[1], "x", 1);
  FD_SET(top, &set);
  FD_SET(ends[0], &set);
  report("-", "the highest of a set and a low one", outcome(select(FD_SETSIZE, &set, NULL, NULL, &now)));
  report("-", "the highest is set", yes_no(FD_ISSET(top, &set)));
  report("-", "the low one is set", yes_no(FD_ISSET(ends[0], &set)));
  report("-", "one below the highest", outcome(select(top, &set, NULL, NULL, &now)));
  report("-", "one below the highest: it is left as it was", yes_no(FD_ISSET(top, &set)));
  report_readiness("-", "the highest", top);
  close(top);
  FD_ZERO(&set);
  FD_SET(top, &set);
  report("-", "the highest, closed", outcome(select(FD_SETSIZE, &set, NULL, NULL, &now)));
  close(ends[0]);
  close(ends[1]);
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  pipes();
  files(arguments[1]);
  standard_streams();
  nothing();
  high();
  return 0;
}
