/* Descriptors: dup, fcntl, ioctl, pipe, open. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

int posix_dup(int) POSIX(dup);
int posix_dup2(int, int) POSIX(dup2);
int posix_dup3(int, int, int) POSIX(dup3);
int posix_fcntl(int, int, int) POSIX(fcntl);
int posix_ioctl(int, int, void *) POSIX(ioctl);
int posix_pipe2(int *, int) POSIX(pipe2);

/* wasi-libc's own, under the names that it has beside the variadic ones. */
int __wasilibc_open_nomode(const char *, int);
int __wasilibc_openat_nomode(int, const char *, int);

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

int open(const char *path, int flags, ...) {
  int fd = __wasilibc_open_nomode(path, open_flags(flags));
  return fd >= 0 ? fd : open_terminal(path);
}

int openat(int directory, const char *path, int flags, ...) {
  int fd = __wasilibc_openat_nomode(directory, path, open_flags(flags));
  return fd >= 0 ? fd : open_terminal(path);
}

int creat(const char *path, mode_t mode) {
  (void)mode;
  return __wasilibc_open_nomode(path, O_WRONLY | O_CREAT | O_TRUNC);
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

static int random_name(char *suffix) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  unsigned char bytes[6];
  if (getentropy(bytes, sizeof bytes) != 0) return -1;
  for (int i = 0; i < 6; i++) suffix[i] = letters[bytes[i] % (sizeof letters - 1)];
  return 0;
}

static char *template_suffix(char *template) {
  size_t length = strlen(template);
  if (length < 6 || memcmp(template + length - 6, "XXXXXX", 6) != 0) {
    errno = EINVAL;
    return NULL;
  }
  return template + length - 6;
}

int mkostemp(char *template, int flags) {
  char *suffix = template_suffix(template);
  if (suffix == NULL) return -1;
  for (int tries = 0; tries < 100; tries++) {
    if (random_name(suffix) != 0) return -1;
    int fd = open(template, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

int mkstemp(char *template) {
  return mkostemp(template, 0);
}

/* As POSIX.1-2001 had it: a name that was free a moment ago, or an empty one. */
char *mktemp(char *template) {
  struct stat status;
  char *suffix = template_suffix(template);
  for (int tries = 0; suffix != NULL && tries < 100; tries++) {
    if (random_name(suffix) != 0) break;
    if (stat(template, &status) != 0 && errno == ENOENT) return template;
  }
  *template = '\0';
  return template;
}

FILE *tmpfile(void) {
  char name[] = "/tmp/tmpfile-XXXXXX";
  int fd = mkstemp(name);
  if (fd < 0) return NULL;
  unlink(name);
  FILE *stream = fdopen(fd, "w+");
  if (stream == NULL) close(fd);
  return stream;
}

char *mkdtemp(char *template) {
  char *suffix = template_suffix(template);
  if (suffix == NULL) return NULL;
  for (int tries = 0; tries < 100; tries++) {
    if (random_name(suffix) != 0) return NULL;
    if (mkdir(template, 0700) == 0) return template;
    if (errno != EEXIST) return NULL;
  }
  return NULL;
}

/* getentropy(3) gives at most 256 bytes. */
ssize_t getrandom(void *bytes, size_t length, unsigned flags) {
  if (flags & ~(GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE)) return refuse(EINVAL);
  for (size_t done = 0; done < length; done += 256)
    if (getentropy((char *)bytes + done, length - done < 256 ? length - done : 256) != 0) return -1;
  return (ssize_t)length;
}
