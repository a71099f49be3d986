/* realpath(), for which wasi-libc's needs more of a provider than each has, and what is said by access(). */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "posix.h"

/* Real and effective ids are the same. */
int euidaccess(const char *path, int mode) { return access(path, mode); }
int eaccess(const char *path, int mode) { return access(path, mode); }

enum { MOST_LINKS = 40 };

/* Puts a component behind what is resolved: 0 or an errno. */
static int append(char *out, const char *name, size_t length) {
  size_t end = strlen(out);
  if (length > NAME_MAX || end + length + 2 > PATH_MAX) return ENAMETOOLONG;
  if (end > 1) out[end++] = '/';
  memcpy(out + end, name, length);
  out[end + length] = '\0';
  return 0;
}
static void drop_last(char *out) {
  char *slash = strrchr(out, '/');
  slash[slash == out] = '\0';
}

/*
 * Resolves `whole`, of PATH_MAX bytes, behind `out`, which is absolute: 0 or an errno. What is no link is said in more than one way: the file
 * itself has the last word.
 */
static int resolve(char *out, char *whole) {
  char target[PATH_MAX], *rest = whole;
  struct stat status;
  /* Above a directory that the guest was given there are names alone. */
  int seen = lstat(out, &status) == 0;
  for (int links = 0; *rest != '\0';) {
    size_t length = strcspn(rest, "/");
    char *behind = rest + length + strspn(rest + length, "/");
    int is_up = length == 2 && memcmp(rest, "..", 2) == 0;
    if (is_up) {
      drop_last(out);
      seen = lstat(out, &status) == 0;
    }
    if (is_up || length == 0 || (length == 1 && *rest == '.')) {
      rest = behind;
      continue;
    }
    int error = append(out, rest, length);
    if (error) return error;
    if (lstat(out, &status) < 0) {
      if (seen || *behind == '\0') return errno;
      rest = behind;
      continue;
    }
    seen = 1;
    if (!S_ISLNK(status.st_mode)) {
      if (rest[length] == '/' && !S_ISDIR(status.st_mode)) return ENOTDIR;
      rest = behind;
      continue;
    }
    if (++links > MOST_LINKS) return ELOOP;
    ssize_t size = readlink(out, target, sizeof target - 1);
    if (size < 0) return errno;
    if ((size_t)size + 1 + strlen(behind) + 1 > sizeof target) return ENAMETOOLONG;
    if (rest[length] == '/') target[size++] = '/';
    strcpy(target + size, behind);
    rest = strcpy(whole, target);
    drop_last(out);
    if (*rest != '/') continue;
    strcpy(out, "/");
    seen = lstat(out, &status) == 0;
  }
  return 0;
}

char *realpath(const char *restrict path, char *restrict resolved) {
  char out[PATH_MAX] = "/", rest[PATH_MAX];
  int error = path == NULL ? EINVAL : *path == '\0' ? ENOENT : strlen(path) >= sizeof rest ? ENAMETOOLONG : 0;
  if (error == 0) {
    if (*path != '/' && getcwd(out, sizeof out) == NULL) return NULL;
    error = resolve(out, strcpy(rest, path));
  }
  if (error == 0) return resolved != NULL ? strcpy(resolved, out) : strdup(out);
  errno = error;
  return NULL;
}
