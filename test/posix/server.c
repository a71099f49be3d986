/* bind(), listen(), accept(), accept4() over TCP. */
#include "posix.h"

static void binding(void) {
  struct sockaddr_in foreign = loopback(0);
  int taken = tcp_listener();
  int fd = tcp_socket();
  report("-", "bind, namelen 15", outcome(bind(fd, (struct sockaddr *)&foreign, 15)));
  foreign.sin_family = AF_INET6;
  report("-", "bind, wrong family", outcome(bind_to(fd, foreign)));
  report("-", "bind to an address of nobody here", outcome(bind_to(fd, internet("203.0.113.1", 0))));
  report("-", "bind to a port that is listened on", outcome(bind_to(fd, loopback(own_port(taken)))));
  report("-", "bind", outcome(bind_to(fd, loopback(0))));
  report("-", "bound: own name", own_name(fd));
  report("-", "bind again", outcome(bind_to(fd, loopback(0))));
  close(fd);

  int on = 1;
  fd = tcp_socket();
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  report("-", "SO_REUSEADDR, a port that is listened on", outcome(bind_to(fd, loopback(own_port(taken)))));
  close(fd);
  report("-", "bind of a closed descriptor", outcome(bind_to(fd, loopback(0))));
  close(taken);
}

static void bound_only(void) {
  int fd = tcp_socket();
  int client = tcp_socket();
  bind_to(fd, loopback(0));
  report("2.7", "connect to a port that is bound only", outcome(connect_to(client, loopback(own_port(fd)))));
  report("-", "then it listens", outcome(listen(fd, 1)));
  report("2.9", "connect again", outcome(connect_to(client, loopback(own_port(fd)))));
  close(client);
  close(fd);
}

static void listening(void) {
  int fd = tcp_socket();
  report("-", "listen, not bound", outcome(listen(fd, 1)));
  report("-", "listen, not bound: own name", own_name(fd));
  report("-", "listen again", outcome(listen(fd, 5)));
  report("-", "listen, negative backlog", outcome(listen(fd, -1)));
  report("-", "bind while listening", outcome(bind_to(fd, loopback(0))));
  set_nonblocking(fd, 1);
  report("-", "accept of nothing", opened(accept(fd, NULL, NULL)));
  int client = tcp_socket();
  report("-", "connect to it", outcome(connect_to(client, loopback(own_port(fd)))));
  report("-", "a connection waits: poll", polled_for(fd, BOTH, SOON));
  report("-", "a connection waits: select", selected(fd));
  report("-", "listen on a connected socket", outcome(listen(client, 1)));
  close(client);
  close(fd);
}

static void accepting(int listener) {
  struct sockaddr_in peer;
  socklen_t length = sizeof peer;
  int client = tcp_socket();
  connect_to(client, loopback(own_port(listener)));
  await(listener, POLLIN);
  int server = accept(listener, (struct sockaddr *)&peer, &length);
  report("-", "accept", opened(server));
  report("-", "accept: length of the name", yes_no(length == sizeof peer));
  report("-", "accept: the name is the client's", yes_no(ntohs(peer.sin_port) == own_port(client)));
  report("-", "accept: own name is the listener's", yes_no(own_port(server) == own_port(listener)));
  close(server);
  close(client);

  client = tcp_socket();
  connect_to(client, loopback(own_port(listener)));
  await(listener, POLLIN);
  memset(&peer, 0, sizeof peer);
  length = 4;
  server = accept(listener, (struct sockaddr *)&peer, &length);
  report("-", "accept into 4 bytes: the whole length", yes_no(length == sizeof peer));
  report("-", "accept into 4 bytes: no more was written", yes_no(peer.sin_addr.s_addr == 0));
  close(server);
  close(client);
}

static void accept_flags(int listener) {
  int client = tcp_socket();
  connect_to(client, loopback(own_port(listener)));
  await(listener, POLLIN);
  report("-", "accept4, unknown flag", opened(accept4(listener, NULL, NULL, 1)));
  int server = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  report("-", "accept4: O_NONBLOCK", yes_no(fcntl(server, F_GETFL) & O_NONBLOCK));
  report("-", "accept4: FD_CLOEXEC", yes_no(fcntl(server, F_GETFD) & FD_CLOEXEC));
  close(server);
  close(client);

  set_nonblocking(listener, 1);
  client = tcp_socket();
  connect_to(client, loopback(own_port(listener)));
  server = accept_from(listener);
  report("3.23", "listener non-blocking: accepted is", yes_no(fcntl(server, F_GETFL) & O_NONBLOCK));
  set_nonblocking(listener, 0);
  close(server);
  close(client);
}

/* In the order in which they came. */
static void order(int listener) {
  int clients[3];
  for (int i = 0; i < 3; i++) {
    clients[i] = tcp_socket();
    connect_to(clients[i], loopback(own_port(listener)));
  }
  for (int i = 0; i < 3; i++) {
    char condition[32];
    int server = accept_from(listener);
    snprintf(condition, sizeof condition, "accepted in order: %d", i);
    report("-", condition, yes_no(peer_port(server) == own_port(clients[i])));
    close(server);
  }
  for (int i = 0; i < 3; i++) close(clients[i]);
}

static void gone_before_accept(int listener) {
  int client = tcp_socket();
  connect_to(client, loopback(own_port(listener)));
  send(client, "sent and gone", 13, 0);
  close(client);
  int server = accept_from(listener);
  report("-", "a client that has gone: accept", opened(server));
  report("-", "a client that has gone: received", received_text(server));
  report("-", "a client that has gone: then", received_text(server));
  close(server);
}

static void not_accepting(void) {
  int ends[2];
  int fd = tcp_socket();
  report("-", "accept on a fresh socket", opened(accept(fd, NULL, NULL)));
  close(fd);
  report("-", "accept on a closed descriptor", opened(accept(fd, NULL, NULL)));
  pipe(ends);
  report("-", "accept on a pipe", opened(accept(ends[0], NULL, NULL)));
  report("-", "listen on a pipe", outcome(listen(ends[0], 1)));
  report("-", "bind on a pipe", outcome(bind_to(ends[0], loopback(0))));
  close(ends[0]);
  close(ends[1]);
}

/* The listener's end: what was not accepted is reset, and nobody listens any more. */
static void listener_closed(void) {
  int fd = tcp_listener();
  int port = own_port(fd);
  int client = tcp_socket();
  int late = tcp_socket();
  connect_to(client, loopback(port));
  await(fd, POLLIN);
  close(fd);
  await_hangup(client);
  report("-", "listener closed: a waiting client's recv", received(client));
  report("2.7", "listener closed: connect", outcome(connect_to(late, loopback(port))));
  close(client);
  close(late);

  fd = tcp_listener();
  report("-", "shutdown RD of a listener", outcome(shutdown(fd, SHUT_RD)));
  report("-", "shut RD: accept", opened(accept(fd, NULL, NULL)));
  report("-", "shut RD: listen again", outcome(listen(fd, 1)));
  close(fd);
}

int main(void) {
  int listener = tcp_listener();
  binding();
  bound_only();
  listening();
  accepting(listener);
  accept_flags(listener);
  order(listener);
  gone_before_accept(listener);
  not_accepting();
  listener_closed();
  return 0;
}
