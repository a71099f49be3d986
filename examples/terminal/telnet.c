/*
 * A telnet client: telnet HOST PORT. Lines are edited here until the server says that it echoes; then every key goes to it as it is
 * typed (termios(3)), and it is told the size of the window (RFC 1073). Ctrl-] leaves.
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

enum { IAC = 255, DONT = 254, DO = 253, WONT = 252, WILL = 251, SB = 250, SE = 240 };
enum { ECHOES = 1, GO_AHEAD = 3, WINDOW = 31, LEAVE = 0x1d };

static struct termios before;
static int server, tells_size;
static volatile sig_atomic_t resized;

static void on_resize(int number) {
  (void)number;
  resized = 1;
}

static void restore(void) { tcsetattr(0, TCSANOW, &before); }

static void fail(const char *what, const char *why) {
  fprintf(stderr, "\033[31mtelnet: %s: %s\033[0m\n", what, why);
  exit(1);
}

static void put(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t sent = send(server, at, length, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) fail("send", strerror(errno));
    at += sent;
    length -= (size_t)sent;
  }
}

static void negotiate(int verb, int option) {
  unsigned char answer[] = {IAC, (unsigned char)verb, (unsigned char)option};
  put(answer, sizeof answer);
}

static void tell_size(void) {
  struct winsize size;
  if (!tells_size || ioctl(1, TIOCGWINSZ, &size) < 0) return;
  unsigned char message[16] = {IAC, SB, WINDOW}, *end = message + 3;
  unsigned char bytes[] = {size.ws_col >> 8, size.ws_col & 255, size.ws_row >> 8, size.ws_row & 255};
  for (int i = 0; i < 4; i++) {
    if (bytes[i] == IAC) *end++ = IAC;
    *end++ = bytes[i];
  }
  *end++ = IAC;
  *end++ = SE;
  put(message, (size_t)(end - message));
}

/* The server echoes: what is typed is its to edit. */
static void set_raw(int raw) {
  struct termios settings = before;
  if (raw) cfmakeraw(&settings);
  settings.c_oflag = before.c_oflag;
  tcsetattr(0, TCSADRAIN, &settings);
}

static void on_option(int verb, int option) {
  if (verb == WILL && (option == ECHOES || option == GO_AHEAD)) {
    negotiate(DO, option);
    if (option == ECHOES) set_raw(1);
  } else if (verb == WONT && option == ECHOES) {
    negotiate(DONT, option);
    set_raw(0);
  } else if (verb == DO && option == WINDOW) {
    negotiate(WILL, option);
    tells_size = 1;
    tell_size();
  } else if (verb == WILL) negotiate(DONT, option);
  else if (verb == DO) negotiate(WONT, option);
}

/* Shows what the server sends and takes its commands out; what is under way between two reads is kept. */
static void take(const unsigned char *bytes, ssize_t length) {
  static enum { TEXT, COMMAND, OPTION, SUB, SUB_COMMAND } state;
  static int verb;
  char text[4096];
  size_t shown = 0;
  for (ssize_t i = 0; i < length; i++) {
    unsigned char byte = bytes[i];
    switch (state) {
      case TEXT:
        if (byte == IAC) state = COMMAND;
        else text[shown++] = (char)byte;
        break;
      case COMMAND:
        if (byte == IAC) text[shown++] = (char)byte;
        verb = byte;
        state = byte == SB ? SUB : byte >= WILL && byte <= DONT ? OPTION : TEXT;
        break;
      case OPTION:
        on_option(verb, byte);
        state = TEXT;
        break;
      case SUB: state = byte == IAC ? SUB_COMMAND : SUB; break;
      case SUB_COMMAND: state = byte == SE ? TEXT : SUB; break;
    }
  }
  for (size_t done = 0; done < shown;) {
    ssize_t wrote = write(1, text + done, shown - done);
    if (wrote > 0) done += (size_t)wrote;
    else if (wrote < 0 && errno != EINTR) exit(1);
  }
}

static void dial(const char *host, const char *port) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
  int error = getaddrinfo(host, port, &hints, &found), last = 0;
  if (error != 0) fail(host, gai_strerror(error));
  for (struct addrinfo *each = found; each != NULL; each = each->ai_next) {
    server = socket(each->ai_family, each->ai_socktype, each->ai_protocol);
    if (server >= 0 && connect(server, each->ai_addr, each->ai_addrlen) == 0) return freeaddrinfo(found);
    last = errno;
    if (server >= 0) close(server);
  }
  char what[300];
  snprintf(what, sizeof what, "%s port %s", host, port);
  fail(what, strerror(last));
}

/* What was typed goes to the server; a newline is CR LF there. True at the end of it, or of patience. */
static int type(void) {
  unsigned char typed[1024], sent[2048];
  ssize_t length = read(0, typed, sizeof typed);
  if (length < 0) return errno != EINTR;
  if (length == 0) return 1;
  size_t count = 0;
  for (ssize_t i = 0; i < length; i++) {
    if (typed[i] == LEAVE) return 1;
    if (typed[i] == '\n') sent[count++] = '\r';
    sent[count++] = typed[i];
    if (typed[i] == '\r') sent[count++] = '\0';
  }
  put(sent, count);
  return 0;
}

int main(int count, char *arguments[]) {
  if (count != 3) fail("usage", "telnet HOST PORT");
  dial(arguments[1], arguments[2]);
  fprintf(stderr, "\033[2mConnected to %s port %s. Ctrl-] leaves.\033[0m\n", arguments[1], arguments[2]);
  if (tcgetattr(0, &before) == 0) atexit(restore);
  struct sigaction action = {.sa_handler = on_resize};
  sigaction(SIGWINCH, &action, NULL);
  struct pollfd ready[2] = {{.fd = 0, .events = POLLIN}, {.fd = server, .events = POLLIN}};
  for (;;) {
    int found = poll(ready, 2, -1);
    if (resized) {
      resized = 0;
      tell_size();
    }
    if (found <= 0) continue;
    if (ready[1].revents) {
      unsigned char bytes[4096];
      ssize_t length = recv(server, bytes, sizeof bytes, 0);
      if (length < 0 && errno != EINTR) fail("receive", strerror(errno));
      if (length == 0) break;
      if (length > 0) take(bytes, length);
    }
    if (ready[0].revents && type()) return 0;
  }
  fprintf(stderr, "\n\033[2mThe server has closed the connection.\033[0m\n");
  return 0;
}
