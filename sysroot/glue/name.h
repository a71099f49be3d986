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

enum { TCP = 1, UDP = 2 };

/* The port of a service by number or name, of protocols (TCP, UDP): -1 if there is none. */
int service_port(const char *name, int protocols, int numeric_only);

/* A list of the one alias, or of none, in the caller's memory; NULL if that is too little. */
static inline char **copy_aliases(char *alias, char *buffer, size_t size) {
  char **list = (char **)(((uintptr_t)buffer + sizeof *list - 1) & ~(sizeof *list - 1));
  if ((char *)(list + 2) > buffer + size) return NULL;
  list[0] = alias;
  list[1] = NULL;
  return list;
}

#endif
