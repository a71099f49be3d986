/* Ethernet addresses as text. */
#include <net/ethernet.h>
#include <netinet/ether.h>
#include <stdio.h>
#include <stdlib.h>

char *ether_ntoa_r(const struct ether_addr *address, char *text) {
  const unsigned char *bytes = address->ether_addr_octet;
  sprintf(text, "%x:%x:%x:%x:%x:%x", bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5]);
  return text;
}
char *ether_ntoa(const struct ether_addr *address) {
  static char text[18];
  return ether_ntoa_r(address, text);
}
struct ether_addr *ether_aton_r(const char *text, struct ether_addr *address) {
  for (int i = 0; i < ETH_ALEN; i++) {
    char *end;
    unsigned long byte = strtoul(text, &end, 16);
    if (end == text || end - text > 2 || byte > 0xff || (i < ETH_ALEN - 1 && *end != ':')) return NULL;
    address->ether_addr_octet[i] = (unsigned char)byte;
    text = end + 1;
  }
  return address;
}
struct ether_addr *ether_aton(const char *text) {
  static struct ether_addr address;
  return ether_aton_r(text, &address);
}
