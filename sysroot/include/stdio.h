#ifndef _HAWSER_STDIO_H
#define _HAWSER_STDIO_H
#include <__hawser.h>
#define perror __HAWSER_OVER(perror)
#include_next <stdio.h>
#undef perror
#ifdef __cplusplus
extern "C" {
#endif
void perror(const char *) __HAWSER_NAME(perror);
FILE *popen(const char *, const char *);
int pclose(FILE *);
void flockfile(FILE *);
int ftrylockfile(FILE *);
void funlockfile(FILE *);
#ifdef __cplusplus
}
#endif
#endif
