/* <sys/socket.h>: wasi-libc's, with what it hides for wasip1. */
#ifndef _HAWSER_SYS_SOCKET_H
#define _HAWSER_SYS_SOCKET_H

#include <__hawser.h>
#define accept __HAWSER_OVER(accept)
#define accept4 __HAWSER_OVER(accept4)
#define send __HAWSER_OVER(send)
#define recv __HAWSER_OVER(recv)
#define shutdown __HAWSER_OVER(shutdown)
#define getsockopt __HAWSER_OVER(getsockopt)
#include_next <sys/socket.h>
#undef accept
#undef accept4
#undef send
#undef recv
#undef shutdown
#undef getsockopt
#include <sys/uio.h>

#ifdef __cplusplus
extern "C" {
#endif

struct cmsghdr {
  socklen_t cmsg_len;
  int cmsg_level;
  int cmsg_type;
};

#define __HAWSER_CMSG_ALIGN(length) (((length) + sizeof(size_t) - 1) & ~(sizeof(size_t) - 1))
#define CMSG_ALIGN(length) __HAWSER_CMSG_ALIGN(length)
#define CMSG_SPACE(length) (__HAWSER_CMSG_ALIGN(length) + __HAWSER_CMSG_ALIGN(sizeof(struct cmsghdr)))
#define CMSG_LEN(length) (__HAWSER_CMSG_ALIGN(sizeof(struct cmsghdr)) + (length))
#define CMSG_DATA(header) ((unsigned char *)((struct cmsghdr *)(header) + 1))
#define CMSG_FIRSTHDR(message) \
  ((size_t)(message)->msg_controllen >= sizeof(struct cmsghdr) ? (struct cmsghdr *)(message)->msg_control \
                                                                : (struct cmsghdr *)0)
struct cmsghdr *__hawser_cmsg_next(struct msghdr *, struct cmsghdr *);
#define CMSG_NXTHDR(message, header) __hawser_cmsg_next((message), (header))

int socket(int, int, int);
int socketpair(int, int, int, int[2]);
int bind(int, const struct sockaddr *, socklen_t);
int connect(int, const struct sockaddr *, socklen_t);
int listen(int, int);
int accept(int, struct sockaddr *__restrict, socklen_t *__restrict) __HAWSER_NAME(accept);
int accept4(int, struct sockaddr *__restrict, socklen_t *__restrict, int) __HAWSER_NAME(accept4);
int shutdown(int, int) __HAWSER_NAME(shutdown);
int getsockname(int, struct sockaddr *__restrict, socklen_t *__restrict);
int getpeername(int, struct sockaddr *__restrict, socklen_t *__restrict);
int getsockopt(int, int, int, void *__restrict, socklen_t *__restrict) __HAWSER_NAME(getsockopt);
int setsockopt(int, int, int, const void *, socklen_t);
ssize_t send(int, const void *, size_t, int) __HAWSER_NAME(send);
ssize_t recv(int, void *, size_t, int) __HAWSER_NAME(recv);
ssize_t sendto(int, const void *, size_t, int, const struct sockaddr *, socklen_t);
ssize_t recvfrom(int, void *__restrict, size_t, int, struct sockaddr *__restrict, socklen_t *__restrict);
ssize_t sendmsg(int, const struct msghdr *, int);
ssize_t recvmsg(int, struct msghdr *, int);
int sockatmark(int);

#ifdef __cplusplus
}
#endif
#endif
