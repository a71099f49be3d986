/* The resolver of <resolv.h>: questions go to the name servers of /etc/resolv.conf in the guest's files, by UDP and, where an
   answer is cut, by TCP (RFC 1035, 4.2; RFC 7766), over the guest's own sockets. getaddrinfo() asks the host instead. */
#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <poll.h>
#include <resolv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "posix.h"

struct __res_state _res;

static void add_server(res_state state, const char *text) {
  int i = state->nscount;
  struct sockaddr_in6 *six = &state->_u._ext.storage[i];
  if (i == MAXNS) return;
  memset(&state->nsaddr_list[i], 0, sizeof state->nsaddr_list[i]);
  state->_u._ext.nsaddrs[i] = NULL;
  if (inet_pton(AF_INET, text, &state->nsaddr_list[i].sin_addr) == 1) {
    state->nsaddr_list[i].sin_family = AF_INET;
    state->nsaddr_list[i].sin_port = htons(NS_DEFAULTPORT);
  } else {
    memset(six, 0, sizeof *six);
    if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1) return;
    six->sin6_family = AF_INET6;
    six->sin6_port = htons(NS_DEFAULTPORT);
    state->_u._ext.nsaddrs[i] = six;
  }
  state->nscount++;
}

/* The domains of a line, as many as there is room for. */
static void set_search(res_state state, char *text) {
  int count = 0;
  snprintf(state->defdname, sizeof state->defdname, "%s", text);
  for (char *at = strtok(state->defdname, " \t\n"); at != NULL && count < MAXDNSRCH; at = strtok(NULL, " \t\n"))
    state->dnsrch[count++] = at;
  state->dnsrch[count] = NULL;
}

static int number_after(const char *word, const char *option, int most) {
  size_t length = strlen(option);
  if (strncmp(word, option, length) != 0) return -1;
  int value = atoi(word + length);
  return value < 0 ? 0 : value > most ? most : value;
}

static void set_options(res_state state, char *text) {
  for (char *word = strtok(text, " \t\n"); word != NULL; word = strtok(NULL, " \t\n")) {
    int value;
    if ((value = number_after(word, "ndots:", RES_MAXNDOTS)) >= 0) state->ndots = (unsigned)value & 15;
    else if ((value = number_after(word, "timeout:", RES_MAXRETRANS)) >= 0) state->retrans = value;
    else if ((value = number_after(word, "attempts:", RES_MAXRETRY)) >= 0) state->retry = value;
    else if (strcmp(word, "use-vc") == 0) state->options |= RES_USEVC;
    else if (strcmp(word, "rotate") == 0) state->options |= RES_ROTATE;
  }
}

/* Reads /etc/resolv.conf (resolv.conf(5)); without one, the name server is this machine, as the manual says. */
int res_ninit(res_state state) {
  char line[512], word[16];
  memset(state, 0, sizeof *state);
  state->retrans = RES_TIMEOUT;
  state->retry = RES_DFLRETRY;
  state->options = RES_DEFAULT | RES_INIT;
  state->ndots = 1;
  FILE *file = fopen(_PATH_RESCONF, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    int at = 0;
    if (sscanf(line, "%15s %n", word, &at) != 1 || at == 0) continue;
    char *rest = line + at;
    if (strcmp(word, "nameserver") == 0) {
      rest[strcspn(rest, " \t\r\n")] = '\0';
      add_server(state, rest);
    } else if (strcmp(word, "search") == 0 || strcmp(word, "domain") == 0) set_search(state, rest);
    else if (strcmp(word, "options") == 0) set_options(state, rest);
  }
  if (file != NULL) fclose(file);
  if (state->nscount == 0) add_server(state, "127.0.0.1");
  uint16_t id;
  if (getentropy(&id, sizeof id) == 0) state->id = id;
  return 0;
}

int res_init(void) { return res_ninit(&_res); }

/* Every question is a connection of its own: nothing stays open. */
void res_nclose(res_state state) { (void)state; }

static res_state ready(res_state state) {
  if (!(state->options & RES_INIT)) res_ninit(state);
  return state;
}

static int fail(res_state state, int error) {
  state->res_h_errno = error;
  if (state == &_res) h_errno = error;
  return -1;
}

