/* Descriptors: dup, fcntl, ioctl, pipe, open. */
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "netdevice.h"
#include "posix.h"

int posix_dup(int) POSIX(dup);
int posix_dup2(int, int) POSIX(dup2);
int posix_dup3(int, int, int) POSIX(dup3);
int posix_fcntl(int, int, int) POSIX(fcntl);
int posix_ioctl(int, int, void *) POSIX(ioctl);
int posix_pipe2(int *, int) POSIX(pipe2);

int wasi_libc_open(const char *, int, ...) __asm__("open");
int wasi_libc_openat(int, const char *, int, ...) __asm__("openat");

/* wasi-libc's numbers, which it and the core are asked with, where those of <fcntl.h> are others. */
enum { WASI_APPEND = 0x1, WASI_DSYNC = 0x2, WASI_RDONLY = 0x04000000, WASI_WRONLY = 0x10000000 };

/* Flags of open(2); O_CLOEXEC means nothing to the provider. */
static int open_flags(int flags) {
  int asked = flags & ~(O_ACCMODE | O_APPEND | O_DSYNC | O_CLOEXEC), mode = flags & O_ACCMODE;
  if (mode != O_WRONLY && (flags & (O_EXEC | O_SEARCH)) == 0) asked |= WASI_RDONLY;
  if (mode != O_RDONLY) asked |= WASI_WRONLY;
  return asked | (flags & O_APPEND ? WASI_APPEND : 0) | (flags & O_DSYNC ? WASI_DSYNC : 0);
}

/* Flags that F_GETFL gave. */
static int status_flags(int given) {
  int flags = given & ~(WASI_APPEND | WASI_DSYNC | WASI_RDONLY | WASI_WRONLY);
  if (given & WASI_WRONLY) flags |= given & WASI_RDONLY ? O_RDWR : O_WRONLY;
  return flags | (given & WASI_APPEND ? O_APPEND : 0) | (given & WASI_DSYNC ? O_DSYNC : 0);
}

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
  int result = answer(posix_fcntl(fd, command, command == F_SETFL ? open_flags(argument) : argument));
  return command == F_GETFL && result >= 0 ? status_flags(result) : result;
}

int ioctl(int fd, int request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void *argument = va_arg(arguments, void *);
  va_end(arguments);
  return answer(is_netdevice(request) ? __hawser_netdevice(fd, request, argument) : posix_ioctl(fd, request, argument));
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
  if ((flags & O_ACCMODE) == O_RDONLY || fstat(fd, &status) < 0 || !S_ISDIR(status.st_mode)) return fd;
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
  return wasi_libc_open(path, open_flags(O_WRONLY | O_CREAT | O_TRUNC));
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
