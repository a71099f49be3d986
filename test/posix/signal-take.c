/* Signals that are taken, not caught: sigwait() and its kin, sigqueue(); and the functions of BSD and System V. */
#include "posix.h"

static sigset_t set_of(int one, int other) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, one);
  if (other != 0) sigaddset(&set, other);
  return set;
}

static const char *is_pending(int signo) {
  sigset_t set;
  sigpending(&set);
  return yes_no(sigismember(&set, signo));
}

static void taking(void) {
  sigset_t set = set_of(SIGUSR1, SIGALRM), other = set_of(SIGUSR2, 0);
  struct timespec now = {0, 0}, soon = {0, 50000000}, wrong = {0, 1000000000}, later = {5, 0};
  siginfo_t info;
  int signo = 0;
  catch_signal(SIGUSR1, 0);
  sigprocmask(SIG_BLOCK, &set, NULL);
  report("-", "sigtimedwait, none there", outcome(sigtimedwait(&set, &info, &now)));
  report("-", "sigtimedwait, none in time", outcome(sigtimedwait(&set, &info, &soon)));
  report("-", "sigtimedwait, no time", outcome(sigtimedwait(&set, &info, &wrong)));
  raise(SIGUSR1);
  report("-", "pending before", is_pending(SIGUSR1));
  report("-", "sigwait", outcome(sigwait(&set, &signo)));
  report("-", "sigwait took SIGUSR1", yes_no(signo == SIGUSR1));
  report("-", "pending after", is_pending(SIGUSR1));
  raise(SIGUSR1);
  report("-", "sigwaitinfo took SIGUSR1", yes_no(sigwaitinfo(&set, &info) == SIGUSR1));
  report("-", "sigwaitinfo tells it", yes_no(info.si_signo == SIGUSR1));
  alarm_in(50);
  report("-", "sigtimedwait waits for SIGALRM", yes_no(sigtimedwait(&set, NULL, &later) == SIGALRM));
  reportf("-", "handlers run", "%d", (int)signals_seen);
  catch_signal(SIGUSR2, 0);
  raise(SIGUSR2);
  reportf("-", "another one is caught meanwhile", "%d", (int)signals_seen);
  report("-", "two pending: the lower first", yes_no((raise(SIGALRM), raise(SIGUSR1), sigwaitinfo(&set, NULL)) == SIGUSR1));
  report("-", "then the other", yes_no(sigwaitinfo(&set, NULL) == SIGALRM));
  (void)other;
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void interrupted(void) {
  sigset_t set = set_of(SIGUSR2, 0);
  sigprocmask(SIG_BLOCK, &set, NULL);
  catch_signal(SIGALRM, SA_RESTART);
  struct timespec later = {5, 0};
  alarm_in(50);
  report("-", "sigtimedwait, another's handler", outcome(sigtimedwait(&set, NULL, &later)));
  alarm_in(50);
  report("-", "sigwaitinfo, another's handler", outcome(sigwaitinfo(&set, NULL)));
  alarm_in(50);
  report("-", "pause", outcome(pause()));
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static siginfo_t seen;
static void keep(int signo, siginfo_t *info, void *context) {
  (void)signo;
  (void)context;
  seen = *info;
  signals_seen++;
}

static void queued(void) {
  struct sigaction action;
  union sigval value = {.sival_int = 4711};
  sigset_t set = set_of(SIGUSR1, 0);
  siginfo_t info;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = keep;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, NULL);
  signals_seen = 0;
  report("-", "sigqueue", outcome(sigqueue(getpid(), SIGUSR1, value)));
  reportf("-", "its value", "%d%s, signal %s", seen.si_value.sival_int, seen.si_code == SI_QUEUE ? ", queued" : "",
          seen.si_signo == SIGUSR1 ? "SIGUSR1" : "another");
  kill(getpid(), SIGUSR1);
  reportf("-", "kill has none", "%s, by %s", seen.si_code == SI_USER ? "SI_USER" : "another",
          seen.si_pid == getpid() ? "itself" : "another");
  sigprocmask(SIG_BLOCK, &set, NULL);
  sigqueue(getpid(), SIGUSR1, value);
  reportf("-", "taken with its value", "%d", sigwaitinfo(&set, &info) == SIGUSR1 ? info.si_value.sival_int : -1);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  reportf("-", "handlers run for two", "%d", (int)signals_seen);
  report("-", "sigqueue to nobody", outcome(sigqueue(0x3fffffff, SIGUSR1, value)));
  report("-", "sigqueue of no signal", outcome(sigqueue(getpid(), 77, value)));
}

static void sets(void) {
  sigset_t set, other = set_of(SIGHUP, 0), both;
  report("-", "sigaddset of 0", outcome(sigaddset(&other, 0)));
  report("-", "sigaddset of 65", outcome(sigaddset(&other, 65)));
  report("-", "sigismember of -1", outcome(sigismember(&other, -1)));
  report("-", "sigdelset of -1", outcome(sigdelset(&other, -1)));
  sigfillset(&set);
  report("-", "a full set has SIGTERM", outcome(sigismember(&set, SIGTERM)));
  sigandset(&both, &set, &other);
  reportf("-", "sigandset", "%d %d", sigismember(&both, SIGHUP), sigismember(&both, SIGTERM));
  sigemptyset(&set);
  sigorset(&both, &set, &other);
  reportf("-", "sigorset", "%d %d", sigismember(&both, SIGHUP), sigisemptyset(&set));
  report("-", "sigprocmask, unknown how", outcome(sigprocmask(77, &set, NULL)));
  report("-", "sigprocmask, unknown how, no set", outcome(sigprocmask(77, NULL, &set)));
  report("-", "sigaction of 0", outcome(sigaction(0, NULL, NULL)));
  report("-", "sigaction of 65", outcome(sigaction(65, NULL, NULL)));
  report("-", "signal of SIGKILL", signal(SIGKILL, SIG_IGN) == SIG_ERR ? error_name(errno) : "a handler");
  report("-", "raise of 65", outcome(raise(65)));
}

static void names(void) {
  static const int numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGFPE, SIGKILL, SIGSEGV, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1,
                                SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGWINCH, SIGIO, SIGSYS};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    char condition[32];
    snprintf(condition, sizeof condition, "strsignal(%d)", numbers[i]);
    report("-", condition, strsignal(numbers[i]));
  }
  report("-", "strsignal(0)", strsignal(0));
  report("-", "strsignal(1000)", strsignal(1000));
}

int main(void) {
  taking();
  interrupted();
  queued();
  sets();
  names();
  return 0;
}
