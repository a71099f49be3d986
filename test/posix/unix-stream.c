/* argument: directory */
/* AF_UNIX streams: connections and their ends (rows 4.3, 6.15, 6.19 to 6.22, 6.25, 6.26). */
#include "posix.h"

static const char *directory;

static struct sockaddr_un named(const char *name) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", directory, name);
  return address;
}

static int local_socket(void) {
  return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int connect_named(int fd, const char *name) {
  struct sockaddr_un address = named(name);
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}

static int listener_named(const char *name) {
  struct sockaddr_un address = named(name);
  int fd = local_socket();
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 16) != 0)
    report("-", "a listener could not be made", error_name(errno));
  return fd;
}

/* A name without the directory. */
static const char *name_of(int fd, int peer) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  socklen_t length = sizeof address;
  int result = peer ? getpeername(fd, (struct sockaddr *)&address, &length)
                    : getsockname(fd, (struct sockaddr *)&address, &length);
  if (result != 0) return error_name(errno);
  if (length <= 2) return "no name";
  char *text = remembered();
  char *slash = strrchr(address.sun_path, '/');
  snprintf(text, 128, "%.100s", slash == NULL ? address.sun_path : slash + 1);
  return text;
}

static void fresh(void) {
  int fd = local_socket();
  report("4.3", "fresh: poll", polled(fd, BOTH));
  report("4.3", "fresh: select", selected(fd));
  report("4.3", "fresh: peer", name_of(fd, 1));
  report("4.3", "fresh: own name", name_of(fd, 0));
  report("4.3", "fresh: send", sent(fd));
  report("4.3", "fresh: recv", received(fd));
  report("4.3", "fresh: pending error", so_error(fd));
  report("4.3", "fresh: shutdown", outcome(shutdown(fd, SHUT_WR)));
  close(fd);
  fd = local_socket();
  report("4.3", "fresh: listen without a name", outcome(listen(fd, 1)));
  report("4.3", "fresh: accept", opened(accept(fd, NULL, NULL)));
  close(fd);
}

static void success(int listener) {
  int fd = local_socket();
  set_nonblocking(fd, 1);
  report("6.15", "non-blocking connect", outcome(connect_named(fd, "live")));
  report("6.15", "before accept: poll", polled(fd, BOTH));
  report("6.15", "before accept: peer", name_of(fd, 1));
  report("6.15", "before accept: own name", name_of(fd, 0));
  report("6.15", "before accept: send", sent(fd));
  report("6.15", "before accept: pending error", so_error(fd));
  report("6.15", "listener: poll", polled_for(listener, BOTH, SOON));
  int server = accept(listener, NULL, NULL);
  report("6.15", "accepted: receives", received_text(server));
  report("6.15", "accepted: peer", name_of(server, 1));
  report("6.15", "accepted: own name", name_of(server, 0));
  report("6.15", "accepted: send", outcome(send(server, "hello", 5, 0)));
  report("6.15", "accepted: it arrives", received_text(fd));
  report("6.19", "connected: connect again", outcome(connect_named(fd, "live")));
  report("6.19", "accepted: connect", outcome(connect_named(server, "live")));
  report("6.21", "nothing to receive", received(fd));
  close(server);
  await_hangup(fd);
  report("6.21", "peer closed: poll", polled(fd, BOTH | POLLRDHUP));
  report("6.21", "peer closed: select", selected(fd));
  report("6.21", "peer closed: connect again", outcome(connect_named(fd, "live")));
  report("6.21", "peer closed: peer", name_of(fd, 1));
  report("6.21", "peer closed: recv", received(fd));
  report("6.21", "peer closed: send", sent(fd));
  report("6.21", "peer closed: pending error", so_error(fd));
  close(fd);

  fd = local_socket();
  report("6.15", "blocking connect", outcome(connect_named(fd, "live")));
  close(fd);
  close(accept_from(listener));
}

/* 6.19: Linux looks the name up before it looks at the socket's state. */
static void again_elsewhere(int listener) {
  int fd = local_socket();
  connect_named(fd, "live");
  report("6.19", "connected: connect to an absent name", outcome(connect_named(fd, "absent")));
  report("6.19", "still connected", name_of(fd, 1));
  close(fd);
  close(accept_from(listener));
}

