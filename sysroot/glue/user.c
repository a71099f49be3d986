/* Ids of users and groups: there is one of each, who is nobody special. account.c has their names. */
#include <errno.h>
#include <grp.h>
#include <unistd.h>
#include "account.h"
#include "posix.h"

uid_t getuid(void) { return USER; }
uid_t geteuid(void) { return USER; }
gid_t getgid(void) { return USER; }
gid_t getegid(void) { return USER; }
static int only_self(unsigned id) { return id == USER ? 0 : refuse(EPERM); }
int setuid(uid_t id) { return only_self(id); }
int seteuid(uid_t id) { return only_self(id); }
int setgid(gid_t id) { return only_self(id); }
int setegid(gid_t id) { return only_self(id); }
int setreuid(uid_t real, uid_t effective) { return setresuid(real, effective, (uid_t)-1); }
int setregid(gid_t real, gid_t effective) { return setresgid(real, effective, (gid_t)-1); }
int getgroups(int size, gid_t groups[]) {
  if (size < 0) return refuse(EINVAL);
  if (size > 0) groups[0] = USER;
  return 1;
}
int setgroups(size_t count, const gid_t *groups) {
  (void)count;
  (void)groups;
  return refuse(EPERM);
}
int initgroups(const char *user, gid_t group) {
  (void)user;
  (void)group;
  return refuse(EPERM);
}

int getgrouplist(const char *user, gid_t group, gid_t *groups, int *count) {
  (void)user;
  int room = *count;
  *count = 1;
  if (room < 1) return -1;
  groups[0] = group;
  return 1;
}
int getresuid(uid_t *real, uid_t *effective, uid_t *saved) {
  *real = *effective = *saved = USER;
  return 0;
}
int getresgid(gid_t *real, gid_t *effective, gid_t *saved) {
  *real = *effective = *saved = USER;
  return 0;
}
/* (id_t)-1 leaves an id as it is. */
int setresuid(uid_t real, uid_t effective, uid_t saved) {
  return (real == (uid_t)-1 || real == USER) && (effective == (uid_t)-1 || effective == USER) &&
                 (saved == (uid_t)-1 || saved == USER)
             ? 0
             : refuse(EPERM);
}
int setresgid(gid_t real, gid_t effective, gid_t saved) { return setresuid(real, effective, saved); }
int issetugid(void) { return 0; }
