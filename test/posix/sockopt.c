/* getsockopt() and setsockopt(): values, bounds, and the errors of options that are not there. */
#include "posix.h"

static int set(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof value);
}

static const char *get(int fd, int level, int option) {
  int value = -1;
  socklen_t length = sizeof value;
  return getsockopt(fd, level, option, &value, &length) != 0 ? error_name(errno) : outcome(value);
}

/* Sets, then tells what is read back. */
static void both(const char *condition, int fd, int level, int option, int value) {
  const char *done = outcome(set(fd, level, option, value));
  reportf("-", condition, "set %s, get %s", done, get(fd, level, option));
}

static int got(int fd, int option) {
  int value = -1;
  socklen_t length = sizeof value;
  getsockopt(fd, SOL_SOCKET, option, &value, &length);
  return value;
}

static void identity(int tcp, int udp, int local) {
  report("-", "SO_TYPE of TCP", yes_no(got(tcp, SO_TYPE) == SOCK_STREAM));
  report("-", "SO_TYPE of UDP", yes_no(got(udp, SO_TYPE) == SOCK_DGRAM));
  report("-", "SO_DOMAIN of TCP", yes_no(got(tcp, SO_DOMAIN) == AF_INET));
  report("-", "SO_DOMAIN of AF_UNIX", yes_no(got(local, SO_DOMAIN) == AF_UNIX));
  report("-", "SO_PROTOCOL of TCP", yes_no(got(tcp, SO_PROTOCOL) == IPPROTO_TCP));
  report("-", "SO_PROTOCOL of UDP", yes_no(got(udp, SO_PROTOCOL) == IPPROTO_UDP));
  report("-", "SO_PROTOCOL of AF_UNIX", get(local, SOL_SOCKET, SO_PROTOCOL));
  report("-", "SO_TYPE cannot be set", outcome(set(tcp, SOL_SOCKET, SO_TYPE, SOCK_DGRAM)));
  report("-", "SO_ACCEPTCONN of a fresh socket", get(tcp, SOL_SOCKET, SO_ACCEPTCONN));
  report("-", "SO_ACCEPTCONN cannot be set", outcome(set(tcp, SOL_SOCKET, SO_ACCEPTCONN, 1)));
}

static void switches(int tcp, int udp) {
  report("-", "SO_KEEPALIVE at first", get(tcp, SOL_SOCKET, SO_KEEPALIVE));
  both("SO_KEEPALIVE on", tcp, SOL_SOCKET, SO_KEEPALIVE, 1);
  both("SO_KEEPALIVE 5 is on", tcp, SOL_SOCKET, SO_KEEPALIVE, 5);
  both("SO_KEEPALIVE off", tcp, SOL_SOCKET, SO_KEEPALIVE, 0);
  both("SO_REUSEADDR on", tcp, SOL_SOCKET, SO_REUSEADDR, 1);
  both("SO_BROADCAST on", udp, SOL_SOCKET, SO_BROADCAST, 1);
  report("-", "TCP_NODELAY at first", get(tcp, IPPROTO_TCP, TCP_NODELAY));
  both("TCP_NODELAY 7 is on", tcp, IPPROTO_TCP, TCP_NODELAY, 7);
  both("TCP_NODELAY off", tcp, IPPROTO_TCP, TCP_NODELAY, 0);
}

static void numbers(int tcp) {
  both("SO_RCVBUF 8192 is doubled", tcp, SOL_SOCKET, SO_RCVBUF, 8192);
  both("SO_SNDBUF 8192 is doubled", tcp, SOL_SOCKET, SO_SNDBUF, 8192);
  report("-", "SO_RCVLOWAT", get(tcp, SOL_SOCKET, SO_RCVLOWAT));
  both("TCP_KEEPIDLE 100", tcp, IPPROTO_TCP, TCP_KEEPIDLE, 100);
  both("TCP_KEEPINTVL 20", tcp, IPPROTO_TCP, TCP_KEEPINTVL, 20);
  both("TCP_KEEPCNT 3", tcp, IPPROTO_TCP, TCP_KEEPCNT, 3);
  both("TCP_KEEPIDLE 0", tcp, IPPROTO_TCP, TCP_KEEPIDLE, 0);
  both("TCP_KEEPIDLE 32768", tcp, IPPROTO_TCP, TCP_KEEPIDLE, 32768);
  both("IP_TTL 33", tcp, IPPROTO_IP, IP_TTL, 33);
  both("IP_TTL 0", tcp, IPPROTO_IP, IP_TTL, 0);
  both("IP_TTL 256", tcp, IPPROTO_IP, IP_TTL, 256);
}

