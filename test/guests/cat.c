/* Copies standard input, or the file named, to standard output. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static char bytes[65536];

int main(int argc, char **argv) {
  int fd = argc > 1 ? open(argv[1], O_RDONLY) : 0;
  if (fd < 0) {
    perror(argv[1]);
    return 1;
  }
  ssize_t got;
  while ((got = read(fd, bytes, sizeof bytes)) > 0)
    for (ssize_t done = 0, part; done < got; done += part)
      if ((part = write(1, bytes + done, (size_t)(got - done))) <= 0) return 1;
  return got == 0 ? 0 : 1;
}
