/* open(2) and F_GETFL with access modes as programs count with them: numbers, and O_APPEND beside them. */
/* argument: directory */
/* needs: files */
#include "posix.h"

/* What a descriptor can do, and what F_GETFL says of it. */
static void told(const char *how, int fd) {
  char condition[64], text[8];
  int flags = fcntl(fd, F_GETFL);
  snprintf(condition, sizeof condition, "%s: F_GETFL", how);
  reportf("-", condition, "%d%s", flags & O_ACCMODE, flags & O_APPEND ? ", appends" : "");
  snprintf(condition, sizeof condition, "%s: write", how);
  report("-", condition, outcome(write(fd, "ab", 2)));
  snprintf(condition, sizeof condition, "%s: read", how);
  lseek(fd, 0, SEEK_SET);
  report("-", condition, outcome(read(fd, text, 1)));
  close(fd);
}

/* How long the file is. */
static const char *length(void) {
  struct stat status;
  return stat("file", &status) < 0 ? error_name(errno) : outcome((long)status.st_size);
}

static void appending(void) {
  int fd = open("file", O_WRONLY | O_APPEND);
  lseek(fd, 0, SEEK_SET);
  write(fd, "cd", 2);
  report("-", "written at the end", length());
  report("-", "F_SETFL without O_APPEND", outcome(fcntl(fd, F_SETFL, 0)));
  lseek(fd, 0, SEEK_SET);
  write(fd, "ef", 2);
  report("-", "written at the beginning", length());
  report("-", "F_SETFL of O_APPEND", outcome(fcntl(fd, F_SETFL, O_APPEND)));
  lseek(fd, 0, SEEK_SET);
  write(fd, "gh", 2);
  report("-", "written at the end again", length());
  told("after F_SETFL", fd);
}

static void streams(void) {
  FILE *file = fopen("file", "a");
  reportf("-", "fopen for appending: F_GETFL", "%d", fcntl(fileno(file), F_GETFL) & (O_ACCMODE | O_APPEND));
  fclose(file);
  file = fopen("file", "r+");
  reportf("-", "fopen for both: F_GETFL", "%d", fcntl(fileno(file), F_GETFL) & (O_ACCMODE | O_APPEND));
  fclose(file);
  int fd = open("file", O_RDWR);
  file = fdopen(fd, "a");
  fputs("ij", file);
  fflush(file);
  report("-", "fdopen for appending: F_GETFL has O_APPEND", yes_no((fcntl(fd, F_GETFL) & O_APPEND) != 0));
  report("-", "fdopen for appending: length", length());
  fclose(file);
}

int main(int count, char **words) {
  if (count < 2 || chdir(words[1]) != 0) return 2;
  told("creat", creat("file", 0600));
  told("0", open("file", 0));
  told("1", open("file", 1));
  told("2", open("file", 2));
  told("O_RDONLY", open("file", O_RDONLY));
  told("O_WRONLY and O_TRUNC", open("file", O_WRONLY | O_TRUNC));
  told("O_RDWR and O_APPEND", open("file", O_RDWR | O_APPEND));
  told("O_RDWR and O_CLOEXEC", openat(AT_FDCWD, "file", O_RDWR | O_CLOEXEC));
  told("O_RDONLY and O_APPEND", open("file", O_RDONLY | O_APPEND));
  report("-", "O_WRONLY of a directory", outcome(open(".", O_WRONLY)));
  report("-", "O_RDWR of a directory", outcome(open(".", O_RDWR)));
  report("-", "read of a directory", outcome(read(open(".", O_RDONLY), words[1], 1)));
  report("-", "O_EXCL of what is there", outcome(open("file", O_WRONLY | O_CREAT | O_EXCL, 0600)));
  appending();
  streams();
  return 0;
}
