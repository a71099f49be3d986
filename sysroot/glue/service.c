/* Services and protocols: tables of common ones. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include "name.h"

enum { TCP = 1, UDP = 2 };

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

int service_port(const char *name, int protocols, int numeric_only) {
  char *end;
  long number = strtol(name, &end, 10);
  if (*name != '\0' && *end == '\0') return number >= 0 && number <= 65535 ? (int)number : -1;
  if (numeric_only) return -1;
  for (size_t i = 0; i < sizeof services / sizeof *services; i++)
    if (strcmp(services[i].name, name) == 0 && services[i].protocols & protocols) return services[i].port;
  return -1;
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

static const int protocols[] = {IPPROTO_IP, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP};

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
  for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
    if (strcmp(protocol_entry(protocols[i])->p_name, name) == 0) return protocol_entry(protocols[i]);
  return NULL;
}

static size_t service_given, protocol_given;
void setservent(int stay) {
  (void)stay;
  service_given = 0;
}
void endservent(void) { service_given = 0; }
struct servent *getservent(void) {
  if (service_given >= 2 * (sizeof services / sizeof *services)) return NULL;
  const struct service *service = &services[service_given / 2];
  int protocol = service_given++ % 2 == 0 ? TCP : UDP;
  return service->protocols & protocol ? service_entry(service, protocol) : getservent();
}
void setprotoent(int stay) {
  (void)stay;
  protocol_given = 0;
}
void endprotoent(void) { protocol_given = 0; }
struct protoent *getprotoent(void) {
  return protocol_given < sizeof protocols / sizeof *protocols ? protocol_entry(protocols[protocol_given++]) : NULL;
}

/* The entry with the caller's memory for what it points to. */
static int copy_service(const struct servent *found, struct servent *entry, char *buffer, size_t size,
                        struct servent **result) {
  *result = NULL;
  if (found == NULL) return 0;
  char **aliases = (char **)(((uintptr_t)buffer + sizeof *aliases - 1) & ~(sizeof *aliases - 1));
  if ((char *)(aliases + 1) > buffer + size) return ERANGE;
  *aliases = NULL;
  *entry = *found;
  entry->s_aliases = aliases;
  *result = entry;
  return 0;
}
int getservbyname_r(const char *name, const char *protocol, struct servent *entry, char *buffer, size_t size,
                    struct servent **result) {
  return copy_service(getservbyname(name, protocol), entry, buffer, size, result);
}
int getservbyport_r(int port, const char *protocol, struct servent *entry, char *buffer, size_t size,
                    struct servent **result) {
  return copy_service(getservbyport(port, protocol), entry, buffer, size, result);
}
