#ifndef _HAWSER_STDLIB_H
#define _HAWSER_STDLIB_H
#include <__hawser.h>
#define realpath __HAWSER_OVER(realpath)
#include_next <stdlib.h>
#undef realpath
/* As glibc's: programs have fd_set and u_char of it. */
#if defined(_GNU_SOURCE) || defined(_BSD_SOURCE)
#include <sys/types.h>
#endif
#ifdef __cplusplus
extern "C" {
#endif
int mkstemp(char *);
int mkostemp(char *, int);
int mkstemps(char *, int);
int mkostemps(char *, int, int);
char *mkdtemp(char *);
char *mktemp(char *);
char *realpath(const char *__restrict, char *__restrict) __HAWSER_NAME(realpath);
char *canonicalize_file_name(const char *);
void *memalign(size_t, size_t);
void *valloc(size_t);
void qsort_r(void *, size_t, size_t, int (*)(const void *, const void *, void *), void *);
char *secure_getenv(const char *);
long long strtonum(const char *, long long, long long, const char **);
const char *getprogname(void);
void setprogname(const char *);
int posix_openpt(int);
int grantpt(int);
int unlockpt(int);
char *ptsname(int);
int ptsname_r(int, char *, size_t);
int getloadavg(double[], int);
#ifdef __cplusplus
}
#endif
#endif
