/*
 * syslog(3), as glibc does it: a message goes to /dev/log, over a datagram socket or a stream, where each ends with NUL; on
 * a connection that broke it is sent once more. Where no daemon listens it is lost, but for LOG_PERROR and LOG_CONS, for
 * which standard error is the terminal and the console.
 */
#include <errno.h>
#include <paths.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

static const char *log_name;
static int log_options, log_facility = LOG_USER, log_mask = 0xff;
static int log_fd = -1, log_type = SOCK_DGRAM;

static void hang_up(void) {
  if (log_fd >= 0) close(log_fd);
  log_fd = -1;
}

/* Connects with the kind of socket that was right last, else with the other: 0 or -1. */
static int reach(void) {
  static const struct sockaddr_un name = {AF_UNIX, _PATH_LOG};
  for (int tries = 0; log_fd < 0 && tries < 2; tries++) {
    log_fd = socket(AF_UNIX, log_type | SOCK_CLOEXEC, 0);
    if (log_fd >= 0 && connect(log_fd, (const struct sockaddr *)&name, sizeof name) == 0) break;
    hang_up();
    log_type = log_type == SOCK_DGRAM ? SOCK_STREAM : SOCK_DGRAM;
  }
  return log_fd < 0 ? -1 : 0;
}

/* The whole of it; a stream's with its NUL. */
static int send_whole(const char *text, size_t length) {
  if (reach() < 0) return -1;
  for (size_t done = 0, size = length + (log_type == SOCK_STREAM); done < size;) {
    ssize_t part = send(log_fd, text + done, size - done, MSG_NOSIGNAL);
    if (part < 0) return -1;
    done += (size_t)part;
  }
  return 0;
}

void openlog(const char *name, int options, int facility) {
  if (name != NULL) log_name = name;
  log_options = options;
  if ((facility & ~LOG_FACMASK) == 0) log_facility = facility;
  if (options & LOG_NDELAY) reach();
}
void closelog(void) {
  hang_up();
  log_name = NULL;
}
int setlogmask(int mask) {
  int before = log_mask;
  if (mask != 0) log_mask = mask;
  return before;
}

/* %m, which is the error's sentence, as text that vfprintf() takes for itself; NULL without memory. */
static char *expand(const char *format, int error) {
  const char *sentence = strerror(error);
  size_t most = strlen(format) * 2 * (strlen(sentence) + 1) + 1;
  char *made = malloc(most), *at = made;
  if (made == NULL) return NULL;
  for (; *format != '\0'; format++) {
    if (format[0] == '%' && format[1] == 'm') {
      format++;
      for (const char *from = sentence; *from != '\0'; from++) {
        if (*from == '%') *at++ = '%';
        *at++ = *from;
      }
      continue;
    }
    *at++ = *format;
    if (format[0] == '%' && format[1] != '\0') *at++ = *++format;
  }
  *at = '\0';
  return made;
}

static int ends_line(const char *text) { return *text != '\0' && text[strlen(text) - 1] == '\n'; }

void vsyslog(int priority, const char *format, va_list arguments) {
  int error = errno;
  if (!(log_mask & LOG_MASK(LOG_PRI(priority))) || (priority & ~(LOG_PRIMASK | LOG_FACMASK)) != 0) return;
  if ((priority & LOG_FACMASK) == 0) priority |= log_facility;
  char *expanded = expand(format, error), *text = NULL, *line = NULL, stamp[20], pid[16] = "";
  time_t now = time(NULL);
  struct tm parts;
  strftime(stamp, sizeof stamp, "%b %e %H:%M:%S", localtime_r(&now, &parts));
  if (log_options & LOG_PID) sprintf(pid, "[%d]", (int)getpid());
  const char *name = log_name != NULL ? log_name : getprogname();
  int length = -1;
  if (expanded != NULL && vasprintf(&text, expanded, arguments) >= 0)
    length = asprintf(&line, "<%d>%s %s%s: %s", priority, stamp, name, pid, text);
  if (length >= 0) {
    if (log_options & LOG_PERROR) fprintf(stderr, "%s%s: %s%s", name, pid, text, ends_line(text) ? "" : "\n");
    if (send_whole(line, (size_t)length) < 0) {
      hang_up();
      if (send_whole(line, (size_t)length) < 0) {
        hang_up();
        if ((log_options & (LOG_CONS | LOG_PERROR)) == LOG_CONS) fprintf(stderr, "%s%s: %s\n", name, pid, text);
      }
    }
  }
  free(expanded);
  free(text);
  free(line);
  errno = error;
}
void syslog(int priority, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsyslog(priority, format, arguments);
  va_end(arguments);
}
