/* argument: directory */
/* needs: files */
/* realpath(), access() and stat() through links. */
#include "posix.h"
#include <limits.h>

static const char *root;

static const char *resolved(const char *path) {
  static char real[PATH_MAX];
  size_t length = strlen(root);
  if (realpath(path, real) == NULL) return error_name(errno);
  return strncmp(real, root, length) == 0 ? real + length : real;
}

int main(int count, char **words) {
  static const char *const paths[] = {"link", "link/", "dlink", "dlink/", "dlink/f", "dlink/../link", "./dlink/./f",
                                      "up/f", "loop", "dangling", "dangling/f", "chain", "dlink/none"};
  char own[PATH_MAX], target[PATH_MAX + 8];
  struct stat status;
  if (count < 2 || chdir(words[1]) != 0 || realpath(".", own) == NULL) return 2;
  root = own;
  mkdir("d", 0700);
  mkdir("deep", 0700);
  close(open("f", O_WRONLY | O_CREAT, 0600));
  close(open("d/f", O_WRONLY | O_CREAT, 0600));
  symlink("f", "link");
  symlink("d", "dlink");
  symlink("deep/../d", "up");
  symlink("loop", "loop");
  symlink("none", "dangling");
  symlink("dlink/f", "chain");
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    char condition[64];
    snprintf(condition, sizeof condition, "realpath of %s", paths[i]);
    report("-", condition, resolved(paths[i]));
  }
  report("-", "access of a link", outcome(access("link", R_OK)));
  report("-", "access of a dangling link", outcome(access("dangling", F_OK)));
  report("-", "access of the dangling link itself", outcome(faccessat(AT_FDCWD, "dangling", F_OK, AT_SYMLINK_NOFOLLOW)));
  report("-", "lstat of a dangling link", outcome(lstat("dangling", &status)));
  report("-", "it is a link", yes_no(S_ISLNK(status.st_mode)));
  report("-", "readlink of a file", outcome(readlink("f", target, sizeof target)));
  return 0;
}
