/* socket(): families, types, protocols, flags. */
#include "posix.h"

static void made(const char *condition, int domain, int type, int protocol) {
  int fd = socket(domain, type, protocol);
  report("-", condition, opened(fd));
  if (fd >= 0) close(fd);
}

int main(void) {
  made("AF_INET, stream", AF_INET, SOCK_STREAM, 0);
  made("AF_INET, stream, IPPROTO_TCP", AF_INET, SOCK_STREAM, IPPROTO_TCP);
  made("AF_INET, stream, IPPROTO_UDP", AF_INET, SOCK_STREAM, IPPROTO_UDP);
  made("AF_INET, datagram", AF_INET, SOCK_DGRAM, 0);
  made("AF_INET, datagram, IPPROTO_UDP", AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  made("AF_INET, datagram, IPPROTO_TCP", AF_INET, SOCK_DGRAM, IPPROTO_TCP);
  made("AF_INET, stream, unknown protocol", AF_INET, SOCK_STREAM, 250);
  made("AF_INET6, stream", AF_INET6, SOCK_STREAM, 0);
  made("AF_INET6, datagram", AF_INET6, SOCK_DGRAM, 0);
  made("AF_UNIX, stream", AF_UNIX, SOCK_STREAM, 0);
  made("AF_UNIX, datagram", AF_UNIX, SOCK_DGRAM, 0);
  made("AF_UNIX, stream, IPPROTO_TCP", AF_UNIX, SOCK_STREAM, IPPROTO_TCP);
  made("AF_UNSPEC", AF_UNSPEC, SOCK_STREAM, 0);
  made("family 47", 47, SOCK_STREAM, 0);
  made("family -1", -1, SOCK_STREAM, 0);
  made("both flags", AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  return 0;
}
