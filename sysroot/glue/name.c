/* Names: getaddrinfo and its kin, on the host's resolver (imports resolve and reverse) and a table of common services. */
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netdb.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "posix.h"

/* What resolve writes for each address. */
struct found {
  uint32_t family;
  unsigned char address[16];
  uint32_t scope;
};
enum { MOST = 32 };

int posix_resolve(const char *, size_t, int, struct found *, int) POSIX(resolve);
int posix_reverse(const void *, socklen_t, char *, size_t) POSIX(reverse);

static const struct service {
  const char *name;
  int port;
  int protocols; /* 1 tcp, 2 udp */
} services[] = {
    {"echo", 7, 3},       {"discard", 9, 3},    {"daytime", 13, 3},   {"ftp-data", 20, 1},  {"ftp", 21, 1},
    {"ssh", 22, 1},       {"telnet", 23, 1},    {"smtp", 25, 1},      {"time", 37, 3},      {"whois", 43, 1},
    {"domain", 53, 3},    {"tftp", 69, 2},      {"gopher", 70, 1},    {"finger", 79, 1},    {"http", 80, 1},
    {"www", 80, 1},       {"kerberos", 88, 3},  {"pop3", 110, 1},     {"sunrpc", 111, 3},   {"nntp", 119, 1},
    {"ntp", 123, 2},      {"imap2", 143, 1},    {"imap", 143, 1},     {"snmp", 161, 3},     {"irc", 194, 3},
    {"ldap", 389, 3},     {"https", 443, 3},    {"submission", 587, 1}, {"syslog", 514, 2}, {"ldaps", 636, 3},
    {"imaps", 993, 1},    {"pop3s", 995, 1},    {"socks", 1080, 1},   {"mqtt", 1883, 1},    {"mysql", 3306, 1},
    {"postgresql", 5432, 1}, {"ircd", 6667, 1}, {"redis", 6379, 1},   {"http-alt", 8080, 3},
};

/* The port of a service by number or name: -1 if there is none. */
static int service_port(const char *name, int protocols, int numeric_only) {
  char *end;
  long number = strtol(name, &end, 10);
  if (*name != '\0' && *end == '\0') return number >= 0 && number <= 65535 ? (int)number : -1;
  if (numeric_only) return -1;
  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (strcmp(services[i].name, name) == 0 && services[i].protocols & protocols) return services[i].port;
  return -1;
}

/* A numeric address, with an interface after % in IPv6: 1 if it is one. */
static int numeric(const char *name, struct found *found) {
  char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];
  memset(found, 0, sizeof *found);
  if (inet_pton(AF_INET, name, found->address) == 1) {
    found->family = AF_INET;
    return 1;
  }
  if (strlen(name) >= sizeof text) return 0;
  strcpy(text, name);
  char *zone = strchr(text, '%');
  if (zone != NULL) *zone++ = '\0';
  if (inet_pton(AF_INET6, text, found->address) != 1) return 0;
  found->family = AF_INET6;
  if (zone != NULL) {
    char *end;
    found->scope = (uint32_t)strtoul(zone, &end, 10);
    if (*end != '\0') found->scope = if_nametoindex(zone);
  }
  return 1;
}

static int lookup_error(int result) {
  switch (-result) {
    case ENOENT: return EAI_NONAME;
    case ENAMETOOLONG: return EAI_NONAME;
    case EAGAIN: return EAI_AGAIN;
    case EINTR:
    case EACCES: errno = -result; return EAI_SYSTEM;
  }
  return EAI_FAIL;
}

/* The addresses of a node: how many, or an EAI_* code. */
static int addresses(const char *node, const struct addrinfo *hints, struct found *found) {
  if (node == NULL) {
    int passive = hints->ai_flags & AI_PASSIVE, count = 0;
    memset(found, 0, 2 * sizeof *found);
    if (hints->ai_family != AF_INET) {
      found[count].family = AF_INET6;
      if (!passive) found[count].address[15] = 1;
      count++;
    }
    if (hints->ai_family != AF_INET6) {
      found[count].family = AF_INET;
      if (!passive) memcpy(found[count].address, "\x7f\0\0\1", 4);
      count++;
    }
    return count;
  }
  if (numeric(node, found)) {
    if (hints->ai_family == AF_UNSPEC || hints->ai_family == (int)found->family) return 1;
    return EAI_ADDRFAMILY;
  }
  if (hints->ai_flags & AI_NUMERICHOST) return EAI_NONAME;
  int count = posix_resolve(node, strlen(node), hints->ai_family, found, MOST);
  if (count < 0) return lookup_error(count);
  return count == 0 ? EAI_NONAME : count;
}

