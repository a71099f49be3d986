#ifndef _GRP_H
#define _GRP_H
#include <__typedef_gid_t.h>
#include <stddef.h>
struct group {
  char *gr_name;
  char *gr_passwd;
  gid_t gr_gid;
  char **gr_mem;
};
#ifdef __cplusplus
extern "C" {
#endif
struct group *getgrnam(const char *);
struct group *getgrgid(gid_t);
int initgroups(const char *, gid_t);
int setgroups(size_t, const gid_t *);
#ifdef __cplusplus
}
#endif
#endif
