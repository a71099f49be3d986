/* Pipes: order, PIPE_BUF, the end, SIGPIPE, and what is no pipe's. */
#include "posix.h"
#include <limits.h>

static int ends[2];

static void open_pipe(int flags) {
  if (pipe2(ends, flags) != 0) report("-", "a pipe could not be made", error_name(errno));
}
static void close_pipe(void) {
  close(ends[0]);
  close(ends[1]);
}

/* Bytes until a write of one would wait. */
static long fill_pipe(void) {
  char block[512];
  long total = 0, part;
  memset(block, 'x', sizeof block);
  while ((part = write(ends[1], block, sizeof block)) > 0) total += part;
  while (write(ends[1], "x", 1) == 1) total++;
  return total;
}

static void order(void) {
  char text[16] = "";
  open_pipe(0);
  write(ends[1], "abc", 3);
  write(ends[1], "def", 3);
  report("-", "unread", ({
    int count = -1;
    ioctl(ends[0], FIONREAD, &count);
    outcome(count);
  }));
  report("-", "read takes what is there", outcome(read(ends[0], text, sizeof text)));
  report("-", "in order", text);
  report("-", "read of no bytes", outcome(read(ends[0], text, 0)));
  report("-", "write of no bytes", outcome(write(ends[1], text, 0)));
  close(ends[1]);
  report("-", "no writer: read", outcome(read(ends[0], text, sizeof text)));
  report("-", "no writer: again", outcome(read(ends[0], text, sizeof text)));
  close(ends[0]);
}

static void all_or_nothing(void) {
  static char block[3 * PIPE_BUF];
  reportf("-", "PIPE_BUF", "%d", PIPE_BUF);
  open_pipe(O_NONBLOCK);
  report("-", "fpathconf tells it", outcome(fpathconf(ends[0], _PC_PIPE_BUF)));
  long size = fill_pipe();
  report("-", "it holds more than PIPE_BUF", yes_no(size >= PIPE_BUF));
  report("-", "full: write", outcome(write(ends[1], block, 1)));
  report("-", "full: write of no bytes", outcome(write(ends[1], block, 0)));
  report("-", "full: poll", polled(ends[1], POLLOUT));
  for (long rest = PIPE_BUF; rest > 0;) {
    long part = read(ends[0], block, (size_t)rest);
    if (part <= 0) break;
    rest -= part;
  }
  report("-", "PIPE_BUF bytes read: poll", polled(ends[1], POLLOUT));
  report("-", "PIPE_BUF bytes are taken whole", outcome(write(ends[1], block, PIPE_BUF)));
  report("-", "then none", outcome(write(ends[1], block, 1)));
  close_pipe();
}

static void broken(void) {
  char byte;
  catch_signal(SIGPIPE, 0);
  open_pipe(0);
  close(ends[0]);
  report("-", "no reader: write", outcome(write(ends[1], "x", 1)));
  reportf("-", "no reader: SIGPIPE", "%d", (int)signals_seen);
  report("-", "no reader: write of no bytes", outcome(write(ends[1], "x", 0)));
  struct iovec two[2] = {{(void *)"a", 1}, {(void *)"b", 1}};
  report("-", "no reader: writev", outcome(writev(ends[1], two, 2)));
  reportf("-", "no reader: SIGPIPE of writev", "%d", (int)signals_seen);
  signal(SIGPIPE, SIG_IGN);
  report("-", "no reader, ignored: write", outcome(write(ends[1], "x", 1)));
  FILE *stream = fdopen(ends[1], "w");
  fputs("text", stream);
  reportf("-", "no reader: fflush", "%s", fflush(stream) == EOF ? error_name(errno) : "0");
  fclose(stream);
  open_pipe(0);
  report("-", "write to the read end", outcome(write(ends[0], "x", 1)));
  report("-", "read from the write end", outcome(read(ends[1], &byte, 1)));
  close_pipe();
}

static void no_socket(void) {
  char byte;
  struct stat status;
  open_pipe(O_CLOEXEC | O_NONBLOCK);
  report("-", "FD_CLOEXEC", outcome(fcntl(ends[0], F_GETFD)));
  report("-", "O_NONBLOCK", yes_no((fcntl(ends[1], F_GETFL) & O_NONBLOCK) != 0));
  report("-", "access modes", yes_no((fcntl(ends[0], F_GETFL) & O_ACCMODE) == O_RDONLY && (fcntl(ends[1], F_GETFL) & O_ACCMODE) == O_WRONLY));
  report("-", "fstat", outcome(fstat(ends[0], &status)));
  report("-", "S_ISFIFO", yes_no(S_ISFIFO(status.st_mode)));
  report("-", "lseek", outcome(lseek(ends[0], 0, SEEK_CUR)));
  report("-", "pread", outcome(pread(ends[0], &byte, 1, 0)));
  report("-", "pwrite", outcome(pwrite(ends[1], "x", 1, 0)));
  report("-", "ftruncate", outcome(ftruncate(ends[1], 0)));
  report("-", "isatty", isatty(ends[0]) ? "yes" : error_name(errno));
  report("-", "send", outcome(send(ends[1], "x", 1, 0)));
  report("-", "recv", outcome(recv(ends[0], &byte, 1, 0)));
  report("-", "getsockname", own_name(ends[0]));
  report("-", "pipe2, unknown flag", outcome(pipe2((int[2]){0, 0}, 0x40000000)));
  close_pipe();
}

int main(void) {
  order();
  all_or_nothing();
  broken();
  no_socket();
  return 0;
}