static const struct kind {
  int type, protocol, mask;
} kinds[] = {{SOCK_STREAM, IPPROTO_TCP, 1}, {SOCK_DGRAM, IPPROTO_UDP, 2}};

static int kind_fits(const struct kind *kind, const struct addrinfo *hints) {
  return (hints->ai_socktype == 0 || hints->ai_socktype == kind->type) &&
         (hints->ai_protocol == 0 || hints->ai_protocol == kind->protocol);
}

static struct addrinfo *new_entry(const struct found *found, const struct kind *kind, int port) {
  struct {
    struct addrinfo info;
    struct sockaddr_storage name;
  } *entry = calloc(1, sizeof *entry);
  if (entry == NULL) return NULL;
  entry->info.ai_family = (int)found->family;
  entry->info.ai_socktype = kind->type;
  entry->info.ai_protocol = kind->protocol;
  entry->info.ai_addr = (struct sockaddr *)&entry->name;
  if (found->family == AF_INET) {
    struct sockaddr_in *name = (struct sockaddr_in *)&entry->name;
    name->sin_family = AF_INET;
    name->sin_port = htons((uint16_t)port);
    memcpy(&name->sin_addr, found->address, 4);
    entry->info.ai_addrlen = sizeof *name;
  } else {
    struct sockaddr_in6 *name = (struct sockaddr_in6 *)&entry->name;
    name->sin6_family = AF_INET6;
    name->sin6_port = htons((uint16_t)port);
    memcpy(&name->sin6_addr, found->address, 16);
    name->sin6_scope_id = found->scope;
    entry->info.ai_addrlen = sizeof *name;
  }
  return &entry->info;
}

int getaddrinfo(const char *restrict node, const char *restrict service, const struct addrinfo *restrict wanted,
                struct addrinfo **restrict result) {
  static const struct addrinfo none;
  const struct addrinfo *hints = wanted == NULL ? &none : wanted;
  struct found found[MOST];
  if (node == NULL && service == NULL) return EAI_NONAME;
  if (hints->ai_flags & ~(AI_PASSIVE | AI_CANONNAME | AI_NUMERICHOST | AI_V4MAPPED | AI_ALL | AI_ADDRCONFIG | AI_NUMERICSERV))
    return EAI_BADFLAGS;
  if (hints->ai_flags & AI_CANONNAME && node == NULL) return EAI_BADFLAGS;
  if (hints->ai_family != AF_UNSPEC && hints->ai_family != AF_INET && hints->ai_family != AF_INET6) return EAI_FAMILY;
  if (!kind_fits(&kinds[0], hints) && !kind_fits(&kinds[1], hints)) return EAI_SOCKTYPE;
  int ports[2] = {0, 0}, some = 0;
  for (int i = 0; i < 2; i++) {
    if (!kind_fits(&kinds[i], hints)) ports[i] = -1;
    else if (service != NULL) ports[i] = service_port(service, kinds[i].mask, hints->ai_flags & AI_NUMERICSERV);
    some |= ports[i] >= 0;
  }
  if (!some) return hints->ai_flags & AI_NUMERICSERV ? EAI_NONAME : EAI_SERVICE;
  int count = addresses(node, hints, found);
  if (count < 0) return count;
  struct addrinfo *first = NULL, **end = &first;
  for (int i = 0; i < count; i++) {
    for (int k = 0; k < 2; k++) {
      if (ports[k] < 0) continue;
      *end = new_entry(&found[i], &kinds[k], ports[k]);
      if (*end == NULL) {
        freeaddrinfo(first);
        return EAI_MEMORY;
      }
      end = &(*end)->ai_next;
    }
  }
  if (hints->ai_flags & AI_CANONNAME) {
    first->ai_canonname = strdup(node);
    if (first->ai_canonname == NULL) {
      freeaddrinfo(first);
      return EAI_MEMORY;
    }
  }
  *result = first;
  return 0;
}

