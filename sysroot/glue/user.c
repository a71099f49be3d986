/* Users and groups: there is one of each, who is nobody special. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "posix.h"

enum { USER = 1000 };

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

static struct passwd *self(void) {
  static char name[] = "hawser", password[] = "x", directory[] = "/", shell[] = "/bin/sh", empty[] = "";
  static struct passwd entry = {name, password, USER, USER, empty, directory, shell};
  char *home = getenv("HOME"), *user = getenv("USER");
  entry.pw_dir = home != NULL ? home : directory;
  entry.pw_name = user != NULL ? user : name;
  return &entry;
}
struct passwd *getpwuid(uid_t id) { return id == USER ? self() : NULL; }
struct passwd *getpwnam(const char *name) { return strcmp(name, self()->pw_name) == 0 ? self() : NULL; }
int getpwuid_r(uid_t id, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  (void)buffer;
  (void)size;
  *result = NULL;
  if (id != USER) return 0;
  *entry = *self();
  *result = entry;
  return 0;
}
int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  (void)buffer;
  (void)size;
  *result = NULL;
  if (getpwnam(name) == NULL) return 0;
  *entry = *self();
  *result = entry;
  return 0;
}
static struct group *own_group(void) {
  static char *members[] = {NULL};
  static struct group entry = {0, "x", USER, members};
  entry.gr_name = self()->pw_name;
  return &entry;
}
struct group *getgrgid(gid_t id) { return id == USER ? own_group() : NULL; }
struct group *getgrnam(const char *name) { return strcmp(name, own_group()->gr_name) == 0 ? own_group() : NULL; }
char *getlogin(void) { return self()->pw_name; }
int getlogin_r(char *name, size_t size) {
  if (strlen(getlogin()) >= size) return ERANGE;
  strcpy(name, getlogin());
  return 0;
}


/* The whole of the two lists. */
static int user_given, group_given;
struct passwd *getpwent(void) { return user_given++ == 0 ? self() : NULL; }
void setpwent(void) { user_given = 0; }
void endpwent(void) { user_given = 0; }
struct group *getgrent(void) { return group_given++ == 0 ? own_group() : NULL; }
void setgrent(void) { group_given = 0; }
void endgrent(void) { group_given = 0; }
int getgrgid_r(gid_t id, struct group *entry, char *buffer, size_t size, struct group **result) {
  (void)buffer;
  (void)size;
  *result = NULL;
  if (id != USER) return 0;
  *entry = *own_group();
  *result = entry;
  return 0;
}
int getgrnam_r(const char *name, struct group *entry, char *buffer, size_t size, struct group **result) {
  *result = NULL;
  return getgrnam(name) == NULL ? 0 : getgrgid_r(USER, entry, buffer, size, result);
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
