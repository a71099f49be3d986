/* needs: ipv6 */
/*
 * RFC 8305 as clients do it: non-blocking attempts over both families, one after the other with a delay between, the
 * first to come through wins, the others are closed in mid-attempt and their numbers used again at once.
 */
#include "posix.h"

enum { MOST = 4 };

struct candidate {
  struct sockaddr_storage address;
  socklen_t length;
};

struct race {
  /* Which candidate won, and its descriptor; -1 if none. */
  int winner, fd;
  /* What each candidate's attempt came to. */
  const char *outcomes[MOST];
};

static struct candidate over4(int port) {
  struct candidate made = {.length = sizeof(struct sockaddr_in)};
  struct sockaddr_in address = loopback(port);
  memcpy(&made.address, &address, sizeof address);
  return made;
}

static struct candidate over6(int port) {
  struct candidate made = {.length = sizeof(struct sockaddr_in6)};
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port), .sin6_addr = in6addr_loopback};
  memcpy(&made.address, &address, sizeof address);
  return made;
}

/* A socket of ::1 that is bound and does not listen: its port refuses. */
static int dead6(int *port) {
  int fd = socket(AF_INET6, SOCK_STREAM, 0);
  struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = in6addr_loopback};
  socklen_t length = sizeof address;
  bind(fd, (struct sockaddr *)&address, sizeof address);
  getsockname(fd, (struct sockaddr *)&address, &length);
  *port = ntohs(address.sin6_port);
  return fd;
}

/* Starts the attempt of one candidate: its descriptor, or -1 with errno. */
static int start(const struct candidate *candidate) {
  int fd = socket(candidate->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  if (connect(fd, (const struct sockaddr *)&candidate->address, candidate->length) == 0 || errno == EINPROGRESS) return fd;
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

static int pending_error(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0 ? errno : error;
}

/* Runs the race; a new attempt begins after `stagger` ms, or at once when one fails. */
static struct race run(const struct candidate *candidates, int count, int stagger) {
  struct race race = {.winner = -1, .fd = -1};
  struct pollfd entries[MOST];
  int who[MOST], live = 0, next = 0;
  long limit = milliseconds_now() + SOON;
  for (int i = 0; i < count; i++) race.outcomes[i] = "not begun";
  while (race.winner < 0 && (live > 0 || next < count) && milliseconds_now() < limit) {
    if (next < count) {
      int fd = start(&candidates[next]);
      race.outcomes[next] = fd < 0 ? error_name(errno) : "given up";
      if (fd >= 0) {
        entries[live] = (struct pollfd){.fd = fd, .events = POLLOUT};
        who[live++] = next;
      }
      next++;
    }
    int ready = poll(entries, (nfds_t)live, next < count ? stagger : SOON);
    for (int i = 0; ready > 0 && i < live; i++) {
      if (entries[i].revents == 0) continue;
      int error = pending_error(entries[i].fd);
      race.outcomes[who[i]] = error_name(error);
      if (error == 0) {
        race.winner = who[i];
        race.fd = entries[i].fd;
      } else close(entries[i].fd);
      // The poll set is built anew without it.
      memmove(&entries[i], &entries[i + 1], sizeof *entries * (size_t)(live - i - 1));
      memmove(&who[i], &who[i + 1], sizeof *who * (size_t)(live - i - 1));
      live--;
      break;
    }
  }
  for (int i = 0; i < live; i++) close(entries[i].fd);
  if (race.fd >= 0) set_nonblocking(race.fd, 0);
  return race;
}

static const char *echoed(int fd) {
  if (fd < 0) return "no winner";
  send(fd, "hello", 5, MSG_NOSIGNAL);
  return received_text(fd);
}

static const char *race_text(const struct race *race, int count) {
  char *text = remembered();
  snprintf(text, 128, "winner %d:", race->winner);
  for (int i = 0; i < count; i++) snprintf(text + strlen(text), 128 - strlen(text), " %s", race->outcomes[i]);
  return text;
}

static void report_race(const char *condition, const struct candidate *candidates, int count, int stagger) {
  struct race race = run(candidates, count, stagger);
  char said[64];
  snprintf(said, sizeof said, "%s: echo", condition);
  report("-", condition, race_text(&race, count));
  report("-", said, echoed(race.fd));
  if (race.fd >= 0) close(race.fd);
}

/* The losers' numbers are used again at once, by attempts of which nothing old may be told. */
static void again_and_again(const char *family, const struct candidate *pending, const struct candidate *live) {
  char condition[64];
  int good = 0, first = -1, same = 0;
  for (int round = 0; round < 30; round++) {
    int loser = start(pending), other = start(pending);
    if (first < 0) first = loser;
    same += loser == first;
    close(loser);
    int fd = start(live);
    struct pollfd entries[2] = {{.fd = fd, .events = POLLOUT}, {.fd = other, .events = POLLOUT}};
    while (entries[0].revents == 0 && poll(entries, 2, SOON) > 0) continue;
    set_nonblocking(fd, 0);
    good += pending_error(fd) == 0 && entries[1].revents == 0 && fd == loser && strcmp(echoed(fd), "hello") == 0;
    close(fd);
    close(other);
  }
  snprintf(condition, sizeof condition, "numbers used again, %s: good rounds", family);
  report("-", condition, outcome(good));
  snprintf(condition, sizeof condition, "numbers used again, %s: rounds on the same number", family);
  report("-", condition, outcome(same));
}

/* A loser that was connected when it was closed: its peer sees a good end. */
static void connected_loser(void) {
  int listener = tcp_listener();
  struct candidate candidate = over4(own_port(listener));
  int winner = start(&candidate), loser = start(&candidate);
  await(winner, POLLOUT);
  await(loser, POLLOUT);
  close(loser);
  int one = accept_from(listener), other = accept_from(listener);
  await(other, POLLIN);
  report("-", "connected loser: its peer", received(other));
  report("-", "connected loser: the winner's peer", received(one));
  send(one, "x", 1, 0);
  await(winner, POLLIN);
  report("-", "connected loser: the winner", received(winner));
  close(one);
  close(other);
  close(winner);
  close(listener);
}

int main(void) {
  int late, dead_port;
  int control = late_listener(&late), dead = dead6(&dead_port);
  int echo4 = harness_port("HAWSER_PEER_ECHO"), echo6 = harness_port("HAWSER_PEER_ECHO6");
  int refused = harness_port("HAWSER_PEER_REFUSED");
  struct candidate six_first[] = {over6(echo6), over4(echo4)};
  report_race("IPv6 answers", six_first, 2, SOON);
  struct candidate six_dead[] = {over6(dead_port), over4(echo4)};
  report_race("IPv6 refuses", six_dead, 2, SOON);
  struct candidate pending[] = {over4(late), over6(echo6)};
  report_race("the first is silent", pending, 2, 50);
  struct candidate both[] = {over4(late), over4(late), over6(dead_port), over4(echo4)};
  report_race("two silent, one dead, one live", both, 4, 30);
  struct candidate none[] = {over6(dead_port), over4(refused)};
  report_race("all refuse", none, 2, 50);
  again_and_again("IPv4", &pending[0], &six_first[1]);
  again_and_again("IPv6", &pending[0], &six_first[0]);
  connected_loser();
  close(dead);
  close(control);
  return 0;
}