void freeaddrinfo(struct addrinfo *entry) {
  while (entry != NULL) {
    struct addrinfo *next = entry->ai_next;
    free(entry->ai_canonname);
    free(entry);
    entry = next;
  }
}

static int give_text(const char *text, char *out, socklen_t size) {
  if (strlen(text) >= size) return EAI_OVERFLOW;
  strcpy(out, text);
  return 0;
}

static int host_text(const struct sockaddr *name, socklen_t length, char *out, socklen_t size, int flags) {
  char text[NI_MAXHOST];
  if (!(flags & NI_NUMERICHOST)) {
    int found = posix_reverse(name, length, text, sizeof text - 1);
    if (found > 0) {
      text[found] = '\0';
      return give_text(text, out, size);
    }
    if (flags & NI_NAMEREQD) return found < 0 ? lookup_error(found) : EAI_NONAME;
  }
  const void *address = name->sa_family == AF_INET ? (const void *)&((const struct sockaddr_in *)name)->sin_addr
                                                   : (const void *)&((const struct sockaddr_in6 *)name)->sin6_addr;
  if (inet_ntop(name->sa_family, address, text, sizeof text) == NULL) return EAI_FAMILY;
  if (name->sa_family == AF_INET6 && ((const struct sockaddr_in6 *)name)->sin6_scope_id != 0)
    sprintf(text + strlen(text), "%%%u", ((const struct sockaddr_in6 *)name)->sin6_scope_id);
  return give_text(text, out, size);
}

int getnameinfo(const struct sockaddr *restrict name, socklen_t length, char *restrict host, socklen_t host_size,
                char *restrict service, socklen_t service_size, int flags) {
  int port;
  if (length < sizeof(sa_family_t)) return EAI_FAMILY;
  if (name->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) port = ((const struct sockaddr_in *)name)->sin_port;
  else if (name->sa_family == AF_INET6 && length >= 28) port = ((const struct sockaddr_in6 *)name)->sin6_port;
  else return EAI_FAMILY;
  if (host != NULL && host_size > 0) {
    int error = host_text(name, length, host, host_size, flags);
    if (error) return error;
  }
  if (service == NULL || service_size == 0) return 0;
  struct servent *entry =
      flags & NI_NUMERICSERV ? NULL : getservbyport(port, flags & NI_DGRAM ? "udp" : "tcp");
  if (entry != NULL) return give_text(entry->s_name, service, service_size);
  char text[8];
  sprintf(text, "%d", ntohs((uint16_t)port));
  return give_text(text, service, service_size);
}

const char *gai_strerror(int error) {
  switch (error) {
    case 0: return "Success";
    case EAI_BADFLAGS: return "Bad value for ai_flags";
    case EAI_NONAME: return "Name or service not known";
    case EAI_AGAIN: return "Temporary failure in name resolution";
    case EAI_FAIL: return "Non-recoverable failure in name resolution";
    case EAI_NODATA: return "No address associated with hostname";
    case EAI_FAMILY: return "ai_family not supported";
    case EAI_SOCKTYPE: return "ai_socktype not supported";
    case EAI_SERVICE: return "Servname not supported for ai_socktype";
    case EAI_ADDRFAMILY: return "Address family for hostname not supported";
    case EAI_MEMORY: return "Memory allocation failure";
    case EAI_SYSTEM: return "System error";
    case EAI_OVERFLOW: return "Argument buffer overflow";
  }
  return "Unknown error";
}

/* ---- the older functions ---- */

static int last_error;

int *__h_errno_location(void) { return &last_error; }

const char *hstrerror(int error) {
  switch (error) {
    case HOST_NOT_FOUND: return "Unknown host";
    case TRY_AGAIN: return "Host name lookup failure";
    case NO_RECOVERY: return "Unknown server error";
    case NO_DATA: return "No address associated with name";
  }
  return "Resolver Error 0 (no error)";
}

void herror(const char *prefix) { fprintf(stderr, "%s: %s\n", prefix, hstrerror(h_errno)); }

