/* Waits for input and for room for output together, as telnet does, and copies its input. */
#include <poll.h>
#include <unistd.h>

int main(void) {
  struct pollfd both[] = {{.fd = 0, .events = POLLIN}, {.fd = 1, .events = POLLOUT}};
  char text[64];
  for (;;) {
    if (poll(both, 2, -1) < 0) return 1;
    if (both[0].revents == 0) {
      if (poll(both, 1, 10000) != 1) return 2;
      continue;
    }
    ssize_t length = read(0, text, sizeof text);
    if (length <= 0) return length < 0 ? 3 : 0;
    if (write(1, text, (size_t)length) != length) return 4;
  }
}
