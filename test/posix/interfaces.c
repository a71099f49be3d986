/* ioctl(2) of interfaces, as netdevice(7) has them: what the one that is everywhere answers. */
#include "posix.h"
#include <net/if.h>
#include <net/if_arp.h>

static int fd;

static struct ifreq named(const char *name) {
  struct ifreq request;
  memset(&request, 0xee, sizeof request);
  memset(request.ifr_name, 0, IFNAMSIZ);
  memcpy(request.ifr_name, name, strlen(name));
  return request;
}

/* Asks of an interface: the outcome alone. */
static const char *asked(int socket, int request, const char *name) {
  struct ifreq question = named(name);
  return outcome(ioctl(socket, request, &question));
}

/* The address that a request gives of "lo". */
static const char *address(int request) {
  struct ifreq question = named("lo");
  struct sockaddr_in answer;
  char *text = remembered();
  if (ioctl(fd, request, &question) < 0) return error_name(errno);
  memcpy(&answer, &question.ifr_addr, sizeof answer);
  if (answer.sin_family != AF_INET) return "no address of IPv4";
  snprintf(text, 128, "%s, port %d", inet_ntoa(answer.sin_addr), ntohs(answer.sin_port));
  return text;
}

static void addresses(void) {
  report("-", "SIOCGIFADDR", address(SIOCGIFADDR));
  report("-", "SIOCGIFNETMASK", address(SIOCGIFNETMASK));
  report("-", "SIOCGIFBRDADDR", address(SIOCGIFBRDADDR));
  report("-", "SIOCGIFDSTADDR", address(SIOCGIFDSTADDR));
  report("-", "SIOCGIFADDR of an alias that is not there", asked(fd, SIOCGIFADDR, "lo:7"));
  report("-", "SIOCGIFADDR of nobody", asked(fd, SIOCGIFADDR, "nobody"));
}

/* The number that a request gives of an interface. */
static const char *number(int request, const char *name) {
  struct ifreq question = named(name);
  char *text = remembered();
  if (ioctl(fd, request, &question) < 0) return error_name(errno);
  if (strcmp(question.ifr_name, name) != 0) return "another name";
  snprintf(text, 128, "%d", request == SIOCGIFFLAGS ? question.ifr_flags : question.ifr_ifindex);
  return text;
}

/* The name of the interface that has a number. */
static const char *name_of(int index) {
  struct ifreq question = named("any");
  char *text = remembered();
  question.ifr_ifindex = index;
  if (ioctl(fd, SIOCGIFNAME, &question) < 0) return error_name(errno);
  memcpy(text, question.ifr_name, IFNAMSIZ);
  return text;
}

static void properties(void) {
  struct ifreq question = named("lo");
  report("-", "SIOCGIFINDEX", number(SIOCGIFINDEX, "lo"));
  report("-", "SIOCGIFNAME of if_nametoindex()", name_of((int)if_nametoindex("lo")));
  report("-", "SIOCGIFNAME of a number that nobody has", name_of(1 << 20));
  report("-", "SIOCGIFNAME of 0", name_of(0));
  report("-", "SIOCGIFNAME of -1", name_of(-1));
  report("-", "SIOCGIFFLAGS", number(SIOCGIFFLAGS, "lo"));
  report("-", "SIOCGIFFLAGS of an alias", number(SIOCGIFFLAGS, "lo:7"));
  report("-", "SIOCGIFMTU", number(SIOCGIFMTU, "lo"));
  report("-", "SIOCGIFMETRIC", number(SIOCGIFMETRIC, "lo"));
  report("-", "SIOCGIFTXQLEN", number(SIOCGIFTXQLEN, "lo"));
  report("-", "SIOCGIFHWADDR", outcome(ioctl(fd, SIOCGIFHWADDR, &question)));
  report("-", "SIOCGIFHWADDR: a loopback", yes_no(question.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK));
  report("-", "SIOCGIFHWADDR: zeroes", yes_no(memcmp(question.ifr_hwaddr.sa_data, "\0\0\0\0\0", 6) == 0));
  question = named("lo");
  report("-", "SIOCGIFMAP", outcome(ioctl(fd, SIOCGIFMAP, &question)));
  reportf("-", "SIOCGIFMAP: memory, line", "%lu, %d", question.ifr_map.mem_start, question.ifr_map.irq);
}

