/*
 * A relay between two connections, as proxies and netcat have it: one select() over both, a bounded buffer for each way,
 * nothing read where there is no room, an end passed on once the buffer is empty. Client and server are in the same loop,
 * slow on purpose; 1 MiB goes each way, and the sums tell whether every byte came in order.
 */
#include "posix.h"

enum { TOTAL = 1 << 20, ROOM = 16384 };

/* One way through the relay. */
struct way {
  int from, to;
  char bytes[ROOM];
  long start, end;
  /* The end was read; it was passed on. */
  int ended, passed;
};

/* An end point of the conversation: what it sends and what it has heard. */
struct speaker {
  int fd;
  unsigned seed;
  long sent_bytes, heard_bytes;
  unsigned long sum;
  int finished, heard_end;
};

static unsigned char byte_at(unsigned seed, long position) {
  unsigned long mixed = (unsigned long)(position + 1) * (2654435761UL + seed);
  return (unsigned char)(mixed >> 16);
}

static unsigned long sum_of(unsigned seed, long total) {
  unsigned long sum = 0;
  for (long i = 0; i < total; i++) sum = (sum * 31 + byte_at(seed, i)) & 0xffffffff;
  return sum;
}

/* Sends some of what is left to send, then ends its direction. */
static void speak(struct speaker *speaker) {
  static char block[30000];
  long left = TOTAL - speaker->sent_bytes, size = left < (long)sizeof block ? left : (long)sizeof block;
  for (long i = 0; i < size; i++) block[i] = (char)byte_at(speaker->seed, speaker->sent_bytes + i);
  long part = size == 0 ? 0 : send(speaker->fd, block, (size_t)size, MSG_NOSIGNAL);
  if (part > 0) speaker->sent_bytes += part;
  if (speaker->sent_bytes == TOTAL && !speaker->finished) {
    shutdown(speaker->fd, SHUT_WR);
    speaker->finished = 1;
  }
}

/* Hears a little of what has come. */
static void hear(struct speaker *speaker, long appetite) {
  static unsigned char block[60000];
  long part = recv(speaker->fd, block, (size_t)appetite, 0);
  for (long i = 0; i < part; i++) speaker->sum = (speaker->sum * 31 + block[i]) & 0xffffffff;
  if (part > 0) speaker->heard_bytes += part;
  if (part == 0) speaker->heard_end = 1;
}

static void relay_read(struct way *way) {
  long part = recv(way->from, way->bytes + way->end, (size_t)(ROOM - way->end), 0);
  if (part > 0) way->end += part;
  if (part == 0) way->ended = 1;
}

static void relay_write(struct way *way) {
  long part = send(way->to, way->bytes + way->start, (size_t)(way->end - way->start), MSG_NOSIGNAL);
  if (part > 0) way->start += part;
  if (way->start == way->end) way->start = way->end = 0;
}

/* An end goes on only when everything before it has. */
static void relay_end(struct way *way) {
  if (!way->ended || way->passed || way->start < way->end) return;
  shutdown(way->to, SHUT_WR);
  way->passed = 1;
}

static void add(fd_set *set, int fd, int *top) {
  FD_SET(fd, set);
  if (fd > *top) *top = fd;
}

