/* Says which signals come: SIGINT ends it with status 5 where its argument is "leave", else it goes on. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int leaves;

static void hear(int signo) {
  if (write(1, signo == SIGINT ? "SIGINT\n" : "other\n", signo == SIGINT ? 7 : 6) < 0) _exit(8);
  if (leaves && signo == SIGINT) _exit(5);
}

int main(int argc, char **argv) {
  leaves = argc > 1 && strcmp(argv[1], "leave") == 0;
  signal(SIGINT, hear);
  signal(SIGUSR1, hear);
  if (write(1, "ready\n", 6) < 0) return 8;
  for (;;) pause();
}
