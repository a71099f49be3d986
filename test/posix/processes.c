/* Children: there are none to wait for, and hawser can make none: ENOSYS, from each call that would. */
#include "posix.h"
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

static void nobody_to_wait_for(void) {
  int status = 77;
  siginfo_t info;
  struct rusage usage;
  report("-", "wait", outcome(wait(&status)));
  report("-", "waitpid of any", outcome(waitpid(-1, &status, 0)));
  report("-", "waitpid of any, WNOHANG", outcome(waitpid(-1, &status, WNOHANG)));
  report("-", "waitpid of a pid that is no child", outcome(waitpid(getpid(), &status, 0)));
  report("-", "waitpid of a group", outcome(waitpid(0, &status, 0)));
  report("-", "waitpid, unknown option", outcome(waitpid(-1, &status, 0x1000)));
  report("-", "waitid of any", outcome(waitid(P_ALL, 0, &info, WEXITED)));
  report("-", "waitid with no option", outcome(waitid(P_ALL, 0, &info, 0)));
  report("-", "waitid, unknown kind", outcome(waitid((idtype_t)77, 0, &info, WEXITED)));
  report("-", "wait3", outcome(wait3(&status, 0, &usage)));
  report("-", "wait4", outcome(wait4(-1, &status, WNOHANG, &usage)));
  reportf("-", "the status is as it was", "%d", status);
}

static void statuses(void) {
  static const int values[] = {0, 1 << 8, 255 << 8, SIGTERM, SIGSEGV | 0x80, SIGSTOP << 8 | 0x7f, 0xffff};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
    char condition[64];
    int status = values[i];
    snprintf(condition, sizeof condition, "status %#x", (unsigned)status);
    if (WIFEXITED(status)) reportf("-", condition, "exited %d", WEXITSTATUS(status));
    else if (WIFSIGNALED(status)) reportf("-", condition, "signal %d%s", WTERMSIG(status), WCOREDUMP(status) ? ", core" : "");
    else if (WIFSTOPPED(status)) reportf("-", condition, "stopped %d", WSTOPSIG(status));
    else report("-", condition, WIFCONTINUED(status) ? "continued" : "unknown");
  }
}

static const char *made(pid_t pid) {
  if (pid < 0) return error_name(errno);
  if (pid == 0) _exit(0);
  waitpid(pid, NULL, 0);
  return "a child";
}

static void making(void) {
  char *arguments[] = {(char *)"true", NULL}, *nothing[] = {NULL};
  pid_t pid = -1;
  report("-", "fork", made(fork()));
  report("-", "vfork", made(vfork()));
  int error = posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, nothing);
  report("-", "posix_spawn", error != 0 ? error_name(error) : made(pid));
  error = posix_spawnp(&pid, "true", NULL, NULL, arguments, nothing);
  report("-", "posix_spawnp", error != 0 ? error_name(error) : made(pid));
  report("-", "system(NULL)", system(NULL) != 0 ? "a shell" : "no shell");
  report("-", "system", outcome(system("true")));
  FILE *stream = popen("true", "r");
  report("-", "popen", stream == NULL ? error_name(errno) : "a stream");
  if (stream != NULL) pclose(stream);
  report("-", "popen, unknown mode", popen("true", "x") == NULL ? error_name(errno) : "a stream");
  report("-", "execv of nothing", outcome(execv("/no/such/program", arguments)));
  report("-", "execlp of nothing", outcome(execlp("no-such-program", "no-such-program", (char *)NULL)));
  report("-", "kill of nobody", outcome(kill(0x3fffffff, 0)));
  report("-", "killpg of one's own", outcome(killpg(getpgrp(), 0)));
  report("-", "killpg of nobody", outcome(killpg(0x3fffffff, 0)));
}

static void attributes(void) {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  short flags;
  report("-", "spawn attributes", outcome(posix_spawnattr_init(&attributes)));
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  posix_spawnattr_getflags(&attributes, &flags);
  report("-", "spawn flags are kept", yes_no(flags == POSIX_SPAWN_SETSIGMASK));
  report("-", "spawn actions", outcome(posix_spawn_file_actions_init(&actions)));
  report("-", "spawn action on -1", error_name(posix_spawn_file_actions_addclose(&actions, -1)));
  report("-", "spawn action", error_name(posix_spawn_file_actions_adddup2(&actions, 1, 2)));
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
}

int main(void) {
  nobody_to_wait_for();
  statuses();
  making();
  attributes();
  return 0;
}
