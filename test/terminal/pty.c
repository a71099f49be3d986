/* Runs a program on a new pseudo-terminal of 24 rows and 80 columns, UTF-8, and passes bytes on both ways. */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

int main(int count, char *arguments[]) {
  struct winsize size = {.ws_row = 24, .ws_col = 80};
  int device, peer, status;
  char bytes[65536];
  if (count < 2 || openpty(&device, &peer, NULL, NULL, &size) < 0) return 125;
  struct termios settings;
  tcgetattr(peer, &settings);
  settings.c_iflag |= IUTF8;
  tcsetattr(peer, TCSANOW, &settings);
  pid_t child = fork();
  if (child == 0) {
    close(device);
    login_tty(peer);
    execv(arguments[1], arguments + 1);
    _exit(127);
  }
  close(peer);
  struct pollfd entries[2] = {{.fd = 0, .events = POLLIN}, {.fd = device, .events = POLLIN}};
  while (poll(entries, 2, -1) > 0) {
    if (entries[0].revents) {
      ssize_t length = read(0, bytes, sizeof bytes);
      if (length <= 0) entries[0].fd = -1;
      else if (write(device, bytes, (size_t)length) != length) return 124;
    }
    if (entries[1].revents) {
      ssize_t length = read(device, bytes, sizeof bytes);
      if (length <= 0) break;
      if (write(1, bytes, (size_t)length) != length) return 124;
    }
  }
  if (waitpid(child, &status, 0) < 0) return 123;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
