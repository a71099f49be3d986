/* Processes: there is one. What would make another fails with ENOSYS. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

int posix_getpid(void) POSIX(getpid);
int posix_gethostname(char *, size_t) POSIX(gethostname);

pid_t getpid(void) { return posix_getpid(); }
pid_t getppid(void) { return 1; }
pid_t getpgrp(void) { return posix_getpid(); }
pid_t getpgid(pid_t pid) { return pid == 0 || pid == posix_getpid() ? posix_getpid() : refuse(ESRCH); }
int setpgid(pid_t pid, pid_t group) { return (pid == 0 || pid == posix_getpid()) && group >= 0 ? 0 : refuse(ESRCH); }
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
  (void)options;
  return refuse(ECHILD);
}
pid_t wait3(int *status, int options, struct rusage *usage) { return wait4(-1, status, options, usage); }
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage) {
  (void)usage;
  return waitpid(pid, status, options);
}
int waitid(idtype_t kind, id_t id, siginfo_t *info, int options) {
  (void)kind;
  (void)id;
  (void)info;
  (void)options;
  return refuse(ECHILD);
}

/* What a new process would be given is kept, so that a program comes as far as posix_spawn() and hears of it there. */
int posix_spawn(pid_t *restrict pid, const char *restrict path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                char *const environment[restrict]) {
  (void)pid;
  (void)path;
  (void)actions;
  (void)attributes;
  (void)arguments;
  (void)environment;
  return ENOSYS;
}
int posix_spawnp(pid_t *restrict pid, const char *restrict file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *restrict attributes, char *const arguments[restrict],
                 char *const environment[restrict]) {
  return posix_spawn(pid, file, actions, attributes, arguments, environment);
}
int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions) {
  actions->__count = 0;
  return 0;
}
int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions) {
  (void)actions;
  return 0;
}
static int add_action(posix_spawn_file_actions_t *actions, int fd) {
  if (fd < 0) return EBADF;
  actions->__count++;
  return 0;
}
int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd, const char *restrict path,
                                     int flags, mode_t mode) {
  (void)path;
  (void)flags;
  (void)mode;
  return add_action(actions, fd);
}
int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd) { return add_action(actions, fd); }
int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int from, int to) {
  return from < 0 ? EBADF : add_action(actions, to);
}
int posix_spawnattr_init(posix_spawnattr_t *attributes) {
  memset(attributes, 0, sizeof *attributes);
  return 0;
}
int posix_spawnattr_destroy(posix_spawnattr_t *attributes) {
  (void)attributes;
  return 0;
}
int posix_spawnattr_setflags(posix_spawnattr_t *attributes, short flags) {
  attributes->__flags = flags;
  return 0;
}
int posix_spawnattr_getflags(const posix_spawnattr_t *restrict attributes, short *restrict flags) {
  *flags = attributes->__flags;
  return 0;
}
int posix_spawnattr_setpgroup(posix_spawnattr_t *attributes, pid_t group) {
  attributes->__group = group;
  return 0;
}
int posix_spawnattr_getpgroup(const posix_spawnattr_t *restrict attributes, pid_t *restrict group) {
  *group = attributes->__group;
  return 0;
}
int posix_spawnattr_setsigmask(posix_spawnattr_t *restrict attributes, const sigset_t *restrict mask) {
  attributes->__mask = *mask;
  return 0;
}
int posix_spawnattr_getsigmask(const posix_spawnattr_t *restrict attributes, sigset_t *restrict mask) {
  *mask = attributes->__mask;
  return 0;
}
int posix_spawnattr_setsigdefault(posix_spawnattr_t *restrict attributes, const sigset_t *restrict set) {
  attributes->__defaults = *set;
  return 0;
}
int posix_spawnattr_getsigdefault(const posix_spawnattr_t *restrict attributes, sigset_t *restrict set) {
  *set = attributes->__defaults;
  return 0;
}
FILE *popen(const char *command, const char *mode) {
  (void)command;
  (void)mode;
  errno = ENOSYS;
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

int gethostname(char *name, size_t size) {
  char whole[HOST_NAME_MAX + 1];
  int length = answer(posix_gethostname(whole, sizeof whole - 1));
  if (length < 0) return -1;
  if ((size_t)length >= size) return refuse(ENAMETOOLONG);
  memcpy(name, whole, (size_t)length);
  name[length] = '\0';
  return 0;
}
int sethostname(const char *name, size_t size) {
  (void)name;
  (void)size;
  return refuse(EPERM);
}
int getdomainname(char *name, size_t size) {
  if (size < 7) return refuse(EINVAL);
  memcpy(name, "(none)", 7);
  return 0;
}

int clock_settime(clockid_t clock, const struct timespec *time) {
  (void)clock;
  (void)time;
  return refuse(EPERM);
}
int settimeofday(const struct timeval *time, const void *zone) {
  (void)time;
  (void)zone;
  return refuse(EPERM);
}

/* As glibc: what is asked for of the zone is zero. */
int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  struct timespec now;
  if (zone != NULL) memset(zone, 0, 2 * sizeof(int));
  if (time == NULL) return 0;
  if (clock_gettime(CLOCK_REALTIME, &now) < 0) return -1;
  time->tv_sec = now.tv_sec;
  time->tv_usec = (suseconds_t)(now.tv_nsec / 1000);
  return 0;
}

/* wasi-libc's local time is UTC. */
char *tzname[2] = {"UTC", "UTC"};
long timezone;
int daylight;
void tzset(void) {}

