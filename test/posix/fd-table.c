/* The descriptor table: lowest number first, dup and its kin, flags of the descriptor and of the description. */
#include "posix.h"
#include <sys/resource.h>

/* Numbers are told from the first one that was free. */
static int first;

static const char *number(int fd) {
  return fd < 0 ? error_name(errno) : outcome(fd - first);
}

static void lowest(void) {
  int ends[2];
  int a = tcp_socket();
  int b = udp_socket();
  first = a;
  report("-", "second socket", number(b));
  int c = dup(a);
  report("-", "dup", number(c));
  close(b);
  report("-", "a closed number is taken again", number(b = tcp_socket()));
  close(a);
  report("-", "dup takes the lowest", number(a = dup(c)));
  report("-", "pipe", outcome(pipe(ends)));
  report("-", "pipe, read end", number(ends[0]));
  report("-", "pipe, write end", number(ends[1]));
  close(a);
  close(b);
  close(c);
  close(ends[0]);
  close(ends[1]);
}

static void exact(void) {
  int fd = tcp_socket();
  report("-", "dup2 to a number above", number(dup2(fd, first + 20)));
  report("-", "dup2 on itself", number(dup2(fd, fd)));
  report("-", "dup2 of a closed descriptor", number(dup2(first + 30, first + 31)));
  report("-", "dup2 of a closed descriptor on itself", number(dup2(first + 30, first + 30)));
  report("-", "dup2 to -1", number(dup2(fd, -1)));
  report("-", "dup2 to a number out of bounds", number(dup2(fd, 1 << 30)));
  report("-", "dup3 on itself", number(dup3(fd, fd, 0)));
  report("-", "dup of -1", number(dup(-1)));
  report("-", "F_DUPFD from 40", number(fcntl(fd, F_DUPFD, first + 40)));
  report("-", "F_DUPFD from 40 again", number(fcntl(fd, F_DUPFD, first + 40)));
  report("-", "F_DUPFD from -1", number(fcntl(fd, F_DUPFD, -1)));
  report("-", "F_DUPFD out of bounds", number(fcntl(fd, F_DUPFD, 1 << 30)));
  report("-", "F_DUPFD of a closed descriptor", number(fcntl(first + 30, F_DUPFD, 0)));
  report("-", "fcntl with an unknown command", outcome(fcntl(fd, 9999)));
  report("-", "close of a duplicate", outcome(close(first + 20)));
  report("-", "close of it again", outcome(close(first + 20)));
  report("-", "close of -1", outcome(close(-1)));
  close(first + 40);
  close(first + 41);
  close(fd);
}

static const char *closes_on_exec(int fd) {
  int flags = fcntl(fd, F_GETFD);
  return flags < 0 ? error_name(errno) : yes_no(flags & FD_CLOEXEC);
}

static void descriptor_flags(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  report("-", "SOCK_CLOEXEC", closes_on_exec(fd));
  int copy = dup(fd);
  report("-", "FD_CLOEXEC of its duplicate", closes_on_exec(copy));
  report("-", "F_SETFD on the duplicate", outcome(fcntl(copy, F_SETFD, FD_CLOEXEC)));
  report("-", "F_SETFD off the first", outcome(fcntl(fd, F_SETFD, 0)));
  report("-", "FD_CLOEXEC of the first", closes_on_exec(fd));
  report("-", "FD_CLOEXEC of the duplicate", closes_on_exec(copy));
  close(copy);
  copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  report("-", "F_DUPFD_CLOEXEC", closes_on_exec(copy));
  close(copy);
  report("-", "F_GETFD of a closed descriptor", closes_on_exec(copy));
  close(fd);
}

static const char *is_nonblocking(int fd) {
  int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? error_name(errno) : yes_no(flags & O_NONBLOCK);
}

/* Programs pass the access modes as literals, and count with them. */
static void access_modes(void) {
  int fd = tcp_socket();
  reportf("-", "O_RDONLY, O_WRONLY, O_RDWR, O_ACCMODE", "%d, %d, %d, %d", O_RDONLY, O_WRONLY, O_RDWR, O_ACCMODE);
  report("-", "F_SETFL of O_APPEND", outcome(fcntl(fd, F_SETFL, O_RDWR | O_APPEND)));
  report("-", "F_GETFL has O_APPEND", yes_no((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == (O_RDWR | O_APPEND)));
  report("-", "F_SETFL changes no access mode", outcome(fcntl(fd, F_SETFL, O_WRONLY | O_NONBLOCK)));
  report("-", "F_GETFL then", yes_no((fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK)) == (O_RDWR | O_NONBLOCK)));
  close(fd);
}

