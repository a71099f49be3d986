/* select() over a descriptor above FD_SETSIZE, in sets as large as it takes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

static unsigned long words[3000 / 32];
static fd_set *const set = (fd_set *)words;

static void look(const char *when, int fd) {
  struct timeval now = {0, 0};
  memset(words, 0, sizeof words);
  FD_SET(fd, set);
  int count = select(fd + 1, set, NULL, NULL, &now);
  printf("%s: %d %d %s\n", when, count, FD_ISSET(fd, set), count < 0 ? strerror(errno) : "-");
}

int main(void) {
  struct rlimit limit;
  int ends[2];
  getrlimit(RLIMIT_NOFILE, &limit);
  pipe(ends);
  int high = fcntl(ends[0], F_DUPFD, 2000);
  printf("limit %d, descriptor %d, FD_SETSIZE %d\n", (int)limit.rlim_cur, high, FD_SETSIZE);
  look("empty", high);
  write(ends[1], "x", 1);
  look("filled", high);
  close(high);
  look("closed", high);
  return 0;
}
