/* Writes lines for ever, until a write fails. */
#include <string.h>
#include <unistd.h>

int main(void) {
  static const char line[] = "all work and no play makes a dull program\n";
  while (write(1, line, sizeof line - 1) > 0) {
  }
  return 9;
}