static void status_flags(void) {
  int fd = tcp_socket();
  int copy = dup(fd);
  int on = 1;
  report("-", "O_NONBLOCK of a fresh socket", is_nonblocking(fd));
  report("-", "access mode is O_RDWR", yes_no((fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR));
  set_nonblocking(fd, 1);
  report("-", "O_NONBLOCK is shared by the duplicate", is_nonblocking(copy));
  set_nonblocking(copy, 0);
  report("-", "O_NONBLOCK taken off there", is_nonblocking(fd));
  report("-", "FIONBIO", outcome(ioctl(fd, FIONBIO, &on)));
  report("-", "FIONBIO is O_NONBLOCK", is_nonblocking(copy));
  close(copy);
  close(fd);

  int other = nonblocking_tcp_socket();
  report("-", "SOCK_NONBLOCK", is_nonblocking(other));
  close(other);
  report("-", "F_GETFL of a closed descriptor", is_nonblocking(other));
}

static void kinds(void) {
  struct stat status;
  int fd = tcp_socket();
  report("-", "lseek of a socket", outcome((long)lseek(fd, 0, SEEK_SET)));
  report("-", "isatty of a socket", yes_no(isatty(fd)));
  report("-", "fstat of a socket", outcome(fstat(fd, &status)));
  report("-", "S_ISSOCK", yes_no(S_ISSOCK(status.st_mode)));
  close(fd);
  report("-", "fstat of a closed descriptor", outcome(fstat(fd, &status)));
}

/* dup2() closes what was there: the other side sees the end. */
static void dup2_closes(void) {
  int listener = tcp_listener();
  int client, server;
  connected_pair(listener, &client, &server);
  int fresh = tcp_socket();
  report("-", "dup2 over a connection", yes_no(dup2(fresh, client) == client));
  report("-", "dup2 over a connection: the other side", received_text(server));
  report("-", "dup2 over a connection: peer", peer_name(client));
  close(client);
  close(server);
  close(fresh);
  close(listener);
}

static void standard_output(void) {
  static const char LINE[] = "-\twritten to a duplicate of standard output\tseen\n";
  static const char OTHER[] = "-\twritten to a copy made by dup2\tseen\n";
  int copy = dup(1);
  write(copy, LINE, sizeof LINE - 1);
  close(copy);
  dup2(1, first + 25);
  write(first + 25, OTHER, sizeof OTHER - 1);
  close(first + 25);
}

/* RLIMIT_NOFILE (getrlimit(2)): new descriptors are below it, old ones stay. */
static void limited(void) {
  struct rlimit was, limit;
  struct pollfd entries[8] = {{0}};
  report("-", "getrlimit", outcome(getrlimit(RLIMIT_NOFILE, &was)));
  int high = fcntl(1, F_DUPFD, first + 10), last = tcp_socket();
  limit = (struct rlimit){(rlim_t)last + 1, was.rlim_max};
  report("-", "setrlimit", outcome(setrlimit(RLIMIT_NOFILE, &limit)));
  getrlimit(RLIMIT_NOFILE, &limit);
  report("-", "getrlimit tells it", yes_no(limit.rlim_cur == (rlim_t)last + 1 && limit.rlim_max == was.rlim_max));
  report("-", "sysconf tells it", yes_no(sysconf(_SC_OPEN_MAX) == last + 1));
  report("-", "above the limit: socket", outcome(tcp_socket()));
  report("-", "above the limit: dup", outcome(dup(1)));
  report("-", "above the limit: dup2", outcome(dup2(1, last + 1)));
  report("-", "above the limit: F_DUPFD", outcome(fcntl(1, F_DUPFD, last + 1)));
  report("-", "above the limit: pipe", outcome(pipe((int[2]){0, 0})));
  report("-", "above the limit: open before", yes_no(fcntl(high, F_GETFD) >= 0));
  close(last);
  report("-", "one below the limit", yes_no(tcp_socket() == last));
  limit = (struct rlimit){4, was.rlim_max};
  setrlimit(RLIMIT_NOFILE, &limit);
  report("-", "more entries of poll() than the limit", outcome(poll(entries, 8, 0)));
  limit = (struct rlimit){was.rlim_max, was.rlim_max - 1};
  report("-", "a limit above the hard one", outcome(setrlimit(RLIMIT_NOFILE, &limit)));
  report("-", "setrlimit back", outcome(setrlimit(RLIMIT_NOFILE, &was)));
  close(last);
  close(high);
}

int main(void) {
  lowest();
  exact();
  descriptor_flags();
  access_modes();
  status_flags();
  kinds();
  dup2_closes();
  standard_output();
  limited();
  return 0;
}
