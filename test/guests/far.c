/* What the system reads and writes where a program's memory is more than 2 GB: far.wasm DIRECTORY */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include <wasi/api.h>

static const char *say(int failed) { return failed ? strerror(errno) : "ok"; }

int main(int argc, char **argv) {
  const size_t size = 1100000000u;
  char *first = malloc(size), *block = malloc(size);
  if (first == NULL || block == NULL) return puts("no memory"), 1;
  char *far = (first > block ? first : block) + size - 65536;
  printf("beyond 2 GB: %s\n", (uintptr_t)far > INT32_MAX ? "yes" : "no");

  __wasi_timestamp_t *now = (__wasi_timestamp_t *)far;
  printf("clock: %s\n", __wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 0, now) == 0 && *now > 0 ? "ok" : "bad");
  printf("chance: %s\n", say(getentropy(far, 64)));

  snprintf(far, 4096, "%s/far.txt", argv[1]);
  int fd = open(far, O_RDWR | O_CREAT | O_TRUNC, 0644);
  printf("open: %s\n", say(fd < 0));
  struct iovec *piece = (struct iovec *)(far + 4096);
  *piece = (struct iovec){strcpy(far + 8192, "from afar"), 9};
  printf("write: %s\n", say(writev(fd, piece, 1) != 9));
  *piece = (struct iovec){far + 12288, 9};
  printf("read: %s\n", say(preadv(fd, piece, 1, 0) != 9));
  printf("content: %.9s\n", far + 12288);
  struct stat *status = (struct stat *)(far + 16384);
  printf("stat: %s\n", say(stat(far, status) != 0));
  printf("size: %ld\n", (long)status->st_size);
  size_t used = 0;
  DIR *directory = opendir(argv[1]);
  printf("directory: %d\n", __wasi_fd_readdir(dirfd(directory), (uint8_t *)far + 20480, 4096, 0, &used));
  printf("used: %s\n", used > 0 ? "some" : "none");
  printf("unlink: %s\n", say(unlink(far) != 0));

  /* Nothing is there. */
  printf("outside: %d\n", __wasi_random_get((uint8_t *)0xfffffff0u, 8) == __WASI_ERRNO_FAULT);
  return 0;
}
