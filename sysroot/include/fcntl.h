#ifndef _HAWSER_FCNTL_H
#define _HAWSER_FCNTL_H
#include <__hawser.h>
#define fcntl __HAWSER_OVER(fcntl)
#define open __HAWSER_OVER(open)
#define openat __HAWSER_OVER(openat)
#define creat __HAWSER_OVER(creat)
#include_next <fcntl.h>
#undef fcntl
#undef open
#undef openat
#undef creat

/*
 * The numbers of every other system, not wasi-libc's: programs pass the access modes as literals, and count with them. O_APPEND
 * and O_DSYNC had them. The glue translates.
 */
#undef O_RDONLY
#undef O_WRONLY
#undef O_RDWR
#undef O_ACCMODE
#undef O_APPEND
#undef O_DSYNC
#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_ACCMODE 3
#define O_APPEND 0x400
#define O_DSYNC 0x20

/* wasi-libc has 0, which pipe2(2) and dup3(2) could not see. open(2) takes it off. */
#undef O_CLOEXEC
#define O_CLOEXEC 0x80000
#define O_NDELAY O_NONBLOCK
#define O_ASYNC 0x2000000

#define F_DUPFD 0
#define F_GETLK 5
#define F_SETLK 6
#define F_SETLKW 7
#define F_SETOWN 8
#define F_GETOWN 9
#define F_DUPFD_CLOEXEC 1030
#define F_RDLCK 0
#define F_WRLCK 1
#define F_UNLCK 2

#ifdef __cplusplus
extern "C" {
#endif
int fcntl(int, int, ...) __HAWSER_NAME(fcntl);
int open(const char *, int, ...) __HAWSER_NAME(open);
int openat(int, const char *, int, ...) __HAWSER_NAME(openat);
int creat(const char *, mode_t) __HAWSER_NAME(creat);
#ifdef __cplusplus
}
#endif
#endif
