/* netdevice(7): ioctl(2) of interfaces, which is asked on any socket. What it tells is what getifaddrs(3) does (interface.c). */
#include <arpa/inet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <string.h>
#include <sys/ioctl.h>
#include "netdevice.h"
#include "posix.h"

int posix_getsockopt(int, int, int, void *, socklen_t *) POSIX(getsockopt);

/* Of Linux's loopback. */
enum { MTU = 65536, QUEUE = 1000 };

/* A pointer of the guest's, as the core looks at it: NULL is none. */
static int is_memory(const void *pointer, size_t size) {
  const size_t memory = __builtin_wasm_memory_size(0) << 16;
  return pointer != NULL && size <= memory && (size_t)pointer <= memory - size;
}

static void give_address(struct ifreq *request, in_addr_t address) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(address)};
  memcpy(&request->ifr_addr, &name, sizeof name);
}

/* An alias has its interface's name before a colon; only its addresses are its own, and it has none. */
static int is_known(const char *name, int *is_alias) {
  size_t length = strcspn(name, ":");
  *is_alias = name[length] == ':';
  return length == 2 && memcmp(name, "lo", 2) == 0;
}

/* ifc_len is told, and no more than it is written, in whole entries; without a buffer it is what there is to write. */
static int list(struct ifconf *conf) {
  if (!is_memory(conf, sizeof *conf)) return -EFAULT;
  if (conf->ifc_buf != NULL && conf->ifc_len < (int)sizeof(struct ifreq)) {
    conf->ifc_len = 0;
    return 0;
  }
  if (conf->ifc_buf != NULL) {
    if (!is_memory(conf->ifc_buf, sizeof(struct ifreq))) return -EFAULT;
    struct ifreq entry = {.ifr_name = "lo"};
    give_address(&entry, INADDR_LOOPBACK);
    memcpy(conf->ifc_buf, &entry, sizeof entry);
  }
  conf->ifc_len = sizeof(struct ifreq);
  return 0;
}

static int address(struct ifreq *request, int command, int is_alias) {
  if (is_alias) return -EADDRNOTAVAIL;
  give_address(request, command == SIOCGIFNETMASK ? 0xff000000 : command == SIOCGIFBRDADDR ? 0 : INADDR_LOOPBACK);
  return 0;
}

static int property(struct ifreq *request, int command) {
  switch (command) {
    case SIOCGIFFLAGS: request->ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING; return 0;
    case SIOCGIFINDEX: request->ifr_ifindex = 1; return 0;
    case SIOCGIFMTU: request->ifr_mtu = MTU; return 0;
    case SIOCGIFMETRIC: request->ifr_metric = 0; return 0;
    case SIOCGIFTXQLEN: request->ifr_qlen = QUEUE; return 0;
    case SIOCGIFMAP: memset(&request->ifr_map, 0, sizeof request->ifr_map); return 0;
    case SIOCGIFHWADDR:
      memset(&request->ifr_hwaddr, 0, sizeof request->ifr_hwaddr);
      request->ifr_hwaddr.sa_family = ARPHRD_LOOPBACK;
      return 0;
  }
  return -EINVAL;
}

/* What only CAP_NET_ADMIN may. */
static int is_change(int command, int domain) {
  switch (command) {
    case SIOCSIFADDR: return domain != AF_UNIX;
    case SIOCDIFADDR: return domain == AF_INET6;
    case SIOCSIFDSTADDR:
    case SIOCSIFBRDADDR:
    case SIOCSIFNETMASK: return domain == AF_INET;
    case SIOCSIFFLAGS:
    case SIOCSIFMETRIC:
    case SIOCSIFMTU:
    case SIOCSIFNAME:
    case SIOCSIFHWADDR:
    case SIOCSIFSLAVE:
    case SIOCADDMULTI:
    case SIOCDELMULTI:
    case SIOCSIFHWBROADCAST:
    case SIOCSIFTXQLEN:
    case SIOCSIFMAP: return 1;
  }
  return 0;
}

int __hawser_netdevice(int fd, int command, void *argument) {
  socklen_t length = sizeof(int);
  struct ifreq *request = argument;
  int domain, is_alias;
  int error = posix_getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length);
  if (error < 0) return error == -EBADF ? error : -ENOTTY;
  if (command == SIOCGIFCONF) return list(argument);
  if (!is_memory(request, sizeof *request)) return -EFAULT;
  if (is_change(command, domain)) return -EPERM;
  switch (command) {
    case SIOCGIFPFLAGS:
    case SIOCSIFPFLAGS: return domain == AF_INET ? -EINVAL : -ENOTTY;
    case SIOCGIFNAME:
      if (request->ifr_ifindex != 1) return -ENODEV;
      strcpy(request->ifr_name, "lo");
      return 0;
    case SIOCGIFADDR:
    case SIOCGIFDSTADDR:
    case SIOCGIFBRDADDR:
    case SIOCGIFNETMASK:
      if (domain != AF_INET) return -ENOTTY;
      request->ifr_name[IFNAMSIZ - 1] = '\0';
      return is_known(request->ifr_name, &is_alias) ? address(request, command, is_alias) : -ENODEV;
    case SIOCGIFFLAGS:
    case SIOCGIFINDEX:
    case SIOCGIFMTU:
    case SIOCGIFMETRIC:
    case SIOCGIFTXQLEN:
    case SIOCGIFMAP:
    case SIOCGIFHWADDR:
    case SIOCGIFSLAVE:
      request->ifr_name[IFNAMSIZ - 1] = '\0';
      return is_known(request->ifr_name, &is_alias) ? property(request, command) : -ENODEV;
  }
  return -ENOTTY;
}
