/* err.h's functions, names of signals, and what is left of <setjmp.h> beside the compiler's own part. */
#include <err.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>
#include "posix.h"

/* The last part of argv[0]. */
static const char *program(void) {
  static char *name;
  __wasi_size_t count, size;
  if (name != NULL) return name;
  if (__wasi_args_sizes_get(&count, &size) != 0 || count == 0) return "program";
  uint8_t **words = calloc(count, sizeof *words), *bytes = malloc(size);
  if (words == NULL || bytes == NULL || __wasi_args_get(words, bytes) != 0) {
    free(words);
    free(bytes);
    return "program";
  }
  char *slash = strrchr((char *)words[0], '/');
  name = slash != NULL ? slash + 1 : (char *)words[0];
  free(words);
  return name;
}

void vwarn(const char *format, va_list arguments) {
  int error = errno;
  fprintf(stderr, "%s: ", program());
  if (format != NULL) {
    vfprintf(stderr, format, arguments);
    fputs(": ", stderr);
  }
  fprintf(stderr, "%s\n", strerror(error));
}

void vwarnx(const char *format, va_list arguments) {
  fprintf(stderr, "%s: ", program());
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

char *strsignal(int signo) {
  static const char *const names[] = {
      "Unknown signal", "Hangup", "Interrupt", "Quit", "Illegal instruction", "Trace/breakpoint trap", "Aborted",
      "Bus error", "Arithmetic exception", "Killed", "User defined signal 1", "Segmentation fault",
      "User defined signal 2", "Broken pipe", "Alarm clock", "Terminated", "Stack fault", "Child process status",
      "Continued", "Stopped (signal)", "Stopped", "Stopped (tty input)", "Stopped (tty output)",
      "Urgent I/O condition", "CPU time limit exceeded", "File size limit exceeded", "Virtual timer expired",
      "Profiling timer expired", "Window changed", "I/O possible", "Power failure", "Bad system call",
  };
  return (char *)names[signo > 0 && signo < (int)(sizeof names / sizeof *names) ? signo : 0];
}

void psignal(int signo, const char *prefix) {
  if (prefix != NULL && *prefix != '\0') fprintf(stderr, "%s: ", prefix);
  fprintf(stderr, "%s\n", strsignal(signo));
}

void __hawser_save_mask(unsigned long *saved, void *mask, int wanted) {
  *saved = wanted != 0 && sigprocmask(SIG_BLOCK, NULL, mask) == 0;
}

void __hawser_restore_mask(const unsigned long *saved, const void *mask) {
  if (*saved) sigprocmask(SIG_SETMASK, mask, NULL);
}