int res_nmkquery(res_state state, int operation, const char *name, int class, int type, const unsigned char *data,
                 int length, const unsigned char *more, unsigned char *out, int size) {
  (void)data;
  (void)length;
  (void)more;
  if (operation != ns_o_query || size < NS_HFIXEDSZ) return -1;
  memset(out, 0, NS_HFIXEDSZ);
  uint16_t id;
  if (getentropy(&id, sizeof id) == 0) state->id = id;
  ns_put16(state->id, out);
  if (state->options & RES_RECURSE) out[2] = 1;
  out[5] = 1;
  int named = dn_comp(name, out + NS_HFIXEDSZ, size - NS_HFIXEDSZ, NULL, NULL);
  if (named < 0 || size - NS_HFIXEDSZ - named < NS_QFIXEDSZ) return -1;
  ns_put16((unsigned)type, out + NS_HFIXEDSZ + named);
  ns_put16((unsigned)class, out + NS_HFIXEDSZ + named + 2);
  return NS_HFIXEDSZ + named + NS_QFIXEDSZ;
}

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* Waits for `events` until `deadline`: 0, or -1 with errno. */
static int await(int fd, short events, long long deadline) {
  while (1) {
    long long left = deadline - now();
    struct pollfd one = {fd, events, 0};
    int ready_fds = poll(&one, 1, left > 0 ? (int)left : 0);
    if (ready_fds > 0) return 0;
    if (ready_fds == 0) return refuse(ETIMEDOUT);
    if (errno != EINTR) return -1;
  }
}

/* Whether an answer is one to this question: the id, QR, and the question itself. */
static int answers(const unsigned char *question, int length, const unsigned char *reply, int size) {
  if (size < NS_HFIXEDSZ || memcmp(question, reply, 2) != 0 || !(reply[2] & 0x80)) return 0;
  if (ns_get16(reply + 4) == 0) return 1;
  if (size < length) return 0;
  for (int i = NS_HFIXEDSZ; i < length; i++) if (tolower(question[i]) != tolower(reply[i])) return 0;
  return 1;
}

/* An answer by UDP: its length, or -1 with errno. */
static int ask_datagram(int fd, const unsigned char *question, int length, unsigned char *out, int size, long long deadline) {
  if (send(fd, question, (size_t)length, 0) != length) return -1;
  while (await(fd, POLLIN, deadline) == 0) {
    ssize_t got = recv(fd, out, (size_t)size, MSG_DONTWAIT);
    if (got < 0 && errno != EAGAIN && errno != EINTR) return -1;
    if (got > 0 && answers(question, length, out, (int)got)) return (int)got;
  }
  return -1;
}

/* Moves all of `size` bytes one way or the other: 0, or -1 with errno. */
static int move(int fd, unsigned char *bytes, size_t size, int out, long long deadline) {
  while (size > 0) {
    if (await(fd, out ? POLLOUT : POLLIN, deadline) != 0) return -1;
    ssize_t moved = out ? send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) : recv(fd, bytes, size, MSG_DONTWAIT);
    if (moved == 0) return refuse(ECONNRESET);
    if (moved < 0 && errno != EAGAIN && errno != EINTR) return -1;
    if (moved > 0) {
      bytes += moved;
      size -= (size_t)moved;
    }
  }
  return 0;
}

/* An answer by TCP, two bytes of length before each message; what does not fit into `out` is cut, and TC is set. */
static int ask_stream(int fd, const unsigned char *question, int length, unsigned char *out, int size, long long deadline) {
  unsigned char framed[NS_PACKETSZ + 2], head[2], rest[256];
  if (length > NS_PACKETSZ) return refuse(EMSGSIZE);
  ns_put16((unsigned)length, framed);
  memcpy(framed + 2, question, (size_t)length);
  if (move(fd, framed, (size_t)length + 2, 1, deadline) != 0 || move(fd, head, 2, 0, deadline) != 0) return -1;
  size_t whole = ns_get16(head), kept = whole < (size_t)size ? whole : (size_t)size;
  if (move(fd, out, kept, 0, deadline) != 0) return -1;
  for (size_t left = whole - kept; left > 0;) {
    size_t part = left < sizeof rest ? left : sizeof rest;
    if (move(fd, rest, part, 0, deadline) != 0) return -1;
    left -= part;
  }
  if (!answers(question, length, out, (int)kept)) return refuse(EBADMSG);
  if (kept < whole) out[2] |= 2;
  return (int)whole;
}

/* Puts the question to one server. Result: the length of the answer, or -1 with errno. */
static int ask(res_state state, int i, int type, const unsigned char *question, int length, unsigned char *out, int size) {
  const struct sockaddr *name = (const struct sockaddr *)&state->nsaddr_list[i];
  socklen_t name_length = sizeof state->nsaddr_list[i];
  if (name->sa_family != AF_INET) {
    if (state->_u._ext.nsaddrs[i] == NULL) return refuse(EAFNOSUPPORT);
    name = (const struct sockaddr *)state->_u._ext.nsaddrs[i];
    name_length = sizeof *state->_u._ext.nsaddrs[i];
  }
  long long deadline = now() + (state->retrans > 0 ? state->retrans : 1) * 1000LL;
  int fd = socket(name->sa_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int result = connect(fd, name, name_length);
  if (result < 0 && errno == EINPROGRESS) {
    int error = 0;
    socklen_t error_length = sizeof error;
    result = await(fd, POLLOUT, deadline);
    if (result == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_length) == 0 && error != 0) result = refuse(error);
  }
  if (result == 0) result = (type == SOCK_DGRAM ? ask_datagram : ask_stream)(fd, question, length, out, size, deadline);
  int saved = errno;
  close(fd);
  errno = saved;
  return result;
}

