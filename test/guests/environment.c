/* Prints $HAWSER_DATA. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
  const char *value = getenv("HAWSER_DATA");
  puts(value == NULL ? "unset" : value);
  return 0;
}