struct hostent *gethostbyname2(const char *name, int family) {
  static struct found found[MOST];
  static char *list[MOST + 1], *aliases[] = {NULL}, text[NI_MAXHOST];
  static struct hostent entry;
  struct addrinfo hints = {.ai_family = family};
  int count = addresses(name, &hints, found);
  if (count < 0) {
    h_errno = count == EAI_AGAIN ? TRY_AGAIN : count == EAI_NONAME || count == EAI_ADDRFAMILY ? HOST_NOT_FOUND : NO_RECOVERY;
    return NULL;
  }
  for (int i = 0; i < count; i++) list[i] = (char *)found[i].address;
  list[count] = NULL;
  snprintf(text, sizeof text, "%s", name);
  entry.h_name = text;
  entry.h_aliases = aliases;
  entry.h_addrtype = family;
  entry.h_length = family == AF_INET ? 4 : 16;
  entry.h_addr_list = list;
  return &entry;
}

struct hostent *gethostbyname(const char *name) { return gethostbyname2(name, AF_INET); }

struct hostent *gethostbyaddr(const void *address, socklen_t length, int family) {
  static char name[NI_MAXHOST], bytes[16], *list[2], *aliases[] = {NULL};
  static struct hostent entry;
  struct sockaddr_storage storage;
  memset(&storage, 0, sizeof storage);
  storage.ss_family = (sa_family_t)family;
  if (family == AF_INET && length == 4) memcpy(&((struct sockaddr_in *)&storage)->sin_addr, address, 4);
  else if (family == AF_INET6 && length == 16) memcpy(&((struct sockaddr_in6 *)&storage)->sin6_addr, address, 16);
  else {
    h_errno = NO_RECOVERY;
    return NULL;
  }
  socklen_t size = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
  int error = getnameinfo((struct sockaddr *)&storage, size, name, sizeof name, NULL, 0, NI_NAMEREQD);
  if (error) {
    h_errno = error == EAI_AGAIN ? TRY_AGAIN : HOST_NOT_FOUND;
    return NULL;
  }
  memcpy(bytes, address, length);
  list[0] = bytes;
  entry.h_name = name;
  entry.h_aliases = aliases;
  entry.h_addrtype = family;
  entry.h_length = (int)length;
  entry.h_addr_list = list;
  return &entry;
}

static struct servent *service_entry(const struct service *service, int protocols) {
  static char *aliases[] = {NULL};
  static struct servent entry;
  entry.s_name = (char *)service->name;
  entry.s_aliases = aliases;
  entry.s_port = htons((uint16_t)service->port);
  entry.s_proto = (char *)(service->protocols & protocols & 1 ? "tcp" : "udp");
  return &entry;
}

static int protocol_mask(const char *protocol) {
  if (protocol == NULL) return 3;
  return strcmp(protocol, "tcp") == 0 ? 1 : strcmp(protocol, "udp") == 0 ? 2 : 0;
}

struct servent *getservbyname(const char *name, const char *protocol) {
  int mask = protocol_mask(protocol);
  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (services[i].protocols & mask && strcmp(services[i].name, name) == 0) return service_entry(&services[i], mask);
  return NULL;
}

struct servent *getservbyport(int port, const char *protocol) {
  int mask = protocol_mask(protocol);
  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (services[i].protocols & mask && services[i].port == ntohs((uint16_t)port)) return service_entry(&services[i], mask);
  return NULL;
}

static struct protoent *protocol_entry(int number) {
  static char *aliases[] = {NULL};
  static struct protoent entry;
  entry.p_name = (char *)(number == IPPROTO_TCP ? "tcp" : number == IPPROTO_UDP ? "udp" : number == 1 ? "icmp" : "ip");
  entry.p_aliases = aliases;
  entry.p_proto = number;
  return &entry;
}

struct protoent *getprotobynumber(int number) {
  return number == 0 || number == 1 || number == IPPROTO_TCP || number == IPPROTO_UDP ? protocol_entry(number) : NULL;
}

struct protoent *getprotobyname(const char *name) {
  static const int numbers[] = {0, 1, IPPROTO_TCP, IPPROTO_UDP};
  for (int i = 0; i < 4; i++)
    if (strcmp(protocol_entry(numbers[i])->p_name, name) == 0) return protocol_entry(numbers[i]);
  return NULL;
}

void sethostent(int stay) { (void)stay; }
void endhostent(void) {}
void setservent(int stay) { (void)stay; }
void endservent(void) {}
struct servent *getservent(void) { return NULL; }

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
