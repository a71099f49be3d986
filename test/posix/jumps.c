/* setjmp(), sigsetjmp() and what jumps out of a signal's handler, also while a call waits. */
#include "posix.h"
#include <setjmp.h>

static jmp_buf place;
static sigjmp_buf signal_place;

static void jump_with(int value) { longjmp(place, value); }
static int jump_deep(volatile int depth) {
  volatile char room[256];
  room[0] = (char)depth;
  if (depth > 0) return jump_deep(depth - 1) + room[0];
  if (depth == 0) longjmp(place, 7);
  return room[0];
}

static int blocked(int signo) {
  sigset_t mask;
  sigprocmask(SIG_BLOCK, NULL, &mask);
  return sigismember(&mask, signo);
}

static void block(int how, int signo) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signo);
  sigprocmask(how, &set, NULL);
}

static void plain(void) {
  volatile int count = 0;
  int value = setjmp(place);
  if (value == 0) jump_with(3);
  reportf("-", "longjmp gives its value", "%d", value);
  value = setjmp(place);
  if (value == 0) jump_with(0);
  reportf("-", "longjmp of 0 gives", "%d", value);
  value = setjmp(place);
  if (value == 0) jump_deep(50);
  reportf("-", "longjmp through 50 calls", "%d", value);
  value = setjmp(place);
  count++;
  if (count < 5) jump_with(count);
  reportf("-", "longjmp to one place, again and again", "%d %d", value, count);
}

static void masks(void) {
  if (sigsetjmp(signal_place, 1) == 0) {
    block(SIG_BLOCK, SIGUSR2);
    siglongjmp(signal_place, 1);
  }
  report("-", "sigsetjmp with the mask: blocked since is", blocked(SIGUSR2) ? "blocked" : "free");
  if (sigsetjmp(signal_place, 0) == 0) {
    block(SIG_BLOCK, SIGUSR2);
    siglongjmp(signal_place, 1);
  }
  report("-", "sigsetjmp without the mask: blocked since is", blocked(SIGUSR2) ? "blocked" : "free");
  block(SIG_UNBLOCK, SIGUSR2);
}

static void jump_out(int signo) {
  signals_seen++;
  siglongjmp(signal_place, signo);
}

static void catch_and_jump(int signo) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = jump_out;
  sigaction(signo, &action, NULL);
  signals_seen = 0;
}

/* Each once more, so that what the first jump left behind would show. */
static void out_of_handlers(void) {
  catch_and_jump(SIGUSR1);
  catch_and_jump(SIGALRM);
  for (volatile int round = 1; round <= 2; round++) {
    char condition[64], byte;
    int ends[2];
    volatile int got = sigsetjmp(signal_place, 1);
    if (got == 0) raise(SIGUSR1);
    snprintf(condition, sizeof condition, "out of raise, %d", round);
    reportf("-", condition, "%s%s", got == SIGUSR1 ? "SIGUSR1" : "another", blocked(SIGUSR1) ? ", still blocked" : "");

    pipe(ends);
    got = sigsetjmp(signal_place, 1);
    if (got == 0) {
      alarm_in(50);
      read(ends[0], &byte, 1);
    }
    snprintf(condition, sizeof condition, "out of a read that waits, %d", round);
    reportf("-", condition, "%s%s", got == SIGALRM ? "SIGALRM" : "another", blocked(SIGALRM) ? ", still blocked" : "");
    write(ends[1], "x", 1);
    snprintf(condition, sizeof condition, "the pipe works on, %d", round);
    report("-", condition, outcome(read(ends[0], &byte, 1)));

    got = sigsetjmp(signal_place, 1);
    if (got == 0) {
      struct pollfd entry = {.fd = ends[0], .events = POLLIN};
      alarm_in(50);
      poll(&entry, 1, SOON);
    }
    snprintf(condition, sizeof condition, "out of poll, %d", round);
    reportf("-", condition, "%s%s", got == SIGALRM ? "SIGALRM" : "another", blocked(SIGALRM) ? ", still blocked" : "");
    close(ends[0]);
    close(ends[1]);
  }
  reportf("-", "handlers run", "%d", (int)signals_seen);
}

/* The oldest way to bound a connection's time. */
static void out_of_accept(void) {
  int listener = tcp_listener();
  volatile int got = sigsetjmp(signal_place, 1);
  if (got == 0) {
    alarm_in(50);
    accept(listener, NULL, NULL);
  }
  report("-", "out of accept", got == SIGALRM ? "SIGALRM" : "another");
  int client, server;
  connected_pair(listener, &client, &server);
  send(client, "x", 1, 0);
  report("-", "the listener works on", received_text(server));
  close(client);
  close(server);
  close(listener);
}

int main(void) {
  plain();
  masks();
  out_of_handlers();
  out_of_accept();
  return 0;
}
