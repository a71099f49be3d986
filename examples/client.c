/*
 * The smallest honest client: connects, says a line, prints what comes back. Nothing in it knows of WebAssembly: it
 * compiles with cc as well as with hawser cc.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: client ADDRESS PORT LINE\n");
        return 2;
    }
    struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
    if (inet_pton(AF_INET, argv[1], &server.sin_addr) != 1) {
        fprintf(stderr, "client: %s is no IPv4 address\n", argv[1]);
        return 2;
    }

    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (struct sockaddr *)&server, sizeof server) < 0) {
        fprintf(stderr, "client: connect to %s port %s: %s (errno %d)\n", argv[1], argv[2], strerror(errno), errno);
        return 1;
    }
    struct sockaddr_in self;
    socklen_t length = sizeof self;
    getsockname(fd, (struct sockaddr *)&self, &length);
    printf("client: connected from %s\n", inet_ntoa(self.sin_addr));

    if (send(fd, argv[3], strlen(argv[3]), 0) < 0 || send(fd, "\n", 1, 0) < 0) {
        perror("client: send");
        return 1;
    }
    shutdown(fd, SHUT_WR);

    char buffer[512];
    ssize_t got;
    while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0)
        printf("client: the server says: %.*s", (int)got, buffer);
    if (got < 0) {
        perror("client: recv");
        return 1;
    }
    close(fd);
    return 0;
}
