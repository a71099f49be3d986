/* Logs three messages; with an argument it is the daemon of /dev/log too, and prints what it hears. */
#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct sockaddr_un name = {AF_UNIX, "/dev/log"};
  char text[256];
  int daemon = -1;
  (void)argv;
  if (argc > 1) {
    daemon = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (bind(daemon, (struct sockaddr *)&name, sizeof name) != 0) return perror("bind"), 1;
  }
  openlog("guest", LOG_PID, LOG_DAEMON);
  syslog(LOG_WARNING, "a %s", "message");
  errno = ECONNREFUSED;
  syslog(LOG_ERR, "%d%%: %m", 7);
  closelog();
  openlog("again", LOG_PERROR, LOG_LOCAL0);
  syslog(LOG_MAIL | LOG_INFO, "mail");
  for (int i = 0; daemon >= 0 && i < 3; i++) {
    ssize_t length = recv(daemon, text, sizeof text, MSG_DONTWAIT);
    if (length < 0) return perror("recv"), 1;
    printf("%.*s\n", (int)length, text);
  }
  return 0;
}
