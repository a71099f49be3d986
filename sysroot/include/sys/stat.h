#ifndef _HAWSER_SYS_STAT_H
#define _HAWSER_SYS_STAT_H
#include <__hawser.h>
#define fstat __HAWSER_OVER(fstat)
#define lstat __HAWSER_OVER(lstat)
#define fstatat __HAWSER_OVER(fstatat)
#define chmod __HAWSER_OVER(chmod)
#define fchmod __HAWSER_OVER(fchmod)
#define fchmodat __HAWSER_OVER(fchmodat)
#include_next <sys/stat.h>
#undef fstat
#undef lstat
#undef fstatat
#undef chmod
#undef fchmod
#undef fchmodat
#ifdef __cplusplus
extern "C" {
#endif
/* Its name is the structure's too, which another name for it would change. */
int stat(const char *__restrict, struct stat *__restrict) __HAWSER_NAME(stat);
int lstat(const char *__restrict, struct stat *__restrict) __HAWSER_NAME(lstat);
int fstat(int, struct stat *) __HAWSER_NAME(fstat);
int fstatat(int, const char *__restrict, struct stat *__restrict, int) __HAWSER_NAME(fstatat);
mode_t umask(mode_t);
int mkfifo(const char *, mode_t);
int mkfifoat(int, const char *, mode_t);
int mknod(const char *, mode_t, dev_t);
int mknodat(int, const char *, mode_t, dev_t);
int futimens(int, const struct timespec[2]);
int chmod(const char *, mode_t) __HAWSER_NAME(chmod);
int fchmod(int, mode_t) __HAWSER_NAME(fchmod);
int fchmodat(int, const char *, mode_t, int) __HAWSER_NAME(fchmodat);
int lchmod(const char *, mode_t);
#ifdef __cplusplus
}
#endif
#endif
