/*
 * Takes one connection, reads it to its end, says how much it was. Like client.c it knows nothing of WebAssembly or of
 * pages.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: server PORT\n");
        return 2;
    }
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
    name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&name, sizeof name) < 0 || listen(listener, 5) < 0) {
        perror("server");
        return 1;
    }
    printf("server: listening on port %s\n", argv[1]);
    fflush(stdout);

    int fd = accept(listener, NULL, NULL);
    if (fd < 0) {
        perror("server: accept");
        return 1;
    }
    char bytes[512];
    ssize_t got;
    long sum = 0;
    while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0) sum += got;
    dprintf(fd, "you said %ld bytes\n", sum);
    close(fd);
    printf("server: heard %ld bytes\n", sum);
    return got == 0 ? 0 : 1;
}
