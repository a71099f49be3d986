/* The older functions for names of hosts: gethostbyname and its kin; networks, of which no list is here. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "name.h"

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
  int count = addresses_of(name, &hints, found);
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

void sethostent(int stay) { (void)stay; }
void endhostent(void) {}
struct hostent *gethostent(void) {
  h_errno = HOST_NOT_FOUND;
  return NULL;
}

/* A copy in the caller's memory: 0 or ERANGE. */
static int copy_host(const struct hostent *found, struct hostent *entry, char *buffer, size_t size) {
  size_t count = 0, length = (size_t)found->h_length, name = strlen(found->h_name) + 1;
  while (found->h_addr_list[count] != NULL) count++;
  char **pointers = (char **)(((uintptr_t)buffer + sizeof *pointers - 1) & ~(sizeof *pointers - 1));
  char *bytes = (char *)(pointers + count + 2);
  if (bytes + count * length + name > buffer + size) return ERANGE;
  *entry = *found;
  entry->h_addr_list = pointers;
  for (size_t i = 0; i < count; i++, bytes += length) pointers[i] = memcpy(bytes, found->h_addr_list[i], length);
  pointers[count] = NULL;
  entry->h_aliases = &pointers[count + 1];
  entry->h_aliases[0] = NULL;
  entry->h_name = memcpy(bytes, found->h_name, name);
  return 0;
}
static int give_host(const struct hostent *found, struct hostent *entry, char *buffer, size_t size,
                     struct hostent **result, int *error) {
  *result = NULL;
  if (found == NULL) {
    *error = h_errno;
    return 0;
  }
  if (copy_host(found, entry, buffer, size) != 0) {
    *error = NETDB_INTERNAL;
    return ERANGE;
  }
  *error = NETDB_SUCCESS;
  *result = entry;
  return 0;
}
int gethostbyname2_r(const char *name, int family, struct hostent *entry, char *buffer, size_t size,
                     struct hostent **result, int *error) {
  return give_host(gethostbyname2(name, family), entry, buffer, size, result, error);
}
int gethostbyname_r(const char *name, struct hostent *entry, char *buffer, size_t size, struct hostent **result,
                    int *error) {
  return gethostbyname2_r(name, AF_INET, entry, buffer, size, result, error);
}
int gethostbyaddr_r(const void *address, socklen_t length, int family, struct hostent *entry, char *buffer,
                    size_t size, struct hostent **result, int *error) {
  return give_host(gethostbyaddr(address, length, family), entry, buffer, size, result, error);
}

int gethostent_r(struct hostent *entry, char *buffer, size_t size, struct hostent **result, int *error) {
  return give_host(gethostent(), entry, buffer, size, result, error) != 0 ? ERANGE : ENOENT;
}

void setnetent(int stay) { (void)stay; }
void endnetent(void) {}
struct netent *getnetent(void) { return NULL; }
struct netent *getnetbyname(const char *name) {
  (void)name;
  h_errno = HOST_NOT_FOUND;
  return NULL;
}
struct netent *getnetbyaddr(uint32_t network, int family) {
  (void)network;
  (void)family;
  h_errno = HOST_NOT_FOUND;
  return NULL;
}

/* There are no netgroups: nobody is in one. */
int setnetgrent(const char *group) {
  (void)group;
  return 0;
}
void endnetgrent(void) {}
int getnetgrent(char **host, char **user, char **domain) {
  (void)host;
  (void)user;
  (void)domain;
  return 0;
}
int innetgr(const char *group, const char *host, const char *user, const char *domain) {
  (void)group;
  (void)host;
  (void)user;
  (void)domain;
  return 0;
}
