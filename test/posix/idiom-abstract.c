/*
 * Abstract AF_UNIX names (unix(7)), as D-Bus, X and test programs use them: every byte of the length counts, the names go
 * with their sockets, and a socket that binds with the family alone has a name made for it.
 */
#include "posix.h"
#include <stddef.h>

static const size_t HEAD = offsetof(struct sockaddr_un, sun_path);
/* Names are the machine's: what is drawn here keeps programs apart that run at the same time. */
static char drawn[16];

/* The name "\0hawser-DRAWN-text", which may hold NULs: its whole length. */
static socklen_t abstract_name(struct sockaddr_un *name, const char *text, size_t length) {
  char prefix[40];
  int before = snprintf(prefix, sizeof prefix, "hawser-%s-", drawn);
  memset(name, 0x55, sizeof *name);
  name->sun_family = AF_UNIX;
  name->sun_path[0] = '\0';
  memcpy(name->sun_path + 1, prefix, (size_t)before);
  memcpy(name->sun_path + 1 + before, text, length);
  return (socklen_t)(HEAD + 1 + (size_t)before + length);
}

static int stream(void) {
  return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int bind_abstract(int fd, const char *text, size_t length) {
  struct sockaddr_un name;
  socklen_t size = abstract_name(&name, text, length);
  return bind(fd, (struct sockaddr *)&name, size);
}

static const char *connected_to(const char *text, size_t length) {
  struct sockaddr_un name;
  int fd = stream();
  socklen_t size = abstract_name(&name, text, length);
  const char *result = outcome(connect(fd, (struct sockaddr *)&name, size));
  close(fd);
  return result;
}

/* Whether what getsockname() or getpeername() gives is the name, to the byte. */
static const char *is_named(int fd, int peer, const char *text, size_t length) {
  struct sockaddr_un wanted, name;
  socklen_t size = abstract_name(&wanted, text, length), given = sizeof name;
  memset(&name, 0, sizeof name);
  int result = peer ? getpeername(fd, (struct sockaddr *)&name, &given) : getsockname(fd, (struct sockaddr *)&name, &given);
  if (result != 0) return error_name(errno);
  if (given != size) return "another length";
  return memcmp(&name, &wanted, size) == 0 ? "the name" : "another name";
}

/* Connects and exchanges bytes with whoever listens: what came. */
static const char *exchanged(int listener, const char *text, size_t length) {
  struct sockaddr_un name;
  int fd = stream();
  socklen_t size = abstract_name(&name, text, length);
  if (connect(fd, (struct sockaddr *)&name, size) != 0) return error_name(errno);
  int server = accept_from(listener);
  send(fd, "hello", 5, 0);
  const char *heard = received_text(server);
  close(server);
  close(fd);
  return heard;
}

static void lengths(void) {
  int listener = stream(), other = stream();
  int result = bind_abstract(listener, "name", 4);
  report("6.27", "bind", outcome(result));
  if (result != 0) exit(0);
  report("6.27", "own name", is_named(listener, 0, "name", 4));
  listen(listener, 8);
  report("6.27", "connect", connected_to("name", 4));
  report("6.27", "connect, a byte less", connected_to("nam", 3));
  report("6.27", "connect, a byte more", connected_to("names", 5));
  report("6.27", "connect, a NUL more", connected_to("name\0", 5));
  report("6.27", "bind, the same", outcome(bind_abstract(other, "name", 4)));
  report("6.27", "bind, a NUL more", outcome(bind_abstract(other, "name\0", 5)));
  report("6.27", "own name, a NUL more", is_named(other, 0, "name\0", 5));
  listen(other, 8);
  report("6.27", "connect, a NUL more, now bound", connected_to("name\0", 5));
  report("6.27", "bind again", outcome(bind_abstract(other, "other", 5)));
  close(other);
  report("6.27", "closed: connect, a NUL more", connected_to("name\0", 5));
  close(listener);
  report("6.27", "closed: connect", connected_to("name", 4));
  listener = stream();
  report("6.27", "closed: bind anew", outcome(bind_abstract(listener, "name", 4)));
  close(listener);
}

static void bytes(void) {
  int listener = stream();
  static const char text[] = "a\0b\1/c";
  report("6.27", "any bytes: bind", outcome(bind_abstract(listener, text, 6)));
  listen(listener, 8);
  report("6.27", "any bytes: own name", is_named(listener, 0, text, 6));
  report("6.27", "any bytes: exchanged", exchanged(listener, text, 6));
  report("6.27", "any bytes: cut at the NUL", connected_to(text, 1));
  int fd = stream();
  struct sockaddr_un name;
  socklen_t size = abstract_name(&name, text, 6);
  connect(fd, (struct sockaddr *)&name, size);
  report("6.27", "any bytes: peer's name", is_named(fd, 1, text, 6));
  close(fd);
  close(listener);

  fd = stream();
  report("6.27", "not UTF-8: bind", outcome(bind_abstract(fd, "a\xff", 2)));
  close(fd);

  // The longest name fills sun_path; the whole structure is a name too, whatever is in it.
  listener = stream();
  size = abstract_name(&name, "", 0);
  memset(name.sun_path + size - HEAD, 'x', sizeof name.sun_path - (size - HEAD));
  report("6.27", "the longest: bind", outcome(bind(listener, (struct sockaddr *)&name, sizeof name)));
  listen(listener, 8);
  fd = stream();
  report("6.27", "the longest: connect", outcome(connect(fd, (struct sockaddr *)&name, sizeof name)));
  close(fd);
  fd = stream();
  report("6.27", "the longest, a byte less", outcome(connect(fd, (struct sockaddr *)&name, sizeof name - 1)));
  report("6.27", "one byte too long", outcome(connect(fd, (struct sockaddr *)&name, sizeof name + 1)));
  close(fd);
  close(listener);
}

/* A name that is short of room is cut, and its true length told. */
static void cut(void) {
  int fd = stream();
  struct sockaddr_un name;
  bind_abstract(fd, "name", 4);
  memset(&name, 0x55, sizeof name);
  socklen_t length = 4;
  struct sockaddr_un wanted;
  socklen_t whole = abstract_name(&wanted, "name", 4);
  report("-", "cut: getsockname", outcome(getsockname(fd, (struct sockaddr *)&name, &length)));
  report("-", "cut: the true length is told", yes_no(length == whole));
  report("-", "cut: nothing behind it is written", yes_no(name.sun_path[2] == 0x55));
  close(fd);
}

/* unix(7): five bytes of the system's choice behind the NUL. */
static void autobind(void) {
  int fd = stream(), other = stream();
  struct sockaddr_un name = {.sun_family = AF_UNIX}, second = {.sun_family = AF_UNIX};
  socklen_t length = sizeof name, second_length = sizeof second;
  report("-", "autobind: bind", outcome(bind(fd, (struct sockaddr *)&name, sizeof(sa_family_t))));
  getsockname(fd, (struct sockaddr *)&name, &length);
  report("-", "autobind: length", outcome((long)(length - HEAD)));
  report("-", "autobind: it is abstract", yes_no(name.sun_path[0] == '\0'));
  report("-", "autobind: five digits", yes_no(strspn(name.sun_path + 1, "0123456789abcdef") == 5));
  report("-", "autobind: listen", outcome(listen(fd, 4)));
  int client = stream();
  report("-", "autobind: connect", outcome(connect(client, (struct sockaddr *)&name, length)));
  report("-", "autobind: again", outcome(bind(fd, (struct sockaddr *)&name, sizeof(sa_family_t))));
  report("-", "autobind: another", outcome(bind(other, (struct sockaddr *)&second, sizeof(sa_family_t))));
  getsockname(other, (struct sockaddr *)&second, &second_length);
  report("-", "autobind: another has another name", yes_no(memcmp(&name, &second, length) != 0));
  close(client);
  close(other);
  close(fd);
}

int main(void) {
  struct timespec now;
  int anything;
  clock_gettime(CLOCK_REALTIME, &now);
  snprintf(drawn, sizeof drawn, "%lx", (unsigned long)now.tv_nsec ^ (unsigned long)(uintptr_t)&anything ^ (unsigned long)now.tv_sec << 8);
  lengths();
  bytes();
  cut();
  autobind();
  return 0;
}
