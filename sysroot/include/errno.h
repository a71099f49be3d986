#ifndef _HAWSER_ERRNO_H
#define _HAWSER_ERRNO_H
#include_next <errno.h>
/* A call, as in glibc: old programs write `extern int errno;` after this header, which a thread's variable would refuse. */
#undef errno
#ifdef __cplusplus
extern "C" {
#endif
int *__errno_location(void);
#ifdef __cplusplus
}
#endif
#define errno (*__errno_location())
/* What WASI has no number for: programs compare with these, and no call gives them. Numbers beyond WASI's, which end at 76. */
#define ENOTBLK 115
#define ECHRNG 144
#define ENODATA 161
#define ETIME 162
#define ENOSR 163
#define ENOSTR 160
#define ENONET 164
#define EREMOTE 166
#define ECOMM 170
#define ENOTUNIQ 176
#define EREMCHG 178
#define EUSERS 187
#define ESOCKTNOSUPPORT 194
#define EPFNOSUPPORT 196
#define ESHUTDOWN 208
#define ETOOMANYREFS 209
#define EHOSTDOWN 212
#define EREMOTEIO 221
#define ENOMEDIUM 223
#define EMEDIUMTYPE 224
#endif
