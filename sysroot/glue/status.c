/*
 * stat and its kin: wasi-libc's, with what WASI does not tell. Owner and permissions are what Linux shows of a file system that
 * has none (mount(8), "Mount options for fat"): everything is its user's, and a umask of 022 has made it.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "posix.h"

int wasi_libc_stat(const char *restrict, struct stat *restrict) __asm__("stat");
int wasi_libc_lstat(const char *restrict, struct stat *restrict) __asm__("lstat");
int wasi_libc_fstat(int, struct stat *) __asm__("fstat");
int wasi_libc_fstatat(int, const char *restrict, struct stat *restrict, int) __asm__("fstatat");

/* Linux's, of most file systems. */
enum { BLOCK = 4096 };

static int complete(int result, struct stat *status) {
  if (result < 0) return result;
  /* What WASI has no type for is a pipe. */
  if ((status->st_mode & S_IFMT) == 0) status->st_mode |= S_IFIFO;
  switch (status->st_mode & S_IFMT) {
    case S_IFREG: status->st_mode |= 0644; break;
    case S_IFDIR: status->st_mode |= 0755; break;
    case S_IFLNK: status->st_mode |= 0777; break;
    case S_IFSOCK: status->st_mode |= 0755; break;
    default: status->st_mode |= 0600;
  }
  /* Programs take a buffer of this size: of none, they would read nothing. */
  status->st_blksize = BLOCK;
  if (S_ISREG(status->st_mode)) status->st_blocks = (status->st_size + BLOCK - 1) / BLOCK * (BLOCK / 512);
  status->st_uid = getuid();
  status->st_gid = getgid();
  return result;
}

int stat(const char *restrict path, struct stat *restrict status) {
  return complete(wasi_libc_stat(path, status), status);
}
int lstat(const char *restrict path, struct stat *restrict status) {
  return complete(wasi_libc_lstat(path, status), status);
}
int fstat(int fd, struct stat *status) { return complete(wasi_libc_fstat(fd, status), status); }
int fstatat(int directory, const char *restrict path, struct stat *restrict status, int flags) {
  return complete(wasi_libc_fstatat(directory, path, status, flags), status);
}
