/* Pseudo-terminals: there are none to be had, as where /dev/ptmx is not there. */
#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <unistd.h>
#include <utmp.h>
#include "posix.h"

int posix_fcntl(int, int, int) POSIX(fcntl);

/* What is no master of a pseudo-terminal: nothing is one. */
static int no_master(int fd) { return posix_fcntl(fd, F_GETFD, 0) < 0 ? EBADF : ENOTTY; }

int posix_openpt(int flags) {
  (void)flags;
  return refuse(ENOENT);
}
int grantpt(int fd) { return refuse(no_master(fd) == EBADF ? EBADF : EINVAL); }
int unlockpt(int fd) { return refuse(no_master(fd)); }
char *ptsname(int fd) {
  errno = no_master(fd);
  return NULL;
}
int ptsname_r(int fd, char *name, size_t size) {
  (void)name;
  (void)size;
  return errno = no_master(fd);
}
int openpty(int *master, int *slave, char *name, const struct termios *settings, const struct winsize *size) {
  (void)master;
  (void)slave;
  (void)name;
  (void)settings;
  (void)size;
  return refuse(ENOENT);
}
int forkpty(int *master, char *name, const struct termios *settings, const struct winsize *size) {
  int slave;
  return openpty(master, &slave, name, settings, size);
}
/* The process leads a session already, and its terminal stays the one that it has. */
int login_tty(int fd) { return refuse(isatty(fd) ? EPERM : errno); }
