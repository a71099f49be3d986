/* UDP to many: broadcast and groups on the loopback interface (ip(7), RFC 1112). */
#include "posix.h"

static const char GROUP[] = "239.255.71.1";
static const char OTHER_GROUP[] = "239.255.71.2";

static int set(int fd, int level, int name, int value) {
  return setsockopt(fd, level, name, &value, sizeof value);
}

/* A receiver that shares its port; port 0 chooses. */
static int receiver(const char *host, int port) {
  int fd = udp_socket();
  set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (bind_to(fd, internet(host, port)) != 0) report("-", "a receiver could not be bound", error_name(errno));
  return fd;
}

static int membership(int fd, int name, const char *group, const char *interface) {
  struct ip_mreq request;
  inet_pton(AF_INET, group, &request.imr_multiaddr);
  inet_pton(AF_INET, interface, &request.imr_interface);
  return setsockopt(fd, IPPROTO_IP, name, &request, sizeof request);
}

static const char *sent_to(int fd, const char *host, int port) {
  struct sockaddr_in address = internet(host, port);
  return outcome(sendto(fd, "group", 5, 0, (struct sockaddr *)&address, sizeof address));
}

/* Whether a receiver has something, and takes it. */
static const char *hears(int fd) {
  char text[8];
  return yes_no(recv(fd, text, sizeof text, MSG_DONTWAIT) == 5);
}

static void broadcast(void) {
  int any = receiver("0.0.0.0", 0), port = own_port(any);
  int named = receiver("127.255.255.255", port), one = receiver("127.0.0.1", port);
  int sender = bound_udp_socket();
  report("-", "broadcast without SO_BROADCAST: sendto", sent_to(sender, "127.255.255.255", port));
  report("-", "broadcast without SO_BROADCAST: connect", outcome(connect_to(sender, internet("127.255.255.255", port))));
  report("-", "SO_BROADCAST", outcome(set(sender, SOL_SOCKET, SO_BROADCAST, 1)));
  report("-", "broadcast: sendto", sent_to(sender, "127.255.255.255", port));
  await(any, POLLIN);
  await(named, POLLIN);
  report("-", "broadcast: the wildcard hears it", hears(any));
  report("-", "broadcast: the broadcast address hears it", hears(named));
  report("-", "broadcast: an address does not", hears(one));
  report("-", "broadcast: the sender does not", hears(sender));
  report("-", "broadcast: nobody there: sendto", sent_to(sender, "127.255.255.255", 9));
  report("-", "broadcast: nobody there: pending error", so_error(sender));
  report("-", "broadcast: connect", outcome(connect_to(sender, internet("127.255.255.255", port))));
  report("-", "broadcast: connected: send", outcome(send(sender, "group", 5, 0)));
  await(any, POLLIN);
  report("-", "broadcast: connected: it arrives", hears(any));
  close(any);
  close(named);
  close(one);
  close(sender);
}

static void memberships(void) {
  int fd = udp_socket();
  report("-", "join an address that is no group", outcome(membership(fd, IP_ADD_MEMBERSHIP, "127.0.0.1", "127.0.0.1")));
  report("-", "join via an address that is not here", outcome(membership(fd, IP_ADD_MEMBERSHIP, GROUP, "192.0.2.1")));
  report("-", "leave what was not joined", outcome(membership(fd, IP_DROP_MEMBERSHIP, GROUP, "127.0.0.1")));
  report("-", "join", outcome(membership(fd, IP_ADD_MEMBERSHIP, GROUP, "127.0.0.1")));
  report("-", "join again", outcome(membership(fd, IP_ADD_MEMBERSHIP, GROUP, "127.0.0.1")));
  report("-", "leave", outcome(membership(fd, IP_DROP_MEMBERSHIP, GROUP, "127.0.0.1")));
  report("-", "leave again", outcome(membership(fd, IP_DROP_MEMBERSHIP, GROUP, "127.0.0.1")));
  close(fd);
  fd = tcp_socket();
  report("-", "join with a TCP socket", outcome(membership(fd, IP_ADD_MEMBERSHIP, GROUP, "127.0.0.1")));
  close(fd);
}

static void groups(void) {
  int member = receiver("0.0.0.0", 0), port = own_port(member);
  int named = receiver(GROUP, port), guest = receiver("0.0.0.0", port), one = receiver("127.0.0.1", port);
  int sender = bound_udp_socket();
  report("-", "group: nobody joined: sendto", sent_to(sender, GROUP, port));
  sleep_ms(50);
  report("-", "group: nobody joined: it is not heard", hears(member));
  membership(member, IP_ADD_MEMBERSHIP, GROUP, "127.0.0.1");
  report("-", "group: sendto", sent_to(sender, GROUP, port));
  await(member, POLLIN);
  await(named, POLLIN);
  report("-", "group: the member hears it", hears(member));
  report("-", "group: the group's address hears it", hears(named));
  report("-", "group: the wildcard hears it, another being member", hears(guest));
  report("-", "group: an address does not", hears(one));
  report("-", "group: sendto another group", sent_to(sender, OTHER_GROUP, port));
  sleep_ms(50);
  report("-", "group: the other group is not heard", hears(member));
  report("-", "IP_MULTICAST_LOOP off", outcome(set(sender, IPPROTO_IP, IP_MULTICAST_LOOP, 0)));
  report("-", "IP_MULTICAST_LOOP off: sendto", sent_to(sender, GROUP, port));
  sleep_ms(50);
  report("-", "IP_MULTICAST_LOOP off: heard", hears(member));
  set(sender, IPPROTO_IP, IP_MULTICAST_LOOP, 1);
  report("-", "connect to a group", outcome(connect_to(sender, internet(GROUP, port))));
  while (strcmp(hears(member), "yes") == 0) continue;
  report("-", "connected to a group: send", outcome(send(sender, "group", 5, 0)));
  await(member, POLLIN);
  report("-", "connected to a group: it arrives", hears(member));
  membership(member, IP_DROP_MEMBERSHIP, GROUP, "127.0.0.1");
  report("-", "left: sendto", sent_to(sender, GROUP, port));
  sleep_ms(50);
  report("-", "left: it is not heard", hears(member));
  close(member);
  close(named);
  close(guest);
  close(one);
  close(sender);
}

int main(void) {
  broadcast();
  memberships();
  groups();
  return 0;
}
