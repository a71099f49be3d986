// The bench client: one mode per run, compiled natively and to WebAssembly from this one source.
//
//   client MODE PORT COUNT      talks to bench/server.c on 127.0.0.1:PORT
//
// Prints one line of JSON: the mode, the count done and the seconds it took. Connecting, and waiting for the
// server's word that it is ready, are outside the clock in every mode but `connect`.

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SMALL = 64, BULK = 64 * 1024, SOCKETS = 512 };

static char buffer[BULK];
static struct sockaddr_in server;

static void fail(const char *what)
{
    fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
    exit(1);
}

static double now(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_MONOTONIC, &t) < 0)
        fail("clock_gettime");
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int dial(void)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0)
        fail("socket");
    if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0)
        fail("connect");
    return fd;
}

static void send_all(int fd, const char *data, size_t length, int flags)
{
    while (length > 0) {
        ssize_t n = send(fd, data, length, flags);
        if (n < 0)
            fail("send");
        data += n;
        length -= (size_t)n;
    }
}

// One recv of at most `length` bytes; the end of the stream is an error here.
static uint64_t recv_some(int fd, size_t length)
{
    ssize_t n = recv(fd, buffer, length, 0);
    if (n < 0)
        fail("recv");
    if (n == 0) {
        fputs("client: the server closed early\n", stderr);
        exit(1);
    }
    return (uint64_t)n;
}

static void recv_total(int fd, uint64_t total, size_t most)
{
    while (total > 0)
        total -= recv_some(fd, total < most ? (size_t)total : most);
}

// Connects and says what the server is to do: 'e'cho, 'f'lood with total bytes, or 's'ink total bytes.
static int open_session(char job, uint64_t total)
{
    int fd = dial();
    char header[9] = {job};
    for (int i = 0; i < 8; i++)
        header[1 + i] = (char)(total >> (8 * i));
    send_all(fd, header, sizeof header, 0);
    recv_total(fd, 1, 1);
    return fd;
}

static int open_echo(void)
{
    int fd = open_session('e', 0), on = 1;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) < 0)
        fail("setsockopt");
    return fd;
}

static void round_trips(int fd, uint64_t count)
{
    while (count-- > 0) {
        send_all(fd, buffer, SMALL, 0);
        recv_total(fd, SMALL, SMALL);
    }
}

static void send_total(int fd, uint64_t total, size_t piece, int flags)
{
    while (total > 0) {
        size_t length = total < piece ? (size_t)total : piece;
        total -= length;
        send_all(fd, buffer, length, total > 0 ? flags : 0);
    }
    recv_total(fd, 1, 1); // the server has it all
}

static void connects(uint64_t count)
{
    while (count-- > 0)
        close(dial());
}

// One of many sockets has an answer under way: poll them all, find it, read it.
static void poll_rounds(struct pollfd *set, uint64_t count)
{
    for (uint64_t round = 0; round < count; round++) {
        send_all(set[round * 7 % SOCKETS].fd, buffer, SMALL, 0);
        if (poll(set, SOCKETS, -1) < 1)
            fail("poll");
        for (int i = 0; i < SOCKETS; i++)
            if (set[i].revents != 0)
                recv_total(set[i].fd, SMALL, SMALL);
    }
}

static void idle_polls(struct pollfd *set, uint64_t count)
{
    while (count-- > 0)
        if (poll(set, SOCKETS, 0) != 0)
            fail("poll");
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fputs("usage: client MODE PORT COUNT\n", stderr);
        return 2;
    }
    const char *mode = argv[1];
    uint64_t count = strtoull(argv[3], NULL, 10);
    server.sin_family = AF_INET;
    server.sin_port = htons((uint16_t)atoi(argv[2]));
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    double start;
    if (strcmp(mode, "pingpong") == 0) {
        int fd = open_echo();
        start = now();
        round_trips(fd, count);
    } else if (strcmp(mode, "stream64") == 0 || strcmp(mode, "bulkrecv") == 0) {
        int fd = open_session('f', count);
        start = now();
        recv_total(fd, count, mode[0] == 'b' ? BULK : SMALL);
    } else if (strcmp(mode, "send64") == 0 || strcmp(mode, "bulksend") == 0) {
        int fd = open_session('s', count);
        start = now();
        send_total(fd, count, mode[0] == 'b' ? BULK : SMALL, 0);
    } else if (strcmp(mode, "send64more") == 0) {
        int fd = open_session('s', count);
        start = now();
        send_total(fd, count, SMALL, MSG_MORE);
    } else if (strcmp(mode, "connect") == 0) {
        start = now();
        connects(count);
    } else if (strcmp(mode, "poll") == 0 || strcmp(mode, "idlepoll") == 0) {
        static struct pollfd set[SOCKETS];
        for (int i = 0; i < SOCKETS; i++)
            set[i] = (struct pollfd){.fd = open_echo(), .events = POLLIN};
        start = now();
        if (mode[0] == 'p')
            poll_rounds(set, count);
        else
            idle_polls(set, count);
    } else {
        fprintf(stderr, "client: no mode %s\n", mode);
        return 2;
    }
    double seconds = now() - start;
    printf("{\"mode\":\"%s\",\"count\":%llu,\"seconds\":%.9f}\n", mode, (unsigned long long)count, seconds);
    return 0;
}
