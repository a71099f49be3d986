/* Files: what wasi-libc has no function for. Owners, modes of others and devices are not a guest's to make. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include "posix.h"

int chown(const char *path, uid_t user, gid_t group) {
  (void)path;
  (void)user;
  (void)group;
  return refuse(EPERM);
}
int lchown(const char *path, uid_t user, gid_t group) { return chown(path, user, group); }
int fchown(int fd, uid_t user, gid_t group) {
  (void)fd;
  (void)user;
  (void)group;
  return refuse(EPERM);
}
int chroot(const char *path) {
  (void)path;
  return refuse(EPERM);
}
int fchdir(int fd) {
  (void)fd;
  return refuse(ENOSYS);
}
mode_t umask(mode_t mask) {
  static mode_t current = 022;
  mode_t before = current;
  current = mask & 0777;
  return before;
}
int mkfifo(const char *path, mode_t mode) {
  (void)path;
  (void)mode;
  return refuse(ENOSYS);
}
int mknod(const char *path, mode_t mode, dev_t device) {
  (void)path;
  (void)mode;
  (void)device;
  return refuse(EPERM);
}
void sync(void) {}

static void fill_times(struct timespec times[2], const struct timeval *values) {
  for (int i = 0; i < 2; i++) {
    times[i].tv_sec = values == NULL ? 0 : values[i].tv_sec;
    times[i].tv_nsec = values == NULL ? UTIME_NOW : (long)values[i].tv_usec * 1000;
  }
}
int futimes(int fd, const struct timeval values[2]) {
  struct timespec times[2];
  fill_times(times, values);
  return futimens(fd, times);
}
int lutimes(const char *path, const struct timeval values[2]) {
  struct timespec times[2];
  fill_times(times, values);
  return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

char *get_current_dir_name(void) { return getcwd(NULL, 0); }

/* sendfile(2) through memory: there is no shorter way. */
ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
  char bytes[16384];
  size_t done = 0;
  while (done < count) {
    size_t wanted = count - done < sizeof bytes ? count - done : sizeof bytes;
    off_t at = offset != NULL ? *offset : lseek(in, 0, SEEK_CUR);
    if (at < 0) return done > 0 ? (ssize_t)done : -1;
    ssize_t got = pread(in, bytes, wanted, at);
    if (got <= 0) return done > 0 ? (ssize_t)done : got;
    ssize_t sent = write(out, bytes, (size_t)got);
    if (sent < 0) return done > 0 ? (ssize_t)done : -1;
    done += (size_t)sent;
    if (offset != NULL) *offset = at + sent;
    else if (lseek(in, at + sent, SEEK_SET) < 0) return (ssize_t)done;
    if (sent < got) break;
  }
  return (ssize_t)done;
}

/* Threads take turns, and none in the middle of a stream's function but where that waits. */
void flockfile(FILE *stream) { (void)stream; }
void funlockfile(FILE *stream) { (void)stream; }
int ftrylockfile(FILE *stream) {
  (void)stream;
  return 0;
}
