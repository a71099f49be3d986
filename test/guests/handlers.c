/* Signal handlers as old and new programs declare them: without a parameter, with one, with three; and a jump out of one. */
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static jmp_buf out;
static volatile int seen;

static void without() { seen += 1; }
static void with_one(int signo) { seen += signo == SIGALRM ? 10 : 0; }
static void with_three(int signo, siginfo_t *info, void *context) {
  (void)context;
  seen += signo == info->si_signo ? 100 : 0;
}
static void jump() { longjmp(out, 1); }

int main(void) {
  struct sigaction action;
  signal(SIGALRM, (void (*)(int))without);
  raise(SIGALRM);
  signal(SIGALRM, with_one);
  raise(SIGALRM);
  memset(&action, 0, sizeof action);
  action.sa_sigaction = with_three;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGALRM, &action, NULL);
  raise(SIGALRM);
  signal(SIGALRM, (void (*)(int))jump);
  if (setjmp(out) == 0) {
    ualarm(20000, 0);
    for (;;) pause();
  }
  printf("%d\n", seen);
  return 0;
}
