#ifndef _HAWSER_POLL_H
#define _HAWSER_POLL_H
#include <__hawser.h>
#define poll __HAWSER_OVER(poll)
#define ppoll __HAWSER_OVER(ppoll)
#include_next <poll.h>
#undef poll
#undef ppoll
#include <__struct_timespec.h>
#include <__typedef_sigset_t.h>

/* Older wasi-libcs have none. */
#ifndef POLLPRI
#define POLLPRI 0x200
#endif
#define POLLRDHUP 0x400
#define POLLRDBAND 0x800
#define POLLWRBAND 0x100
#define POLLMSG 0x80

#ifdef __cplusplus
extern "C" {
#endif
int poll(struct pollfd *, nfds_t, int) __HAWSER_NAME(poll);
int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *) __HAWSER_NAME(ppoll);
#ifdef __cplusplus
}
#endif
#endif
