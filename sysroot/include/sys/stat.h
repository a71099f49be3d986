#ifndef _HAWSER_SYS_STAT_H
#define _HAWSER_SYS_STAT_H
#include_next <sys/stat.h>
#ifdef __cplusplus
extern "C" {
#endif
mode_t umask(mode_t);
int mkfifo(const char *, mode_t);
int mknod(const char *, mode_t, dev_t);
int futimens(int, const struct timespec[2]);
int chmod(const char *, mode_t);
int fchmod(int, mode_t);
#ifdef __cplusplus
}
#endif
#endif
