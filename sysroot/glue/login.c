/* Who is logged in: nobody is, and nobody may write that anybody was. As on a system without those files. */
#include <utmp.h>
#include <utmpx.h>
#include "posix.h"

static struct utmpx *nobody(void) {
  errno = ENOENT;
  return NULL;
}
struct utmpx *getutxent(void) { return nobody(); }
struct utmpx *getutxid(const struct utmpx *wanted) {
  (void)wanted;
  return nobody();
}
struct utmpx *getutxline(const struct utmpx *wanted) {
  (void)wanted;
  return nobody();
}
struct utmpx *pututxline(const struct utmpx *entry) {
  (void)entry;
  return nobody();
}
void setutxent(void) {}
void endutxent(void) {}
void updwtmpx(const char *path, const struct utmpx *entry) {
  (void)path;
  (void)entry;
}

struct utmp *getutent(void) { return nobody(); }
struct utmp *getutid(const struct utmp *wanted) { return getutxid(wanted); }
struct utmp *getutline(const struct utmp *wanted) { return getutxline(wanted); }
struct utmp *pututline(const struct utmp *entry) { return pututxline(entry); }
void setutent(void) {}
void endutent(void) {}
int utmpname(const char *path) {
  (void)path;
  return 0;
}
void updwtmp(const char *path, const struct utmp *entry) { updwtmpx(path, entry); }
void logwtmp(const char *line, const char *name, const char *host) {
  (void)line;
  (void)name;
  (void)host;
}
void login(const struct utmp *entry) { (void)entry; }
int logout(const char *line) {
  (void)line;
  return 0;
}
