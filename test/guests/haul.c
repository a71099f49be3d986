/* "haul take PORT BYTES" connects to 127.0.0.1, reads so many bytes, says "paused" and waits for a line; then it reads to the end and tells
   how much came and its hash (FNV-1a, 32 bits). "haul give PORT BYTES" sends so many, ends its direction, and tells the same. */
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static unsigned char bytes[1 << 16];
static uint32_t hash = 2166136261u;
static unsigned long long count;

static void add(size_t length) {
  for (size_t i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 16777619u;
  count += length;
}

static int take(int fd, unsigned long long pause) {
  char line[16];
  int paused = 0;
  ssize_t got;
  while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0) {
    add((size_t)got);
    if (paused || count < pause) continue;
    paused = 1;
    puts("paused");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL) return 1;
  }
  return got == 0 ? 0 : 1;
}

static int give(int fd, unsigned long long all) {
  uint32_t state = 1;
  while (count < all) {
    size_t part = all - count < sizeof bytes ? (size_t)(all - count) : sizeof bytes;
    for (size_t i = 0; i < part; i++) {
      state = state * 1664525u + 1013904223u;
      bytes[i] = (unsigned char)(state >> 24);
    }
    for (size_t done = 0; done < part;) {
      ssize_t sent = send(fd, bytes + done, part - done, 0);
      if (sent < 0) return 1;
      done += (size_t)sent;
    }
    add(part);
  }
  return shutdown(fd, SHUT_WR) == 0 && recv(fd, bytes, 1, 0) == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&name, sizeof name) != 0) return 3;
  unsigned long long bytes_asked = strtoull(argv[3], NULL, 10);
  int status = strcmp(argv[1], "take") == 0 ? take(fd, bytes_asked) : give(fd, bytes_asked);
  printf("%llu bytes, hash %08x\n", count, (unsigned)hash);
  return status;
}
