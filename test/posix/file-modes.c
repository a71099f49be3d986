/* What stat and its kin tell of files that were made with the usual modes, and setting what they have. */
/* argument: directory */
#include "modes.h"

static void said(const char *condition, int result) { report("-", condition, result < 0 ? error_name(errno) : "done"); }

int main(int argc, char **argv) {
  struct stat status;
  if (argc < 2 || chdir(argv[1]) < 0) return 1;
  umask(022);
  int fd = open("file", O_CREAT | O_RDWR, 0666);
  mkdir("directory", 0777);
  tell("stat of a file", stat("file", &status), &status);
  tell("stat of a directory", stat("directory", &status), &status);
  tell("fstat", fstat(fd, &status), &status);
  tell("fstatat", fstatat(AT_FDCWD, "file", &status, 0), &status);
  tell("stat of nothing", stat("nothing", &status), &status);
  tell("fstat of nothing", fstat(999, &status), &status);
  said("chmod to the mode that it has", chmod("file", 0644));
  said("fchmod to the mode that it has", fchmod(fd, 0100644));
  said("fchmodat to the mode that it has", fchmodat(AT_FDCWD, "directory", 0755, 0));
  said("chmod to another mode", chmod("file", 0600));
  said("fchmod to another mode", fchmod(fd, 0600));
  said("chmod of nothing", chmod("nothing", 0644));
  said("fchmod of nothing", fchmod(999, 0644));
  said("fchmodat of nothing", fchmodat(AT_FDCWD, "nothing", 0644, 0));
  said("chown to its owner", chown("file", getuid(), getgid()));
  said("fchown to its owner", fchown(fd, getuid(), -1));
  said("lchown to nobody else", lchown("directory", -1, -1));
  said("fchownat to its owner", fchownat(AT_FDCWD, "file", -1, getgid(), 0));
  said("chown of nothing", chown("nothing", -1, -1));
  said("fchown of nothing", fchown(999, -1, -1));
  return 0;
}
