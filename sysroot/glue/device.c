/* Devices: which paths are the core's (assembly/device.ts), for all that opens or looks at a path. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "posix.h"

/* The core's descriptor of the directory that they are in. */
enum { DEVICES = -3 };

int __wasilibc_find_abspath(const char *, const char **, const char **);

static int is_device(const char *path) {
  static const char *const names[] = {"null", "zero", "full", "random", "urandom"};
  if (strncmp(path, "/dev/", 5) != 0) return 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(path + 5, names[i]) == 0) return 1;
  return 0;
}

/* The directory that an absolute path is in and, at `rest`, the path from there: the core's, unless a program was given a /dev. */
static int find_directory(const char *path, const char **directory, const char **rest) {
  int fd = __wasilibc_find_abspath(path, directory, rest);
  if (!is_device(path) || (fd >= 0 && strncmp(*directory, "dev", 3) == 0)) return fd;
  *directory = "dev";
  *rest = path + 5;
  return DEVICES;
}

/* wasi-libc asks this for each path that it is given, where it is linked, and takes the cwd into account only then. */
int __wasilibc_find_relpath_alloc(const char *path, const char **directory, char **relative, size_t *size, int can_grow) {
  char absolute[2 * PATH_MAX];
  const char *rest;
  if (path[0] == '\0') return refuse(ENOENT);
  if (path[0] != '/') {
    if (getcwd(absolute, PATH_MAX) == NULL) return -1;
    size_t length = strlen(absolute);
    while (path[0] == '.' && path[1] == '/') path += 2;
    if (strlen(path) >= PATH_MAX) return refuse(ENAMETOOLONG);
    if (strcmp(path, ".") != 0) {
      if (absolute[length - 1] != '/') absolute[length++] = '/';
      strcpy(absolute + length, path);
    }
    path = absolute;
  }
  int fd = find_directory(path, directory, &rest);
  if (fd == -1) return -1;
  size_t needed = strlen(rest) + 1;
  if (*size < needed) {
    if (!can_grow) return refuse(ERANGE);
    char *grown = realloc(*relative, needed);
    if (grown == NULL) return refuse(ENOMEM);
    *relative = grown;
    *size = needed;
  }
  memcpy(*relative, rest, needed);
  return fd;
}
