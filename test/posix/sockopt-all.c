/* Every option that programs set, on every kind of socket: what it is, what setting it says, and what it is then. */
#include "posix.h"

/* What a C library does not name cannot be asked for there: a number that no option has. */
#ifndef SO_BUSY_POLL
#define SO_BUSY_POLL 9999
#endif
#ifndef SO_COOKIE
#define SO_COOKIE 9999
#endif
#ifndef SO_INCOMING_CPU
#define SO_INCOMING_CPU 9999
#endif
#ifndef SO_MARK
#define SO_MARK 9999
#endif
#ifndef SO_PRIORITY
#define SO_PRIORITY 9999
#endif
#ifndef SO_RCVBUFFORCE
#define SO_RCVBUFFORCE 9999
#endif
#ifndef SO_SNDBUFFORCE
#define SO_SNDBUFFORCE 9999
#endif
#ifndef SO_PASSCRED
#define SO_PASSCRED 9999
#endif
#ifndef SO_TIMESTAMP
#define SO_TIMESTAMP 9999
#endif
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 9999
#endif
#ifndef IP_FREEBIND
#define IP_FREEBIND 9999
#endif
#ifndef IP_MTU_DISCOVER
#define IP_MTU_DISCOVER 9999
#endif
#ifndef IP_PKTINFO
#define IP_PKTINFO 9999
#endif
#ifndef IP_RECVERR
#define IP_RECVERR 9999
#endif
#ifndef IP_RECVTTL
#define IP_RECVTTL 9999
#endif
#ifndef IP_RECVTOS
#define IP_RECVTOS 9999
#endif
#ifndef IP_TRANSPARENT
#define IP_TRANSPARENT 9999
#endif
#ifndef IPV6_MTU_DISCOVER
#define IPV6_MTU_DISCOVER 9999
#endif
#ifndef IPV6_RECVERR
#define IPV6_RECVERR 9999
#endif
#ifndef IPV6_RECVPKTINFO
#define IPV6_RECVPKTINFO 9999
#endif
#ifndef IPV6_TCLASS
#define IPV6_TCLASS 9999
#endif
#ifndef TCP_CONGESTION
#define TCP_CONGESTION 9999
#endif
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN 9999
#endif
#ifndef TCP_FASTOPEN_CONNECT
#define TCP_FASTOPEN_CONNECT 9999
#endif
#ifndef TCP_NOTSENT_LOWAT
#define TCP_NOTSENT_LOWAT 9999
#endif
#ifndef TCP_USER_TIMEOUT
#define TCP_USER_TIMEOUT 9999
#endif

struct option {
  const char *text;
  int level, name;
  /* A value to set. */
  int value;
};

