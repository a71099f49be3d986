/* argument: directory */
/*
 * A logger that outlives its daemon, as syslog() does it: it connects once, sends, and when a send fails it closes, connects
 * anew and sends that message once more. Over UDP, and over AF_UNIX with a stream where no datagram socket is.
 */
#include "posix.h"

struct logger {
  /* 0: UDP to `port`; else AF_UNIX at `path`. */
  int local, fd, type, port;
  struct sockaddr_un path;
};

static void hang_up(struct logger *logger) {
  if (logger->fd >= 0) close(logger->fd);
  logger->fd = -1;
}

/* Connects with the kind of socket that was right last, else with the other: 0 or -1. */
static int open_log(struct logger *logger) {
  if (!logger->local) {
    logger->fd = udp_socket();
    return connect_to(logger->fd, loopback(logger->port));
  }
  for (int tries = 0; tries < 2; tries++) {
    logger->fd = socket(AF_UNIX, logger->type | SOCK_CLOEXEC, 0);
    if (logger->fd >= 0 && connect(logger->fd, (struct sockaddr *)&logger->path, sizeof logger->path) == 0) return 0;
    hang_up(logger);
    logger->type = logger->type == SOCK_DGRAM ? SOCK_STREAM : SOCK_DGRAM;
  }
  return -1;
}

/* A stream's messages end with a NUL. */
static ssize_t send_line(const struct logger *logger, const char *text) {
  return send(logger->fd, text, strlen(text) + (logger->local && logger->type == SOCK_STREAM), MSG_NOSIGNAL);
}

/* What became of a message: "sent", "sent again" on a new connection, or "lost". */
static const char *log_line(struct logger *logger, const char *text) {
  if (logger->fd < 0 && open_log(logger) != 0) return "lost, no daemon";
  if (send_line(logger, text) >= 0) return "sent";
  hang_up(logger);
  if (open_log(logger) != 0) return "lost, no daemon";
  return send_line(logger, text) >= 0 ? "sent again" : "lost";
}

static int daemon_socket(int port) {
  int fd = udp_socket();
  bind_to(fd, loopback(port));
  return fd;
}

static void over_udp(void) {
  int daemon = daemon_socket(0);
  struct logger logger = {.fd = -1, .port = own_port(daemon)};
  report("-", "UDP: first", log_line(&logger, "first"));
  report("-", "UDP: first heard", received_text(daemon));
  close(daemon);
  // The daemon is gone: the first message is lost without a word, the second is told, sent again, and lost as well.
  report("5.17", "UDP, no daemon: second", log_line(&logger, "second"));
  await(logger.fd, 0);
  report("5.17", "UDP, no daemon: third", log_line(&logger, "third"));
  await(logger.fd, 0);
  daemon = daemon_socket(logger.port);
  report("5.17", "UDP, a new daemon: fourth", log_line(&logger, "fourth"));
  report("5.17", "UDP, a new daemon: heard", received_text(daemon));
  report("-", "UDP, a new daemon: fifth", log_line(&logger, "fifth"));
  report("-", "UDP, a new daemon: heard again", received_text(daemon));
  report("-", "UDP, a new daemon: nothing else", received(daemon));
  hang_up(&logger);
  close(daemon);
}

static int stream_daemon(const struct sockaddr_un *path) {
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  unlink(path->sun_path);
  if (bind(fd, (const struct sockaddr *)path, sizeof *path) != 0 || listen(fd, 5) != 0) {
    report("-", "a daemon could not be made", error_name(errno));
  }
  return fd;
}

static void over_stream(const char *directory) {
  struct logger logger = {.local = 1, .fd = -1, .type = SOCK_DGRAM, .path = {.sun_family = AF_UNIX}};
  snprintf(logger.path.sun_path, sizeof logger.path.sun_path, "%s/log", directory);
  report("6.1", "stream, no daemon yet", log_line(&logger, "zeroth"));
  int daemon = stream_daemon(&logger.path);
  report("6.13", "stream: first", log_line(&logger, "first"));
  report("6.13", "stream: it is a stream", yes_no(logger.type == SOCK_STREAM));
  int connection = accept_from(daemon);
  char text[32] = "";
  report("-", "stream: first heard", outcome(receive_all(connection, text, 6)));
  report("-", "stream: its text", text);
  log_line(&logger, "a");
  log_line(&logger, "b");
  receive_all(connection, text, 4);
  reportf("-", "stream: two more, each with its end", "%s %s", text, text + 2);
  // The daemon closes this connection only: the next message needs a new one.
  close(connection);
  await(logger.fd, POLLHUP);
  report("6.21", "stream, hung up: third", log_line(&logger, "third"));
  connection = accept_from(daemon);
  report("6.21", "stream, hung up: heard", received_text(connection));
  // The daemon goes with its listener; its name stays and refuses.
  close(connection);
  close(daemon);
  await(logger.fd, POLLHUP);
  report("6.12", "stream, no daemon", log_line(&logger, "fourth"));
  report("6.12", "stream, no daemon: again", log_line(&logger, "fifth"));
  hang_up(&logger);
  unlink(logger.path.sun_path);
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  over_udp();
  over_stream(arguments[1]);
  return 0;
}
