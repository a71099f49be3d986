/* posix_spawn(3): its arguments are taken, and then there can be no process. */
#include <spawn.h>
#include <string.h>
#include "posix.h"

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
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions, const char *restrict path) {
  (void)path;
  return add_action(actions, 0);
}
int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd) { return add_action(actions, fd); }
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
int posix_spawnattr_setschedpolicy(posix_spawnattr_t *attributes, int policy) {
  attributes->__policy = policy;
  return 0;
}
int posix_spawnattr_getschedpolicy(const posix_spawnattr_t *restrict attributes, int *restrict policy) {
  *policy = attributes->__policy;
  return 0;
}
int posix_spawnattr_setschedparam(posix_spawnattr_t *restrict attributes, const struct sched_param *restrict parameters) {
  attributes->__parameters = *parameters;
  return 0;
}
int posix_spawnattr_getschedparam(const posix_spawnattr_t *restrict attributes, struct sched_param *restrict parameters) {
  *parameters = attributes->__parameters;
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
