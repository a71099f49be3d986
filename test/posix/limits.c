/* Limits, usage and what the machine says of itself. */
#include "posix.h"
#include <limits.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/utsname.h>

int main(void) {
  struct rlimit limit, before;
  struct rusage usage;
  struct utsname names;
  report("-", "getrlimit, unknown", outcome(getrlimit((__typeof(RLIMIT_CORE))77, &limit)));
  report("-", "setrlimit, unknown", outcome(setrlimit((__typeof(RLIMIT_CORE))77, &limit)));
  report("-", "getrlimit of the stack", outcome(getrlimit(RLIMIT_STACK, &limit)));
  report("-", "set to what it is", outcome(setrlimit(RLIMIT_STACK, &limit)));
  getrlimit(RLIMIT_NOFILE, &before);
  limit = before;
  limit.rlim_cur = before.rlim_max;
  report("-", "descriptors: up to the hard limit", outcome(setrlimit(RLIMIT_NOFILE, &limit)));
  limit.rlim_cur = 64;
  limit.rlim_max = 32;
  report("-", "soft above hard", outcome(setrlimit(RLIMIT_NOFILE, &limit)));
  setrlimit(RLIMIT_NOFILE, &before);
  report("-", "prlimit of oneself", outcome(prlimit(0, RLIMIT_NOFILE, NULL, &limit)));
  report("-", "it is getrlimit's", yes_no(limit.rlim_cur == before.rlim_cur && limit.rlim_max == before.rlim_max));
  report("-", "prlimit of nobody", outcome(prlimit(0x3fffffff, RLIMIT_NOFILE, NULL, &limit)));
  report("-", "getrusage", outcome(getrusage(RUSAGE_SELF, &usage)));
  report("-", "getrusage of children", outcome(getrusage(RUSAGE_CHILDREN, &usage)));
  report("-", "getrusage, unknown", outcome(getrusage(77, &usage)));
  report("-", "setpriority to what it is", outcome(setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0))));
  report("-", "nice of nothing", yes_no(nice(0) == getpriority(PRIO_PROCESS, 0)));
  report("-", "uname", outcome(uname(&names)));
  char host[256] = "";
  gethostname(host, sizeof host);
  report("-", "uname has gethostname's name", yes_no(strcmp(names.nodename, host) == 0));
  report("-", "gethostname into no room", outcome(gethostname(host, 1)));
  report("-", "_SC_OPEN_MAX is RLIMIT_NOFILE's", yes_no(sysconf(_SC_OPEN_MAX) == (long)before.rlim_cur));
  report("-", "getdtablesize is it too", yes_no(getdtablesize() == (int)before.rlim_cur));
  report("-", "_SC_PAGESIZE is getpagesize's", yes_no(sysconf(_SC_PAGESIZE) == getpagesize()));
  report("-", "_SC_PHYS_PAGES", yes_no(sysconf(_SC_PHYS_PAGES) > 0));
  report("-", "_SC_GETPW_R_SIZE_MAX", yes_no(sysconf(_SC_GETPW_R_SIZE_MAX) > 0));
  report("-", "_SC_NPROCESSORS_ONLN", yes_no(sysconf(_SC_NPROCESSORS_ONLN) > 0));
  report("-", "_SC_IOV_MAX", outcome(sysconf(_SC_IOV_MAX)));
  report("-", "_SC_CLK_TCK", outcome(sysconf(_SC_CLK_TCK)));
  errno = 0;
  report("-", "sysconf, unknown", outcome(sysconf(9999)));
  report("-", "FD_SETSIZE", outcome(FD_SETSIZE));
  report("-", "priorities of SCHED_OTHER", yes_no(sched_get_priority_max(SCHED_OTHER) == 0 && sched_get_priority_min(SCHED_OTHER) == 0));
  report("-", "sched_getscheduler", yes_no(sched_getscheduler(0) == SCHED_OTHER));
  report("-", "sched_yield", outcome(sched_yield()));
  return 0;
}
