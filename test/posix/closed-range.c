/* Descriptors from 3 on closed or taken by number, as daemons do: paths lead to files all the same. */
/* argument: directory */
#include "posix.h"

static char path[4096];

static const char *in(const char *directory, const char *name) {
  snprintf(path, sizeof path, "%s/%s", directory, name);
  return path;
}
static const char *content(const char *directory, const char *name) {
  char *text = remembered();
  int fd = open(in(directory, name), O_RDONLY);
  if (fd < 0) return error_name(errno);
  ssize_t length = read(fd, text, 100);
  text[length < 0 ? 0 : length] = '\0';
  close(fd);
  return text;
}
static const char *written(const char *directory, const char *name) {
  int fd = open(in(directory, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0) return error_name(errno);
  const char *result = outcome(write(fd, name, strlen(name)));
  close(fd);
  return result;
}

int main(int argc, char **argv) {
  struct stat status;
  char buffer[8];
  int ends[2];
  if (argc != 2) return 2;
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  report("-", "dup2 of a socket to 3, before any path", outcome(dup2(fd, 3)));
  report("-", "3 is the socket", yes_no(fstat(3, &status) == 0 && S_ISSOCK(status.st_mode)));
  report("-", "a file written", written(argv[1], "first"));
  report("-", "it is read", content(argv[1], "first"));
  report("-", "3 is the socket still", yes_no(fstat(3, &status) == 0 && S_ISSOCK(status.st_mode)));
  for (int each = 3; each < 20; each++) close(each);
  report("-", "read of 3, closed", outcome(read(3, buffer, sizeof buffer)));
  report("-", "a file read then", content(argv[1], "first"));
  report("-", "another one written", written(argv[1], "second"));
  report("-", "stat of it", outcome(stat(in(argv[1], "second"), &status)));
  report("-", "pipe", outcome(pipe(ends)));
  report("-", "dup2 of its end to 3", outcome(dup2(ends[0], 3)));
  write(ends[1], "x", 1);
  report("-", "read of 3", outcome(read(3, buffer, sizeof buffer)));
  report("-", "mkdir", outcome(mkdir(in(argv[1], "deep"), 0700)));
  report("-", "a file in that", written(argv[1], "deep/third"));
  fd = open(in(argv[1], "second"), O_RDONLY);
  report("-", "dup2 of a file to 3", outcome(dup2(fd, 3)));
  report("-", "another path", content(argv[1], "first"));
  report("-", "the file by its number", outcome(read(3, buffer, 3)));
  report("-", "unlink", outcome(unlink(in(argv[1], "second"))));
  report("-", "close of 3", outcome(close(3)));
  report("-", "close of 3 again", outcome(close(3)));
  return 0;
}
