/* What stat and its kin tell of files that were made with the usual modes. */
/* argument: directory */
#include "modes.h"

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
  return 0;
}
