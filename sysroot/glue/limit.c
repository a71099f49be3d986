/* Limits and usage. */
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "posix.h"

/* Descriptors; nothing else is limited or can be. A limit is 32 bits wide to the core: no table has as many. */
struct files {
  uint32_t soft, hard;
};
int posix_rlimit_files(const struct files *set, struct files *was) POSIX(rlimit_files);

static uint32_t narrow(rlim_t value) { return value > UINT32_MAX ? UINT32_MAX : (uint32_t)value; }

int getdtablesize(void) {
  struct files files;
  posix_rlimit_files(NULL, &files);
  return (int)files.soft;
}
int getrlimit(int resource, struct rlimit *limit) {
  struct files files;
  if (resource < 0 || resource >= RLIM_NLIMITS) return refuse(EINVAL);
  if (resource == RLIMIT_NOFILE) {
    posix_rlimit_files(NULL, &files);
    limit->rlim_cur = files.soft;
    limit->rlim_max = files.hard;
    return 0;
  }
  limit->rlim_cur = limit->rlim_max = resource == RLIMIT_CORE || resource == RLIMIT_NICE || resource == RLIMIT_RTPRIO ? 0 : RLIM_INFINITY;
  return 0;
}
int setrlimit(int resource, const struct rlimit *limit) {
  struct rlimit now;
  if (resource == RLIMIT_NOFILE)
    return answer(posix_rlimit_files(&(struct files){narrow(limit->rlim_cur), narrow(limit->rlim_max)}, NULL));
  if (getrlimit(resource, &now) < 0) return -1;
  return limit->rlim_cur == now.rlim_cur && limit->rlim_max == now.rlim_max ? 0 : refuse(EPERM);
}

/* Another process's limits are nobody's to ask for. */
int prlimit(pid_t pid, int resource, const struct rlimit *set, struct rlimit *was) {
  struct rlimit before;
  if (pid != 0 && pid != getpid()) return refuse(ESRCH);
  if (getrlimit(resource, &before) < 0) return -1;
  if (set != NULL && setrlimit(resource, set) < 0) return -1;
  if (was != NULL) *was = before;
  return 0;
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
