/* connect(): the arguments, and which errno wins (rows 0.x and 1.x). */
#include <stddef.h>

#include "posix.h"

static struct sockaddr *const NOWHERE = (struct sockaddr *)1;

static void descriptors(struct sockaddr_in live) {
  int closed = tcp_socket();
  close(closed);
  report("1.1", "descriptor -1", outcome(connect_to(-1, live)));
  report("1.1", "closed descriptor", outcome(connect_to(closed, live)));
  report("1.1", "descriptor never used", outcome(connect_to(100000, live)));
  report("0.2", "closed descriptor and bad pointer", outcome(connect(closed, NOWHERE, sizeof live)));
  report("0.2", "closed descriptor and namelen 500", outcome(connect(closed, (struct sockaddr *)&live, 500)));

  int ends[2];
  pipe(ends);
  report("1.2", "pipe", outcome(connect_to(ends[0], live)));
  report("0.3", "pipe and bad pointer", outcome(connect(ends[0], NOWHERE, sizeof live)));
  report("0.4", "pipe and namelen 1", outcome(connect(ends[0], (struct sockaddr *)&live, 1)));
  report("0.5", "pipe and namelen 500", outcome(connect(ends[0], (struct sockaddr *)&live, 500)));
  close(ends[0]);
  close(ends[1]);
}

static void pointers(struct sockaddr_in live) {
  int fd = tcp_socket();
  report("1.3", "name is NULL", outcome(connect(fd, NULL, sizeof live)));
  report("1.3", "name is 1", outcome(connect(fd, NOWHERE, sizeof live)));
  report("1.4", "name is NULL, namelen 0", outcome(connect(fd, NULL, 0)));
  report("-", "the socket connects after all that", outcome(connect_to(fd, live)));
  close(fd);
}

/* Each length on a fresh socket of its own. */
static void lengths(struct sockaddr_in live) {
  static const int LENGTHS[] = {0, 1, 2, 4, 15, 16, 17, 28, 128, 129, 512, -1};
  char storage[600];
  memset(storage, 0, sizeof storage);
  memcpy(storage, &live, sizeof live);
  for (size_t i = 0; i < sizeof LENGTHS / sizeof LENGTHS[0]; i++) {
    const char *row = LENGTHS[i] >= 129 || LENGTHS[i] < 0 ? "1.7" : LENGTHS[i] > 16 ? "1.6" : "1.5";
    char condition[64];
    int tcp = tcp_socket();
    snprintf(condition, sizeof condition, "TCP, namelen %d", LENGTHS[i]);
    report(row, condition, outcome(connect(tcp, (struct sockaddr *)storage, (socklen_t)LENGTHS[i])));
    close(tcp);
    int udp = udp_socket();
    snprintf(condition, sizeof condition, "UDP, namelen %d", LENGTHS[i]);
    report(row, condition, outcome(connect(udp, (struct sockaddr *)storage, (socklen_t)LENGTHS[i])));
    close(udp);
  }
}

static void one_family(const char *name, int family, struct sockaddr_in live) {
  char condition[64];
  live.sin_family = (sa_family_t)family;
  int tcp = tcp_socket();
  snprintf(condition, sizeof condition, "TCP, family %s", name);
  report("1.8", condition, outcome(connect_to(tcp, live)));
  snprintf(condition, sizeof condition, "TCP, family %s, namelen 4", name);
  report("1.9", condition, outcome(connect(tcp, (struct sockaddr *)&live, 4)));
  close(tcp);
  int udp = udp_socket();
  snprintf(condition, sizeof condition, "UDP, family %s", name);
  report("1.8", condition, outcome(connect_to(udp, live)));
  close(udp);
}

static void connected_first(struct sockaddr_in live) {
  int fd = tcp_socket();
  connect_to(fd, live);
  struct sockaddr_in foreign = live;
  foreign.sin_family = AF_UNIX;
  report("0.6", "connected, wrong family", outcome(connect_to(fd, foreign)));
  report("0.6", "connected, short namelen", outcome(connect(fd, (struct sockaddr *)&live, 4)));
  report("0.1", "connected, namelen 500", outcome(connect(fd, (struct sockaddr *)&live, 500)));
  report("0.1", "connected, bad pointer", outcome(connect(fd, NOWHERE, sizeof live)));
  close(fd);
}

static void pending_error_option(void) {
  int fd = tcp_socket();
  int error = 0;
  socklen_t length = (socklen_t)-1;
  report("1.15", "SO_ERROR, optlen -1", outcome(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length)));
  length = 2;
  int result = getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  reportf("1.15", "SO_ERROR, optlen 2", "%d, optlen %d", result, (int)length);
  char wide[64];
  length = sizeof wide;
  result = getsockopt(fd, SOL_SOCKET, SO_ERROR, wide, &length);
  reportf("1.15", "SO_ERROR, optlen 64", "%d, optlen %d", result, (int)length);
  report("1.15", "SO_ERROR cannot be set", outcome(setsockopt(fd, SOL_SOCKET, SO_ERROR, &error, sizeof error)));
  close(fd);
}

/* Neither Linux nor this ABI has the BSDs' sa_len: whatever stands at its place is part of the family. */
static void no_length_member(struct sockaddr_in live) {
  report("1.14", "the family is the first member and takes two bytes",
         yes_no(offsetof(struct sockaddr, sa_family) == 0 && sizeof live.sin_family == 2));
  int fd = tcp_socket();
  unsigned char *first = (unsigned char *)&live;
  first[1] = 16;
  report("1.14", "a length where sa_len would be", outcome(connect_to(fd, live)));
  close(fd);
}

int main(void) {
  struct sockaddr_in live = loopback(harness_port("HAWSER_PEER_ECHO"));
  descriptors(live);
  pointers(live);
  lengths(live);
  one_family("AF_UNIX", AF_UNIX, live);
  one_family("AF_INET6", AF_INET6, live);
  one_family("47", 47, live);
  one_family("255", 255, live);
  connected_first(live);
  pending_error_option();
  no_length_member(live);
  return 0;
}
