/* The devices in /dev that every Unix has. */
#include "posix.h"

static char bytes[70000], more[70000];

static const char *kind_of(const struct stat *status) {
  return S_ISCHR(status->st_mode) ? "character device" : "something else";
}

/* How many of the bytes are no zeros. */
static int others(const char *these, size_t length) {
  int count = 0;
  for (size_t i = 0; i < length; i++) count += these[i] != 0;
  return count;
}

static void tell(const char *path, const char *condition, const char *result) {
  char both[100];
  snprintf(both, sizeof both, "%s: %s", path, condition);
  report("-", both, result);
}

static void all(const char *path) {
  struct stat status;
  int fd = open(path, O_RDWR);
  tell(path, "open", yes_no(fd >= 0));
  tell(path, "read 100", outcome((int)read(fd, bytes, 100)));
  tell(path, "write 100", outcome((int)write(fd, bytes, 100)));
  tell(path, "write nothing", outcome((int)write(fd, bytes, 0)));
  tell(path, "read nothing", outcome((int)read(fd, bytes, 0)));
  tell(path, "pread", outcome((int)pread(fd, bytes, 10, 5)));
  tell(path, "pwrite", outcome((int)pwrite(fd, bytes, 10, 5)));
  tell(path, "lseek", outcome((int)lseek(fd, 5, SEEK_SET)));
  tell(path, "lseek to the end", outcome((int)lseek(fd, 0, SEEK_END)));
  /* Whether /dev/random can be written is different from kernel to kernel. */
  short wanted = strcmp(path, "/dev/random") == 0 ? POLLIN : BOTH;
  struct pollfd polled = {.fd = fd, .events = wanted};
  tell(path, "poll", outcome(poll(&polled, 1, 0)));
  tell(path, "it gave all", yes_no(polled.revents == wanted));
  tell(path, "fstat", outcome(fstat(fd, &status)));
  tell(path, "it is", kind_of(&status));
  tell(path, "stat", outcome(stat(path, &status)));
  tell(path, "its size", outcome((int)status.st_size));
  tell(path, "lstat", outcome(lstat(path, &status)));
  tell(path, "isatty", yes_no(isatty(fd)));
  tell(path, "ftruncate", outcome(ftruncate(fd, 0)));
  tell(path, "fsync", outcome(fsync(fd)));
  tell(path, "F_GETFL is O_RDWR", yes_no((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR));
  tell(path, "O_NONBLOCK", outcome(fcntl(fd, F_SETFL, O_NONBLOCK)));
  tell(path, "it is there", yes_no(fcntl(fd, F_GETFL) & O_NONBLOCK));
  tell(path, "read after it is what it was", yes_no(read(fd, bytes, 1) == (strcmp(path, "/dev/null") != 0)));
  int copy = dup(fd);
  tell(path, "close", outcome(close(fd)));
  tell(path, "write to a copy of it", outcome((int)write(copy, bytes, 2)));
  close(copy);
  tell(path, "access to read and write", outcome(access(path, R_OK | W_OK)));
  tell(path, "readlink", outcome((int)readlink(path, bytes, 10)));
  tell(path, "mkdir", outcome(mkdir(path, 0700)));
  tell(path, "symlink", outcome(symlink("x", path)));
}

static void modes(void) {
  int fd = open("/dev/zero", O_RDONLY);
  report("-", "write of what is read only", outcome((int)write(fd, bytes, 1)));
  report("-", "F_GETFL is O_RDONLY", yes_no((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY));
  close(fd);
  fd = open("/dev/zero", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  report("-", "open to write, with O_CREAT and O_TRUNC", yes_no(fd >= 0));
  report("-", "read of what is written only", outcome((int)read(fd, bytes, 1)));
  report("-", "F_GETFL is O_WRONLY", yes_no((fcntl(fd, F_GETFL) & O_ACCMODE) == O_WRONLY));
  close(fd);
  report("-", "O_CREAT and O_EXCL", outcome(open("/dev/null", O_RDWR | O_CREAT | O_EXCL, 0600)));
  report("-", "O_DIRECTORY", outcome(open("/dev/null", O_RDONLY | O_DIRECTORY)));
  report("-", "one that there is not", outcome(open("/dev/hawser", O_RDONLY)));
  report("-", "stat of it", outcome(stat("/dev/hawser", &(struct stat){0})));
  report("-", "an empty path", outcome(open("", O_RDONLY)));
  fd = openat(AT_FDCWD, "/dev/null", O_RDONLY);
  report("-", "openat", yes_no(fd >= 0));
  close(fd);
}

/* Of 70000 bytes of chance, about 273 are zeros. */
static void chance(const char *path) {
  FILE *file = fopen(path, "rb");
  tell(path, "fopen", yes_no(file != NULL));
  tell(path, "fread", outcome((int)fread(bytes, 1, 32, file)));
  fclose(file);
  int fd = open(path, O_RDONLY);
  tell(path, "read 70000", outcome((int)read(fd, bytes, sizeof bytes)));
  tell(path, "read 70000 again", outcome((int)read(fd, more, sizeof more)));
  int count = others(bytes, sizeof bytes);
  tell(path, "they look like chance", yes_no(count > 69000 && count < 69990));
  tell(path, "the last of them too", yes_no(others(more + sizeof more - 100, 100) > 80));
  tell(path, "and differ", yes_no(memcmp(bytes, more, sizeof bytes) != 0));
  memset(bytes, 0, sizeof bytes);
  struct iovec parts[] = {{bytes, 100}, {bytes + 200, 0}, {bytes + 300, 100}};
  tell(path, "readv", outcome((int)readv(fd, parts, 3)));
  tell(path, "into the first", yes_no(others(bytes, 100) > 80));
  tell(path, "between", outcome(others(bytes + 100, 200)));
  tell(path, "into the last", yes_no(others(bytes + 300, 100) > 80));
  tell(path, "behind", outcome(others(bytes + 400, 100)));
  tell(path, "a bad pointer", outcome((int)read(fd, (void *)(intptr_t)-4096, 10)));
  close(fd);
}

int main(void) {
  static const char *const paths[] = {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"};
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) all(paths[i]);
  modes();
  chance("/dev/random");
  chance("/dev/urandom");
  memset(bytes, 1, sizeof bytes);
  int fd = open("/dev/zero", O_RDONLY);
  report("-", "read 70000 of /dev/zero", outcome((int)read(fd, bytes, sizeof bytes)));
  report("-", "that are no zeros", outcome(others(bytes, sizeof bytes)));
  report("-", "a bad pointer for zeros", outcome((int)read(fd, (void *)(intptr_t)-4096, 10)));
  close(fd);
  FILE *file = fopen("/dev/full", "w");
  report("-", "fputs to /dev/full", yes_no(fputs("x", file) >= 0));
  report("-", "fflush", outcome(fflush(file)));
  fclose(file);
  report("-", "chdir to a device", outcome(chdir("/dev/null")));
  return 0;
}
