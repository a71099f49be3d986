/* The signal functions of BSD and System V. */
#include "posix.h"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

/* sigmask(), which glibc warns of. */
enum { HUP = 1 << (SIGHUP - 1) };

static const char *handler_name(void (*handler)(int)) {
  return handler == SIG_ERR ? error_name(errno) : handler == SIG_DFL ? "SIG_DFL" : handler == SIG_IGN ? "SIG_IGN"
       : handler == SIG_HOLD ? "SIG_HOLD" : handler == count_signal ? "the handler" : "another";
}

int main(void) {
  report("-", "sigset", handler_name(sigset(SIGUSR1, count_signal)));
  report("-", "sigset to hold", handler_name(sigset(SIGUSR1, SIG_HOLD)));
  raise(SIGUSR1);
  reportf("-", "held", "%d", (int)signals_seen);
  report("-", "sigset back", handler_name(sigset(SIGUSR1, count_signal)));
  reportf("-", "let go", "%d", (int)signals_seen);
  report("-", "sigset of SIGKILL", handler_name(sigset(SIGKILL, count_signal)));
  report("-", "sighold", outcome(sighold(SIGUSR1)));
  raise(SIGUSR1);
  reportf("-", "held again", "%d", (int)signals_seen);
  report("-", "sigrelse", outcome(sigrelse(SIGUSR1)));
  reportf("-", "let go again", "%d", (int)signals_seen);
  report("-", "sighold of 77", outcome(sighold(77)));
  report("-", "sigignore", outcome(sigignore(SIGUSR1)));
  raise(SIGUSR1);
  reportf("-", "ignored", "%d", (int)signals_seen);
  report("-", "sigignore of SIGKILL", outcome(sigignore(SIGKILL)));
  report("-", "sysv_signal", handler_name(sysv_signal(SIGUSR2, count_signal)));
  raise(SIGUSR2);
  report("-", "its handler is gone after one", handler_name(signal(SIGUSR2, SIG_IGN)));
  report("-", "siginterrupt", outcome(siginterrupt(SIGALRM, 1)));
  report("-", "siginterrupt of 77", outcome(siginterrupt(77, 1)));
  int before = sigblock(HUP);
  reportf("-", "sigblock tells what was", "%d", before & HUP ? 1 : 0);
  reportf("-", "siggetmask", "%d", siggetmask() & HUP ? 1 : 0);
  sigsetmask(before);
  reportf("-", "sigsetmask back", "%d", siggetmask() & HUP ? 1 : 0);
  return 0;
}