/* The conversation; `mouthful` is what the server hears at a time. */
static void converse(const char *name, int family, long mouthful) {
  static struct way ways[2];
  int client, near, far, server, pair[2];
  char condition[64];
  if (family == AF_UNIX) {
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    client = pair[0];
    near = pair[1];
    socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
    far = pair[0];
    server = pair[1];
  } else {
    int listener = tcp_listener();
    connected_pair(listener, &client, &near);
    connected_pair(listener, &far, &server);
    close(listener);
  }
  int all[4] = {client, near, far, server};
  for (int i = 0; i < 4; i++) set_nonblocking(all[i], 1);
  memset(ways, 0, sizeof ways);
  ways[0].from = ways[1].to = near;
  ways[0].to = ways[1].from = far;
  struct speaker speakers[2] = {{.fd = client, .seed = 1}, {.fd = server, .seed = 2}};
  long limit = milliseconds_now() + 2 * SOON, full = 0, idle = 0;
  while (!(speakers[0].heard_end && speakers[1].heard_end) && milliseconds_now() < limit) {
    fd_set readable, writable;
    int top = 0;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    for (int i = 0; i < 2; i++) {
      if (!ways[i].ended && ways[i].end < ROOM) add(&readable, ways[i].from, &top);
      if (ways[i].start < ways[i].end) add(&writable, ways[i].to, &top);
      full += ways[i].end == ROOM;
      if (!speakers[i].finished) add(&writable, speakers[i].fd, &top);
      if (!speakers[i].heard_end) add(&readable, speakers[i].fd, &top);
    }
    struct timeval time = {SOON / 1000, 0};
    if (select(top + 1, &readable, &writable, NULL, &time) <= 0) {
      idle++;
      break;
    }
    for (int i = 0; i < 2; i++) {
      if (FD_ISSET(speakers[i].fd, &writable)) speak(&speakers[i]);
      if (FD_ISSET(speakers[i].fd, &readable)) hear(&speakers[i], i == 1 ? mouthful : 60000);
      if (FD_ISSET(ways[i].from, &readable) && !ways[i].ended && ways[i].end < ROOM) relay_read(&ways[i]);
      if (FD_ISSET(ways[i].to, &writable) && ways[i].start < ways[i].end) relay_write(&ways[i]);
      relay_end(&ways[i]);
    }
  }
  for (int i = 0; i < 2; i++) {
    const char *who = i == 0 ? "client" : "server";
    snprintf(condition, sizeof condition, "%s: the %s has heard", name, who);
    reportf("-", condition, "%ld, %s, %s", speakers[i].heard_bytes,
            speakers[i].sum == sum_of(speakers[1 - i].seed, TOTAL) ? "as it was sent" : "another sum",
            speakers[i].heard_end ? "and the end" : "no end");
  }
  snprintf(condition, sizeof condition, "%s: it never stood still", name);
  report("-", condition, yes_no(idle == 0));
  snprintf(condition, sizeof condition, "%s: a buffer was full", name);
  report("-", condition, yes_no(full > 0));
  for (int i = 0; i < 4; i++) close(all[i]);
}

/* The end of one way is passed on while the other goes on: request, end, answer, end. */
static void half_close(void) {
  int listener = tcp_listener(), client, near, far, server;
  connected_pair(listener, &client, &near);
  connected_pair(listener, &far, &server);
  send(client, "request", 7, 0);
  shutdown(client, SHUT_WR);
  const char *heard = received_text(near);
  send(far, heard, strlen(heard), 0);
  report("-", "half close: the relay hears the end", received_text(near));
  shutdown(far, SHUT_WR);
  report("-", "half close: the server hears", received_text(server));
  report("-", "half close: and the end", received_text(server));
  send(server, "answer", 6, 0);
  close(server);
  heard = received_text(far);
  report("-", "half close: the relay hears", heard);
  send(near, heard, strlen(heard), 0);
  report("-", "half close: and the end of that", received_text(far));
  close(far);
  close(near);
  report("-", "half close: the client hears", received_text(client));
  report("-", "half close: and its end", received_text(client));
  close(client);
  close(listener);
}

/* A server that resets: the relay learns it from a read, or from the write that it was about to do. */
static void broken(void) {
  int listener = tcp_listener(), client, near, far, server;
  connected_pair(listener, &client, &near);
  connected_pair(listener, &far, &server);
  send(client, "request", 7, 0);
  received_text(near);
  close_with_reset(server);
  await(far, POLLERR);
  report("4.5", "reset behind the relay: send", outcome(send(far, "request", 7, MSG_NOSIGNAL)));
  report("4.5", "reset behind the relay: recv", received(far));
  close(far);
  close_with_reset(near);
  await(client, POLLERR);
  report("4.5", "reset behind the relay: the client", received(client));
  close(client);
  close(listener);
}

int main(void) {
  converse("TCP, a slow server", AF_INET, 4000);
  converse("TCP", AF_INET, 60000);
  converse("pairs, a slow server", AF_UNIX, 4000);
  half_close();
  broken();
  return 0;
}
