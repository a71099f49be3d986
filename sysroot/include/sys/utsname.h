#ifndef _HAWSER_SYS_UTSNAME_H
#define _HAWSER_SYS_UTSNAME_H
#include <__hawser.h>
#define uname __HAWSER_OVER(uname)
#include_next <sys/utsname.h>
#undef uname
#ifdef __cplusplus
extern "C" {
#endif
int uname(struct utsname *) __HAWSER_NAME(uname);
#ifdef __cplusplus
}
#endif
#endif
