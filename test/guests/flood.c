/* Writes lines, as many as its argument says or for ever, until a write fails. */
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
  static const char line[] = "all work and no play makes a dull program\n";
  long left = argc > 1 ? atol(argv[1]) : -1;
  while (left-- != 0)
    if (write(1, line, sizeof line - 1) < 0) return 9;
  return 0;
}
