/* error(3) by its plain name, for who declares it without <error.h>. */
#include <stdarg.h>

void __hawser_say_error(int, int, const char *, unsigned, const char *, va_list);

void error(int status, int error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  __hawser_say_error(status, error, 0, 0, format, arguments);
  va_end(arguments);
}
