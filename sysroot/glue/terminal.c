/* Terminals: termios(3) over the ioctl(2) requests that the core has (assembly/abi/terminal.ts). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include "posix.h"

static const char own_name[] = "/dev/tty";

int tcgetattr(int fd, struct termios *settings) {
  return ioctl(fd, TCGETS, settings);
}
int tcsetattr(int fd, int when, const struct termios *settings) {
  if (when < TCSANOW || when > TCSAFLUSH) return refuse(EINVAL);
  return ioctl(fd, TCSETS + when, settings);
}
int tcflush(int fd, int queue) {
  return ioctl(fd, TCFLSH, queue);
}
int tcflow(int fd, int action) {
  return ioctl(fd, TCXONC, action);
}
/* TCSBRK with an argument only waits, in Linux too. */
int tcdrain(int fd) {
  return ioctl(fd, TCSBRK, 1);
}
int tcsendbreak(int fd, int duration) {
  (void)duration;
  return ioctl(fd, TCSBRK, 0);
}
int tcgetwinsize(int fd, struct winsize *size) {
  return ioctl(fd, TIOCGWINSZ, size);
}
int tcsetwinsize(int fd, const struct winsize *size) {
  return ioctl(fd, TIOCSWINSZ, size);
}
pid_t tcgetpgrp(int fd) {
  pid_t group;
  return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}
int tcsetpgrp(int fd, pid_t group) {
  return ioctl(fd, TIOCSPGRP, &group);
}
pid_t tcgetsid(int fd) {
  pid_t session;
  return ioctl(fd, TIOCGSID, &session) < 0 ? -1 : session;
}

speed_t cfgetispeed(const struct termios *settings) {
  return settings->__c_ispeed;
}
speed_t cfgetospeed(const struct termios *settings) {
  return settings->__c_ospeed;
}
static int is_speed(speed_t speed) {
  static const speed_t speeds[] = {B0,    B50,   B75,   B110,   B134,   B150,   B200,   B300,    B600,    B1200,  B1800,
                                   B2400, B4800, B9600, B19200, B38400, B57600, B115200, B230400, B460800, B921600};
  for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
    if (speeds[i] == speed) return 1;
  return 0;
}
/* An input speed of 0 is the output's. */
int cfsetispeed(struct termios *settings, speed_t speed) {
  if (!is_speed(speed)) return refuse(EINVAL);
  settings->__c_ispeed = speed == B0 ? settings->__c_ospeed : speed;
  return 0;
}
int cfsetospeed(struct termios *settings, speed_t speed) {
  if (!is_speed(speed)) return refuse(EINVAL);
  settings->__c_ospeed = speed;
  return 0;
}
int cfsetspeed(struct termios *settings, speed_t speed) {
  return cfsetospeed(settings, speed) < 0 ? -1 : cfsetispeed(settings, speed);
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
  static char name[sizeof own_name];
  return isatty(fd) ? strcpy(name, own_name) : NULL;
}
int ttyname_r(int fd, char *name, size_t size) {
  if (!isatty(fd)) return errno;
  if (size < sizeof own_name) return ERANGE;
  strcpy(name, own_name);
  return 0;
}
char *ctermid(char *name) {
  static char own[sizeof own_name];
  return strcpy(name != NULL ? name : own, own_name);
}

/* The line is not shown; what was typed before the prompt is no part of it. */
char *getpass(const char *prompt) {
  static char line[128];
  struct termios before, silent;
  int terminal = tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    silent = before;
    silent.c_lflag &= ~(ECHO | ISIG);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  fputs(prompt, stderr);
  fflush(stderr);
  char *read = fgets(line, sizeof line, stdin);
  if (terminal) {
    fputc('\n', stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
  }
  if (read == NULL) return NULL;
  line[strcspn(line, "\r\n")] = '\0';
  return line;
}
