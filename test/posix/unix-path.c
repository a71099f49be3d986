/* argument: directory */
/* AF_UNIX streams: names of every kind (rows 6.1 to 6.8, 6.11, 6.12, 6.14, 6.23, 6.24, 6.27). A fresh socket for each. */
#include "posix.h"

static const char *directory;
static int listener;

static struct sockaddr_un named(const char *name) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", directory, name);
  return address;
}

static const char *path(const char *name) {
  static struct sockaddr_un address;
  address = named(name);
  return address.sun_path;
}

static int local_socket(void) {
  return socket(AF_UNIX, SOCK_STREAM, 0);
}

static const char *connected(struct sockaddr_un address, int length) {
  int fd = local_socket();
  const char *result = outcome(connect(fd, (struct sockaddr *)&address, (socklen_t)length));
  close(fd);
  if (strcmp(result, "0") == 0) close(accept_from(listener));
  return result;
}

static void try_name(const char *row, const char *condition, const char *name) {
  report(row, condition, connected(named(name), sizeof(struct sockaddr_un)));
}

static void make_links(void) {
  char name[8], to[8];
  for (int i = 1; i <= 41; i++) {
    snprintf(name, sizeof name, "c%d", i);
    snprintf(to, sizeof to, "c%d", i - 1);
    symlink(i == 1 ? "live" : to, path(name));
  }
  char long_name[301];
  memset(long_name, 'a', 300);
  long_name[300] = '\0';
  symlink(long_name, path("long"));
  symlink("loop2", path("loop1"));
  symlink("loop1", path("loop2"));
  symlink("nowhere", path("dangling"));
}

static void names(void) {
  try_name("6.15", "live", "live");
  try_name("6.1", "absent", "absent");
  try_name("6.1", "absent directory", "absent/x");
  try_name("6.1", "dangling link", "dangling");
  try_name("6.2", "file as a directory", "file/x");
  try_name("6.2", "socket as a directory", "live/x");
  try_name("6.2", "socket with a slash", "live/");
  try_name("6.3", "link", "c1");
  try_name("6.3", "40 links in a row", "c40");
  try_name("6.3", "41 links in a row", "c41");
  try_name("6.3", "loop of links", "loop1");
  try_name("6.4", "link to a name too long", "long");
  try_name("6.11", "regular file", "file");
  try_name("6.11", "directory", "dir");
  try_name("6.11", "directory with a slash", "dir/");
}

static void nobody_holds_it(void) {
  struct sockaddr_un address = named("stale");
  struct stat status;
  int fd = local_socket();
  report("-", "bind", outcome(bind(fd, (struct sockaddr *)&address, sizeof address)));
  report("-", "bind makes the name", outcome(stat(address.sun_path, &status)));
  try_name("6.14", "bound, not listening", "stale");
  close(fd);
  report("6.12", "close leaves the name", outcome(stat(address.sun_path, &status)));
  try_name("6.12", "held by nobody", "stale");
  fd = local_socket();
  report("-", "bind to a name that is there", outcome(bind(fd, (struct sockaddr *)&address, sizeof address)));
  unlink(address.sun_path);
  report("-", "bind after unlink", outcome(bind(fd, (struct sockaddr *)&address, sizeof address)));
  struct sockaddr_un other = named("other");
  report("-", "bind again, other name", outcome(bind(fd, (struct sockaddr *)&other, sizeof other)));
  close(fd);
  unlink(address.sun_path);
  fd = local_socket();
  address = named("absent/x");
  report("-", "bind in an absent directory", outcome(bind(fd, (struct sockaddr *)&address, sizeof address)));
  close(fd);
}

static void lengths(void) {
  struct sockaddr_un live = named("live");
  int length = 2 + (int)strlen(live.sun_path);
  char storage[200];
  memset(storage, 0, sizeof storage);
  memcpy(storage, &live, sizeof live);
  report("6.6", "namelen 0", connected(live, 0));
  report("6.6", "namelen 1", connected(live, 1));
  report("6.6", "namelen 2", connected(live, 2));
  report("6.6", "namelen -1", connected(live, -1));
  int fd = local_socket();
  report("6.6", "namelen 128", outcome(connect(fd, (struct sockaddr *)storage, 128)));
  report("6.6", "namelen 200", outcome(connect(fd, (struct sockaddr *)storage, 200)));
  close(fd);
  report("6.7", "namelen without the NUL", connected(live, length));
  report("6.7", "namelen with the NUL", connected(live, length + 1));
  report("6.7", "namelen cuts the name", connected(live, length - 1));
  struct sockaddr_un longer = named("live-and-more");
  report("6.7", "namelen cuts a longer name to a live one", connected(longer, length));

  struct sockaddr_un whole;
  memset(&whole, 'b', sizeof whole);
  whole.sun_family = AF_UNIX;
  report("6.5", "sun_path full, no NUL", connected(whole, 110));
}

static void families(void) {
  struct sockaddr_un address = named("live");
  struct sockaddr_in other = loopback(9);
  int fd = local_socket();
  report("6.23", "family AF_INET", outcome(connect(fd, (struct sockaddr *)&other, sizeof other)));
  close(fd);
  address.sun_family = 47;
  report("6.23", "family 47", connected(address, sizeof address));
  fd = local_socket();
  report("6.24", "AF_UNSPEC", outcome(dissolve(fd)));
  close(fd);
}

static void abstract(void) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  report("6.8", "empty path, whole length", connected(address, sizeof address));
  /* Unique on this machine: the name of the directory follows the NUL. */
  snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "%s", directory);
  int length = 3 + (int)strlen(directory);
  report("6.27", "abstract, absent", connected(address, length));
  int fd = local_socket();
  report("6.27", "abstract: bind", outcome(bind(fd, (struct sockaddr *)&address, (socklen_t)length)));
  report("6.27", "abstract: listen", outcome(listen(fd, 1)));
  int client = local_socket();
  report("6.27", "abstract, exact length", outcome(connect(client, (struct sockaddr *)&address, (socklen_t)length)));
  close(client);
  close(accept_from(fd));
  report("6.27", "abstract, longer", connected(address, length + 1));
  close(fd);
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  directory = arguments[1];
  struct sockaddr_un address = named("live");
  listener = local_socket();
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) return 3;
  close(open(path("file"), O_CREAT | O_WRONLY, 0600));
  mkdir(path("dir"), 0700);
  make_links();
  names();
  nobody_holds_it();
  lengths();
  families();
  abstract();
  return 0;
}
