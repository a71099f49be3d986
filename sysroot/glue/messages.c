/* sendmmsg(2) and recvmmsg(2): one message after the other. */
#include <sys/socket.h>
#include <time.h>
#include "posix.h"

/* UIO_MAXIOV: what is asked for beyond that is left out, as in Linux. */
enum { MOST_MESSAGES = 1024 };

int sendmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags) {
  unsigned done = 0;
  if (count > MOST_MESSAGES) count = MOST_MESSAGES;
  for (; done < count; done++) {
    ssize_t sent = sendmsg(fd, &messages[done].msg_hdr, (int)flags);
    if (sent < 0) break;
    messages[done].msg_len = (unsigned)sent;
  }
  return done > 0 || count == 0 ? (int)done : -1;
}

static int is_late(const struct timespec *end) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec > end->tv_sec || (now.tv_sec == end->tv_sec && now.tv_nsec >= end->tv_nsec);
}

/* As in Linux the time is looked at behind each message alone; an error behind the first is the next call's to meet. */
int recvmmsg(int fd, struct mmsghdr *messages, unsigned count, unsigned flags, struct timespec *limit) {
  struct timespec end;
  unsigned done = 0;
  if (count > MOST_MESSAGES) count = MOST_MESSAGES;
  if (limit != NULL) {
    if (limit->tv_sec < 0 || limit->tv_nsec < 0 || limit->tv_nsec >= 1000000000L) return refuse(EINVAL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += limit->tv_sec + (end.tv_nsec + limit->tv_nsec) / 1000000000L;
    end.tv_nsec = (end.tv_nsec + limit->tv_nsec) % 1000000000L;
  }
  while (done < count) {
    int how = (int)(flags & ~(unsigned)MSG_WAITFORONE) | (done > 0 && (flags & MSG_WAITFORONE) ? MSG_DONTWAIT : 0);
    ssize_t got = recvmsg(fd, &messages[done].msg_hdr, how);
    if (got < 0) break;
    messages[done++].msg_len = (unsigned)got;
    if (limit != NULL && is_late(&end)) break;
  }
  return done > 0 || count == 0 ? (int)done : -1;
}