static void named_client(int listener) {
  struct sockaddr_un address = named("client");
  int fd = local_socket();
  bind(fd, (struct sockaddr *)&address, sizeof address);
  connect_named(fd, "live");
  int server = accept_from(listener);
  report("6.15", "a client with a name: accepted's peer", name_of(server, 1));
  report("6.15", "a client with a name: own name", name_of(fd, 0));
  report("6.15", "a client with a name: send", sent(fd));
  report("6.15", "a client with a name: it arrives", received_text(server));
  send(server, "hello", 5, 0);
  report("6.15", "a client with a name: receives", received_text(fd));
  close(server);
  close(fd);
  unlink(address.sun_path);

  address = named("another client");
  fd = local_socket();
  bind(fd, (struct sockaddr *)&address, sizeof address);
  report("6.25", "a client with a name: absent", outcome(connect_named(fd, "absent")));
  report("6.25", "a client with a name: refused", outcome(connect_named(fd, "another client")));
  report("6.25", "a client with a name: own name is kept", name_of(fd, 0));
  report("6.25", "a client with a name: then live", outcome(connect_named(fd, "live")));
  server = accept_from(listener);
  report("6.25", "a client with a name: then live: send", sent(fd));
  report("6.25", "a client with a name: then live: it arrives", received_text(server));
  close(server);
  close(fd);
  unlink(address.sun_path);
}

static void listening(int listener) {
  report("6.20", "connect on a listening socket, to itself", outcome(connect_named(listener, "live")));
  report("4.4", "listening: poll", polled(listener, BOTH));
  set_nonblocking(listener, 1);
  report("-", "listening: accept of nothing", opened(accept(listener, NULL, NULL)));
  set_nonblocking(listener, 0);
  report("-", "listening: recv", received(listener));
}

static void closed_before_accept(void) {
  int listener = listener_named("short-lived");
  int fd = local_socket();
  connect_named(fd, "short-lived");
  close(listener);
  await_hangup(fd);
  report("6.22", "listener closed: poll", polled(fd, BOTH));
  report("6.22", "listener closed: pending error", so_error(fd));
  report("6.22", "listener closed: pending error again", so_error(fd));
  report("6.22", "listener closed: recv", received(fd));
  report("6.22", "listener closed: send", sent(fd));
  close(fd);

  listener = listener_named("short-lived too");
  fd = local_socket();
  connect_named(fd, "short-lived too");
  report("6.22", "listener closed, data sent: sent", sent(fd));
  close(listener);
  await_hangup(fd);
  report("6.22", "listener closed, data sent: poll", polled(fd, BOTH));
  report("6.22", "listener closed, data sent: pending error", so_error(fd));
  report("6.22", "listener closed, data sent: pending error again", so_error(fd));
  report("6.22", "listener closed, data sent: recv", received(fd));
  report("6.22", "listener closed, data sent: send", sent(fd));
  close(fd);
}

static void recovered(int listener) {
  int fd = local_socket();
  report("6.25", "absent", outcome(connect_named(fd, "absent")));
  report("6.25", "absent: poll", polled(fd, BOTH));
  report("6.25", "absent: pending error", so_error(fd));
  report("6.25", "then live", outcome(connect_named(fd, "live")));
  report("6.25", "then live: send", sent(fd));
  close(fd);
  close(accept_from(listener));
}

static void half_close(int listener) {
  int fd = local_socket();
  connect_named(fd, "live");
  int server = accept_from(listener);
  send(fd, "last", 4, 0);
  report("-", "shutdown WR", outcome(shutdown(fd, SHUT_WR)));
  report("-", "shut WR: send", sent(fd));
  report("-", "shut WR: received", received_text(server));
  report("-", "shut WR: then", received_text(server));
  report("-", "shut WR: other side's send", outcome(send(server, "reply", 5, 0)));
  report("-", "shut WR: reply", received_text(fd));
  close(server);
  close(fd);
}

static void harness_echo(void) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  const char *path = getenv("HAWSER_PEER_UNIX");
  snprintf(address.sun_path, sizeof address.sun_path, "%s", path == NULL ? "" : path);
  int fd = local_socket();
  report("6.15", "echo: connect", outcome(connect(fd, (struct sockaddr *)&address, sizeof address)));
  send(fd, "echo", 4, 0);
  report("6.15", "echo: received", received_text(fd));
  shutdown(fd, SHUT_WR);
  report("6.15", "echo: the end", received_text(fd));
  close(fd);
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  directory = arguments[1];
  int listener = listener_named("live");
  fresh();
  success(listener);
  again_elsewhere(listener);
  named_client(listener);
  listening(listener);
  closed_before_accept();
  recovered(listener);
  half_close(listener);
  harness_echo();
  return 0;
}
