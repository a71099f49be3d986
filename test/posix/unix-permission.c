/* needs: unprivileged */
/* stdin: go */
/*
 * AF_UNIX streams: permissions (rows 6.9, 6.10), on files that the harness made with modes that leave this user out. Standard
 * input speaks when the harness has given up its privileges.
 */
#include "posix.h"

static const char *connected(const char *name) {
  struct sockaddr_un address;
  const char *directory = getenv("HAWSER_PEER_FILES");
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", directory == NULL ? "" : directory, name);
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  const char *result = outcome(connect(fd, (struct sockaddr *)&address, sizeof address));
  close(fd);
  return result;
}

int main(void) {
  char word[8];
  if (read(0, word, sizeof word) <= 0) return 2;
  report("6.10", "every permission", connected("open"));
  report("6.9", "no search permission", connected("private/live"));
  report("6.9", "no search permission, absent", connected("private/absent"));
  report("6.9", "no search permission, through the directory", connected("private/../open"));
  report("6.9", "no search permission, the directory itself", connected("private/."));
  report("6.9", "link into it", connected("link"));
  report("6.10", "no write permission", connected("read-only"));
  report("6.10", "write permission only", connected("write-only"));
  report("6.10", "no write permission, held by nobody", connected("stale"));
  report("6.10", "no write permission, regular file", connected("file"));
  report("6.10", "no write permission, directory", connected("private"));
  report("6.1", "absent", connected("absent"));
  return 0;
}
