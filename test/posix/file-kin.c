/* Files, beside open() and read(): directories walked and read, copies, ranges of descriptors, temporary files. */
/* argument: directory */
#include "posix.h"
#include <dirent.h>
#include <ftw.h>
#include <sys/file.h>
#include <sys/sendfile.h>

static int visited[16], deepest;

static int visit(const char *path, const struct stat *status, int type) {
  (void)status;
  if (type >= 0 && type < 16) visited[type]++;
  int depth = 0;
  for (const char *at = path; *at != '\0'; at++) depth += *at == '/';
  if (depth > deepest) deepest = depth;
  return 0;
}
static int stop(const char *path, const struct stat *status, int type) {
  (void)path;
  (void)status;
  (void)type;
  return 77;
}

static void make(const char *name, const char *text) {
  int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  write(fd, text, strlen(text));
  close(fd);
}

static void directories(void) {
  mkdir("d", 0700);
  mkdir("d/e", 0700);
  make("d/one", "1");
  make("d/e/two", "22");
  reportf("-", "ftw", "%d", ftw("d", visit, 10));
  reportf("-", "ftw saw", "%d files, %d directories, %d deep", visited[FTW_F], visited[FTW_D], deepest);
  reportf("-", "ftw ends with what is not 0", "%d", ftw("d", stop, 10));
  report("-", "ftw of nothing", outcome(ftw("none", visit, 10)));
  DIR *directory = opendir("d");
  struct dirent entry, *found;
  int error = 0, count = 0, own = 1;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  while ((error = readdir_r(directory, &entry, &found)) == 0 && found != NULL) {
    count += strcmp(found->d_name, "one") == 0 || strcmp(found->d_name, "e") == 0;
    own &= found == &entry;
  }
#pragma GCC diagnostic pop
  reportf("-", "readdir_r", "%s, %d known%s", error_name(error), count, own ? ", in the caller's" : "");
  closedir(directory);
  struct dirent **list;
  int entries = scandir("d", &list, NULL, alphasort);
  report("-", "scandir sorts", yes_no(entries >= 2 && strcmp(list[entries - 1]->d_name, "one") == 0));
  unlink("d/e/two");
  unlink("d/one");
  report("-", "rmdir of one that is not empty", yes_no(rmdir("d") < 0));
  rmdir("d/e");
  report("-", "rmdir", outcome(rmdir("d")));
}

static const char *contents(const char *name) {
  char *text = remembered();
  int fd = open(name, O_RDONLY);
  long length = read(fd, text, 100);
  close(fd);
  if (length < 0) return error_name(errno);
  text[length] = '\0';
  return text;
}

static void copies(void) {
  make("from", "0123456789");
  int in = open("from", O_RDONLY), out = open("to", O_RDWR | O_CREAT | O_TRUNC, 0600), ends[2];
  off_t at = 2;
  report("-", "copy_file_range from an offset", outcome(copy_file_range(in, &at, out, NULL, 3, 0)));
  reportf("-", "the offset", "%d", (int)at);
  report("-", "the file's place is as it was", outcome(lseek(in, 0, SEEK_CUR)));
  report("-", "copy_file_range to the end", outcome(copy_file_range(in, NULL, out, NULL, 100, 0)));
  report("-", "copy_file_range at the end", outcome(copy_file_range(in, NULL, out, NULL, 100, 0)));
  report("-", "copied", contents("to"));
  report("-", "copy_file_range, unknown flag", outcome(copy_file_range(in, &at, out, NULL, 1, 77)));
  pipe(ends);
  report("-", "copy_file_range to a pipe", outcome(copy_file_range(in, &at, ends[1], NULL, 1, 0)));
  at = 7;
  report("-", "sendfile to a pipe", outcome(sendfile(ends[1], in, &at, 100)));
  reportf("-", "sendfile's offset", "%d", (int)at);
  char text[8] = "";
  read(ends[0], text, sizeof text - 1);
  report("-", "sent", text);
  report("-", "sendfile from a pipe", outcome(sendfile(ends[1], ends[0], NULL, 1)));
  report("-", "flock", outcome(flock(in, LOCK_EX | LOCK_NB)));
  report("-", "flock, unknown", outcome(flock(in, 77)));
  report("-", "flock of a closed descriptor", outcome(flock(-1, LOCK_SH)));
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  report("-", "F_SETLK", outcome(fcntl(out, F_SETLK, &lock)));
  report("-", "F_GETLK", outcome(fcntl(out, F_GETLK, &lock)));
  report("-", "no lock of another", yes_no(lock.l_type == F_UNLCK));
  close(in);
  close(out);
  close(ends[0]);
  close(ends[1]);
}

static void ranges(void) {
  int low = fcntl(1, F_DUPFD, 50), middle = fcntl(1, F_DUPFD, 60), high = fcntl(1, F_DUPFD, 70);
  report("-", "close_range", outcome(close_range(55, 65, 0)));
  reportf("-", "it closed", "%s, %s, %s", outcome(fcntl(low, F_GETFD)), outcome(fcntl(middle, F_GETFD)), outcome(fcntl(high, F_GETFD)));
  report("-", "close_range, CLOEXEC", outcome(close_range(65, 75, 4)));
  reportf("-", "it marked", "%s", outcome(fcntl(high, F_GETFD)));
  report("-", "close_range, backwards", outcome(close_range(65, 55, 0)));
  report("-", "close_range, unknown flag", outcome(close_range(200, 300, 77)));
  closefrom(50);
  reportf("-", "closefrom closed", "%s, %s", outcome(fcntl(low, F_GETFD)), outcome(fcntl(high, F_GETFD)));
}

int main(int count, char **words) {
  if (count < 2 || chdir(words[1]) != 0) return 2;
  directories();
  copies();
  ranges();
  report("-", "faccessat of nothing", outcome(faccessat(AT_FDCWD, "none", R_OK, 0)));
  report("-", "euidaccess", outcome(euidaccess("from", R_OK)));
  char *real = realpath("./from", NULL), *own = get_current_dir_name();
  report("-", "realpath is absolute", yes_no(real != NULL && real[0] == '/'));
  report("-", "get_current_dir_name", yes_no(own != NULL && own[0] == '/'));
  mkdir("deep", 0700);
  char up[4096];
  report("-", "realpath up and down", yes_no(realpath("deep/../deep/./../from", up) == up && strcmp(up, real) == 0));
  report("-", "realpath of the root", realpath("//", up) != NULL ? up : error_name(errno));
  report("-", "realpath below a file", realpath("from/x", up) == NULL ? error_name(errno) : "a path");
  report("-", "realpath of a file as a directory", realpath("from/", up) == NULL ? error_name(errno) : "a path");
  report("-", "realpath of an empty name", realpath("", up) == NULL ? error_name(errno) : "a path");
  report("-", "realpath up from nothing", realpath("none/..", up) == NULL ? error_name(errno) : "a path");
  struct stat status;
  report("-", "st_blksize is something", yes_no(stat("from", &status) == 0 && status.st_blksize > 0));
  report("-", "access, unknown mode", outcome(access("from", 077)));
  report("-", "realpath of nothing", realpath("none/none", NULL) == NULL ? error_name(errno) : "a path");
  report("-", "open of a directory to write", opened(open(".", O_RDWR)));
  report("-", "open, O_EXCL", opened(open("from", O_RDWR | O_CREAT | O_EXCL, 0600)));
  report("-", "openat of nothing", opened(openat(AT_FDCWD, "none", O_RDONLY)));
  report("-", "openat", opened(openat(AT_FDCWD, "from", O_RDONLY)));
  return 0;
}
