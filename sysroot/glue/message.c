/* <err.h>, <error.h>, and what is left of <setjmp.h> beside the compiler's own part. */
#include <err.h>
#include <error.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "posix.h"

void vwarn(const char *format, va_list arguments) {
  int error = errno;
  fprintf(stderr, "%s: ", getprogname());
  if (format != NULL) {
    vfprintf(stderr, format, arguments);
    fputs(": ", stderr);
  }
  fprintf(stderr, "%s\n", strerror(error));
}

void vwarnx(const char *format, va_list arguments) {
  fprintf(stderr, "%s: ", getprogname());
  if (format != NULL) vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}

_Noreturn void verr(int status, const char *format, va_list arguments) {
  vwarn(format, arguments);
  exit(status);
}

_Noreturn void verrx(int status, const char *format, va_list arguments) {
  vwarnx(format, arguments);
  exit(status);
}

void warn(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vwarn(format, arguments);
  va_end(arguments);
}

void warnx(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vwarnx(format, arguments);
  va_end(arguments);
}

_Noreturn void err(int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  verr(status, format, arguments);
}

_Noreturn void errx(int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  verrx(status, format, arguments);
}

void __hawser_save_mask(unsigned long *saved, void *mask, int wanted) {
  *saved = wanted != 0 && sigprocmask(SIG_BLOCK, NULL, mask) == 0;
}

void __hawser_restore_mask(const unsigned long *saved, const void *mask) {
  if (*saved) sigprocmask(SIG_SETMASK, mask, NULL);
}

/* ---- <error.h>, of GNU ---- */

unsigned error_message_count;
int error_one_per_line;
void (*error_print_progname)(void);

/* Both of them: `file` is NULL for the one that names none. The archive of names calls it too. */
void __hawser_say_error(int status, int error, const char *file, unsigned line, const char *format, va_list arguments) {
  static const char *last_file;
  static unsigned last_line;
  if (file != NULL) {
    if (error_one_per_line && last_file != NULL && line == last_line && strcmp(file, last_file) == 0) return;
    last_file = file;
    last_line = line;
  }
  fflush(stdout);
  if (error_print_progname != NULL) error_print_progname();
  else fprintf(stderr, file != NULL ? "%s:" : "%s: ", program_invocation_name);
  if (file != NULL) fprintf(stderr, "%s:%u: ", file, line);
  vfprintf(stderr, format, arguments);
  if (error != 0) fprintf(stderr, ": %s", strerror(error));
  fputc('\n', stderr);
  error_message_count++;
  if (status != 0) exit(status);
}

void error(int status, int error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  __hawser_say_error(status, error, NULL, 0, format, arguments);
  va_end(arguments);
}

void error_at_line(int status, int error, const char *file, unsigned line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  __hawser_say_error(status, error, file, line, format, arguments);
  va_end(arguments);
}
