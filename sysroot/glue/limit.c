/* Limits and usage. */
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "posix.h"

/* Descriptors are bounded by the host, which 1024 is the usual figure of; nothing else is limited or can be. */
int getdtablesize(void) { return 1024; }
int getrlimit(int resource, struct rlimit *limit) {
  if (resource < 0 || resource > RLIMIT_AS) return refuse(EINVAL);
  limit->rlim_cur = limit->rlim_max = resource == RLIMIT_NOFILE ? 1024 : resource == RLIMIT_CORE ? 0 : RLIM_INFINITY;
  return 0;
}
int setrlimit(int resource, const struct rlimit *limit) {
  struct rlimit now;
  if (getrlimit(resource, &now) < 0) return -1;
  return limit->rlim_cur == now.rlim_cur && limit->rlim_max == now.rlim_max ? 0 : refuse(EPERM);
}

int nice(int increment) { return increment == 0 ? 0 : refuse(EPERM); }
int getpriority(int which, unsigned who) {
  (void)which;
  (void)who;
  return 0;
}
int setpriority(int which, unsigned who, int priority) {
  (void)which;
  (void)who;
  return priority == 0 ? 0 : refuse(EACCES);
}

int getloadavg(double loads[], int count) {
  (void)loads;
  (void)count;
  return -1;
}
