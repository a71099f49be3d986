/* "pour PORT" says that it listens, takes a connection and tells how many bytes came and their sum; "pour PORT BYTES" pours so many, and tells
   what it was told. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned char bytes[100000];

static int take(int listener) {
  unsigned long long sum = 0, count = 0;
  ssize_t got;
  puts("ready");
  fflush(stdout);
  int fd = accept(listener, NULL, NULL);
  if (fd < 0) return 1;
  while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0) {
    for (ssize_t i = 0; i < got; i++) sum += bytes[i] * (unsigned)(count++ % 251 + 1);
  }
  dprintf(fd, "%llu bytes, sum %llu\n", count, sum);
  close(fd);
  return got == 0 ? 0 : 1;
}

static int pour(int fd, unsigned long long all) {
  unsigned long long sum = 0, count = 0;
  while (count < all) {
    size_t part = all - count < sizeof bytes ? (size_t)(all - count) : sizeof bytes;
    for (size_t i = 0; i < part; i++) {
      bytes[i] = (unsigned char)((count + i) * 7 % 253);
      sum += bytes[i] * (unsigned)((count + i) % 251 + 1);
    }
    for (size_t done = 0; done < part;) {
      ssize_t sent = send(fd, bytes + done, part - done, 0);
      if (sent < 0) return 1;
      done += (size_t)sent;
    }
    count += part;
  }
  shutdown(fd, SHUT_WR);
  ssize_t got = recv(fd, bytes, sizeof bytes, MSG_WAITALL);
  printf("poured %llu bytes, sum %llu\ntold   %.*s", count, sum, (int)(got > 0 ? got : 0), (char *)bytes);
  return got > 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc != 2 && argc != 3) return 2;
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1]))};
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (argc == 3) {
    if (connect(fd, (struct sockaddr *)&name, sizeof name) != 0) return 1;
    return pour(fd, strtoull(argv[2], NULL, 10));
  }
  if (bind(fd, (struct sockaddr *)&name, sizeof name) != 0 || listen(fd, 5) != 0) return 1;
  return take(fd);
}
