#ifndef __wasilibc___fd_set_h
#define __wasilibc___fd_set_h

#include <__typedef_fd_set.h>

#define __HAWSER_FD_BIT(fd) (1UL << ((fd) % (8 * sizeof(unsigned long))))
#define __HAWSER_FD_WORD(fd, set) ((set)->fds_bits[(fd) / (8 * sizeof(unsigned long))])
#define FD_ZERO(set) ((void)__builtin_memset((set), 0, sizeof(fd_set)))
#define FD_SET(fd, set) ((void)(__HAWSER_FD_WORD(fd, set) |= __HAWSER_FD_BIT(fd)))
#define FD_CLR(fd, set) ((void)(__HAWSER_FD_WORD(fd, set) &= ~__HAWSER_FD_BIT(fd)))
#define FD_ISSET(fd, set) (!!(__HAWSER_FD_WORD(fd, set) & __HAWSER_FD_BIT(fd)))
#define FD_COPY(from, to) ((void)(*(to) = *(from)))

#endif
