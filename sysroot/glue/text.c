/* Texts: what GNU and the BSDs add to <string.h> and <stdlib.h>. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "posix.h"

/* GNU's basename(): what stands behind the last slash, which may be nothing. */
char *gnu_basename(const char *path) __asm__("__hawser_gnu_basename");
char *gnu_basename(const char *path) {
  const char *slash = strrchr(path, '/');
  return (char *)(slash != NULL ? slash + 1 : path);
}
void *rawmemchr(const void *text, int byte) { return memchr(text, byte, (size_t)-1 / 2); }

/* No program runs with more rights than who started it. */
char *secure_getenv(const char *name) { return getenv(name); }

/* OpenBSD's: `*error` is NULL, or what is wrong with the text. */
long long strtonum(const char *text, long long least, long long most, const char **error) {
  int before = errno, number;
  char *end;
  const char *wrong = NULL;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  number = errno;
  if (least > most || end == text || *end != '\0') {
    wrong = "invalid";
    number = EINVAL;
  } else if ((value < least && number != ERANGE) || (number == ERANGE && value < 0)) {
    wrong = "too small";
    number = ERANGE;
  } else if (value > most || number == ERANGE) {
    wrong = "too large";
    number = ERANGE;
  }
  errno = wrong != NULL ? number : before;
  if (error != NULL) *error = wrong;
  return wrong != NULL ? 0 : value;
}
