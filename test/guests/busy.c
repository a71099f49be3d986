/* Says that it is ready and computes for ever, without a call. */
#include <stdio.h>

int main(void) {
  volatile unsigned long sum = 0;
  puts("ready");
  fflush(stdout);
  for (;;) sum++;
}
