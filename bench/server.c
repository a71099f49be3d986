// The bench server: native, one thread, epoll. Prints the port the kernel chose, serves every mode of bench/client.c
// until its standard input ends, so that it cannot outlive the harness that started it.
//
// A session opens with 9 bytes: a job and a 64-bit little-endian total. The server answers one byte, then
//   'e'  sends back what it gets;
//   'f'  sends total bytes as fast as they are taken;
//   's'  takes total bytes, then answers one byte.
// A peer that closes is closed.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEADER = 9, BULK = 64 * 1024, MOST = 8192 };

struct session {
    char header[HEADER];
    int got;        // bytes of the header so far
    uint64_t total; // bytes still to send ('f') or to take ('s')
};

static struct session sessions[MOST]; // by fd
static char buffer[BULK];
static int epoll;

static void fail(const char *what)
{
    fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void watch(int operation, int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll, operation, fd, &event) < 0)
        fail("epoll_ctl");
}

// A short answer always fits: the client reads each one before it sends more.
static void answer(int fd, const char *data, size_t length)
{
    if (send(fd, data, length, MSG_NOSIGNAL) != (ssize_t)length)
        close(fd);
}

static void accept_session(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC), on = 1;
    if (fd < 0)
        return; // gone again before we looked
    if (fd >= MOST) {
        close(fd);
        return;
    }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sessions[fd] = (struct session){0};
    watch(EPOLL_CTL_ADD, fd, EPOLLIN);
}

static void begin(int fd, struct session *s)
{
    for (int i = 0; i < 8; i++)
        s->total |= (uint64_t)(unsigned char)s->header[1 + i] << (8 * i);
    answer(fd, "r", 1);
    if (s->header[0] == 'f')
        watch(EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT);
}

static void readable(int fd, struct session *s)
{
    int opening = s->got < HEADER;
    ssize_t n = opening ? recv(fd, s->header + s->got, (size_t)(HEADER - s->got), 0) : recv(fd, buffer, BULK, 0);
    if (n <= 0) {
        if (n == 0 || errno != EAGAIN)
            close(fd);
    } else if (opening) {
        s->got += (int)n;
        if (s->got == HEADER)
            begin(fd, s);
    } else if (s->header[0] == 'e') {
        answer(fd, buffer, (size_t)n);
    } else if (s->header[0] == 's') {
        s->total -= (uint64_t)n < s->total ? (uint64_t)n : s->total;
        if (s->total == 0)
            answer(fd, "a", 1);
    }
}

static void writable(int fd, struct session *s)
{
    while (s->total > 0) {
        ssize_t n = send(fd, buffer, s->total < BULK ? (size_t)s->total : BULK, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN)
                close(fd);
            return;
        }
        s->total -= (uint64_t)n;
    }
    watch(EPOLL_CTL_MOD, fd, EPOLLIN);
}

int main(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) < 0)
        fail("listen");
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0)
        fail("epoll_create1");
    watch(EPOLL_CTL_ADD, listener, EPOLLIN);
    watch(EPOLL_CTL_ADD, STDIN_FILENO, EPOLLIN);
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);

    for (;;) {
        struct epoll_event events[64];
        int n = epoll_wait(epoll, events, 64, -1);
        if (n < 0 && errno != EINTR)
            fail("epoll_wait");
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            if (fd == STDIN_FILENO) {
                if (read(fd, buffer, BULK) <= 0)
                    return 0;
            } else if (fd == listener) {
                accept_session(listener);
            } else if (events[i].events & EPOLLOUT) {
                writable(fd, &sessions[fd]);
            } else {
                readable(fd, &sessions[fd]);
            }
        }
    }
}
