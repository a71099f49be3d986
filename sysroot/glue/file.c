/* Files: what wasi-libc has no function for. Devices are not a guest's to make; owners and modes are mode.c's. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>
#include <unistd.h>
#include "posix.h"

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
int mkfifoat(int directory, const char *path, mode_t mode) {
  (void)directory;
  return mkfifo(path, mode);
}
int mknodat(int directory, const char *path, mode_t mode, dev_t device) {
  (void)directory;
  return mknod(path, mode, device);
}
int mknod(const char *path, mode_t mode, dev_t device) {
  (void)path;
  (void)mode;
  (void)device;
  return refuse(EPERM);
}
void sync(void) {}
/* The one file system that is known is that of the descriptor. */
int syncfs(int fd) { return fsync(fd); }

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
char *getwd(char *path) { return getcwd(path, PATH_MAX); }
char *canonicalize_file_name(const char *path) { return realpath(path, NULL); }

/* wasi-libc has no limit to a name; the caller's struct dirent has room for NAME_MAX bytes. */
int readdir_r(DIR *restrict directory, struct dirent *restrict entry, struct dirent **restrict result) {
  int before = errno;
  *result = NULL;
  errno = 0;
  struct dirent *found = readdir(directory);
  int error = errno;
  errno = before;
  if (found == NULL) return error;
  size_t length = strlen(found->d_name);
  if (length > NAME_MAX) return ENAMETOOLONG;
  memcpy(entry, found, offsetof(struct dirent, d_name) + length + 1);
  *result = entry;
  return 0;
}

static __thread int (*ftw_visit)(const char *, const struct stat *, int);
static int ftw_step(const char *path, const struct stat *status, int type, struct FTW *place) {
  (void)place;
  return ftw_visit(path, status, type == FTW_SLN ? FTW_NS : type == FTW_DP ? FTW_D : type);
}
int ftw(const char *path, int (*visit)(const char *, const struct stat *, int), int most) {
  ftw_visit = visit;
  return nftw(path, ftw_step, most, 0);
}

int statfs(const char *path, struct statfs *status) {
  (void)path;
  (void)status;
  return refuse(ENOSYS);
}
int fstatfs(int fd, struct statfs *status) {
  (void)fd;
  (void)status;
  return refuse(ENOSYS);
}

/* sendfile(2) through memory: there is no shorter way. */
ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
  char bytes[16384];
  size_t done = 0;
  while (done < count) {
    size_t wanted = count - done < sizeof bytes ? count - done : sizeof bytes;
    off_t at = offset != NULL ? *offset : lseek(in, 0, SEEK_CUR);
    if (at < 0) return done > 0 ? (ssize_t)done : errno == ESPIPE ? refuse(EINVAL) : -1;
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

/* The same of two files; where no offset is given, the file's own place moves. */
ssize_t copy_file_range(int in, off_t *in_at, int out, off_t *out_at, size_t count, unsigned flags) {
  char bytes[16384];
  size_t done = 0;
  if (flags != 0) return refuse(EINVAL);
  off_t from = in_at != NULL ? *in_at : lseek(in, 0, SEEK_CUR), to = out_at != NULL ? *out_at : lseek(out, 0, SEEK_CUR);
  if (from < 0 || to < 0) return errno == ESPIPE ? refuse(EINVAL) : -1;
  while (done < count) {
    ssize_t got = pread(in, bytes, count - done < sizeof bytes ? count - done : sizeof bytes, from);
    ssize_t put = got > 0 ? pwrite(out, bytes, (size_t)got, to) : got;
    if (put < 0 && done == 0) return -1;
    if (put <= 0) break;
    done += (size_t)put;
    from += put;
    to += put;
  }
  if (in_at != NULL) *in_at = from;
  else if (lseek(in, from, SEEK_SET) < 0) return -1;
  if (out_at != NULL) *out_at = to;
  else if (lseek(out, to, SEEK_SET) < 0) return -1;
  return (ssize_t)done;
}

/* Threads take turns, and none in the middle of a stream's function but where that waits. */
void flockfile(FILE *stream) { (void)stream; }
void funlockfile(FILE *stream) { (void)stream; }
int ftrylockfile(FILE *stream) {
  (void)stream;
  return 0;
}
