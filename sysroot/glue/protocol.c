/* Protocols: the table of getprotobyname() and its kin. */
#include <string.h>
#include "name.h"

static const struct protocol {
  const char *name, *alias;
  int number;
} protocols[] = {
    {"ip", "IP", 0},      {"icmp", "ICMP", 1},   {"igmp", "IGMP", 2}, {"ipencap", "IP-ENCAP", 4},
    {"tcp", "TCP", 6},    {"egp", "EGP", 8},     {"udp", "UDP", 17},  {"ipv6", "IPv6", 41},
    {"gre", "GRE", 47},   {"esp", "IPSEC-ESP", 50}, {"ah", "IPSEC-AH", 51}, {"ipv6-icmp", "IPv6-ICMP", 58},
    {"ospf", "OSPFIGP", 89}, {"pim", "PIM", 103}, {"sctp", "SCTP", 132}, {"udplite", "UDPLite", 136},
};
enum { COUNT = sizeof protocols / sizeof *protocols };

static struct protoent *protocol_entry(const struct protocol *protocol) {
  static char *aliases[2];
  static struct protoent entry;
  aliases[0] = (char *)protocol->alias;
  entry.p_name = (char *)protocol->name;
  entry.p_aliases = aliases;
  entry.p_proto = protocol->number;
  return &entry;
}

struct protoent *getprotobynumber(int number) {
  for (size_t i = 0; i < COUNT; i++)
    if (protocols[i].number == number) return protocol_entry(&protocols[i]);
  return NULL;
}

struct protoent *getprotobyname(const char *name) {
  for (size_t i = 0; i < COUNT; i++)
    if (strcmp(protocols[i].name, name) == 0 || strcmp(protocols[i].alias, name) == 0) return protocol_entry(&protocols[i]);
  return NULL;
}

static size_t given;
void setprotoent(int stay) {
  (void)stay;
  given = 0;
}
void endprotoent(void) { given = 0; }
struct protoent *getprotoent(void) { return given < COUNT ? protocol_entry(&protocols[given++]) : NULL; }

static int give(const struct protoent *found, struct protoent *entry, char *buffer, size_t size, struct protoent **result) {
  *result = NULL;
  if (found == NULL) return 0;
  *entry = *found;
  entry->p_aliases = copy_aliases(found->p_aliases[0], buffer, size);
  if (entry->p_aliases == NULL) return ERANGE;
  *result = entry;
  return 0;
}
int getprotobyname_r(const char *name, struct protoent *entry, char *buffer, size_t size, struct protoent **result) {
  return give(getprotobyname(name), entry, buffer, size, result);
}
int getprotobynumber_r(int number, struct protoent *entry, char *buffer, size_t size, struct protoent **result) {
  return give(getprotobynumber(number), entry, buffer, size, result);
}
int getprotoent_r(struct protoent *entry, char *buffer, size_t size, struct protoent **result) {
  size_t before = given;
  int error = give(getprotoent(), entry, buffer, size, result);
  if (error == ERANGE) given = before;
  return *result == NULL && error == 0 ? ENOENT : error;
}
