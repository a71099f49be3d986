/*
 * A prompt: what a line-buffered stdout holds is written out before a stream of a terminal, or one without a buffer, is read, as
 * glibc does it. The linker has wasi-libc's streams call this in the place of their reader (--wrap=__stdio_read).
 */
#include <stdio.h>
#include <stdio_ext.h>
#include <unistd.h>

size_t __real___stdio_read(FILE *, unsigned char *, size_t);

/* A stream of wasi-libc's is line-buffered until its first write has seen what it is of. */
static int is_line_buffered(FILE *stream) { return __flbf(stream) && isatty(fileno(stream)); }

size_t __wrap___stdio_read(FILE *stream, unsigned char *buffer, size_t length) {
  if (__fpending(stdout) > 0 && is_line_buffered(stdout) && (__fbufsize(stream) == 0 || isatty(fileno(stream))))
    fflush(stdout);
  return __real___stdio_read(stream, buffer, length);
}
