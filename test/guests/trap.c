/* Ends the way its argument says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  if (strcmp(argv[1], "abort") == 0) abort();
  if (strcmp(argv[1], "divide") == 0) return 100 / atoi(argv[2]);
  if (strcmp(argv[1], "wild") == 0) {
    volatile char *nowhere = (char *)0xfffffff0;
    return *nowhere;
  }
  return 3;
}
