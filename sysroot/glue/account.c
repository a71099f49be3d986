/* The lists of users and groups: one of each, named by the environment. Secrets are nobody's to read. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "account.h"
#include "posix.h"

static struct passwd *self(void) {
  static char name[] = "hawser", password[] = "x", directory[] = "/", shell[] = "/bin/sh", empty[] = "";
  static struct passwd entry = {name, password, USER, USER, empty, directory, shell};
  char *home = getenv("HOME"), *user = getenv("USER");
  entry.pw_dir = home != NULL ? home : directory;
  entry.pw_name = user != NULL ? user : name;
  return &entry;
}
static struct group *own_group(void) {
  static char password[] = "x", *members[] = {NULL};
  static struct group entry = {0, password, USER, members};
  entry.gr_name = self()->pw_name;
  return &entry;
}

struct passwd *getpwuid(uid_t id) { return id == USER ? self() : NULL; }
struct passwd *getpwnam(const char *name) { return strcmp(name, self()->pw_name) == 0 ? self() : NULL; }
struct group *getgrgid(gid_t id) { return id == USER ? own_group() : NULL; }
struct group *getgrnam(const char *name) { return strcmp(name, own_group()->gr_name) == 0 ? own_group() : NULL; }

/* ---- copies in the caller's memory: 0, or ERANGE for too little of it ---- */

/* Puts each text behind the last one. */
static int copy_text(char **text, char **at, char *end) {
  size_t size = strlen(*text) + 1;
  if (size > (size_t)(end - *at)) return ERANGE;
  *text = memcpy(*at, *text, size);
  *at += size;
  return 0;
}
static int give_user(const struct passwd *found, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  char *end = buffer + size;
  *result = NULL;
  if (found == NULL) return 0;
  *entry = *found;
  if (copy_text(&entry->pw_name, &buffer, end) || copy_text(&entry->pw_passwd, &buffer, end) ||
      copy_text(&entry->pw_gecos, &buffer, end) || copy_text(&entry->pw_dir, &buffer, end) ||
      copy_text(&entry->pw_shell, &buffer, end))
    return ERANGE;
  *result = entry;
  return 0;
}
static int give_group(const struct group *found, struct group *entry, char *buffer, size_t size, struct group **result) {
  char *end = buffer + size;
  *result = NULL;
  if (found == NULL) return 0;
  char **members = (char **)(((uintptr_t)buffer + sizeof *members - 1) & ~(sizeof *members - 1));
  char *text = (char *)(members + 1);
  *entry = *found;
  entry->gr_mem = members;
  if (text > end || copy_text(&entry->gr_name, &text, end) || copy_text(&entry->gr_passwd, &text, end)) return ERANGE;
  *members = NULL;
  *result = entry;
  return 0;
}
int getpwuid_r(uid_t id, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  return give_user(getpwuid(id), entry, buffer, size, result);
}
int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  return give_user(getpwnam(name), entry, buffer, size, result);
}
int getgrgid_r(gid_t id, struct group *entry, char *buffer, size_t size, struct group **result) {
  return give_group(getgrgid(id), entry, buffer, size, result);
}
int getgrnam_r(const char *name, struct group *entry, char *buffer, size_t size, struct group **result) {
  return give_group(getgrnam(name), entry, buffer, size, result);
}

/* ---- the whole of the lists ---- */

static int user_given, group_given, shell_given;
struct passwd *getpwent(void) { return user_given++ == 0 ? self() : NULL; }
void setpwent(void) { user_given = 0; }
void endpwent(void) { user_given = 0; }
struct group *getgrent(void) { return group_given++ == 0 ? own_group() : NULL; }
void setgrent(void) { group_given = 0; }
void endgrent(void) { group_given = 0; }
int getpwent_r(struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  int error = give_user(user_given == 0 ? self() : NULL, entry, buffer, size, result);
  if (error == 0) user_given = 1;
  return *result == NULL && error == 0 ? ENOENT : error;
}
int getgrent_r(struct group *entry, char *buffer, size_t size, struct group **result) {
  int error = give_group(group_given == 0 ? own_group() : NULL, entry, buffer, size, result);
  if (error == 0) group_given = 1;
  return *result == NULL && error == 0 ? ENOENT : error;
}

char *getlogin(void) { return self()->pw_name; }
int getlogin_r(char *name, size_t size) {
  if (strlen(getlogin()) >= size) return ERANGE;
  strcpy(name, getlogin());
  return 0;
}
char *cuserid(char *name) {
  static char own[L_cuserid];
  char *to = name != NULL ? name : own;
  snprintf(to, L_cuserid, "%s", self()->pw_name);
  return to;
}

/* What getusershell(3) gives where there is no /etc/shells. */
char *getusershell(void) {
  static char *shells[] = {"/bin/sh", "/bin/csh"};
  return shell_given < 2 ? shells[shell_given++] : NULL;
}
void setusershell(void) { shell_given = 0; }
void endusershell(void) { shell_given = 0; }

struct spwd *getspnam(const char *name) {
  (void)name;
  errno = EACCES;
  return NULL;
}
struct spwd *getspent(void) {
  errno = EACCES;
  return NULL;
}
void setspent(void) {}
void endspent(void) {}
