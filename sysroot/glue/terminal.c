/* Terminals: the host's line discipline is what it is; settings are not a guest's to change yet. */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "posix.h"

static int terminal_or_error(int fd, int error) {
  return isatty(fd) ? refuse(error) : -1;
}

int tcgetattr(int fd, struct termios *settings) {
  if (!isatty(fd)) return -1;
  memset(settings, 0, sizeof *settings);
  settings->c_iflag = ICRNL | IXON;
  settings->c_oflag = OPOST | ONLCR;
  settings->c_cflag = CS8 | CREAD;
  settings->c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | IEXTEN;
  settings->c_cc[VINTR] = 3;
  settings->c_cc[VEOF] = 4;
  settings->c_cc[VMIN] = 1;
  settings->__c_ispeed = settings->__c_ospeed = B38400;
  return 0;
}

int tcsetattr(int fd, int when, const struct termios *settings) {
  (void)when;
  (void)settings;
  return terminal_or_error(fd, ENOSYS);
}
int tcflush(int fd, int queue) {
  (void)queue;
  return terminal_or_error(fd, ENOSYS);
}
int tcdrain(int fd) { return isatty(fd) ? 0 : -1; }
int tcsendbreak(int fd, int duration) {
  (void)duration;
  return terminal_or_error(fd, ENOSYS);
}
speed_t cfgetispeed(const struct termios *settings) { return settings->__c_ispeed; }
speed_t cfgetospeed(const struct termios *settings) { return settings->__c_ospeed; }
int cfsetispeed(struct termios *settings, speed_t speed) {
  settings->__c_ispeed = speed;
  return 0;
}
int cfsetospeed(struct termios *settings, speed_t speed) {
  settings->__c_ospeed = speed;
  return 0;
}
void cfmakeraw(struct termios *settings) {
  settings->c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
  settings->c_oflag &= ~OPOST;
  settings->c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
  settings->c_cflag &= ~(CSIZE | PARENB);
  settings->c_cflag |= CS8;
  settings->c_cc[VMIN] = 1;
  settings->c_cc[VTIME] = 0;
}
char *ttyname(int fd) {
  static char name[] = "/dev/tty";
  return isatty(fd) ? name : NULL;
}
int ttyname_r(int fd, char *name, size_t size) {
  if (!isatty(fd)) return ENOTTY;
  if (size < sizeof "/dev/tty") return ERANGE;
  strcpy(name, "/dev/tty");
  return 0;
}
char *getpass(const char *prompt) {
  static char line[128];
  fputs(prompt, stderr);
  fflush(stderr);
  if (fgets(line, sizeof line, stdin) == NULL) return NULL;
  line[strcspn(line, "\r\n")] = '\0';
  return line;
}
