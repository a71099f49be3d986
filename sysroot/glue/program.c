/* The program's own name: argv[0] and its last part, which programs read without having been given it. */
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>
#include "posix.h"

/* libc's variables, where it has them: the two of GNU are other names for these. */
extern char *__progname __attribute__((weak)), *__progname_full __attribute__((weak));

static char unknown[] = "", *own_name = unknown;
static char **short_name(void) { return &__progname != NULL ? &__progname : &own_name; }

/* Ahead of the program's own constructors. */
__attribute__((constructor(101))) static void learn_name(void) {
  __wasi_size_t count, size;
  char *whole = unknown;
  if (__wasi_args_sizes_get(&count, &size) != 0) return;
  uint8_t **words = calloc(count + 1, sizeof *words), *bytes = malloc(size + 1);
  if (words != NULL && bytes != NULL && count > 0 && __wasi_args_get(words, bytes) == 0) {
    whole = strdup((char *)words[0]);
    if (whole == NULL) whole = unknown;
  }
  free(words);
  free(bytes);
  if (&__progname_full != NULL) __progname_full = whole;
  setprogname(whole);
}

const char *getprogname(void) { return *short_name(); }
void setprogname(const char *name) {
  const char *slash = strrchr(name, '/');
  *short_name() = (char *)(slash != NULL ? slash + 1 : name);
}
