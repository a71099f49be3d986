#ifndef _HAWSER_STDLIB_H
#define _HAWSER_STDLIB_H
#include_next <stdlib.h>
#ifdef __cplusplus
extern "C" {
#endif
int mkstemp(char *);
char *mkdtemp(char *);
int mkostemp(char *, int);
char *mktemp(char *);
int getloadavg(double[], int);
#ifdef __cplusplus
}
#endif
#endif
