/* Signals: dispositions are the core's, handlers stay here and are run through __hawser_signal. */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

int posix_sigaction(int, int, int, int, int) POSIX(sigaction);
int posix_sigprocmask(int, const sigset_t *, sigset_t *) POSIX(sigprocmask);
int posix_sigpending(sigset_t *) POSIX(sigpending);
int posix_sigsuspend(const sigset_t *) POSIX(sigsuspend);
int posix_sigtimedwait(const sigset_t *, double) POSIX(sigtimedwait);
int posix_kill(int, int) POSIX(kill);
int posix_getpid(void) POSIX(getpid);
int posix_parameters(int) POSIX(parameters);
int posix_setitimer(int, const struct itimerval *, struct itimerval *) POSIX(setitimer);
int posix_getitimer(int, struct itimerval *) POSIX(getitimer);

static struct sigaction actions[NSIG];

/* SIG_IGN: only its address matters, and that no other function does the same: an optimizer may make one of two that do. */
void __hawser_ignore(int signo) {
  actions[0].sa_flags = signo;
}

/* What sigqueue() sent with a signal that is pending. */
static struct {
  int given;
  union sigval value;
} queued[NSIG];

static void describe(siginfo_t *info, int signo) {
  memset(info, 0, sizeof *info);
  info->si_signo = signo;
  info->si_code = queued[signo].given ? SI_QUEUE : signo == SIGALRM ? SI_KERNEL : SI_USER;
  info->si_pid = posix_getpid();
  info->si_value = queued[signo].value;
}
static void forget(int signo) { memset(&queued[signo], 0, sizeof queued[signo]); }

/* The core's way in: runs the handler of a signal. */
__attribute__((export_name("__hawser_signal"))) void __hawser_signal(int signo) {
  struct sigaction action = actions[signo];
  int saved = errno;
  siginfo_t info;
  describe(&info, signo);
  forget(signo);
  if (action.sa_flags & SA_RESETHAND) actions[signo].sa_handler = SIG_DFL;
  /* Called as it was declared: WebAssembly knows no call with arguments too many. */
  int parameters = posix_parameters((int)action.sa_handler);
  if (parameters == 0) ((void (*)(void))action.sa_handler)();
  else if (parameters < 0 ? (action.sa_flags & SA_SIGINFO) != 0 : parameters == 3)
    action.sa_sigaction(signo, &info, NULL);
  else action.sa_handler(signo);
  errno = saved;
}

int sigaction(int signo, const struct sigaction *restrict action, struct sigaction *restrict old) {
  if (signo < 1 || signo >= NSIG) return refuse(EINVAL);
  struct sigaction before = actions[signo];
  if (action != NULL) {
    int disposition = action->sa_handler == SIG_DFL ? 0 : action->sa_handler == SIG_IGN ? 1 : 2;
    actions[signo] = *action;
    if (disposition == 1) forget(signo);
    int result = posix_sigaction(signo, disposition, action->sa_flags, (int)action->sa_mask.__bits[0],
                                 (int)action->sa_mask.__bits[1]);
    if (result < 0) {
      actions[signo] = before;
      return answer(result);
    }
  }
  if (old != NULL) *old = before;
  return 0;
}

/* BSD semantics, as glibc has them: the handler stays and calls restart. */
sighandler_t signal(int signo, sighandler_t handler) {
  struct sigaction action, old;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  return sigaction(signo, &action, &old) < 0 ? SIG_ERR : old.sa_handler;
}

sighandler_t bsd_signal(int signo, sighandler_t handler) {
  return signal(signo, handler);
}

int siginterrupt(int signo, int interrupts) {
  struct sigaction action;
  if (sigaction(signo, NULL, &action) < 0) return -1;
  if (interrupts) action.sa_flags &= ~SA_RESTART;
  else action.sa_flags |= SA_RESTART;
  return sigaction(signo, &action, NULL);
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old) {
  return answer(posix_sigprocmask(how, set, old));
}

int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old) {
  int result = posix_sigprocmask(how, set, old);
  return result < 0 ? -result : 0;
}

int sigpending(sigset_t *set) {
  return answer(posix_sigpending(set));
}

int sigsuspend(const sigset_t *mask) {
  return answer(posix_sigsuspend(mask));
}

static double milliseconds(const struct timespec *limit) {
  return (double)limit->tv_sec * 1000 + (double)limit->tv_nsec / 1e6;
}

int sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info, const struct timespec *restrict limit) {
  if (limit != NULL && (limit->tv_sec < 0 || limit->tv_nsec < 0 || limit->tv_nsec >= 1000000000L)) return refuse(EINVAL);
  int signo = posix_sigtimedwait(set, limit == NULL ? -1 : milliseconds(limit));
  if (signo > 0) {
    if (info != NULL) describe(info, signo);
    forget(signo);
  }
  return answer(signo);
}

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info) {
  return sigtimedwait(set, info, NULL);
}

int sigwait(const sigset_t *restrict set, int *restrict signo) {
  int result;
  do result = posix_sigtimedwait(set, -1);
  while (result == -EINTR);
  if (result < 0) return -result;
  forget(result);
  *signo = result;
  return 0;
}

int pause(void) {
  sigset_t mask;
  if (posix_sigprocmask(SIG_BLOCK, NULL, &mask) < 0) return -1;
  return answer(posix_sigsuspend(&mask));
}

int kill(pid_t pid, int signo) {
  return answer(posix_kill(pid, signo));
}

static int is_pending(int signo) {
  sigset_t set;
  return posix_sigpending(&set) == 0 && sigismember(&set, signo);
}

/* One of each is kept: EAGAIN, POSIX's for a full queue, while that is pending. */
int sigqueue(pid_t pid, int signo, union sigval value) {
  if (signo < 0 || signo >= NSIG) return refuse(EINVAL);
  if (pid <= 0) return refuse(ESRCH);
  if (signo == 0) return kill(pid, 0);
  if (queued[signo].given && is_pending(signo)) return refuse(EAGAIN);
  queued[signo].given = 1;
  queued[signo].value = value;
  int result = posix_kill(pid, signo);
  if (result < 0 || !is_pending(signo)) forget(signo);
  return answer(result);
}

int killpg(pid_t group, int signo) {
  if (group < 0 || group == 1) return refuse(EINVAL);
  return answer(posix_kill(-group, signo));
}

int raise(int signo) {
  return answer(posix_kill(0, signo));
}

int sigaltstack(const stack_t *restrict stack, stack_t *restrict old) {
  (void)stack;
  if (old != NULL) {
    memset(old, 0, sizeof *old);
    old->ss_flags = SS_DISABLE;
  }
  return stack == NULL ? 0 : refuse(ENOSYS);
}

int sigemptyset(sigset_t *set) {
  memset(set, 0, sizeof *set);
  return 0;
}

int sigfillset(sigset_t *set) {
  memset(set, 0xff, sizeof *set);
  return 0;
}

int sigisemptyset(const sigset_t *set) {
  return set->__bits[0] == 0 && set->__bits[1] == 0;
}

static unsigned long *word_of(const sigset_t *set, int signo) {
  return (unsigned long *)&set->__bits[(signo - 1) / 32];
}

int sigaddset(sigset_t *set, int signo) {
  if (signo < 1 || signo >= NSIG) return refuse(EINVAL);
  *word_of(set, signo) |= 1UL << (signo - 1) % 32;
  return 0;
}

int sigdelset(sigset_t *set, int signo) {
  if (signo < 1 || signo >= NSIG) return refuse(EINVAL);
  *word_of(set, signo) &= ~(1UL << (signo - 1) % 32);
  return 0;
}

int sigismember(const sigset_t *set, int signo) {
  if (signo < 1 || signo >= NSIG) return refuse(EINVAL);
  return *word_of(set, signo) >> (signo - 1) % 32 & 1;
}

int setitimer(int which, const struct itimerval *restrict value, struct itimerval *restrict old) {
  return answer(posix_setitimer(which, value, old));
}

int getitimer(int which, struct itimerval *value) {
  return answer(posix_getitimer(which, value));
}

unsigned alarm(unsigned seconds) {
  struct itimerval value = {{0, 0}, {seconds, 0}}, old;
  if (posix_setitimer(ITIMER_REAL, &value, &old) < 0) return 0;
  return (unsigned)old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}

unsigned ualarm(unsigned microseconds, unsigned interval) {
  struct itimerval value = {{interval / 1000000, interval % 1000000}, {microseconds / 1000000, microseconds % 1000000}};
  struct itimerval old;
  if (posix_setitimer(ITIMER_REAL, &value, &old) < 0) return 0;
  return (unsigned)(old.it_value.tv_sec * 1000000 + old.it_value.tv_usec);
}
