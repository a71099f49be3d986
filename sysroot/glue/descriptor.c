/* Descriptors: dup, fcntl, ioctl, pipe, open. */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "posix.h"

int posix_dup(int) POSIX(dup);
int posix_dup2(int, int) POSIX(dup2);
int posix_dup3(int, int, int) POSIX(dup3);
int posix_fcntl(int, int, int) POSIX(fcntl);
int posix_ioctl(int, int, void *) POSIX(ioctl);
int posix_pipe2(int *, int) POSIX(pipe2);

int wasi_libc_open(const char *, int, ...) __asm__("open");
int wasi_libc_openat(int, const char *, int, ...) __asm__("openat");

int dup(int fd) {
  return answer(posix_dup(fd));
}

int dup2(int fd, int to) {
  return answer(posix_dup2(fd, to));
}

int dup3(int fd, int to, int flags) {
  return answer(posix_dup3(fd, to, flags));
}

int pipe2(int pair[2], int flags) {
  return answer(posix_pipe2(pair, flags));
}

int pipe(int pair[2]) {
  return answer(posix_pipe2(pair, 0));
}

/* Record locks are between processes, of which there is one: none is ever in the way. */
static int record_lock(int fd, int command, struct flock *lock) {
  if (posix_fcntl(fd, F_GETFD, 0) < 0) return refuse(EBADF);
  if (lock->l_type != F_RDLCK && lock->l_type != F_WRLCK && lock->l_type != F_UNLCK) return refuse(EINVAL);
  if (command == F_GETLK) lock->l_type = F_UNLCK;
  return 0;
}

int fcntl(int fd, int command, ...) {
  va_list arguments;
  va_start(arguments, command);
  int argument = va_arg(arguments, int);
  va_end(arguments);
  if (command == F_GETLK || command == F_SETLK || command == F_SETLKW)
    return record_lock(fd, command, (struct flock *)argument);
  return answer(posix_fcntl(fd, command, argument));
}

int ioctl(int fd, int request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return answer(posix_ioctl(fd, request, argument));
}

/* O_CLOEXEC means nothing to the provider; no access mode at all is O_RDONLY, whose number elsewhere is 0. */
static int open_flags(int flags) {
  flags &= ~O_CLOEXEC;
  return (flags & O_ACCMODE) == 0 ? flags | O_RDONLY : flags;
}

/* The process's terminal by its name, where no file is: the descriptor shares what 0, 1 or 2 has open. ENXIO without one. */
static int open_terminal(const char *path) {
  if (strcmp(path, "/dev/tty") != 0) return -1;
  for (int fd = 0; fd < 3; fd++)
    if (isatty(fd)) return dup(fd);
  return refuse(ENXIO);
}

/* Not every provider refuses to open a directory for writing. */
static int opened(int fd, const char *path, int flags) {
  struct stat status;
  if (fd < 0) return open_terminal(path);
  if ((flags & O_WRONLY) == 0 || fstat(fd, &status) < 0 || !S_ISDIR(status.st_mode)) return fd;
  close(fd);
  return refuse(EISDIR);
}

int open(const char *path, int flags, ...) { return opened(wasi_libc_open(path, open_flags(flags)), path, flags); }

int openat(int directory, const char *path, int flags, ...) {
  struct stat status;
  if (path[0] == '\0') return refuse(ENOENT);
  int fd = wasi_libc_openat(directory, path, open_flags(flags));
  if (fd < 0 && errno == ENOTCAPABLE && fstat(directory, &status) == 0 && !S_ISDIR(status.st_mode)) return refuse(ENOTDIR);
  return opened(fd, path, flags);
}

/* Closes what is open of these, or marks it (CLOSE_RANGE_CLOEXEC); nothing is shared with another process. */
int close_range(unsigned first, unsigned last, int flags) {
  unsigned end = (unsigned)getdtablesize();
  if (first > last || (flags & ~(CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE)) != 0) return refuse(EINVAL);
  for (unsigned fd = first; fd <= last && fd < end; fd++) {
    if (posix_fcntl((int)fd, F_GETFD, 0) < 0) continue;
    if (flags & CLOSE_RANGE_CLOEXEC) posix_fcntl((int)fd, F_SETFD, FD_CLOEXEC);
    else close((int)fd);
  }
  return 0;
}
void closefrom(int first) { close_range(first < 0 ? 0 : (unsigned)first, ~0u, 0); }

int creat(const char *path, mode_t mode) {
  (void)mode;
  return wasi_libc_open(path, O_WRONLY | O_CREAT | O_TRUNC);
}

int lockf(int fd, int command, off_t size) {
  (void)command;
  (void)size;
  return posix_fcntl(fd, F_GETFD, 0) < 0 ? refuse(EBADF) : 0;
}

int flock(int fd, int operation) {
  if ((operation & ~LOCK_NB) < LOCK_SH || (operation & ~LOCK_NB) > LOCK_UN) return refuse(EINVAL);
  return posix_fcntl(fd, F_GETFD, 0) < 0 ? refuse(EBADF) : 0;
}

/* getentropy(3) gives at most 256 bytes. */
ssize_t getrandom(void *bytes, size_t length, unsigned flags) {
  if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) return refuse(EINVAL);
  for (size_t done = 0; done < length; done += 256)
    if (getentropy((char *)bytes + done, length - done < 256 ? length - done : 256) != 0) return -1;
  return (ssize_t)length;
}
