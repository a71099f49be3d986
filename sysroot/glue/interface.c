/* Interfaces: the one that is everywhere. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include "posix.h"

/* The one interface that is everywhere, with the number that it has everywhere. */
unsigned if_nametoindex(const char *name) {
  if (strcmp(name, "lo") == 0) return 1;
  errno = ENODEV;
  return 0;
}

char *if_indextoname(unsigned index, char *name) {
  if (index == 1) return strcpy(name, "lo");
  errno = ENXIO;
  return NULL;
}

struct if_nameindex *if_nameindex(void) {
  struct if_nameindex *list = calloc(2, sizeof *list);
  if (list == NULL) return NULL;
  list[0].if_index = 1;
  list[0].if_name = "lo";
  return list;
}

void if_freenameindex(struct if_nameindex *list) { free(list); }

/* The addresses of that one interface. */
int getifaddrs(struct ifaddrs **result) {
  struct entry {
    struct ifaddrs info;
    union {
      struct sockaddr any;
      struct sockaddr_in four;
      struct sockaddr_in6 six;
    } name, mask;
  } *list = calloc(2, sizeof *list);
  if (list == NULL) return -1;
  for (int i = 0; i < 2; i++) {
    list[i].info.ifa_name = "lo";
    list[i].info.ifa_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
    list[i].info.ifa_addr = &list[i].name.any;
    list[i].info.ifa_netmask = &list[i].mask.any;
    list[i].name.any.sa_family = list[i].mask.any.sa_family = i == 0 ? AF_INET : AF_INET6;
  }
  list[0].info.ifa_next = &list[1].info;
  list[0].name.four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  list[0].mask.four.sin_addr.s_addr = htonl(0xff000000);
  list[1].name.six.sin6_addr.s6_addr[15] = 1;
  memset(&list[1].mask.six.sin6_addr, 0xff, 16);
  *result = &list[0].info;
  return 0;
}

void freeifaddrs(struct ifaddrs *list) { free(list); }
