/* Polls a socket so many times without waiting, and says in how many milliseconds. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

int main(int argc, char **argv) {
  struct timespec began, ended;
  if (argc != 2) return 2;
  struct pollfd entry = {.fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN};
  if (entry.fd < 0) return 1;
  clock_gettime(CLOCK_MONOTONIC, &began);
  for (int i = atoi(argv[1]); i > 0; i--)
    if (poll(&entry, 1, 0) != 0) return 1;
  clock_gettime(CLOCK_MONOTONIC, &ended);
  printf("%ld\n", (long)((ended.tv_sec - began.tv_sec) * 1000 + (ended.tv_nsec - began.tv_nsec) / 1000000));
  return 0;
}
