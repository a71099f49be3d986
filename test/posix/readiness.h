/*
 * The readiness programs' one verb: a line that says what poll, ppoll, select, pselect and FIONREAD tell of a descriptor,
 * for each of the events that a program may ask for. Owns no scenario.
 */
#ifndef HAWSER_TEST_READINESS_H
#define HAWSER_TEST_READINESS_H

#include "posix.h"

/* Everything that a program may ask poll() for. */
enum { EVERY = POLLIN | POLLOUT | POLLRDHUP | POLLPRI };

static inline const char *ppolled(int fd, int events) {
  struct pollfd entry = {.fd = fd, .events = (short)events};
  struct timespec now = {0, 0};
  int count = ppoll(&entry, 1, &now, NULL);
  if (count < 0) return error_name(errno);
  if (count != (entry.revents != 0)) return "a wrong count";
  return revents_names(entry.revents);
}

/* What pselect() says now of one set at a time: r, w, x. */
static inline const char *pselected(int fd) {
  char *text = remembered();
  for (int which = 0; which < 3; which++) {
    struct timespec now = {0, 0};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(fd, &set);
    int count = pselect(fd + 1, which == 0 ? &set : NULL, which == 1 ? &set : NULL, which == 2 ? &set : NULL, &now, NULL);
    if (count < 0) return error_name(errno);
    if (count != !!FD_ISSET(fd, &set)) return "a wrong count";
    if (count == 1) append(text, which == 0 ? "r" : which == 1 ? "w" : "x");
  }
  return text[0] == '\0' ? "none" : text;
}

/* How many bytes FIONREAD tells, or its errno. */
static inline const char *unread(int fd) {
  int bytes = -1;
  if (ioctl(fd, FIONREAD, &bytes) != 0) return error_name(errno);
  return outcome(bytes);
}

/*
 * A line: everything that poll() can tell, r, w, x of select(), and FIONREAD. It says so where poll() for less does not
 * tell that less, or ppoll() or pselect() does not tell the same.
 */
static inline void report_readiness(const char *row, const char *condition, int fd) {
  static const int asked[] = {0, POLLIN, POLLOUT, POLLRDHUP, POLLPRI, EVERY};
  struct pollfd entry = {.fd = fd, .events = EVERY};
  char wrong[200] = "";
  if (fd < 0) {
    report(row, condition, error_name(errno));
    return;
  }
  poll(&entry, 1, 0);
  for (unsigned i = 0; i < sizeof asked / sizeof asked[0]; i++) {
    const char *wanted = revents_names(entry.revents & (asked[i] | POLLERR | POLLHUP | POLLNVAL));
    if (strcmp(polled(fd, asked[i]), wanted) != 0)
      snprintf(wrong, sizeof wrong, "; poll for %x: %s", (unsigned)asked[i], polled(fd, asked[i]));
    if (strcmp(ppolled(fd, asked[i]), wanted) != 0)
      snprintf(wrong, sizeof wrong, "; ppoll for %x: %s", (unsigned)asked[i], ppolled(fd, asked[i]));
  }
  const char *selection = selected(fd);
  if (strcmp(selection, pselected(fd)) != 0) snprintf(wrong, sizeof wrong, "; pselect: %s", pselected(fd));
  reportf(row, condition, "%s; select %s; unread %s%s", revents_names(entry.revents), selection, unread(fd), wrong);
}

#endif
