/* A host that answers no ARP (rows 3.15, 3.20, 5.2): TCP hears of it, UDP does not (udp(7): only what is fatal is told). */
#include "destinations.h"

int main(void) {
  struct sockaddr_in nobody = internet("10.9.1.9", PORT);
  int datagrams = udp_socket(), stream = nonblocking_tcp_socket(), other = nonblocking_tcp_socket();
  report("5.2", "UDP: connect", outcome(connect_to(datagrams, nobody)));
  report("5.2", "UDP: connected", state(datagrams));
  report("5.2", "UDP: send", sent(datagrams));
  report("3.20", "TCP: connect", outcome(connect_to(stream, nobody)));
  report("3.20", "TCP, another: connect", outcome(connect_to(other, nobody)));
  await_hangup(stream);
  await_hangup(other);
  report("3.20", "TCP: its end", state(stream));
  report("3.20", "TCP: pending error once more", so_error(stream));
  report("3.20", "TCP: recv", received(stream));
  report("3.15", "TCP, another: connect tells it", outcome(connect_to(other, nobody)));
  report("3.15", "TCP, another: pending error after it", so_error(other));
  sleep_ms(100);
  report("5.2", "UDP: it was not delivered", state(datagrams));
  report("5.2", "UDP: send again", sent(datagrams));
  close(datagrams);
  close(stream);
  close(other);
  return 0;
}
