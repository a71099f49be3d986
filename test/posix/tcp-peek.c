/* MSG_PEEK and FIONREAD while more comes in behind what was not read: they tell all of it, from the first byte on. */
#include "posix.h"

static int listener, client, server;

/* Peeks until there are `length` bytes, as a program does that wants a whole header: how many there were. */
static const char *peeked_until(int fd, long length) {
  static char bytes[70000];
  long had = 0;
  for (long end = milliseconds_now() + SOON; had < length && milliseconds_now() < end;) {
    await(fd, POLLIN);
    had = recv(fd, bytes, (size_t)length, MSG_PEEK);
    if (had <= 0) break;
  }
  return outcome(had);
}

static const char *unread_until(int fd, int length) {
  int bytes = 0;
  for (long end = milliseconds_now() + SOON; bytes < length && milliseconds_now() < end;) {
    if (ioctl(fd, FIONREAD, &bytes) != 0) return error_name(errno);
  }
  return outcome(bytes);
}

static const char *peeked_text(int fd) {
  char *text = remembered();
  long length = recv(fd, text, 100, MSG_PEEK | MSG_DONTWAIT);
  if (length < 0) return error_name(errno);
  text[length] = '\0';
  return text;
}

static void in_pieces(void) {
  static char block[60000];
  connected_pair(listener, &client, &server);
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  report("-", "3 bytes", peeked_text(client));
  send(server, "defgh", 5, 0);
  report("-", "5 more", peeked_until(client, 8));
  report("-", "all of them", peeked_text(client));
  report("-", "unread", unread_until(client, 8));
  send(server, "ij", 2, 0);
  report("-", "unread, 2 more", unread_until(client, 10));
  send(server, block, sizeof block, 0);
  report("-", "60000 more", peeked_until(client, 60010));
  report("-", "unread, 60000 more", unread_until(client, 60010));
  char text[11] = "";
  recv(client, text, 10, 0);
  report("-", "the first 10 bytes", text);
  report("-", "the rest", outcome(receive_all(client, block, sizeof block)));
  report("-", "nothing left", peeked_text(client));
  send(server, "k", 1, 0);
  report("-", "and it goes on", received_text(client));
  close(client);
  close(server);
}

/* With MSG_WAITALL it waits for the bytes that it is asked for. */
static void waiting(void) {
  char bytes[8];
  connected_pair(listener, &client, &server);
  struct timeval limit = {0, 50000};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  report("-", "MSG_WAITALL for 3", outcome(recv(client, bytes, 3, MSG_PEEK | MSG_WAITALL)));
  report("-", "MSG_WAITALL for 8, until SO_RCVTIMEO", outcome(recv(client, bytes, 8, MSG_PEEK | MSG_WAITALL)));
  send(server, "defgh", 5, 0);
  peeked_until(client, 8);
  report("-", "MSG_WAITALL for 8", outcome(recv(client, bytes, 8, MSG_PEEK | MSG_WAITALL)));
  char more[16];
  report("-", "MSG_WAITALL, MSG_DONTWAIT for 9", outcome(recv(client, more, 9, MSG_PEEK | MSG_WAITALL | MSG_DONTWAIT)));
  shutdown(server, SHUT_WR);
  report("-", "MSG_WAITALL for 16, before the end", outcome(recv(client, more, 16, MSG_PEEK | MSG_WAITALL)));
  close(client);
  close(server);
}

/* 600000 bytes, each read after it was peeked at, by a reader that takes less than it sees. */
static void flowing(void) {
  enum { TOTAL = 600000 };
  static unsigned char out[50000], seen[100000], taken[30000];
  long sent_bytes = 0, read_bytes = 0, wrong = 0, part;
  connected_pair(listener, &client, &server);
  for (long end = milliseconds_now() + SOON; read_bytes < TOTAL && milliseconds_now() < end;) {
    for (int i = 0; i < (int)sizeof out; i++) out[i] = (unsigned char)((sent_bytes + i) * 31 % 251);
    long wanted = TOTAL - sent_bytes < (long)sizeof out ? TOTAL - sent_bytes : (long)sizeof out;
    if (wanted > 0 && (part = send(server, out, (size_t)wanted, MSG_DONTWAIT)) > 0) sent_bytes += part;
    await(client, POLLIN);
    long peeked = recv(client, seen, sizeof seen, MSG_PEEK);
    part = recv(client, taken, sizeof taken, 0);
    for (long i = 0; i < peeked; i++) wrong += seen[i] != (unsigned char)((read_bytes + i) * 31 % 251);
    for (long i = 0; i < part; i++) wrong += taken[i] != (unsigned char)((read_bytes + i) * 31 % 251);
    if (part > 0) read_bytes += part;
  }
  report("-", "flowing: bytes read", outcome(read_bytes));
  report("-", "flowing: bytes wrong", outcome(wrong));
  close(client);
  close(server);
}

static void broken(void) {
  char bytes[8];
  connected_pair(listener, &client, &server);
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  close_with_reset(server);
  await(client, POLLERR);
  report("-", "reset behind 3 bytes: poll", polled(client, BOTH | POLLRDHUP));
  report("-", "reset behind 3 bytes: recv", outcome(recv(client, bytes, 8, 0)));
  report("-", "reset behind 3 bytes: recv again", received(client));
  report("-", "reset behind 3 bytes: and again", received(client));
  close(client);

  connected_pair(listener, &client, &server);
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  shutdown(server, SHUT_WR);
  await(client, POLLRDHUP);
  report("-", "end behind 3 bytes: peek", peeked_text(client));
  report("-", "end behind 3 bytes: recv", received_text(client));
  report("-", "end behind 3 bytes: peek at the end", outcome(recv(client, bytes, 8, MSG_PEEK)));
  report("-", "end behind 3 bytes: recv at the end", received(client));
  close(client);
  close(server);
}

int main(void) {
  listener = tcp_listener();
  in_pieces();
  waiting();
  flowing();
  broken();
  return 0;
}