static void linger(int fd) {
  struct linger value = {.l_onoff = 1, .l_linger = 5};
  socklen_t length = sizeof value;
  report("-", "SO_LINGER", outcome(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value)));
  memset(&value, 0, sizeof value);
  getsockopt(fd, SOL_SOCKET, SO_LINGER, &value, &length);
  reportf("-", "SO_LINGER read back", "%d, %d", value.l_onoff, value.l_linger);
  value.l_onoff = 0;
  setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, sizeof value);
  getsockopt(fd, SOL_SOCKET, SO_LINGER, &value, &length);
  report("-", "SO_LINGER off", outcome(value.l_onoff));
  report("-", "SO_LINGER with half a struct", outcome(setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, 4)));
}

static void times(int fd) {
  struct timeval value = {-1, -1};
  socklen_t length = sizeof value;
  getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, &length);
  reportf("-", "SO_RCVTIMEO at first", "%ld s %ld us", (long)value.tv_sec, (long)value.tv_usec);
  value = (struct timeval){1, 500000};
  report("-", "SO_RCVTIMEO 1.5 s", outcome(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value)));
  value = (struct timeval){-1, -1};
  getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &value, &length);
  reportf("-", "SO_RCVTIMEO read back", "%ld s %ld us", (long)value.tv_sec, (long)value.tv_usec);
  value = (struct timeval){0, 1000000};
  report("-", "SO_SNDTIMEO of a million us", outcome(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value)));
  report("-", "SO_SNDTIMEO with half a struct", outcome(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &value, 8)));
}

static void refusals(int tcp, int udp, int local) {
  int value = 1, ends[2];
  report("-", "unknown option", outcome(set(tcp, SOL_SOCKET, 9999, 1)));
  report("-", "unknown option read", get(tcp, SOL_SOCKET, 9999));
  report("-", "unknown TCP option", outcome(set(tcp, IPPROTO_TCP, 9999, 1)));
  report("-", "unknown level", outcome(set(tcp, 9999, 1, 1)));
  report("-", "TCP option of UDP", outcome(set(udp, IPPROTO_TCP, TCP_NODELAY, 1)));
  report("-", "TCP option of UDP read", get(udp, IPPROTO_TCP, TCP_NODELAY));
  report("-", "TCP option of AF_UNIX", outcome(set(local, IPPROTO_TCP, TCP_NODELAY, 1)));
  report("-", "TCP option of AF_UNIX read", get(local, IPPROTO_TCP, TCP_NODELAY));
  report("-", "short value", outcome(setsockopt(tcp, SOL_SOCKET, SO_KEEPALIVE, &value, 2)));
  report("-", "closed descriptor", outcome(set(-1, SOL_SOCKET, SO_KEEPALIVE, 1)));
  pipe(ends);
  report("-", "pipe", outcome(set(ends[0], SOL_SOCKET, SO_KEEPALIVE, 1)));
  report("-", "pipe read", get(ends[0], SOL_SOCKET, SO_TYPE));
  close(ends[0]);
  close(ends[1]);
}

static void inherited(void) {
  int listener = tcp_listener();
  int client, server;
  report("-", "SO_ACCEPTCONN of a listener", get(listener, SOL_SOCKET, SO_ACCEPTCONN));
  set(listener, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(listener, IPPROTO_TCP, TCP_NODELAY, 1);
  connected_pair(listener, &client, &server);
  report("-", "accepted: SO_KEEPALIVE", get(server, SOL_SOCKET, SO_KEEPALIVE));
  report("-", "accepted: TCP_NODELAY", get(server, IPPROTO_TCP, TCP_NODELAY));
  report("-", "accepted: SO_ACCEPTCONN", get(server, SOL_SOCKET, SO_ACCEPTCONN));
  both("TCP_NODELAY of a connection", client, IPPROTO_TCP, TCP_NODELAY, 1);
  close(client);
  close(server);
  close(listener);
}

int main(void) {
  int tcp = tcp_socket();
  int udp = udp_socket();
  int local = socket(AF_UNIX, SOCK_STREAM, 0);
  identity(tcp, udp, local);
  switches(tcp, udp);
  numbers(tcp);
  linger(tcp);
  times(tcp);
  refusals(tcp, udp, local);
  inherited();
  return 0;
}
