#ifndef _PWD_H
#define _PWD_H
#include <__typedef_gid_t.h>
#include <__typedef_uid_t.h>
#include <stddef.h>
struct passwd {
  char *pw_name;
  char *pw_passwd;
  uid_t pw_uid;
  gid_t pw_gid;
  char *pw_gecos;
  char *pw_dir;
  char *pw_shell;
};
#ifdef __cplusplus
extern "C" {
#endif
struct passwd *getpwnam(const char *);
struct passwd *getpwuid(uid_t);
int getpwnam_r(const char *, struct passwd *, char *, size_t, struct passwd **);
int getpwuid_r(uid_t, struct passwd *, char *, size_t, struct passwd **);
struct passwd *getpwent(void);
void setpwent(void);
void endpwent(void);
int getpwent_r(struct passwd *, char *, size_t, struct passwd **);
#ifdef __cplusplus
}
#endif
#endif
