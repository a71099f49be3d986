/*
 * Permissions and owners, set: to what status.c shows of a file there is nothing to do, and anything else is EPERM, since the
 * file system has none.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "posix.h"

enum { PERMISSIONS = 07777 };

/* `found` is what a stat() of the file gave. */
static int keep_mode(int found, const struct stat *status, mode_t mode) {
  if (found < 0) return found;
  return (status->st_mode & PERMISSIONS) == (mode & PERMISSIONS) ? 0 : refuse(EPERM);
}

int chmod(const char *path, mode_t mode) {
  struct stat status;
  return keep_mode(stat(path, &status), &status, mode);
}
int fchmod(int fd, mode_t mode) {
  struct stat status;
  return keep_mode(fstat(fd, &status), &status, mode);
}
int fchmodat(int directory, const char *path, mode_t mode, int flags) {
  struct stat status;
  return keep_mode(fstatat(directory, path, &status, flags), &status, mode);
}
/* Linux gives a link no other mode than the one that it has. */
int lchmod(const char *path, mode_t mode) {
  struct stat status;
  int found = lstat(path, &status);
  if (found == 0 && S_ISLNK(status.st_mode)) return refuse(EOPNOTSUPP);
  return keep_mode(found, &status, mode);
}

/* An id of all ones stands for no change. */
static int keep_owner(int found, const struct stat *status, uid_t user, gid_t group) {
  if (found < 0) return found;
  int same = (user == (uid_t)-1 || user == status->st_uid) && (group == (gid_t)-1 || group == status->st_gid);
  return same ? 0 : refuse(EPERM);
}

int chown(const char *path, uid_t user, gid_t group) {
  struct stat status;
  return keep_owner(stat(path, &status), &status, user, group);
}
int lchown(const char *path, uid_t user, gid_t group) {
  struct stat status;
  return keep_owner(lstat(path, &status), &status, user, group);
}
int fchown(int fd, uid_t user, gid_t group) {
  struct stat status;
  return keep_owner(fstat(fd, &status), &status, user, group);
}
int fchownat(int directory, const char *path, uid_t user, gid_t group, int flags) {
  struct stat status;
  return keep_owner(fstatat(directory, path, &status, flags), &status, user, group);
}
