/* Addresses that are routed like any other where there is a default route (rows 2.12, 2.26, 5.20, 5.21). */
#include "../posix/posix.h"

enum { PORT = 9 };

int main(void) {
  static const char *const hosts[] = {"240.0.0.1", "0.1.2.3", "203.0.113.9"};
  for (unsigned i = 0; i < 3; i++) {
    int fd = nonblocking_tcp_socket();
    char *condition = remembered();
    snprintf(condition, 128, "TCP to %s", hosts[i]);
    report(i < 2 ? "2.26" : "2.12", condition, outcome(connect_to(fd, internet(hosts[i], PORT))));
    condition = remembered();
    snprintf(condition, 128, "TCP to %s: own name", hosts[i]);
    report(i < 2 ? "2.26" : "2.12", condition, own_name(fd));
    close(fd);
  }
  int on = 1, fd = udp_socket();
  report("5.20", "UDP to 255.255.255.255", outcome(connect_to(fd, internet("255.255.255.255", PORT))));
  setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
  report("5.21", "UDP to 255.255.255.255 with SO_BROADCAST",
         outcome(connect_to(fd, internet("255.255.255.255", PORT))));
  report("5.21", "UDP to 255.255.255.255 with SO_BROADCAST: own name", own_name(fd));
  close(fd);
  fd = tcp_socket();
  report("2.25", "TCP to 255.255.255.255", outcome(connect_to(fd, internet("255.255.255.255", PORT))));
  close(fd);
  return 0;
}