/* Asks the servers in turn, `retry` times each. An answer of SERVFAIL, NOTIMP or REFUSED is another server's turn. */
int res_nsend(res_state state, const unsigned char *question, int length, unsigned char *out, int size) {
  int got = -1, last = -1;
  if (length < NS_HFIXEDSZ || size < NS_HFIXEDSZ) return refuse(EINVAL);
  for (int round = 0; round < state->retry || round == 0; round++) {
    for (int i = 0; i < state->nscount; i++) {
      int stream = (state->options & RES_USEVC) != 0;
      got = ask(state, i, stream ? SOCK_STREAM : SOCK_DGRAM, question, length, out, size);
      if (got >= 0 && !stream && out[2] & 2 && !(state->options & RES_IGNTC))
        got = ask(state, i, SOCK_STREAM, question, length, out, size);
      if (got < 0) continue;
      int code = out[3] & 15;
      if (code != ns_r_servfail && code != ns_r_notimpl && code != ns_r_refused) return got;
      last = got;
    }
    if (last >= 0) return last;
  }
  return got;
}

int res_nquery(res_state state, const char *name, int class, int type, unsigned char *out, int size) {
  unsigned char question[NS_PACKETSZ];
  int length = res_nmkquery(state, ns_o_query, name, class, type, NULL, 0, NULL, question, sizeof question);
  if (length < 0) return fail(state, NO_RECOVERY);
  int got = res_nsend(state, question, length, out, size);
  if (got < 0) return fail(state, TRY_AGAIN);
  switch (out[3] & 15) {
    case ns_r_noerror: return ns_get16(out + 6) != 0 ? got : fail(state, NO_DATA);
    case ns_r_nxdomain: return fail(state, HOST_NOT_FOUND);
    case ns_r_servfail: return fail(state, TRY_AGAIN);
  }
  return fail(state, NO_RECOVERY);
}

static int in_domain(res_state state, const char *name, const char *domain, int class, int type, unsigned char *out,
                     int size) {
  char whole[NS_MAXDNAME];
  int length = domain == NULL ? snprintf(whole, sizeof whole, "%s", name)
                              : snprintf(whole, sizeof whole, "%s.%s", name, domain);
  if (length < 0 || (size_t)length >= sizeof whole) return fail(state, NO_RECOVERY);
  return res_nquery(state, whole, class, type, out, size);
}

int res_querydomain(const char *name, const char *domain, int class, int type, unsigned char *out, int size) {
  return in_domain(ready(&_res), name, domain, class, type, out, size);
}

/* With the domains of `search` behind it: a name with enough dots is tried as it is first, others at the end. */
int res_nsearch(res_state state, const char *name, int class, int type, unsigned char *out, int size) {
  size_t length = strlen(name), dots = 0;
  for (const char *at = name; *at != '\0'; at++) dots += *at == '.';
  int whole = length > 0 && name[length - 1] == '.', first = whole || dots >= state->ndots, no_data = 0;
  if (first) {
    int got = res_nquery(state, name, class, type, out, size);
    if (got >= 0 || whole || state->res_h_errno == TRY_AGAIN) return got;
    no_data |= state->res_h_errno == NO_DATA;
  }
  if (state->options & (dots == 0 ? RES_DEFNAMES : RES_DNSRCH)) {
    for (int i = 0; state->dnsrch[i] != NULL; i++) {
      int got = in_domain(state, name, state->dnsrch[i], class, type, out, size);
      if (got >= 0 || state->res_h_errno == TRY_AGAIN || state->res_h_errno == NO_RECOVERY) return got;
      no_data |= state->res_h_errno == NO_DATA;
    }
  }
  if (!first) {
    int got = res_nquery(state, name, class, type, out, size);
    if (got >= 0) return got;
  }
  return no_data ? fail(state, NO_DATA) : -1;
}

int res_mkquery(int operation, const char *name, int class, int type, const unsigned char *data, int length,
                const unsigned char *more, unsigned char *out, int size) {
  return res_nmkquery(ready(&_res), operation, name, class, type, data, length, more, out, size);
}
int res_send(const unsigned char *question, int length, unsigned char *out, int size) {
  return res_nsend(ready(&_res), question, length, out, size);
}
int res_query(const char *name, int class, int type, unsigned char *out, int size) {
  return res_nquery(ready(&_res), name, class, type, out, size);
}
int res_search(const char *name, int class, int type, unsigned char *out, int size) {
  return res_nsearch(ready(&_res), name, class, type, out, size);
}
