/* What stat and its kin tell of a link and of what it leads to. */
/* argument: directory */
/* needs: files */
#include "modes.h"

int main(int argc, char **argv) {
  struct stat status;
  if (argc < 2 || chdir(argv[1]) < 0) return 1;
  umask(022);
  close(open("file", O_CREAT | O_RDWR, 0666));
  symlink("file", "link");
  tell("stat of a link", stat("link", &status), &status);
  tell("lstat of a link", lstat("link", &status), &status);
  tell("fstatat", fstatat(AT_FDCWD, "link", &status, 0), &status);
  tell("fstatat, AT_SYMLINK_NOFOLLOW", fstatat(AT_FDCWD, "link", &status, AT_SYMLINK_NOFOLLOW), &status);
  return 0;
}
