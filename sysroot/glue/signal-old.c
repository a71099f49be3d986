/* The signal functions of BSD and of System V, over those of POSIX. */
#include <signal.h>
#include <string.h>
#include "posix.h"

static sigset_t only(int signo) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signo);
  return set;
}

/* BSD's masks are an int: the first 32 signals. */
static int change(int how, int mask) {
  sigset_t set = {{(unsigned long)mask, 0}}, old;
  return sigprocmask(how, &set, &old) < 0 ? -1 : (int)old.__bits[0];
}
int sigblock(int mask) { return change(SIG_BLOCK, mask); }
int sigsetmask(int mask) { return change(SIG_SETMASK, mask); }
int siggetmask(void) { return change(SIG_BLOCK, 0); }

static int change_one(int how, int signo) {
  if (signo < 1 || signo >= NSIG) return refuse(EINVAL);
  sigset_t set = only(signo);
  return sigprocmask(how, &set, NULL);
}
int sighold(int signo) { return change_one(SIG_BLOCK, signo); }
int sigrelse(int signo) { return change_one(SIG_UNBLOCK, signo); }
int sigignore(int signo) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_IGN;
  return sigaction(signo, &action, NULL);
}

sighandler_t sysv_signal(int signo, sighandler_t handler) {
  struct sigaction action, old;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESETHAND | SA_NODEFER;
  return sigaction(signo, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

/* SIG_HOLD: as SIG_IGN, an address. */
void __hawser_hold(int signo) { raise(signo); }

/* SIG_HOLD blocks and leaves the handler; anything else unblocks. What was: SIG_HOLD, or the handler. */
sighandler_t sigset(int signo, sighandler_t handler) {
  struct sigaction action, old;
  sigset_t mask;
  if (signo < 1 || signo >= NSIG) {
    errno = EINVAL;
    return SIG_ERR;
  }
  sigset_t set = only(signo);
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  if (sigaction(signo, handler == SIG_HOLD ? NULL : &action, &old) < 0) return SIG_ERR;
  if (sigprocmask(handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, &set, &mask) < 0) return SIG_ERR;
  return sigismember(&mask, signo) ? SIG_HOLD : old.sa_handler;
}

/* XSI's: waits with this one signal unblocked. */
int sigpause(int signo) {
  sigset_t mask;
  if (signo < 1 || signo >= NSIG) return refuse(EINVAL);
  if (sigprocmask(SIG_BLOCK, NULL, &mask) < 0) return -1;
  sigdelset(&mask, signo);
  return sigsuspend(&mask);
}

int sigandset(sigset_t *set, const sigset_t *left, const sigset_t *right) {
  for (int i = 0; i < 2; i++) set->__bits[i] = left->__bits[i] & right->__bits[i];
  return 0;
}
int sigorset(sigset_t *set, const sigset_t *left, const sigset_t *right) {
  for (int i = 0; i < 2; i++) set->__bits[i] = left->__bits[i] | right->__bits[i];
  return 0;
}
