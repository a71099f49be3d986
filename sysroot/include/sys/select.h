#ifndef _HAWSER_SYS_SELECT_H
#define _HAWSER_SYS_SELECT_H
#include <__hawser.h>
#include <__typedef_sigset_t.h>
#define select __HAWSER_OVER(select)
#define pselect __HAWSER_OVER(pselect)
#include_next <sys/select.h>
#undef select
#undef pselect
#ifdef __cplusplus
extern "C" {
#endif
int select(int, fd_set *__restrict, fd_set *__restrict, fd_set *__restrict, struct timeval *__restrict)
    __HAWSER_NAME(select);
int pselect(int, fd_set *__restrict, fd_set *__restrict, fd_set *__restrict, const struct timespec *__restrict,
            const sigset_t *__restrict) __HAWSER_NAME(pselect);
#ifdef __cplusplus
}
#endif
#endif
