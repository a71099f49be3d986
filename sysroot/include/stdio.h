#ifndef _HAWSER_STDIO_H
#define _HAWSER_STDIO_H
#include <__hawser.h>
#define perror __HAWSER_OVER(perror)
#define tmpfile __HAWSER_OVER(tmpfile)
#define tmpnam __HAWSER_OVER(tmpnam)
#include_next <stdio.h>
#undef perror
#undef tmpfile
#undef tmpnam
#ifndef P_tmpdir
#define P_tmpdir "/tmp"
#endif
#ifndef L_tmpnam
#define L_tmpnam 20
#endif
#ifndef TMP_MAX
#define TMP_MAX 10000
#endif
#ifndef L_ctermid
#define L_ctermid 20
#endif
#ifndef L_cuserid
#define L_cuserid 20
#endif
#ifdef __cplusplus
extern "C" {
#endif
void perror(const char *) __HAWSER_NAME(perror);
FILE *popen(const char *, const char *);
int pclose(FILE *);
FILE *tmpfile(void);
char *ctermid(char *);
char *tmpnam(char *);
char *tempnam(const char *, const char *);
char *cuserid(char *);
void flockfile(FILE *);
int ftrylockfile(FILE *);
void funlockfile(FILE *);
#ifdef __cplusplus
}
#endif
#endif
