/* Internet addresses as text, as GNU's library reads and writes them where wasi-libc's differs; the class-based ones. */
#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "posix.h"

/* One to four numbers in C's notations, the last one filling what is left; white space may end it, and what is behind that. */
int inet_aton(const char *text, struct in_addr *address) {
  uint32_t value = 0;
  for (int part = 0; part < 4; part++) {
    char *end;
    if (!isdigit((unsigned char)*text)) return 0;
    errno = 0;
    unsigned long number = strtoul(text, &end, 0);
    uint32_t most = 0xffffffffu >> (8 * part);
    if (errno == ERANGE || number > most) return 0;
    if (*end != '.') {
      if (*end != '\0' && !isspace((unsigned char)*end)) return 0;
      address->s_addr = htonl(value | (uint32_t)number);
      return 1;
    }
    if (number > 0xff || part == 3) return 0;
    value |= (uint32_t)number << (24 - 8 * part);
    text = end + 1;
  }
  return 0;
}

in_addr_t inet_addr(const char *text) {
  struct in_addr address;
  return inet_aton(text, &address) ? address.s_addr : INADDR_NONE;
}

/* Numbers of a byte each, the first ones of a network: in host order. */
in_addr_t inet_network(const char *text) {
  in_addr_t value = 0;
  for (int part = 0; part < 4; part++) {
    char *end;
    if (!isdigit((unsigned char)*text)) return INADDR_NONE;
    unsigned long number = strtoul(text, &end, 0);
    if (number > 0xff) return INADDR_NONE;
    value = value << 8 | (in_addr_t)number;
    if (*end != '.') return *end == '\0' || isspace((unsigned char)*end) ? value : INADDR_NONE;
    text = end + 1;
  }
  return INADDR_NONE;
}

/* Bits of the host part, by the classes of old: A, B, C. */
static int host_bits(in_addr_t address) { return (address >> 31) == 0 ? 24 : (address >> 30) == 2 ? 16 : 8; }
in_addr_t inet_lnaof(struct in_addr address) {
  in_addr_t host = ntohl(address.s_addr);
  return host & ((1u << host_bits(host)) - 1);
}
in_addr_t inet_netof(struct in_addr address) {
  in_addr_t host = ntohl(address.s_addr);
  return host >> host_bits(host);
}
struct in_addr inet_makeaddr(in_addr_t network, in_addr_t host) {
  int bits = network < 0x80 ? 24 : network < 0x10000 ? 16 : network < 0x1000000 ? 8 : 0;
  return (struct in_addr){htonl(bits == 0 ? network | host : network << bits | (host & ((1u << bits) - 1)))};
}

/* The longest run of zero groups is "::"; what holds an IPv4 address has its last 32 bits as one (RFC 4291, 2.2). */
static void write_six(const unsigned char *bytes, char *out) {
  unsigned groups[8];
  int best = -1, length = 1;
  for (int i = 0; i < 8; i++) groups[i] = (unsigned)bytes[2 * i] << 8 | bytes[2 * i + 1];
  for (int i = 0; i < 8; i++) {
    int run = 0;
    while (i + run < 8 && groups[i + run] == 0) run++;
    if (run > length) {
      best = i;
      length = run;
    }
  }
  int embeds = best == 0 && (length == 6 || (length == 5 && groups[5] == 0xffff));
  for (int i = 0; i < 8; i++) {
    if (i == best) {
      out += sprintf(out, "::");
      i += length - 1;
      continue;
    }
    if (i == 6 && embeds) {
      out += sprintf(out, "%s%u.%u.%u.%u", length == 5 ? ":" : "", bytes[12], bytes[13], bytes[14], bytes[15]);
      return;
    }
    out += sprintf(out, i == 0 || i == best + length ? "%x" : ":%x", groups[i]);
  }
}

const char *inet_ntop(int family, const void *restrict address, char *restrict out, socklen_t size) {
  const unsigned char *bytes = address;
  char text[INET6_ADDRSTRLEN];
  if (family == AF_INET) sprintf(text, "%u.%u.%u.%u", bytes[0], bytes[1], bytes[2], bytes[3]);
  else if (family == AF_INET6) write_six(bytes, text);
  else {
    errno = EAFNOSUPPORT;
    return NULL;
  }
  if (strlen(text) >= size) {
    errno = ENOSPC;
    return NULL;
  }
  return strcpy(out, text);
}
