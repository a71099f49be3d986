/* Waits in poll() for so many milliseconds, with nothing to wait for. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  int ready = poll(NULL, 0, atoi(argv[1]));
  printf("%d ready\n", ready);
  return 0;
}
