/* No ephemeral port is left (rows 2.30, 5.24): run where ip_local_port_range has 16 of them. */
#include "../posix/posix.h"

enum { MANY = 64 };

int main(void) {
  int listener = tcp_socket(), held[MANY], count = 0;
  bind_to(listener, loopback(9999));
  listen(listener, MANY);
  for (; count < MANY; count++) {
    held[count] = tcp_socket();
    if (connect_to(held[count], loopback(9999)) != 0) break;
  }
  report("2.30", "TCP: some connected", yes_no(count > 0 && count < MANY));
  report("2.30", "TCP: connect with no port left", outcome(connect_to(held[count], loopback(9999))));
  int fd = nonblocking_tcp_socket();
  report("2.30", "TCP: non-blocking", outcome(connect_to(fd, loopback(9999))));
  report("2.30", "TCP: pending error", so_error(fd));
  close(fd);
  fd = tcp_socket();
  report("2.30", "TCP: another peer", outcome(connect_to(fd, loopback(9998))));
  close(fd);
  for (int i = 0; i <= count && i < MANY; i++) close(held[i]);
  close(listener);

  for (count = 0; count < MANY; count++) {
    held[count] = udp_socket();
    if (connect_to(held[count], loopback(9999)) != 0) break;
  }
  report("5.24", "UDP: some connected", yes_no(count > 0 && count < MANY));
  report("5.24", "UDP: connect with no port left", outcome(connect_to(held[count], loopback(9999))));
  struct sockaddr_in to = loopback(9999);
  report("5.24", "UDP: sendto with no port left",
         outcome(sendto(held[count], "x", 1, 0, (struct sockaddr *)&to, sizeof to)));
  report("5.24", "UDP: bind to any port", outcome(bind_to(held[count], loopback(0))));
  close(held[0]);
  report("5.24", "UDP: one is free again", outcome(connect_to(held[count], loopback(9999))));
  for (int i = 1; i <= count && i < MANY; i++) close(held[i]);
  return 0;
}