#define OPTION(level, name, value) {#name, level, name, value}
static const struct option options[] = {
    OPTION(SOL_SOCKET, SO_ACCEPTCONN, 1),
    OPTION(SOL_SOCKET, SO_BROADCAST, 1),
    OPTION(SOL_SOCKET, SO_BUSY_POLL, 0),
    OPTION(SOL_SOCKET, SO_DEBUG, 0),
    OPTION(SOL_SOCKET, SO_DOMAIN, 1),
    OPTION(SOL_SOCKET, SO_DONTROUTE, 1),
    OPTION(SOL_SOCKET, SO_ERROR, 0),
    OPTION(SOL_SOCKET, SO_KEEPALIVE, 1),
    OPTION(SOL_SOCKET, SO_MARK, 0),
    OPTION(SOL_SOCKET, SO_OOBINLINE, 1),
    OPTION(SOL_SOCKET, SO_PASSCRED, 1),
    OPTION(SOL_SOCKET, SO_PRIORITY, 3),
    OPTION(SOL_SOCKET, SO_PROTOCOL, 1),
    OPTION(SOL_SOCKET, SO_RCVBUF, 20000),
    OPTION(SOL_SOCKET, SO_RCVBUFFORCE, 20000),
    OPTION(SOL_SOCKET, SO_RCVLOWAT, 1),
    OPTION(SOL_SOCKET, SO_REUSEADDR, 1),
    OPTION(SOL_SOCKET, SO_REUSEPORT, 1),
    OPTION(SOL_SOCKET, SO_SNDBUF, 20000),
    OPTION(SOL_SOCKET, SO_SNDBUFFORCE, 20000),
    OPTION(SOL_SOCKET, SO_SNDLOWAT, 1),
    OPTION(SOL_SOCKET, SO_TIMESTAMP, 1),
    OPTION(SOL_SOCKET, SO_TYPE, 1),
    OPTION(IPPROTO_TCP, TCP_CORK, 1),
    OPTION(IPPROTO_TCP, TCP_DEFER_ACCEPT, 3),
    OPTION(IPPROTO_TCP, TCP_FASTOPEN, 5),
    OPTION(IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1),
    OPTION(IPPROTO_TCP, TCP_KEEPCNT, 4),
    OPTION(IPPROTO_TCP, TCP_KEEPIDLE, 60),
    OPTION(IPPROTO_TCP, TCP_KEEPINTVL, 20),
    OPTION(IPPROTO_TCP, TCP_LINGER2, 30),
    OPTION(IPPROTO_TCP, TCP_MAXSEG, 1000),
    OPTION(IPPROTO_TCP, TCP_NODELAY, 1),
    OPTION(IPPROTO_TCP, TCP_NOTSENT_LOWAT, 1000),
    OPTION(IPPROTO_TCP, TCP_QUICKACK, 1),
    OPTION(IPPROTO_TCP, TCP_SYNCNT, 3),
    OPTION(IPPROTO_TCP, TCP_USER_TIMEOUT, 1000),
    OPTION(IPPROTO_TCP, TCP_WINDOW_CLAMP, 65536),
    OPTION(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1),
    OPTION(IPPROTO_IP, IP_FREEBIND, 0),
    OPTION(IPPROTO_IP, IP_MTU_DISCOVER, 0),
    OPTION(IPPROTO_IP, IP_MULTICAST_LOOP, 0),
    OPTION(IPPROTO_IP, IP_MULTICAST_TTL, 4),
    OPTION(IPPROTO_IP, IP_PKTINFO, 1),
    OPTION(IPPROTO_IP, IP_RECVERR, 1),
    OPTION(IPPROTO_IP, IP_RECVTOS, 1),
    OPTION(IPPROTO_IP, IP_RECVTTL, 1),
    OPTION(IPPROTO_IP, IP_TOS, 16),
    OPTION(IPPROTO_IP, IP_TTL, 33),
    OPTION(IPPROTO_IPV6, IPV6_MTU_DISCOVER, 0),
    OPTION(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, 4),
    OPTION(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0),
    OPTION(IPPROTO_IPV6, IPV6_RECVERR, 1),
    OPTION(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1),
    OPTION(IPPROTO_IPV6, IPV6_TCLASS, 16),
    OPTION(IPPROTO_IPV6, IPV6_UNICAST_HOPS, 33),
    OPTION(IPPROTO_IPV6, IPV6_V6ONLY, 1),
};

static const struct kind {
  const char *text;
  int domain, type;
} kinds[] = {
    {"TCP", AF_INET, SOCK_STREAM},
    {"TCP over IPv6", AF_INET6, SOCK_STREAM},
    {"UDP", AF_INET, SOCK_DGRAM},
    {"UDP over IPv6", AF_INET6, SOCK_DGRAM},
    {"AF_UNIX", AF_UNIX, SOCK_STREAM},
};

/* The option's value. What says a constant of the C library is told as whether it is the right one. */
static const char *value_of(int fd, const struct option *option, const struct kind *kind) {
  int value = -1;
  socklen_t length = sizeof value;
  if (getsockopt(fd, option->level, option->name, &value, &length) != 0) return error_name(errno);
  if (option->level == SOL_SOCKET && option->name == SO_DOMAIN) return value == kind->domain ? "its domain" : "another";
  if (option->level == SOL_SOCKET && option->name == SO_TYPE) return value == kind->type ? "its type" : "another";
  if (option->level == SOL_SOCKET && (option->name == SO_RCVBUF || option->name == SO_SNDBUF))
    return value == 40000 ? "40000" : value > 4000 ? "a size" : "too small";
  char *text = remembered();
  snprintf(text, 128, "%d", value);
  return text;
}

int main(void) {
  for (unsigned o = 0; o < sizeof options / sizeof *options; o++)
    for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++) {
      int fd = socket(kinds[k].domain, kinds[k].type, 0);
      char *condition = remembered();
      snprintf(condition, 128, "%s on %s", options[o].text, kinds[k].text);
      const char *before = value_of(fd, &options[o], &kinds[k]);
      const char *set = outcome(setsockopt(fd, options[o].level, options[o].name, &options[o].value, sizeof(int)));
      reportf("-", condition, "%s; set %s; then %s", before, set, value_of(fd, &options[o], &kinds[k]));
      close(fd);
    }
  return 0;
}
