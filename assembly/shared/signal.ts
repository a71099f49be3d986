// Signal numbers and dispositions (Linux's and musl's numbers). Bare literals only, no imports.

export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGILL = 4;
export const SIGTRAP = 5;
export const SIGABRT = 6;
export const SIGBUS = 7;
export const SIGFPE = 8;
export const SIGKILL = 9;
export const SIGUSR1 = 10;
export const SIGSEGV = 11;
export const SIGUSR2 = 12;
export const SIGPIPE = 13;
export const SIGALRM = 14;
export const SIGTERM = 15;
export const SIGCHLD = 17;
export const SIGCONT = 18;
export const SIGSTOP = 19;
export const SIGTSTP = 20;
export const SIGTTIN = 21;
export const SIGTTOU = 22;
export const SIGURG = 23;
export const SIGXCPU = 24;
export const SIGXFSZ = 25;
export const SIGVTALRM = 26;
export const SIGPROF = 27;
export const SIGWINCH = 28;
export const SIGIO = 29;
export const SIGPWR = 30;
export const SIGSYS = 31;

/** sigaction's disposition as the glue passes it: the default action. */
export const DISPOSITION_DEFAULT = 0;
/** Ignore. */
export const DISPOSITION_IGNORE = 1;
/** Run the guest's handler. */
export const DISPOSITION_CATCH = 2;

/** Go on with an interrupted call. */
export const SA_RESTART = 0x10000000;
/** Do not block the signal in its own handler. */
export const SA_NODEFER = 0x40000000;
/** Back to the default once it was caught (0x80000000 as the i32 it is). */
export const SA_RESETHAND = -0x80000000;

export const SIG_BLOCK = 0;
export const SIG_UNBLOCK = 1;
export const SIG_SETMASK = 2;
