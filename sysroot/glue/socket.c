/* Sockets: every function is one import. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

int posix_socket(int, int, int) POSIX(socket);
int posix_socketpair(int, int, int, int *) POSIX(socketpair);
int posix_bind(int, const void *, socklen_t) POSIX(bind);
int posix_connect(int, const void *, socklen_t) POSIX(connect);
int posix_chdir(const char *, size_t) POSIX(chdir);
int posix_listen(int, int) POSIX(listen);
int posix_accept4(int, void *, socklen_t *, int) POSIX(accept4);
int posix_shutdown(int, int) POSIX(shutdown);
int posix_getsockname(int, void *, socklen_t *) POSIX(getsockname);
int posix_getpeername(int, void *, socklen_t *) POSIX(getpeername);
int posix_getsockopt(int, int, int, void *, socklen_t *) POSIX(getsockopt);
int posix_setsockopt(int, int, int, const void *, socklen_t) POSIX(setsockopt);
int posix_sendto(int, const void *, size_t, int, const void *, socklen_t) POSIX(sendto);
int posix_recvfrom(int, void *, size_t, int, void *, socklen_t *) POSIX(recvfrom);
int posix_sendmsg(int, const struct msghdr *, int) POSIX(sendmsg);
int posix_recvmsg(int, struct msghdr *, int) POSIX(recvmsg);
int posix_ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *) POSIX(ppoll);
int posix_pselect(int, fd_set *, fd_set *, fd_set *, const struct timespec *, const sigset_t *) POSIX(pselect);

int socket(int domain, int type, int protocol) {
  return answer(posix_socket(domain, type, protocol));
}

int socketpair(int domain, int type, int protocol, int pair[2]) {
  return answer(posix_socketpair(domain, type, protocol, pair));
}

/*
 * A relative path begins at the directory that wasi-libc keeps, which nobody else knows. A name that is not in this memory
 * is left to the call, which says EFAULT.
 */
static void tell_directory(const struct sockaddr *name, socklen_t length) {
  const size_t path = offsetof(struct sockaddr_un, sun_path), memory = __builtin_wasm_memory_size(0) << 16;
  char directory[4096];
  if (length <= path || length > memory || (size_t)name > memory - length) return;
  if (name->sa_family != AF_UNIX || name->sa_data[0] == '/' || name->sa_data[0] == '\0') return;
  if (getcwd(directory, sizeof directory) != NULL) posix_chdir(directory, strlen(directory));
}

int bind(int fd, const struct sockaddr *name, socklen_t length) {
  tell_directory(name, length);
  return answer(posix_bind(fd, name, length));
}

int connect(int fd, const struct sockaddr *name, socklen_t length) {
  tell_directory(name, length);
  return answer(posix_connect(fd, name, length));
}

int listen(int fd, int backlog) {
  return answer(posix_listen(fd, backlog));
}

int accept4(int fd, struct sockaddr *restrict name, socklen_t *restrict length, int flags) {
  return answer(posix_accept4(fd, name, length, flags));
}

int accept(int fd, struct sockaddr *restrict name, socklen_t *restrict length) {
  return answer(posix_accept4(fd, name, length, 0));
}

/* The core counts as wasi-libc does, from one. */
int shutdown(int fd, int how) {
  return answer(posix_shutdown(fd, how + 1));
}

int getsockname(int fd, struct sockaddr *restrict name, socklen_t *restrict length) {
  return answer(posix_getsockname(fd, name, length));
}

int getpeername(int fd, struct sockaddr *restrict name, socklen_t *restrict length) {
  return answer(posix_getpeername(fd, name, length));
}

int getsockopt(int fd, int level, int option, void *restrict value, socklen_t *restrict length) {
  return answer(posix_getsockopt(fd, level, option, value, length));
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
  return answer(posix_setsockopt(fd, level, option, value, length));
}

ssize_t sendto(int fd, const void *bytes, size_t length, int flags, const struct sockaddr *name, socklen_t size) {
  return answer(posix_sendto(fd, bytes, length, flags, name, size));
}

ssize_t send(int fd, const void *bytes, size_t length, int flags) {
  return answer(posix_sendto(fd, bytes, length, flags, NULL, 0));
}

ssize_t recvfrom(int fd, void *restrict bytes, size_t length, int flags, struct sockaddr *restrict name,
                 socklen_t *restrict size) {
  return answer(posix_recvfrom(fd, bytes, length, flags, name, size));
}

ssize_t recv(int fd, void *bytes, size_t length, int flags) {
  return answer(posix_recvfrom(fd, bytes, length, flags, NULL, NULL));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
  return answer(posix_sendmsg(fd, message, flags));
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  return answer(posix_recvmsg(fd, message, flags));
}

/* There is no out-of-band data: the mark is never there. */
int sockatmark(int fd) {
  socklen_t length = sizeof(int);
  int type;
  return answer(posix_getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length)) < 0 ? -1 : 0;
}

struct cmsghdr *__hawser_cmsg_next(struct msghdr *message, struct cmsghdr *header) {
  char *end = (char *)message->msg_control + message->msg_controllen;
  if (header->cmsg_len < sizeof(struct cmsghdr)) return NULL;
  char *next = (char *)header + CMSG_ALIGN(header->cmsg_len);
  if (next + sizeof(struct cmsghdr) > end) return NULL;
  return (struct cmsghdr *)next;
}

int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout, const sigset_t *mask) {
  return answer(posix_ppoll(fds, count, timeout, mask));
}

int poll(struct pollfd *fds, nfds_t count, int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  return answer(posix_ppoll(fds, count, milliseconds < 0 ? NULL : &time, NULL));
}

int pselect(int count, fd_set *restrict read, fd_set *restrict write, fd_set *restrict except,
            const struct timespec *restrict timeout, const sigset_t *restrict mask) {
  return answer(posix_pselect(count, read, write, except, timeout, mask));
}

/* Like Linux, tells in *timeout what is left of it. */
int select(int count, fd_set *restrict read, fd_set *restrict write, fd_set *restrict except,
           struct timeval *restrict timeout) {
  struct timespec time, before, after;
  if (timeout == NULL) return answer(posix_pselect(count, read, write, except, NULL, NULL));
  if (timeout->tv_sec < 0 || timeout->tv_usec < 0) return refuse(EINVAL);
  time.tv_sec = timeout->tv_sec + timeout->tv_usec / 1000000;
  time.tv_nsec = timeout->tv_usec % 1000000 * 1000;
  clock_gettime(CLOCK_MONOTONIC, &before);
  int result = answer(posix_pselect(count, read, write, except, &time, NULL));
  clock_gettime(CLOCK_MONOTONIC, &after);
  long long left = (long long)time.tv_sec * 1000000 + time.tv_nsec / 1000 -
                   ((long long)(after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000);
  if (left < 0) left = 0;
  timeout->tv_sec = left / 1000000;
  timeout->tv_usec = left % 1000000;
  return result;
}

PLAIN(ppoll)
