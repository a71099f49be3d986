/* Processes, users, limits: there is one process, of one user who is nobody special. */
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

int posix_getpid(void) POSIX(getpid);
int posix_gethostname(char *, size_t) POSIX(gethostname);

enum { USER = 1000 };

pid_t getpid(void) { return posix_getpid(); }
pid_t getppid(void) { return 1; }
pid_t getpgrp(void) { return posix_getpid(); }
pid_t getpgid(pid_t pid) { return pid == 0 || pid == posix_getpid() ? posix_getpid() : refuse(ESRCH); }
int setpgid(pid_t pid, pid_t group) { return (pid == 0 || pid == posix_getpid()) && group >= 0 ? 0 : refuse(ESRCH); }
pid_t setsid(void) { return refuse(EPERM); }
pid_t getsid(pid_t pid) { return getpgid(pid); }
uid_t getuid(void) { return USER; }
uid_t geteuid(void) { return USER; }
gid_t getgid(void) { return USER; }
gid_t getegid(void) { return USER; }
static int only_self(unsigned id) { return id == USER ? 0 : refuse(EPERM); }
int setuid(uid_t id) { return only_self(id); }
int seteuid(uid_t id) { return only_self(id); }
int setgid(gid_t id) { return only_self(id); }
int setegid(gid_t id) { return only_self(id); }
int setreuid(uid_t real, uid_t effective) { return only_self(real) == 0 ? only_self(effective) : -1; }
int setregid(gid_t real, gid_t effective) { return only_self(real) == 0 ? only_self(effective) : -1; }
int getgroups(int size, gid_t groups[]) {
  if (size > 0) groups[0] = USER;
  return 1;
}
int setgroups(size_t count, const gid_t *groups) {
  (void)count;
  (void)groups;
  return refuse(EPERM);
}
int initgroups(const char *user, gid_t group) {
  (void)user;
  (void)group;
  return refuse(EPERM);
}

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
int dladdr(const void *address, Dl_info *found) {
  (void)address;
  (void)found;
  return 0;
}
/* There is one thread. */
void flockfile(FILE *stream) { (void)stream; }
void funlockfile(FILE *stream) { (void)stream; }
int ftrylockfile(FILE *stream) {
  (void)stream;
  return 0;
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

int chown(const char *path, uid_t user, gid_t group) {
  (void)path;
  (void)user;
  (void)group;
  return refuse(EPERM);
}
int lchown(const char *path, uid_t user, gid_t group) { return chown(path, user, group); }
int fchown(int fd, uid_t user, gid_t group) {
  (void)fd;
  (void)user;
  (void)group;
  return refuse(EPERM);
}
int chroot(const char *path) {
  (void)path;
  return refuse(EPERM);
}
int fchdir(int fd) {
  (void)fd;
  return refuse(ENOSYS);
}
mode_t umask(mode_t mask) {
  static mode_t current = 022;
  mode_t before = current;
  current = mask & 0777;
  return before;
}
int mkfifo(const char *path, mode_t mode) {
  (void)path;
  (void)mode;
  return refuse(ENOSYS);
}
int mknod(const char *path, mode_t mode, dev_t device) {
  (void)path;
  (void)mode;
  (void)device;
  return refuse(EPERM);
}
int nice(int increment) { return increment == 0 ? 0 : refuse(EPERM); }
void sync(void) {}
int getpriority(int which, unsigned who) {
  (void)which;
  (void)who;
  return 0;
}
int setpriority(int which, unsigned who, int priority) {
  (void)which;
  (void)who;
  return priority == 0 ? 0 : refuse(EACCES);
}

/* Descriptors are bounded by the host, which 1024 is the usual figure of; nothing else is limited or can be. */
int getdtablesize(void) { return 1024; }
int getrlimit(int resource, struct rlimit *limit) {
  if (resource < 0 || resource > RLIMIT_AS) return refuse(EINVAL);
  limit->rlim_cur = limit->rlim_max = resource == RLIMIT_NOFILE ? 1024 : resource == RLIMIT_CORE ? 0 : RLIM_INFINITY;
  return 0;
}
int setrlimit(int resource, const struct rlimit *limit) {
  struct rlimit now;
  if (getrlimit(resource, &now) < 0) return -1;
  return limit->rlim_cur == now.rlim_cur && limit->rlim_max == now.rlim_max ? 0 : refuse(EPERM);
}
int getloadavg(double loads[], int count) {
  (void)loads;
  (void)count;
  return -1;
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

/* wasi-libc's local time is UTC. */
char *tzname[2] = {"UTC", "UTC"};
long timezone;
int daylight;
void tzset(void) {}

static struct passwd *self(void) {
  static char name[] = "hawser", password[] = "x", directory[] = "/", shell[] = "/bin/sh", empty[] = "";
  static struct passwd entry = {name, password, USER, USER, empty, directory, shell};
  char *home = getenv("HOME"), *user = getenv("USER");
  entry.pw_dir = home != NULL ? home : directory;
  entry.pw_name = user != NULL ? user : name;
  return &entry;
}
struct passwd *getpwuid(uid_t id) { return id == USER ? self() : NULL; }
struct passwd *getpwnam(const char *name) { return strcmp(name, self()->pw_name) == 0 ? self() : NULL; }
int getpwuid_r(uid_t id, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  (void)buffer;
  (void)size;
  *result = NULL;
  if (id != USER) return 0;
  *entry = *self();
  *result = entry;
  return 0;
}
int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **result) {
  (void)buffer;
  (void)size;
  *result = NULL;
  if (getpwnam(name) == NULL) return 0;
  *entry = *self();
  *result = entry;
  return 0;
}
static struct group *own_group(void) {
  static char *members[] = {NULL};
  static struct group entry = {0, "x", USER, members};
  entry.gr_name = self()->pw_name;
  return &entry;
}
struct group *getgrgid(gid_t id) { return id == USER ? own_group() : NULL; }
struct group *getgrnam(const char *name) { return strcmp(name, own_group()->gr_name) == 0 ? own_group() : NULL; }
char *getlogin(void) { return self()->pw_name; }
int getlogin_r(char *name, size_t size) {
  if (strlen(getlogin()) >= size) return ERANGE;
  strcpy(name, getlogin());
  return 0;
}

/* No syslogd is here: messages go where LOG_PERROR sends them. */
static const char *log_name = "hawser";
static int log_mask = 0xff;
void openlog(const char *name, int options, int facility) {
  (void)options;
  (void)facility;
  if (name != NULL) log_name = name;
}
void closelog(void) {}
int setlogmask(int mask) {
  int before = log_mask;
  if (mask != 0) log_mask = mask;
  return before;
}
void vsyslog(int priority, const char *format, va_list arguments) {
  if (!(log_mask & LOG_MASK(priority & LOG_PRIMASK))) return;
  fprintf(stderr, "%s: ", log_name);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
}
void syslog(int priority, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsyslog(priority, format, arguments);
  va_end(arguments);
}
