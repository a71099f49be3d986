/* Says that it is ready and waits for ever; with an argument it ignores SIGTERM and SIGINT. */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
  (void)argv;
  if (argc > 1) {
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
  }
  puts("ready");
  fflush(stdout);
  for (;;) pause();
}
