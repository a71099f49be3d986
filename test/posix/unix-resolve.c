/* argument: directory */
/* needs: files */
/* AF_UNIX streams: how a path is resolved in the file system (rows 6.1 to 6.5, 6.7, 6.11, 6.12), relative ones too. */
#include "posix.h"

static const char *directory;
static int listener;

static struct sockaddr_un relative(const char *name) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
  return address;
}

static struct sockaddr_un named(const char *name) {
  char text[108];
  snprintf(text, sizeof text, "%s/%s", directory, name);
  return relative(text);
}

static const char *path(const char *name) {
  static struct sockaddr_un address;
  address = named(name);
  return address.sun_path;
}

static int local_socket(void) {
  return socket(AF_UNIX, SOCK_STREAM, 0);
}

static const char *own_path(int fd) {
  static struct sockaddr_un address;
  socklen_t length = sizeof address;
  memset(&address, 0, sizeof address);
  if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return error_name(errno);
  return address.sun_path;
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

static void try_relative(const char *row, const char *condition, const char *name) {
  report(row, condition, connected(relative(name), sizeof(struct sockaddr_un)));
}

static int bind_to_name(int fd, struct sockaddr_un address) {
  return bind(fd, (struct sockaddr *)&address, sizeof address);
}

static void make_links(void) {
  char long_name[301], dots[4082];
  memset(long_name, 'a', 300);
  long_name[300] = '\0';
  symlink(long_name, path("long"));
  for (int i = 0; i < 4076; i += 2) memcpy(dots + i, "./", 2);
  strcpy(dots + 4076, "live");
  symlink(dots, path("dots"));
  symlink("loop2", path("loop1"));
  symlink("loop1", path("loop2"));
  symlink("nowhere", path("dangling"));
  symlink("live", path("link"));
  symlink("file", path("to-file"));
  symlink("dir", path("to-dir"));
}

static void names(void) {
  char fifo[108];
  snprintf(fifo, sizeof fifo, "%s/fifo", getenv("HAWSER_PEER_FILES"));
  try_name("6.1", "absent with a slash", "absent/");
  try_name("6.1", "absent in a directory", "dir/absent");
  try_name("6.1", "absent directory and back", "absent/../live");
  try_name("6.2", "file as a directory, and back", "file/../live");
  try_name("6.2", "link to a file as a directory", "to-file/x");
  try_name("6.2", "link to a file with a slash", "to-file/");
  try_name("6.2", "link to a socket with a slash", "link/");
  try_name("6.15", "through a directory and back", "dir/../live");
  try_name("6.15", "dots and slashes", ".//./dir//..//live");
  try_name("6.3", "link to a directory, and back", "to-dir/../live");
  try_name("6.3", "loop of links as a directory", "loop1/x");
  try_name("6.4", "name too long as a directory", "long/x");
  try_name("6.4", "link of 4080 bytes", "dots");
  try_name("6.11", "directory through a link", "to-dir");
  try_relative("6.11", "fifo", fifo);
  struct sockaddr_un whole = relative("");
  memset(whole.sun_path, 'b', sizeof whole.sun_path);
  whole.sun_path[0] = '/';
  report("6.5", "sun_path full, no NUL", connected(whole, 110));
  whole.sun_path[107] = '\0';
  report("6.5", "sun_path full", connected(whole, 110));
}

static void bound_names(void) {
  struct stat status;
  int fd = local_socket();
  report("-", "bind to an absent name with a slash", outcome(bind_to_name(fd, named("absent/"))));
  report("-", "bind to a name that is there, with a slash", outcome(bind_to_name(fd, named("live/"))));
  report("-", "bind to a dangling link", outcome(bind_to_name(fd, named("dangling"))));
  report("-", "bind below a file", outcome(bind_to_name(fd, named("file/x"))));
  report("-", "bind below a loop of links", outcome(bind_to_name(fd, named("loop1/x"))));
  report("-", "bind to a dot", outcome(bind_to_name(fd, named("dir/."))));
  report("-", "bind through a link", outcome(bind_to_name(fd, named("to-dir/linked"))));
  report("-", "bind through a link makes the name", outcome(stat(path("dir/linked"), &status)));
  report("-", "own name is the name that was given", yes_no(strcmp(own_path(fd), path("to-dir/linked")) == 0));
  close(fd);
  unlink(path("dir/linked"));
}

/* A name is gone when unlink() says so, however soon after close(). */
static void unlinked(void) {
  struct stat status;
  int stays = 0;
  for (int i = 0; i < 50; i++) {
    int fd = local_socket();
    if (bind_to_name(fd, named("short")) != 0) report("-", "bind after close and unlink", error_name(errno));
    close(fd);
    if (unlink(path("short")) != 0) report("-", "unlink after close", error_name(errno));
    stays += stat(path("short"), &status) == 0;
  }
  report("-", "close, then unlink: the name stays", outcome(stays));
}

/* Relative to the current directory, which is not the one that the program began in. */
static void relative_names(void) {
  struct stat status;
  report("-", "chdir", outcome(chdir(directory)));
  try_relative("6.15", "relative", "live");
  try_relative("6.15", "relative, with a dot", "./live");
  try_relative("6.3", "relative, link", "link");
  report("6.7", "relative, cut by namelen", connected(relative("live-and-more"), 6));
  report("6.7", "relative, cut to one byte", connected(relative("live"), 3));
  try_relative("6.1", "relative, absent", "absent");
  try_relative("6.2", "relative, file as a directory", "file/x");
  int fd = local_socket();
  report("-", "relative: bind", outcome(bind_to_name(fd, relative("bound"))));
  report("-", "relative: own name", own_path(fd)[0] == 0 ? "no name" : own_path(fd));
  report("-", "relative: bind makes the name", outcome(stat(path("bound"), &status)));
  close(fd);
  report("-", "relative: unlink", outcome(unlink("bound")));
  report("-", "chdir into a directory", outcome(chdir("dir")));
  try_relative("6.15", "relative, up from a directory", "../live");
  try_relative("6.1", "relative, absent in a directory", "live");
}

static void long_name(void) {
  char name[96];
  struct stat status;
  memset(name, 'n', sizeof name);
  name[95] = '\0';
  struct sockaddr_un address = relative(name);
  int fd = local_socket(), client = local_socket();
  report("-", "95 bytes: bind", outcome(bind_to_name(fd, address)));
  report("-", "95 bytes: bind another", outcome(bind_to_name(client, address)));
  report("-", "95 bytes: listen", outcome(listen(fd, 1)));
  report("6.15", "95 bytes: connect", outcome(connect(client, (struct sockaddr *)&address, sizeof address)));
  close(client);
  close(accept_from(fd));
  close(fd);
  report("-", "95 bytes: it stays", outcome(stat(name, &status)));
  report("6.12", "95 bytes: held by nobody", connected(address, sizeof address));
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  directory = arguments[1];
  listener = local_socket();
  if (bind_to_name(listener, named("live")) != 0 || listen(listener, 16) != 0) return 3;
  close(open(path("file"), O_CREAT | O_WRONLY, 0600));
  mkdir(path("dir"), 0700);
  make_links();
  names();
  bound_names();
  unlinked();
  relative_names();
  long_name();
  return 0;
}
