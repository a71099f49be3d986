/* Services: a table of common ones, since a guest has no /etc/services. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "name.h"

static const struct service {
  const char *name;
  int port;
  int protocols;
  const char *alias;
} services[] = {
    {"echo", 7, TCP | UDP, NULL},
    {"discard", 9, TCP | UDP, "sink"},
    {"systat", 11, TCP, "users"},
    {"daytime", 13, TCP | UDP, NULL},
    {"qotd", 17, TCP, "quote"},
    {"chargen", 19, TCP | UDP, "ttytst"},
    {"ftp-data", 20, TCP, NULL},
    {"ftp", 21, TCP, NULL},
    {"ssh", 22, TCP, NULL},
    {"telnet", 23, TCP, NULL},
    {"smtp", 25, TCP, "mail"},
    {"time", 37, TCP | UDP, "timserver"},
    {"whois", 43, TCP, "nicname"},
    {"domain", 53, TCP | UDP, NULL},
    {"bootps", 67, UDP, NULL},
    {"bootpc", 68, UDP, NULL},
    {"tftp", 69, UDP, NULL},
    {"gopher", 70, TCP, NULL},
    {"finger", 79, TCP, NULL},
    {"http", 80, TCP, "www"},
    {"kerberos", 88, TCP | UDP, "kerberos5"},
    {"pop3", 110, TCP, "pop-3"},
    {"sunrpc", 111, TCP | UDP, "portmapper"},
    {"auth", 113, TCP, "ident"},
    {"nntp", 119, TCP, "readnews"},
    {"ntp", 123, UDP, NULL},
    {"imap2", 143, TCP, "imap"},
    {"snmp", 161, TCP | UDP, NULL},
    {"snmp-trap", 162, TCP | UDP, "snmptrap"},
    {"bgp", 179, TCP, NULL},
    {"irc", 194, TCP | UDP, NULL},
    {"ldap", 389, TCP | UDP, NULL},
    {"https", 443, TCP | UDP, NULL},
    {"submissions", 465, TCP, "smtps"},
    {"isakmp", 500, UDP, NULL},
    {"exec", 512, TCP, NULL},
    {"login", 513, TCP, NULL},
    {"who", 513, UDP, "whod"},
    {"shell", 514, TCP, "cmd"},
    {"syslog", 514, UDP, NULL},
    {"printer", 515, TCP, "spooler"},
    {"talk", 517, UDP, NULL},
    {"submission", 587, TCP, NULL},
    {"ipp", 631, TCP, NULL},
    {"ldaps", 636, TCP | UDP, NULL},
    {"domain-s", 853, TCP | UDP, NULL},
    {"rsync", 873, TCP, NULL},
    {"imaps", 993, TCP, NULL},
    {"pop3s", 995, TCP, NULL},
    {"socks", 1080, TCP, NULL},
    {"openvpn", 1194, TCP | UDP, NULL},
    {"radius", 1812, TCP | UDP, NULL},
    {"mqtt", 1883, TCP, NULL},
    {"nfs", 2049, TCP | UDP, NULL},
    {"mysql", 3306, TCP, NULL},
    {"postgresql", 5432, TCP, "postgres"},
    {"sip", 5060, TCP | UDP, NULL},
    {"xmpp-client", 5222, TCP, "jabber-client"},
    {"amqp", 5672, TCP, NULL},
    {"redis", 6379, TCP, NULL},
    {"ircd", 6667, TCP, NULL},
    {"http-alt", 8080, TCP, "webcache"},
    {"secure-mqtt", 8883, TCP, NULL},
    {"git", 9418, TCP, NULL},
};
enum { COUNT = sizeof services / sizeof *services };

static int is_called(const struct service *service, const char *name) {
  return strcmp(service->name, name) == 0 || (service->alias != NULL && strcmp(service->alias, name) == 0);
}

static const struct service *service_named(const char *name, int protocols) {
  for (size_t i = 0; i < COUNT; i++)
    if (services[i].protocols & protocols && is_called(&services[i], name)) return &services[i];
  return NULL;
}

/* A number is one as strtoul() reads it, so that nothing is port 0. */
int service_port(const char *name, int protocols, int numeric_only) {
  char *end;
  int before = errno;
  long number = strtol(name, &end, 10);
  errno = before; /* musl's strtol() sets it where there is no number */
  if (*end == '\0') return number >= 0 && number <= 65535 ? (int)number : -1;
  if (numeric_only) return -1;
  const struct service *service = service_named(name, protocols);
  return service != NULL ? service->port : -1;
}

static struct servent *service_entry(const struct service *service, int protocols) {
  static char *aliases[2];
  static struct servent entry;
  if (service == NULL) return NULL;
  aliases[0] = (char *)service->alias;
  entry.s_name = (char *)service->name;
  entry.s_aliases = aliases;
  entry.s_port = htons((uint16_t)service->port);
  entry.s_proto = (char *)(service->protocols & protocols & TCP ? "tcp" : "udp");
  return &entry;
}

static int protocol_mask(const char *protocol) {
  if (protocol == NULL) return TCP | UDP;
  return strcmp(protocol, "tcp") == 0 ? TCP : strcmp(protocol, "udp") == 0 ? UDP : 0;
}

struct servent *getservbyname(const char *name, const char *protocol) {
  int mask = protocol_mask(protocol);
  return service_entry(service_named(name, mask), mask);
}

struct servent *getservbyport(int port, const char *protocol) {
  int mask = protocol_mask(protocol);
  for (size_t i = 0; i < COUNT; i++)
    if (services[i].protocols & mask && services[i].port == ntohs((uint16_t)port)) return service_entry(&services[i], mask);
  return NULL;
}

static size_t given;
void setservent(int stay) {
  (void)stay;
  given = 0;
}
void endservent(void) { given = 0; }
struct servent *getservent(void) {
  while (given < 2 * COUNT) {
    const struct service *service = &services[given / 2];
    int protocol = given++ % 2 == 0 ? TCP : UDP;
    if (service->protocols & protocol) return service_entry(service, protocol);
  }
  return NULL;
}

static int give(const struct servent *found, struct servent *entry, char *buffer, size_t size, struct servent **result) {
  *result = NULL;
  if (found == NULL) return 0;
  *entry = *found;
  entry->s_aliases = copy_aliases(found->s_aliases[0], buffer, size);
  if (entry->s_aliases == NULL) return ERANGE;
  *result = entry;
  return 0;
}
int getservbyname_r(const char *name, const char *protocol, struct servent *entry, char *buffer, size_t size,
                    struct servent **result) {
  return give(getservbyname(name, protocol), entry, buffer, size, result);
}
int getservbyport_r(int port, const char *protocol, struct servent *entry, char *buffer, size_t size,
                    struct servent **result) {
  return give(getservbyport(port, protocol), entry, buffer, size, result);
}
int getservent_r(struct servent *entry, char *buffer, size_t size, struct servent **result) {
  size_t before = given;
  int error = give(getservent(), entry, buffer, size, result);
  if (error == ERANGE) given = before;
  return *result == NULL && error == 0 ? ENOENT : error;
}
