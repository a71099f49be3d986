/* ioctl(2) of interfaces, as netdevice(7) has them: changes, which take CAP_NET_ADMIN. Root gives that up first. */
#include "posix.h"
#include <net/if.h>

static const struct {
  const char *name;
  int request;
} CHANGES[] = {{"SIOCSIFADDR", SIOCSIFADDR},           {"SIOCSIFDSTADDR", SIOCSIFDSTADDR}, {"SIOCSIFBRDADDR", SIOCSIFBRDADDR},
               {"SIOCSIFNETMASK", SIOCSIFNETMASK},     {"SIOCSIFFLAGS", SIOCSIFFLAGS},     {"SIOCSIFMETRIC", SIOCSIFMETRIC},
               {"SIOCSIFMTU", SIOCSIFMTU},             {"SIOCSIFNAME", SIOCSIFNAME},       {"SIOCSIFHWADDR", SIOCSIFHWADDR},
               {"SIOCADDMULTI", SIOCADDMULTI},         {"SIOCDELMULTI", SIOCDELMULTI},     {"SIOCSIFTXQLEN", SIOCSIFTXQLEN},
               {"SIOCSIFHWBROADCAST", SIOCSIFHWBROADCAST}, {"SIOCSIFMAP", SIOCSIFMAP},     {"SIOCDIFADDR", SIOCDIFADDR},
               {"SIOCSIFSLAVE", SIOCSIFSLAVE},         {"SIOCSIFMEM", SIOCSIFMEM},         {"SIOCSIFENCAP", SIOCSIFENCAP},
               {"SIOCSIFLINK", SIOCSIFLINK},           {"SIOCSIFPFLAGS", SIOCSIFPFLAGS}};

/* Each change of an interface, asked on a socket of a kind. */
static void changes(const char *kind, int domain) {
  char condition[64];
  int fd = socket(domain, SOCK_STREAM, 0);
  for (size_t i = 0; i < sizeof CHANGES / sizeof *CHANGES; i++) {
    struct ifreq question;
    memset(&question, 0, sizeof question);
    strcpy(question.ifr_name, i % 2 == 0 ? "lo" : "nobody");
    snprintf(condition, sizeof condition, "%s on %s", CHANGES[i].name, kind);
    report("-", condition, outcome(ioctl(fd, CHANGES[i].request, &question)));
  }
  close(fd);
}

int main(void) {
  if (geteuid() == 0 && setuid(65534) != 0) return 2;
  changes("TCP", AF_INET);
  changes("AF_UNIX", AF_UNIX);
  return 0;
}
