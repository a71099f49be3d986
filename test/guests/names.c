/*
 * Does what its arguments say with AF_UNIX names, and prints a line for each: "connect NAME", "bind NAME" (and listens),
 * "cd DIRECTORY", "link TARGET" as NAME of the next argument, "stat NAME", "unlink NAME".
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int with_name(int (*call)(int, const struct sockaddr *, socklen_t), const char *name, int *fd) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, name, sizeof address.sun_path);
  *fd = socket(AF_UNIX, SOCK_STREAM, 0);
  return call(*fd, (struct sockaddr *)&address, sizeof address);
}

static const char *peer(int fd) {
  static struct sockaddr_un address;
  socklen_t length = sizeof address;
  return getpeername(fd, (struct sockaddr *)&address, &length) == 0 ? address.sun_path : strerror(errno);
}

int main(int count, char **arguments) {
  for (int i = 1; i + 1 < count; i += 2) {
    const char *verb = arguments[i], *name = arguments[i + 1];
    struct stat status;
    int fd = -1, result = -1;
    errno = 0;
    if (strcmp(verb, "connect") == 0) result = with_name(connect, name, &fd);
    else if (strcmp(verb, "bind") == 0) result = with_name(bind, name, &fd) == 0 ? listen(fd, 4) : -1;
    else if (strcmp(verb, "cd") == 0) result = chdir(name);
    else if (strcmp(verb, "link") == 0) result = symlink(name, arguments[++i + 1]);
    else if (strcmp(verb, "stat") == 0) result = stat(name, &status);
    else if (strcmp(verb, "unlink") == 0) result = unlink(name);
    printf("%s %s: %s", verb, name, result == 0 ? "done" : strerror(errno));
    if (result == 0 && strcmp(verb, "connect") == 0) printf(", to %s", peer(fd));
    putchar('\n');
  }
  return 0;
}
