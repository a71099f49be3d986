/* What stat and its kin tell of a file: type, mode and whether it is ours; for the programs about it. */
#include "posix.h"
#include <sys/stat.h>

static inline void tell(const char *condition, int result, const struct stat *status) {
  if (result < 0) {
    report("-", condition, error_name(errno));
    return;
  }
  const char *type = S_ISREG(status->st_mode)   ? "file"
                     : S_ISDIR(status->st_mode) ? "directory"
                     : S_ISLNK(status->st_mode) ? "link"
                                                : "other";
  reportf("-", condition, "%s %04o, %s", type, (unsigned)(status->st_mode & 07777),
          status->st_uid == getuid() && status->st_gid == getgid() ? "ours" : "another's");
}