static void refusals(void) {
  static const struct {
    const char *name;
    int request;
  } REQUESTS[] = {{"SIOCGIFINDEX", SIOCGIFINDEX}, {"SIOCGIFFLAGS", SIOCGIFFLAGS}, {"SIOCGIFMTU", SIOCGIFMTU},
                  {"SIOCGIFMETRIC", SIOCGIFMETRIC}, {"SIOCGIFHWADDR", SIOCGIFHWADDR}, {"SIOCGIFTXQLEN", SIOCGIFTXQLEN},
                  {"SIOCGIFMAP", SIOCGIFMAP}, {"SIOCGIFNETMASK", SIOCGIFNETMASK}, {"SIOCGIFBRDADDR", SIOCGIFBRDADDR}};
  char condition[64];
  for (size_t i = 0; i < sizeof REQUESTS / sizeof *REQUESTS; i++) {
    snprintf(condition, sizeof condition, "%s of nobody", REQUESTS[i].name);
    report("-", condition, asked(fd, REQUESTS[i].request, "nobody"));
  }
  report("-", "SIOCGIFINDEX of no name", asked(fd, SIOCGIFINDEX, ""));
  report("-", "SIOCGIFINDEX of a name that fills its room", asked(fd, SIOCGIFINDEX, "0123456789abcdef"));
  report("-", "SIOCGIFSLAVE", asked(fd, SIOCGIFSLAVE, "lo"));
  report("-", "SIOCGIFPFLAGS", asked(fd, SIOCGIFPFLAGS, "lo"));
  report("-", "SIOCGIFMEM", asked(fd, SIOCGIFMEM, "lo"));
  report("-", "SIOCGIFCOUNT", asked(fd, SIOCGIFCOUNT, "lo"));
  report("-", "a request that there is not", asked(fd, 0x896a, "lo"));
  report("-", "SIOCGIFINDEX at NULL", outcome(ioctl(fd, SIOCGIFINDEX, NULL)));
  report("-", "SIOCGIFADDR at NULL", outcome(ioctl(fd, SIOCGIFADDR, NULL)));
  report("-", "SIOCGIFNAME at NULL", outcome(ioctl(fd, SIOCGIFNAME, NULL)));
  report("-", "SIOCGIFCONF at NULL", outcome(ioctl(fd, SIOCGIFCONF, NULL)));
  report("-", "SIOCGIFINDEX beyond memory", outcome(ioctl(fd, SIOCGIFINDEX, (void *)-8)));
}

static void kinds(void) {
  static const struct {
    const char *name;
    int domain, type;
  } KINDS[] = {{"TCP", AF_INET, SOCK_STREAM}, {"UDP", AF_INET, SOCK_DGRAM}, {"AF_UNIX", AF_UNIX, SOCK_STREAM}};
  char condition[64];
  int pair[2];
  for (size_t i = 0; i < sizeof KINDS / sizeof *KINDS; i++) {
    int socket_ = socket(KINDS[i].domain, KINDS[i].type, 0);
    snprintf(condition, sizeof condition, "SIOCGIFINDEX on %s", KINDS[i].name);
    report("-", condition, asked(socket_, SIOCGIFINDEX, "lo"));
    snprintf(condition, sizeof condition, "SIOCGIFADDR on %s", KINDS[i].name);
    report("-", condition, asked(socket_, SIOCGIFADDR, "lo"));
    struct ifconf list = {.ifc_len = 0, .ifc_buf = NULL};
    snprintf(condition, sizeof condition, "SIOCGIFCONF on %s", KINDS[i].name);
    report("-", condition, outcome(ioctl(socket_, SIOCGIFCONF, &list)));
    close(socket_);
  }
  pipe(pair);
  report("-", "SIOCGIFINDEX on a pipe", asked(pair[0], SIOCGIFINDEX, "lo"));
  report("-", "SIOCGIFCONF on a pipe", outcome(ioctl(pair[0], SIOCGIFCONF, NULL)));
  report("-", "SIOCGIFINDEX on -1", asked(-1, SIOCGIFINDEX, "lo"));
  report("-", "SIOCGIFCONF on -1", outcome(ioctl(-1, SIOCGIFCONF, NULL)));
}

static void listed(void) {
  struct ifreq entries[32];
  struct ifconf list = {.ifc_len = 12345, .ifc_buf = NULL};
  const int SIZE = sizeof *entries;
  report("-", "SIOCGIFCONF without room", outcome(ioctl(fd, SIOCGIFCONF, &list)));
  report("-", "SIOCGIFCONF without room: whole entries", yes_no(list.ifc_len >= SIZE && list.ifc_len % SIZE == 0));
  int needed = list.ifc_len;
  list = (struct ifconf){.ifc_len = sizeof entries, .ifc_req = entries};
  memset(entries, 0xee, sizeof entries);
  report("-", "SIOCGIFCONF", outcome(ioctl(fd, SIOCGIFCONF, &list)));
  report("-", "SIOCGIFCONF: as many as it said", yes_no(list.ifc_len == needed));
  for (int i = 0; i < list.ifc_len / SIZE; i++) {
    struct sockaddr_in name;
    memcpy(&name, &entries[i].ifr_addr, sizeof name);
    if (strcmp(entries[i].ifr_name, "lo") != 0) continue;
    reportf("-", "SIOCGIFCONF: lo", "%s, %s", name.sin_family == AF_INET ? "IPv4" : "another family",
            inet_ntoa(name.sin_addr));
  }
  list = (struct ifconf){.ifc_len = SIZE + SIZE / 2, .ifc_req = entries};
  report("-", "SIOCGIFCONF with room for one and a half", outcome(ioctl(fd, SIOCGIFCONF, &list)));
  report("-", "SIOCGIFCONF with room for one and a half: one", yes_no(list.ifc_len == SIZE));
  list = (struct ifconf){.ifc_len = SIZE - 1, .ifc_req = entries};
  report("-", "SIOCGIFCONF with room for less than one", outcome(ioctl(fd, SIOCGIFCONF, &list)));
  report("-", "SIOCGIFCONF with room for less than one: none", outcome(list.ifc_len));
  list = (struct ifconf){.ifc_len = -1, .ifc_req = entries};
  report("-", "SIOCGIFCONF with less than no room", outcome(ioctl(fd, SIOCGIFCONF, &list)));
  reportf("-", "SIOCGIFCONF with less than no room: none", "%d", list.ifc_len);
  list = (struct ifconf){.ifc_len = SIZE, .ifc_buf = (char *)-8};
  report("-", "SIOCGIFCONF with room beyond memory", outcome(ioctl(fd, SIOCGIFCONF, &list)));
}

int main(void) {
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  addresses();
  properties();
  refusals();
  kinds();
  listed();
  return 0;
}
