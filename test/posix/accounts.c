/* Users, groups, interfaces, and who is logged in: what is there on any machine, and what is not. */
#include "posix.h"
#include <grp.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <pwd.h>
#include <utmpx.h>

enum { NOBODY = 54321 };

static void users(void) {
  struct passwd entry, *found, *self = getpwuid(getuid());
  char buffer[1024];
  int error;
  report("-", "getpwuid of oneself", self != NULL ? "an entry" : "null");
  report("-", "its id is one's own", yes_no(self->pw_uid == getuid()));
  report("-", "its directory is absolute", yes_no(self->pw_dir[0] == '/'));
  char name[64];
  snprintf(name, sizeof name, "%s", self->pw_name);
  report("-", "getpwnam of that name", yes_no(getpwnam(name) != NULL && getpwnam(name)->pw_uid == getuid()));
  errno = 0;
  report("-", "getpwnam of nobody", getpwnam("no-such-user") == NULL ? "null" : "an entry");
  report("-", "getpwuid of nobody", getpwuid(NOBODY) == NULL ? "null" : "an entry");
  found = &entry;
  error = getpwnam_r("no-such-user", &entry, buffer, sizeof buffer, &found);
  reportf("-", "getpwnam_r of nobody", "%s, %s", error_name(error), found == NULL ? "null" : "an entry");
  error = getpwuid_r(getuid(), &entry, buffer, sizeof buffer, &found);
  reportf("-", "getpwuid_r of oneself", "%s, %s", error_name(error), found == &entry ? "the entry" : "null");
  report("-", "its name is in the buffer", yes_no(entry.pw_name >= buffer && entry.pw_name < buffer + sizeof buffer));
  error = getpwuid_r(getuid(), &entry, buffer, 2, &found);
  reportf("-", "getpwuid_r with too little room", "%s, %s", error_name(error), found == NULL ? "null" : "an entry");
  setpwent();
  report("-", "getpwent", getpwent() != NULL ? "an entry" : "null");
  endpwent();
}

static void groups(void) {
  struct group entry, *found, *self = getgrgid(getgid());
  char buffer[1024];
  int error;
  gid_t list[64];
  report("-", "getgrgid of one's own", self != NULL && self->gr_gid == getgid() ? "an entry" : "null");
  report("-", "getgrnam of nobody", getgrnam("no-such-group") == NULL ? "null" : "an entry");
  report("-", "getgrgid of nobody", getgrgid(NOBODY) == NULL ? "null" : "an entry");
  error = getgrnam_r("no-such-group", &entry, buffer, sizeof buffer, &found);
  reportf("-", "getgrnam_r of nobody", "%s, %s", error_name(error), found == NULL ? "null" : "an entry");
  error = getgrgid_r(getgid(), &entry, buffer, sizeof buffer, &found);
  reportf("-", "getgrgid_r of one's own", "%s, %s", error_name(error), found == &entry ? "the entry" : "null");
  error = getgrgid_r(getgid(), &entry, buffer, 2, &found);
  reportf("-", "getgrgid_r with too little room", "%s, %s", error_name(error), found == NULL ? "null" : "an entry");
  report("-", "getgroups counts", yes_no(getgroups(0, NULL) >= 0));
  volatile int negative = -1;
  report("-", "getgroups with a negative size", outcome(getgroups(negative, list)));
  int count = 64;
  getgrouplist("no-such-user", getgid(), list, &count);
  reportf("-", "getgrouplist of nobody", "%d%s", count, list[0] == getgid() ? ", the given one" : "");
  count = 0;
  error = getgrouplist("no-such-user", getgid(), list, &count);
  reportf("-", "getgrouplist with no room", "%d, %d", error, count);
}

static void ids(void) {
  report("-", "setuid to oneself", outcome(setuid(getuid())));
  report("-", "setgid to one's own", outcome(setgid(getgid())));
  report("-", "seteuid to oneself", outcome(seteuid(geteuid())));
  report("-", "setreuid of nothing", outcome(setreuid((uid_t)-1, (uid_t)-1)));
  report("-", "getpgrp is getpgid", yes_no(getpgrp() == getpgid(0)));
  report("-", "getpgid of oneself", yes_no(getpgid(getpid()) == getpgrp()));
  report("-", "getpgid of nobody", outcome(getpgid(0x3fffffff)));
  report("-", "getsid of nobody", outcome(getsid(0x3fffffff)));
  report("-", "setpgid of nobody", outcome(setpgid(0x3fffffff, 0)));
  report("-", "setpgid to a negative group", outcome(setpgid(0, -1)));
}

static void interfaces(void) {
  struct ifaddrs *list;
  char name[IF_NAMESIZE];
  unsigned lo = if_nametoindex("lo");
  report("-", "if_nametoindex of lo", yes_no(lo > 0));
  report("-", "if_nametoindex of nothing", if_nametoindex("no-such-if") == 0 ? error_name(errno) : "an index");
  report("-", "if_indextoname of lo", if_indextoname(lo, name) != NULL ? name : error_name(errno));
  report("-", "if_indextoname of nothing", if_indextoname(99999, name) != NULL ? name : error_name(errno));
  struct if_nameindex *all = if_nameindex();
  int has_lo = 0, ended = 0;
  for (struct if_nameindex *one = all; !ended; one++) {
    ended = one->if_index == 0 && one->if_name == NULL;
    if (!ended && strcmp(one->if_name, "lo") == 0) has_lo = one->if_index == lo;
  }
  if_freenameindex(all);
  report("-", "if_nameindex has lo", yes_no(has_lo));
  report("-", "getifaddrs", outcome(getifaddrs(&list)));
  for (struct ifaddrs *one = list; one != NULL; one = one->ifa_next) {
    if (strcmp(one->ifa_name, "lo") != 0 || one->ifa_addr == NULL || one->ifa_addr->sa_family != AF_INET) continue;
    report("-", "lo's address", address_text((struct sockaddr_in *)one->ifa_addr));
    report("-", "lo's mask", address_text((struct sockaddr_in *)one->ifa_netmask));
    reportf("-", "lo's flags", "%s%s%s", one->ifa_flags & IFF_UP ? "up " : "", one->ifa_flags & IFF_LOOPBACK ? "loopback " : "",
            one->ifa_flags & IFF_BROADCAST ? "broadcast" : "");
    break;
  }
  freeifaddrs(list);
}

int main(void) {
  users();
  groups();
  ids();
  interfaces();
  struct utmpx wanted = {.ut_type = USER_PROCESS, .ut_line = "no-such-line"};
  setutxent();
  report("-", "getutxline of no line", getutxline(&wanted) == NULL ? "null" : "an entry");
  endutxent();
  return 0;
}
