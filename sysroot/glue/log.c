/* syslog(3). */
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

/* No syslogd is here: messages go where LOG_PERROR sends them. */
static const char *log_name = "hawser";
static int log_mask = 0xff;
void openlog(const char *name, int options, int facility) {
  (void)options;
  (void)facility;
  if (name != NULL) log_name = name;
}
void closelog(void) {}
int setlogmask(int mask) {
  int before = log_mask;
  if (mask != 0) log_mask = mask;
  return before;
}
void vsyslog(int priority, const char *format, va_list arguments) {
  if (!(log_mask & LOG_MASK(priority & LOG_PRIMASK))) return;
  fprintf(stderr, "%s: ", log_name);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}
void syslog(int priority, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsyslog(priority, format, arguments);
  va_end(arguments);
}
