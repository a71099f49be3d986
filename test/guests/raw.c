/* Makes its terminal raw, says so, and ends as its argument says: "return", "abort", or "wait" for a signal that ends it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

int main(int count, char *arguments[]) {
  struct termios settings;
  if (count != 2 || tcgetattr(0, &settings) < 0) return 2;
  cfmakeraw(&settings);
  if (tcsetattr(0, TCSANOW, &settings) < 0) return 3;
  printf("raw\r\n");
  fflush(stdout);
  if (strcmp(arguments[1], "abort") == 0) abort();
  while (strcmp(arguments[1], "wait") == 0) pause();
  return 0;
}
