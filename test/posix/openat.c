/* openat(2): from a directory, from the current one, from the root. */
/* argument: directory */
#include "posix.h"

static char text[8];

static const char *what_is_in(int fd) {
  memset(text, 0, sizeof text);
  ssize_t got = read(fd, text, sizeof text - 1);
  close(fd);
  return got < 0 ? error_name(errno) : text;
}

int main(int count, char **words) {
  if (count < 2) return 1;
  char path[200];
  int directory = open(words[1], O_RDONLY | O_DIRECTORY);
  report("-", "open of a directory", yes_no(directory >= 0));
  int fd = openat(directory, "a", O_WRONLY | O_CREAT | O_EXCL, 0600);
  report("-", "a new file in it", yes_no(fd >= 0));
  report("-", "write", outcome((int)write(fd, "text", 4)));
  close(fd);
  report("-", "O_EXCL of what is there", outcome(openat(directory, "a", O_WRONLY | O_CREAT | O_EXCL, 0600)));
  report("-", "what is in it", what_is_in(openat(directory, "a", O_RDONLY)));
  report("-", "what is not there", outcome(openat(directory, "b", O_RDONLY)));
  snprintf(path, sizeof path, "%s/a", words[1]);
  report("-", "an absolute path", what_is_in(openat(directory, path, O_RDONLY)));
  report("-", "an absolute path from no descriptor", what_is_in(openat(-1, path, O_RDONLY)));
  report("-", "a path from no descriptor", outcome(openat(-1, "a", O_RDONLY)));
  report("-", "chdir", outcome(chdir(words[1])));
  report("-", "a path from the current directory", what_is_in(openat(AT_FDCWD, "a", O_RDONLY)));
  report("-", "a path that begins with ./", what_is_in(openat(AT_FDCWD, "./a", O_RDONLY)));
  report("-", "a device from the current directory", what_is_in(openat(directory, "/dev/null", O_RDONLY)));
  fd = openat(directory, "a", O_RDONLY);
  report("-", "a path from a file", outcome(openat(fd, "a", O_RDONLY)));
  close(fd);
  report("-", "an empty path", outcome(openat(directory, "", O_RDONLY)));
  close(directory);
  return 0;
}
