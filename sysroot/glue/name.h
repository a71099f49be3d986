/* What the parts of <netdb.h> share. */
#ifndef HAWSER_GLUE_NAME_H
#define HAWSER_GLUE_NAME_H

#include <netdb.h>
#include "posix.h"

/* An address, as the import resolve writes it. */
struct found {
  uint32_t family;
  unsigned char address[16];
  uint32_t scope;
};
enum { MOST = 32 };

/* The addresses of a node, at most MOST: how many, or an EAI_* code. */
int addresses_of(const char *node, const struct addrinfo *hints, struct found *found);

/* The port of a service by number or name, of protocols (1 tcp, 2 udp): -1 if there is none. */
int service_port(const char *name, int protocols, int numeric_only);

#endif
