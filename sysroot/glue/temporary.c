/* Names that nothing has yet: mkstemp() and its kin. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include "posix.h"

/* As many tries as it takes for a name that is free not to be bad luck. */
enum { LETTERS = 6, TRIES = 100 };

static int random_name(char *suffix) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  unsigned char bytes[LETTERS];
  if (getentropy(bytes, sizeof bytes) != 0) return -1;
  for (int i = 0; i < LETTERS; i++) suffix[i] = letters[bytes[i] % (sizeof letters - 1)];
  return 0;
}

/* Where the six X stand, `behind` bytes before the end. */
static char *template_suffix(char *template, int behind) {
  size_t length = strlen(template);
  if (behind < 0 || length < (size_t)behind + LETTERS ||
      memcmp(template + length - behind - LETTERS, "XXXXXX", LETTERS) != 0) {
    errno = EINVAL;
    return NULL;
  }
  return template + length - behind - LETTERS;
}

int mkostemps(char *template, int behind, int flags) {
  char *suffix = template_suffix(template, behind);
  if (suffix == NULL) return -1;
  for (int tries = 0; tries < TRIES; tries++) {
    if (random_name(suffix) != 0) return -1;
    int fd = open(template, (flags & ~O_ACCMODE) | O_RDWR | O_CREAT | O_EXCL);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}
int mkstemps(char *template, int behind) { return mkostemps(template, behind, 0); }
int mkostemp(char *template, int flags) { return mkostemps(template, 0, flags); }
int mkstemp(char *template) { return mkostemps(template, 0, 0); }

/* As POSIX.1-2001 had it: a name that was free a moment ago, or an empty one. */
char *mktemp(char *template) {
  struct stat status;
  char *suffix = template_suffix(template, 0);
  for (int tries = 0; suffix != NULL && tries < TRIES; tries++) {
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
  char *suffix = template_suffix(template, 0);
  if (suffix == NULL) return NULL;
  for (int tries = 0; tries < TRIES; tries++) {
    if (random_name(suffix) != 0) return NULL;
    if (mkdir(template, 0700) == 0) return template;
    if (errno != EEXIST) return NULL;
  }
  return NULL;
}

/* The names are free when they are told: mkstemp() is for who needs more than that. */
char *tmpnam(char *buffer) {
  static char own[L_tmpnam];
  char name[] = P_tmpdir "/fileXXXXXX";
  _Static_assert(sizeof name <= L_tmpnam, "tmpnam's names are too long");
  if (*mktemp(name) == '\0') return NULL;
  return strcpy(buffer != NULL ? buffer : own, name);
}
char *tempnam(const char *directory, const char *prefix) {
  struct stat status;
  const char *wanted = getenv("TMPDIR");
  if (wanted == NULL || stat(wanted, &status) != 0 || !S_ISDIR(status.st_mode)) wanted = directory;
  if (wanted == NULL || stat(wanted, &status) != 0 || !S_ISDIR(status.st_mode)) wanted = P_tmpdir;
  char *name;
  if (asprintf(&name, "%s/%.5sXXXXXX", wanted, prefix != NULL ? prefix : "file") < 0) return NULL;
  if (*mktemp(name) != '\0') return name;
  free(name);
  return NULL;
}
