/* Serves one connection: echoes until its end. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char bytes[256];
  ssize_t got;
  if (argc != 2) return 2;
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&name, sizeof name) != 0 || listen(listener, 5) != 0) {
    perror("serve");
    return 1;
  }
  int fd = accept(listener, NULL, NULL);
  if (fd < 0) return 1;
  while ((got = read(fd, bytes, sizeof bytes)) > 0) write(fd, bytes, (size_t)got);
  close(fd);
  return got == 0 ? 0 : 1;
}
