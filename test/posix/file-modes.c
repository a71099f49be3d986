/* What stat and its kin tell of files that were made with the usual modes. */
/* argument: directory */
#include "posix.h"
#include <sys/stat.h>

static void tell(const char *condition, int result, const struct stat *status) {
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

int main(int argc, char **argv) {
  struct stat status;
  if (argc < 2 || chdir(argv[1]) < 0) return 1;
  umask(022);
  int fd = open("file", O_CREAT | O_RDWR, 0666);
  mkdir("directory", 0777);
  symlink("file", "link");
  tell("stat of a file", stat("file", &status), &status);
  tell("stat of a link", stat("link", &status), &status);
  tell("lstat of a link", lstat("link", &status), &status);
  tell("stat of a directory", stat("directory", &status), &status);
  tell("fstat", fstat(fd, &status), &status);
  tell("fstatat", fstatat(AT_FDCWD, "link", &status, 0), &status);
  tell("fstatat, AT_SYMLINK_NOFOLLOW", fstatat(AT_FDCWD, "link", &status, AT_SYMLINK_NOFOLLOW), &status);
  tell("stat of nothing", stat("nothing", &status), &status);
  tell("fstat of nothing", fstat(999, &status), &status);
  return 0;
}
