/* "datagrams PORT COUNT" sends so many datagrams to 127.0.0.1, each when the one before has come back or is taken for lost after a second, and tells
   how many came back. */
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_DGRAM, 0), back = 0;
  for (int i = 0; i < atoi(argv[2]); i++) {
    char sent[32], got[64];
    int length = snprintf(sent, sizeof sent, "number %d", i);
    if (sendto(fd, sent, (size_t)length, 0, (struct sockaddr *)&name, sizeof name) != length) return 3;
    struct pollfd waits = {.fd = fd, .events = POLLIN};
    while (poll(&waits, 1, 1000) == 1) {
      ssize_t came = recv(fd, got, sizeof got, 0);
      if (came < 0) return 4;
      if (came != length || memcmp(got, sent, (size_t)length) != 0) continue;
      back++;
      break;
    }
  }
  printf("%d came back\n", back);
  return 0;
}
