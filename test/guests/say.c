/* Connects, sends a line, prints what comes back of it, exits with 7. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char line[256];
  struct sockaddr_in server = {.sin_family = AF_INET};
  if (argc != 4) return 2;
  server.sin_port = htons((uint16_t)atoi(argv[2]));
  inet_pton(AF_INET, argv[1], &server.sin_addr);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  for (int tries = 0; connect(fd, (struct sockaddr *)&server, sizeof server) != 0; tries++) {
    if (errno != ECONNREFUSED || tries == 100) {
      printf("connect: %s\n", strerror(errno));
      return 1;
    }
    usleep(20000);
  }
  size_t length = strlen(argv[3]), got = 0;
  send(fd, argv[3], length, 0);
  while (got < length) {
    ssize_t part = recv(fd, line + got, sizeof line - got, 0);
    if (part <= 0) return 3;
    got += (size_t)part;
  }
  printf("%.*s\n", (int)got, line);
  close(fd);
  return 7;
}
