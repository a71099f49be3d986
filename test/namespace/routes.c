/*
 * Routes that fail, and a peer that is silent (rows 2.12 to 2.17, 2.25, 3.20, 3.21, 5.2, 5.20 to 5.23). Run in a network
 * that test/namespace/network.ts describes:
 *
 *   10.9.1.0/24  the local network: 10.9.1.1 is ours, 10.9.1.255 its broadcast address, nobody answers ARP at 10.9.1.9
 *   10.9.9.9     swallows what it is sent
 *   10.5.0.0/16 unreachable, 10.6.0.0/16 blackhole, 10.7.0.0/16 prohibit; 224.0.0.0/4 over the local network
 *   no default route
 */
#include "../posix/posix.h"

enum { PORT = 9 };

static const char *const failing[] = {"10.5.1.1", "10.6.1.1", "10.7.1.1", "203.0.113.9", "240.0.0.1"};

static const char *row_of(const char *host, const char *unreachable, const char *blackhole, const char *prohibit,
                          const char *none) {
  if (strncmp(host, "10.5.", 5) == 0) return unreachable;
  if (strncmp(host, "10.6.", 5) == 0) return blackhole;
  if (strncmp(host, "10.7.", 5) == 0) return prohibit;
  return none;
}

static void streams(void) {
  for (unsigned i = 0; i < sizeof failing / sizeof *failing; i++) {
    const char *host = failing[i];
    const char *row = row_of(host, "2.13", "2.15", "2.14", "2.12");
    char *condition = remembered();
    int fd = tcp_socket();
    snprintf(condition, 128, "TCP to %s", host);
    report(row, condition, outcome(connect_to(fd, internet(host, PORT))));
    condition = remembered();
    snprintf(condition, 128, "TCP to %s: poll", host);
    report(row, condition, polled(fd, BOTH));
    condition = remembered();
    snprintf(condition, 128, "TCP to %s: pending error", host);
    report(row, condition, so_error(fd));
    condition = remembered();
    snprintf(condition, 128, "TCP to %s: again, to one that answers", host);
    int listener = tcp_listener();
    report(row, condition, outcome(connect_to(fd, loopback(own_port(listener)))));
    close(listener);
    close(fd);
    fd = nonblocking_tcp_socket();
    condition = remembered();
    snprintf(condition, 128, "TCP to %s, non-blocking", host);
    report("3.21", condition, outcome(connect_to(fd, internet(host, PORT))));
    condition = remembered();
    snprintf(condition, 128, "TCP to %s, non-blocking: poll", host);
    report("3.21", condition, polled(fd, BOTH));
    condition = remembered();
    snprintf(condition, 128, "TCP to %s, non-blocking: pending error", host);
    report("3.21", condition, so_error(fd));
    close(fd);
  }
  int fd = tcp_socket();
  bind_to(fd, loopback(0));
  report("2.15", "bound to 127.0.0.1, TCP to 10.9.9.9", outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  close(fd);
}

static void groups(void) {
  static const char *const hosts[] = {"10.9.1.255", "255.255.255.255", "224.0.0.1"};
  int on = 1;
  for (unsigned i = 0; i < 3; i++) {
    int fd = tcp_socket();
    char *condition = remembered();
    snprintf(condition, 128, "TCP to %s", hosts[i]);
    report("2.25", condition, outcome(connect_to(fd, internet(hosts[i], PORT))));
    close(fd);
    fd = tcp_socket();
    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    condition = remembered();
    snprintf(condition, 128, "TCP to %s with SO_BROADCAST", hosts[i]);
    report("2.25", condition, outcome(connect_to(fd, internet(hosts[i], PORT))));
    close(fd);
  }
}

static void silence(void) {
  struct timeval soon = {0, 200000};
  int fd = tcp_socket();
  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
  report("2.17", "silent peer, SO_SNDTIMEO", outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  report("2.17", "silent peer, SO_SNDTIMEO: again", outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  close(fd);
  int retries = 1;
  fd = tcp_socket();
  setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &retries, sizeof retries);
  report("2.16", "silent peer, TCP_SYNCNT 1", outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  report("2.16", "silent peer: pending error", so_error(fd));
  report("2.16", "silent peer: poll", polled(fd, BOTH));
  close(fd);
}

/* Nobody answers ARP: about three seconds. */
static void nobody(void) {
  int blocking = tcp_socket(), other = nonblocking_tcp_socket();
  report("3.20", "nobody there, non-blocking", outcome(connect_to(other, internet("10.9.1.9", PORT))));
  report("2.13", "nobody there", outcome(connect_to(blocking, internet("10.9.1.9", PORT))));
  report("2.13", "nobody there: pending error", so_error(blocking));
  await_hangup(other);
  report("3.20", "nobody there, non-blocking: poll", polled(other, BOTH));
  report("3.20", "nobody there, non-blocking: pending error", so_error(other));
  report("3.20", "nobody there, non-blocking: pending error again", so_error(other));
  close(blocking);
  close(other);
}

static void datagrams(void) {
  for (unsigned i = 0; i < sizeof failing / sizeof *failing; i++) {
    char *condition = remembered();
    int fd = udp_socket();
    snprintf(condition, 128, "UDP to %s", failing[i]);
    report("5.23", condition, outcome(connect_to(fd, internet(failing[i], PORT))));
    condition = remembered();
    snprintf(condition, 128, "UDP to %s: peer", failing[i]);
    report("5.23", condition, peer_name(fd));
    condition = remembered();
    snprintf(condition, 128, "sendto %s", failing[i]);
    struct sockaddr_in to = internet(failing[i], PORT);
    int other = udp_socket();
    report("5.23", condition, outcome(sendto(other, "x", 1, 0, (struct sockaddr *)&to, sizeof to)));
    close(other);
    close(fd);
  }
  int fd = udp_socket();
  report("5.2", "UDP to a silent peer", outcome(connect_to(fd, internet("10.9.9.9", PORT))));
  report("5.2", "UDP to a silent peer: send", outcome(send(fd, "x", 1, 0)));
  report("5.2", "UDP to a silent peer: own name", own_name(fd));
  close(fd);
  static const char *const casts[] = {"10.9.1.255", "255.255.255.255"};
  for (unsigned i = 0; i < 2; i++) {
    int on = 1;
    char *condition = remembered();
    fd = udp_socket();
    snprintf(condition, 128, "UDP to %s", casts[i]);
    report("5.20", condition, outcome(connect_to(fd, internet(casts[i], PORT))));
    condition = remembered();
    snprintf(condition, 128, "sendto %s", casts[i]);
    struct sockaddr_in to = internet(casts[i], PORT);
    report("5.20", condition, outcome(sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof to)));
    setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    condition = remembered();
    snprintf(condition, 128, "UDP to %s with SO_BROADCAST", casts[i]);
    report("5.21", condition, outcome(connect_to(fd, internet(casts[i], PORT))));
    condition = remembered();
    snprintf(condition, 128, "UDP to %s with SO_BROADCAST: own name", casts[i]);
    report("5.21", condition, own_name(fd));
    condition = remembered();
    snprintf(condition, 128, "UDP to %s with SO_BROADCAST: send", casts[i]);
    report("5.21", condition, outcome(send(fd, "x", 1, 0)));
    close(fd);
  }
  fd = udp_socket();
  report("5.22", "UDP to 224.0.0.1", outcome(connect_to(fd, internet("224.0.0.1", PORT))));
  report("5.22", "UDP to 224.0.0.1: own name", own_name(fd));
  report("5.22", "UDP to 224.0.0.1: send", outcome(send(fd, "x", 1, 0)));
  close(fd);
}

int main(void) {
  streams();
  groups();
  datagrams();
  silence();
  nobody();
  return 0;
}
