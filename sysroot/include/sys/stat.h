#ifndef _HAWSER_SYS_STAT_H
#define _HAWSER_SYS_STAT_H
#include <__hawser.h>
#define fstat __HAWSER_OVER(fstat)
#include_next <sys/stat.h>
#undef fstat
#ifdef __cplusplus
extern "C" {
#endif
int fstat(int, struct stat *) __HAWSER_NAME(fstat);
mode_t umask(mode_t);
int mkfifo(const char *, mode_t);
int mkfifoat(int, const char *, mode_t);
int mknod(const char *, mode_t, dev_t);
int mknodat(int, const char *, mode_t, dev_t);
int futimens(int, const struct timespec[2]);
int chmod(const char *, mode_t);
int fchmod(int, mode_t);
int lchmod(const char *, mode_t);
#ifdef __cplusplus
}
#endif
#endif
