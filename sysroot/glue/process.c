/* Processes: there is one. What would make another fails with ENOSYS. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "posix.h"

int posix_getpid(void) POSIX(getpid);

pid_t getpid(void) { return posix_getpid(); }
pid_t getppid(void) { return 1; }
pid_t getpgrp(void) { return posix_getpid(); }
pid_t getpgid(pid_t pid) { return pid == 0 || pid == posix_getpid() ? posix_getpid() : refuse(ESRCH); }
int setpgid(pid_t pid, pid_t group) {
  if (group < 0) return refuse(EINVAL);
  return pid == 0 || pid == posix_getpid() ? 0 : refuse(ESRCH);
}
int setpgrp(void) { return setpgid(0, 0); }
pid_t setsid(void) { return refuse(EPERM); }
pid_t getsid(pid_t pid) { return getpgid(pid); }
pid_t fork(void) { return refuse(ENOSYS); }
pid_t vfork(void) { return refuse(ENOSYS); }
int execve(const char *path, char *const arguments[], char *const environment[]) {
  (void)path;
  (void)arguments;
  (void)environment;
  return refuse(ENOSYS);
}
int execv(const char *path, char *const arguments[]) { return execve(path, arguments, NULL); }
int execvp(const char *path, char *const arguments[]) { return execve(path, arguments, NULL); }
int execvpe(const char *path, char *const arguments[], char *const environment[]) {
  return execve(path, arguments, environment);
}
int fexecve(int fd, char *const arguments[], char *const environment[]) {
  (void)fd;
  return execve(NULL, arguments, environment);
}
int execl(const char *path, const char *argument, ...) {
  (void)argument;
  return execve(path, NULL, NULL);
}
int execlp(const char *path, const char *argument, ...) {
  (void)argument;
  return execve(path, NULL, NULL);
}
int execle(const char *path, const char *argument, ...) {
  (void)argument;
  return execve(path, NULL, NULL);
}
pid_t wait(int *status) {
  (void)status;
  return refuse(ECHILD);
}
pid_t waitpid(pid_t pid, int *status, int options) {
  (void)pid;
  (void)status;
  return refuse((options & ~(WNOHANG | WUNTRACED | WCONTINUED)) != 0 ? EINVAL : ECHILD);
}
pid_t wait3(int *status, int options, struct rusage *usage) { return wait4(-1, status, options, usage); }
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage) {
  (void)usage;
  return waitpid(pid, status, options);
}
int waitid(idtype_t kind, id_t id, siginfo_t *info, int options) {
  (void)id;
  (void)info;
  int waited = options & (WEXITED | WSTOPPED | WCONTINUED), others = options & ~(waited | WNOHANG | WNOWAIT);
  return refuse(kind > P_PGID || waited == 0 || others != 0 ? EINVAL : ECHILD);
}

FILE *popen(const char *command, const char *mode) {
  (void)command;
  errno = (*mode == 'r' || *mode == 'w') && (mode[1] == '\0' || (mode[1] == 'e' && mode[2] == '\0')) ? ENOSYS : EINVAL;
  return NULL;
}
int pclose(FILE *stream) {
  (void)stream;
  return refuse(ECHILD);
}
int system(const char *command) {
  return command == NULL ? 0 : refuse(ENOSYS);
}
int daemon(int keep_directory, int keep_streams) {
  (void)keep_directory;
  (void)keep_streams;
  return refuse(ENOSYS);
}

PLAIN(getpid)
