/* Names of signals: strsignal() and its kin. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const struct {
  const char *short_name, *sentence;
} signals[] = {
    {NULL, NULL},
    {"HUP", "Hangup"},
    {"INT", "Interrupt"},
    {"QUIT", "Quit"},
    {"ILL", "Illegal instruction"},
    {"TRAP", "Trace/breakpoint trap"},
    {"ABRT", "Aborted"},
    {"BUS", "Bus error"},
    {"FPE", "Floating point exception"},
    {"KILL", "Killed"},
    {"USR1", "User defined signal 1"},
    {"SEGV", "Segmentation fault"},
    {"USR2", "User defined signal 2"},
    {"PIPE", "Broken pipe"},
    {"ALRM", "Alarm clock"},
    {"TERM", "Terminated"},
    {"STKFLT", "Stack fault"},
    {"CHLD", "Child exited"},
    {"CONT", "Continued"},
    {"STOP", "Stopped (signal)"},
    {"TSTP", "Stopped"},
    {"TTIN", "Stopped (tty input)"},
    {"TTOU", "Stopped (tty output)"},
    {"URG", "Urgent I/O condition"},
    {"XCPU", "CPU time limit exceeded"},
    {"XFSZ", "File size limit exceeded"},
    {"VTALRM", "Virtual timer expired"},
    {"PROF", "Profiling timer expired"},
    {"WINCH", "Window changed"},
    {"POLL", "I/O possible"},
    {"PWR", "Power failure"},
    {"SYS", "Bad system call"},
};
enum { COUNT = sizeof signals / sizeof *signals };

const char *sigabbrev_np(int signo) { return signo > 0 && signo < COUNT ? signals[signo].short_name : NULL; }
const char *sigdescr_np(int signo) { return signo > 0 && signo < COUNT ? signals[signo].sentence : NULL; }

char *strsignal(int signo) {
  static char other[32];
  const char *known = sigdescr_np(signo);
  if (known != NULL) return (char *)known;
  if (signo >= SIGRTMIN && signo <= SIGRTMAX) sprintf(other, "Real-time signal %d", signo - SIGRTMIN);
  else sprintf(other, "Unknown signal %d", signo);
  return other;
}

void psignal(int signo, const char *prefix) {
  if (prefix != NULL && *prefix != '\0') fprintf(stderr, "%s: ", prefix);
  fprintf(stderr, "%s\n", strsignal(signo));
}

void psiginfo(const siginfo_t *info, const char *prefix) { psignal(info->si_signo, prefix); }
