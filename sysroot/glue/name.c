/* Names: getaddrinfo and getnameinfo, on the host's resolver (imports resolve and reverse). */
#include <arpa/inet.h>
#include <netdb.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>
#include "name.h"

int posix_resolve(const char *, size_t, int, struct found *, int) POSIX(resolve);
int posix_reverse(const void *, socklen_t, char *, size_t) POSIX(reverse);

/* A numeric address, with an interface after % in IPv6; IPv4's in all the forms of inet_aton(): 1 if it is one. */
static int numeric(const char *name, struct found *found) {
  char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1];
  struct in_addr four;
  memset(found, 0, sizeof *found);
  if (name[strcspn(name, " \t\r\n\f\v")] == '\0' && inet_aton(name, &four)) {
    memcpy(found->address, &four, 4);
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

/* IPv4 as IPv6 writes it (RFC 4291, 2.5.5.2). */
static void map(struct found *found) {
  memmove(found->address + 12, found->address, 4);
  memset(found->address, 0, 10);
  memset(found->address + 10, 0xff, 2);
  found->family = AF_INET6;
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
int addresses_of(const char *node, const struct addrinfo *hints, struct found *found) {
  if (node == NULL) {
    /* As glibc sorts them: the IPv4 wildcard comes before the IPv6 one, the loopback after it. */
    int passive = hints->ai_flags & AI_PASSIVE, count = 0;
    memset(found, 0, 2 * sizeof *found);
    for (int i = 0; i < 2; i++) {
      int family = (i == 0) == (passive != 0) ? AF_INET : AF_INET6;
      if (hints->ai_family != AF_UNSPEC && hints->ai_family != family) continue;
      found[count].family = family;
      if (!passive && family == AF_INET6) found[count].address[15] = 1;
      if (!passive && family == AF_INET) memcpy(found[count].address, "\x7f\0\0\1", 4);
      count++;
    }
    return count;
  }
  int maps = hints->ai_family == AF_INET6 && (hints->ai_flags & AI_V4MAPPED);
  if (numeric(node, found)) {
    if (hints->ai_family == AF_UNSPEC || hints->ai_family == (int)found->family) return 1;
    if (!maps) return EAI_ADDRFAMILY;
    map(found);
    return 1;
  }
  if (hints->ai_flags & AI_NUMERICHOST) return EAI_NONAME;
  int count = posix_resolve(node, strlen(node), hints->ai_family, found, MOST);
  if (maps && (count == -ENOENT || count == 0 || (count > 0 && hints->ai_flags & AI_ALL))) {
    int before = count > 0 ? count : 0;
    int more = posix_resolve(node, strlen(node), AF_INET, found + before, MOST - before);
    for (int i = 0; i < more; i++) map(&found[before + i]);
    if (before == 0 || more > 0) count = more < 0 ? more : before + more;
  }
  if (count < 0) return lookup_error(count);
  return count == 0 ? EAI_NONAME : count;
}

/* What a hint can mean, in the order in which glibc has it; of raw sockets any protocol, and no service by its name. */
static const struct kind {
  int type, protocol, mask;
} kinds[] = {{SOCK_STREAM, IPPROTO_TCP, TCP}, {SOCK_DGRAM, IPPROTO_UDP, UDP}, {SOCK_RAW, 0, 0}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static int kind_fits(const struct kind *kind, const struct addrinfo *hints) {
  return (hints->ai_socktype == 0 || hints->ai_socktype == kind->type) &&
         (hints->ai_protocol == 0 || kind->mask == 0 || hints->ai_protocol == kind->protocol);
}

/* The ports of the kinds that are asked for, -1 for those that are not: 0 or an EAI_* code. */
static int ports_of(const char *service, const struct addrinfo *hints, int ports[KINDS]) {
  int wanted = hints->ai_socktype != 0 || hints->ai_protocol != 0, some = 0, fits = 0;
  for (int i = 0; i < KINDS; i++) {
    ports[i] = -1;
    /* A hint is for one kind, the first. */
    if (!kind_fits(&kinds[i], hints) || (wanted && fits)) continue;
    fits = 1;
    if (wanted && kinds[i].mask == 0 && service != NULL) return EAI_SERVICE;
    ports[i] = service == NULL ? 0 : service_port(service, kinds[i].mask, hints->ai_flags & AI_NUMERICSERV);
    some |= ports[i] >= 0;
  }
  if (!fits) return EAI_SOCKTYPE;
  return some ? 0 : hints->ai_flags & AI_NUMERICSERV ? EAI_NONAME : EAI_SERVICE;
}

static struct addrinfo *new_entry(const struct found *found, const struct kind *kind, int protocol, int port) {
  struct {
    struct addrinfo info;
    struct sockaddr_storage name;
  } *entry = calloc(1, sizeof *entry);
  if (entry == NULL) return NULL;
  entry->info.ai_family = (int)found->family;
  entry->info.ai_socktype = kind->type;
  entry->info.ai_protocol = kind->mask == 0 ? protocol : kind->protocol;
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
  int ports[KINDS], error = ports_of(service, hints, ports);
  if (error) return error;
  int count = addresses_of(node, hints, found);
  if (count < 0) return count;
  struct addrinfo *first = NULL, **end = &first;
  for (int i = 0; i < count; i++) {
    for (int k = 0; k < KINDS; k++) {
      if (ports[k] < 0) continue;
      *end = new_entry(&found[i], &kinds[k], hints->ai_protocol, ports[k]);
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

/* A link's scope by its interface's name, unless NI_NUMERICSCOPE asks for the number. */
static void add_scope(const struct sockaddr_in6 *name, char *out, int flags) {
  int is_link = IN6_IS_ADDR_LINKLOCAL(&name->sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&name->sin6_addr);
  *out++ = '%';
  if (is_link && !(flags & NI_NUMERICSCOPE) && if_indextoname(name->sin6_scope_id, out) != NULL) return;
  sprintf(out, "%u", name->sin6_scope_id);
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
    add_scope((const struct sockaddr_in6 *)name, text + strlen(text), flags);
  return give_text(text, out, size);
}

/* AF_UNIX: this machine, and the path. */
static int unix_text(const struct sockaddr_un *name, socklen_t length, char *host, socklen_t host_size, char *service,
                     socklen_t service_size, int flags) {
  char text[sizeof name->sun_path + 1] = "localhost";
  if (host_size > 0) {
    if (!(flags & NI_NUMERICHOST)) gethostname(text, sizeof text);
    if (give_text(text, host, host_size)) return EAI_OVERFLOW;
  }
  if (service_size == 0) return 0;
  size_t size = length - offsetof(struct sockaddr_un, sun_path);
  if (size >= sizeof text) size = sizeof text - 1;
  memcpy(text, name->sun_path, size);
  text[size] = '\0';
  return give_text(text, service, service_size);
}

int getnameinfo(const struct sockaddr *restrict name, socklen_t length, char *restrict host, socklen_t host_size,
                char *restrict service, socklen_t service_size, int flags) {
  int port;
  if (flags & ~(NI_NUMERICHOST | NI_NUMERICSERV | NI_NOFQDN | NI_NAMEREQD | NI_DGRAM | NI_NUMERICSCOPE)) return EAI_BADFLAGS;
  if (host == NULL) host_size = 0;
  if (service == NULL) service_size = 0;
  if (length < sizeof(sa_family_t)) return EAI_FAMILY;
  if (host_size == 0 && service_size == 0 && (flags & NI_NAMEREQD)) return EAI_NONAME;
  if (name->sa_family == AF_UNIX && length >= offsetof(struct sockaddr_un, sun_path))
    return unix_text((const struct sockaddr_un *)name, length, host, host_size, service, service_size, flags);
  if (name->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) port = ((const struct sockaddr_in *)name)->sin_port;
  else if (name->sa_family == AF_INET6 && length >= 28) port = ((const struct sockaddr_in6 *)name)->sin6_port;
  else return EAI_FAMILY;
  if (host_size > 0) {
    int error = host_text(name, length, host, host_size, flags);
    if (error) return error;
  }
  if (service_size == 0) return 0;
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
