/* Bytes over a TCP connection: order, flow control, the end. */
#include "posix.h"

enum { BULK = 1 << 20 };
static char outgoing[BULK];
static char incoming[BULK];

static void small(int listener) {
  int client, server;
  char buffer[16] = "";
  int count = -1;
  connected_pair(listener, &client, &server);
  report("-", "send", outcome(send(client, "abcdef", 6, 0)));
  await(server, POLLIN);
  report("-", "arrived: poll", polled(server, BOTH));
  report("-", "arrived: select", selected(server));
  report("-", "FIONREAD", outcome(ioctl(server, FIONREAD, &count)));
  report("-", "FIONREAD: bytes", outcome(count));
  report("-", "recv of 0 bytes", outcome(recv(server, buffer, 0, 0)));
  report("-", "peek at 3", outcome(recv(server, buffer, 3, MSG_PEEK)));
  report("-", "peek again at 16", outcome(recv(server, buffer, 16, MSG_PEEK)));
  report("-", "recv of 2", outcome(recv(server, buffer, 2, 0)));
  reportf("-", "recv of 2: bytes", "%.2s", buffer);
  report("-", "read of the others", outcome(read(server, buffer, sizeof buffer)));
  reportf("-", "read of the others: bytes", "%.4s", buffer);
  report("-", "nothing left: poll", polled(server, BOTH));
  report("-", "nothing left: recv", received(server));
  report("-", "send of 0 bytes", outcome(send(client, "", 0, 0)));
  report("-", "send of 0 bytes: nothing arrives", polled_for(server, POLLIN, 30));
  report("-", "write", outcome(write(server, "back", 4)));
  report("-", "write: arrives", received_text(client));
  struct sockaddr_in other = loopback(9);
  report("-", "sendto with an address, which is ignored",
         outcome(sendto(client, "to", 2, 0, (struct sockaddr *)&other, sizeof other)));
  report("-", "sendto: arrives", received_text(server));
  close(client);
  close(server);
}

static void no_source(int listener) {
  int client, server;
  struct sockaddr_in from = loopback(0);
  socklen_t length = sizeof from;
  char byte;
  connected_pair(listener, &client, &server);
  send(client, "x", 1, 0);
  await(server, POLLIN);
  report("-", "recvfrom on a stream", outcome(recvfrom(server, &byte, 1, 0, (struct sockaddr *)&from, &length)));
  report("-", "recvfrom on a stream: length of the name", outcome((long)length));
  close(client);
  close(server);
}

/* Both directions at once through the harness's echo, non-blocking, driven by poll(). */
static void bulk(void) {
  long out = 0, in = 0;
  int fd = tcp_socket();
  for (long i = 0; i < BULK; i++) outgoing[i] = (char)(i * 31 + i / 251);
  connect_to(fd, loopback(harness_port("HAWSER_PEER_ECHO")));
  set_nonblocking(fd, 1);
  while (in < BULK) {
    struct pollfd entry = {.fd = fd, .events = out < BULK ? BOTH : POLLIN};
    if (poll(&entry, 1, SOON) != 1) break;
    if (entry.revents & POLLOUT && out < BULK) {
      long part = send(fd, outgoing + out, (size_t)(BULK - out), 0);
      if (part > 0) out += part;
      if (out == BULK) shutdown(fd, SHUT_WR);
    }
    if (entry.revents & POLLIN) {
      long part = recv(fd, incoming + in, (size_t)(BULK - in), 0);
      if (part <= 0) break;
      in += part;
    }
  }
  report("-", "bulk echo: all sent", yes_no(out == BULK));
  report("-", "bulk echo: all came back", yes_no(in == BULK));
  report("-", "bulk echo: the same bytes", yes_no(memcmp(outgoing, incoming, BULK) == 0));
  report("-", "bulk echo: then the end", received_text(fd));
  close(fd);
}

/* Nobody reads: the kernel takes what it can hold, then no more until somebody does. */
static void full(int listener) {
  int client, server;
  connected_pair(listener, &client, &server);
  long total = fill_up(client);
  report("-", "full: something was taken", yes_no(total > 0));
  report("-", "full: poll", polled(client, BOTH));
  report("-", "full: select", selected(client));
  report("-", "full: send", outcome(send(client, "x", 1, 0)));
  long got = 0;
  while (got < total && strcmp(polled_for(server, POLLIN, SOON), "IN") == 0) {
    long part = recv(server, incoming, BULK, MSG_DONTWAIT);
    if (part <= 0) break;
    got += part;
  }
  report("-", "drained: all of it arrived", yes_no(got == total));
  report("-", "drained: awaited", polled_for(client, POLLOUT, SOON));
  report("-", "drained: send", sent(client));
  close(client);
  close(server);
}

/* A blocking send of more than is held returns when all was taken; the harness drains. */
static void blocking_send(void) {
  int fd = tcp_socket();
  connect_to(fd, loopback(harness_port("HAWSER_PEER_FIN")));
  report("-", "a peer that ends: its byte", received_text(fd));
  report("-", "a peer that ends: the end", received_text(fd));
  report("-", "a peer that ends: poll", polled(fd, BOTH | POLLRDHUP));
  report("-", "blocking send of 1 MiB", yes_no(send(fd, outgoing, BULK, 0) == BULK));
  report("-", "the end is told again", received(fd));
  close(fd);
}

int main(void) {
  int listener = tcp_listener();
  small(listener);
  no_source(listener);
  bulk();
  full(listener);
  blocking_send();
  return 0;
}
