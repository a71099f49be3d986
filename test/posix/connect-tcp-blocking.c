/* connect() on a blocking TCP socket: success, refusal, and what comes after either (rows 2.1 to 2.11). */
#include "posix.h"

static void success(int listener, int other) {
  int fd = tcp_socket();
  report("2.1", "listener present", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("2.1", "connected: poll", polled(fd, BOTH));
  report("2.1", "connected: poll for nothing", polled(fd, 0));
  report("2.1", "connected: select", selected(fd));
  report("2.1", "connected: pending error", so_error(fd));
  report("2.1", "connected: peer", peer_name(fd));
  report("2.1", "connected: own name", own_name(fd));
  report("2.1", "connected: the peer's port is the listener's", yes_no(peer_port(fd) == own_port(listener)));
  report("2.2", "again, same address", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("2.2", "again, other address", outcome(connect_to(fd, loopback(own_port(other)))));
  report("-", "connected: nothing to receive", received(fd));
  report("-", "connected: send", sent(fd));

  int server = accept_from(listener);
  report("2.3", "connect on the accepted socket", outcome(connect_to(server, loopback(own_port(other)))));
  report("2.1", "accepted: its peer is the client", yes_no(peer_port(server) == own_port(fd)));
  report("-", "accepted: receives what was sent before accept", received_text(server));
  close(server);
  close(fd);
}

static void after_the_peers_fin(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  close(server);
  await(client, POLLIN);
  report("2.4", "peer closed: poll", polled(client, BOTH));
  report("2.4", "peer closed: poll with RDHUP", polled(client, BOTH | POLLRDHUP));
  report("2.4", "peer closed: select", selected(client));
  report("2.4", "peer closed: connect", outcome(connect_to(client, loopback(own_port(listener)))));
  report("2.4", "peer closed: peer", peer_name(client));
  report("2.4", "peer closed: recv", received(client));
  report("2.4", "peer closed: first send", sent(client));
  await_hangup(client);
  report("2.4", "peer closed: poll after that send", polled(client, BOTH));
  report("2.4", "peer closed: second send", sent(client));
  report("2.4", "peer closed: pending error", so_error(client));
  close(client);
}

static void after_own_shutdown(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  report("2.5", "shutdown WR", outcome(shutdown(client, SHUT_WR)));
  report("2.5", "shut WR: connect", outcome(connect_to(client, loopback(own_port(listener)))));
  report("2.5", "shut WR: poll", polled(client, BOTH));
  report("2.5", "shut WR: send", sent(client));
  report("2.5", "shut WR: recv", received(client));
  report("2.5", "then shutdown RD", outcome(shutdown(client, SHUT_RD)));
  report("2.5", "shut both: connect", outcome(connect_to(client, loopback(own_port(listener)))));
  report("2.5", "shut both: poll", polled(client, BOTH));
  report("2.5", "shut both: recv", received(client));
  report("2.5", "shut both: peer", peer_name(client));
  close(client);
  close(server);
}

static void refusal(int listener, int dead) {
  int fd = tcp_socket();
  report("2.7", "nobody listens", outcome(connect_to(fd, loopback(dead))));
  report("2.7", "refused: pending error", so_error(fd));
  report("2.7", "refused: poll", polled(fd, BOTH));
  report("2.7", "refused: poll for nothing", polled(fd, 0));
  report("2.7", "refused: select", selected(fd));
  report("2.7", "refused: peer", peer_name(fd));
  report("2.7", "refused: recv", received(fd));
  report("2.7", "refused: send", sent(fd));
  report("2.8", "refused, again", outcome(connect_to(fd, loopback(dead))));
  report("2.9", "refused, then a live port", outcome(connect_to(fd, loopback(own_port(listener)))));
  report("2.9", "refused, then a live port: peer", peer_name(fd));
  report("2.9", "refused, then a live port: poll", polled(fd, BOTH));
  int server = accept_from(listener);
  report("2.9", "refused, then a live port: send", sent(fd));
  report("2.9", "refused, then a live port: received", received_text(server));
  close(server);
  close(fd);
}

static void what_survives_a_refusal(int dead) {
  int fd = tcp_socket();
  bind_to(fd, loopback(0));
  int port = own_port(fd);
  report("2.10", "bound, then refused", outcome(connect_to(fd, loopback(dead))));
  report("2.10", "bound, then refused: own name", own_name(fd));
  report("2.10", "bound, then refused: same port", yes_no(own_port(fd) == port));
  close(fd);

  fd = tcp_socket();
  connect_to(fd, loopback(dead));
  report("2.11", "listen after a refusal", outcome(listen(fd, 1)));
  report("2.11", "listen after a refusal: poll", polled(fd, BOTH));
  close(fd);
}

int main(void) {
  int listener = tcp_listener();
  int other = tcp_listener();
  int dead = harness_port("HAWSER_PEER_REFUSED");
  success(listener, other);
  after_the_peers_fin(listener);
  after_own_shutdown(listener);
  refusal(listener, dead);
  what_survives_a_refusal(dead);
  return 0;
}
