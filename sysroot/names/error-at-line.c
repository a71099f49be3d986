/* error_at_line(3) by its plain name, for who declares it without <error.h>. */
#include <stdarg.h>

void __hawser_say_error(int, int, const char *, unsigned, const char *, va_list);

void error_at_line(int status, int error, const char *file, unsigned line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  __hawser_say_error(status, error, file, line, format, arguments);
  va_end(arguments);
}
