/* A terminal, asked everything. It prints "#name#" and expects to be typed on then: test/terminal/typist.ts has the keys. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static struct termios first;
static volatile int signals[65];

static void count(int number) { signals[number]++; }

static void catch(int number, int flags) {
  struct sigaction action = {.sa_handler = count, .sa_flags = flags};
  sigaction(number, &action, NULL);
}

static const char *name_of(int error) {
  switch (error) {
    case EAGAIN: return "EAGAIN";
    case EBADF: return "EBADF";
    case EINTR: return "EINTR";
    case EINVAL: return "EINVAL";
    case ENOTTY: return "ENOTTY";
    case EPERM: return "EPERM";
    case ERANGE: return "ERANGE";
    case ESRCH: return "ESRCH";
  }
  return "another";
}

static void tell(const char *what, int result) {
  if (result < 0) printf("%s: %s\n", what, name_of(errno));
  else printf("%s: %d\n", what, result);
  fflush(stdout);
}

/* Long enough for what was typed to be in the line discipline. */
static void settle(void) {
  struct timespec time = {0, 150000000};
  nanosleep(&time, NULL);
}

static void ask(const char *name) {
  printf("#%s#", name);
  fflush(stdout);
}

static void asked(const char *name) {
  ask(name);
  settle();
}

static struct termios with(unsigned set, unsigned clear) {
  struct termios settings = first;
  settings.c_lflag = (settings.c_lflag | set) & ~clear;
  return settings;
}

static void use(const struct termios *settings) {
  if (tcsetattr(0, TCSANOW, settings) < 0) tell("tcsetattr", -1);
}

/* Reads once and shows the bytes. */
static int show(size_t size) {
  unsigned char bytes[8192];
  int got = (int)read(0, bytes, size);
  if (got < 0) {
    tell("read", got);
    return got;
  }
  printf("read %d:", got);
  for (int i = 0; i < got; i++) {
    if (got > 64 && i == 16) {
      printf(" ...");
      i = got - 16;
    }
    printf(" %02x", bytes[i]);
  }
  printf("\n");
  fflush(stdout);
  return got;
}

static void one(const char *name) {
  asked(name);
  show(4096);
}

static int ready(short events, int time) {
  struct pollfd entry = {.fd = 0, .events = events};
  int result = poll(&entry, 1, time);
  return result > 0 ? (entry.revents & events) == events : result;
}

static int unread(void) {
  int bytes = -1;
  return ioctl(0, FIONREAD, &bytes) < 0 ? -1 : bytes;
}

static void settings_at_first(void) {
  printf("iflag %x oflag %x lflag %x\n", first.c_iflag, first.c_oflag, first.c_lflag);
  printf("cc");
  for (int i = 0; i <= VEOL2; i++) printf(" %d", first.c_cc[i]);
  printf("\n");
  for (int fd = 0; fd < 3; fd++) tell("isatty", isatty(fd));
  struct winsize size;
  tell("TIOCGWINSZ", ioctl(1, TIOCGWINSZ, &size));
  printf("%d rows, %d columns\n", size.ws_row, size.ws_col);
  fflush(stdout);
}

static void editing(void) {
  use(&first);
  one("line");
  one("erase");
  one("erase-nothing");
  one("erase-utf8");
  one("erase-control");
  one("erase-tab");
  one("erase-tabs");
  one("erase-tab-quoted");
  one("word");
  one("word-utf8");
  one("kill");
  one("quote");
  one("quote-newline");
  one("reprint");
  one("return-is-newline");
  asked("partial");
  for (int i = 0; i < 3; i++) show(2);
  asked("two-lines");
  show(4096);
  show(4096);
  asked("end-after-bytes");
  show(4096);
  one("end-alone");
  asked("end-exact");
  show(3);
  one("after-end-exact");
  asked("long");
  show(8192);
  asked("long-erased");
  show(8192);
}

static void echoes(void) {
  struct termios settings = with(0, ECHOKE);
  use(&settings);
  one("kill-newline");
  settings = with(0, ECHOK | ECHOKE);
  use(&settings);
  one("kill-plain");
  settings = with(0, ECHOE);
  use(&settings);
  one("erase-shown");
  settings = with(ECHOPRT, 0);
  use(&settings);
  one("erase-printed");
  settings = with(0, ECHOCTL);
  use(&settings);
  one("controls-plain");
  settings = with(0, ECHO);
  use(&settings);
  one("silent");
  settings = with(ECHONL, ECHO);
  use(&settings);
  one("silent-newline");
  settings = with(0, IEXTEN);
  use(&settings);
  one("no-extensions");
  settings = first;
  settings.c_cc[VEOL] = '|';
  settings.c_cc[VEOL2] = '!';
  settings.c_cc[VERASE] = '#';
  settings.c_cc[VKILL] = 0;
  use(&settings);
  asked("ends-of-line");
  show(4096);
  show(4096);
  show(4096);
  one("other-characters");
  settings = first;
  settings.c_iflag = (settings.c_iflag & ~ICRNL) | INLCR;
  settings.c_cc[VEOL] = '\r';
  use(&settings);
  one("newline-is-return");
  settings.c_iflag |= IGNCR;
  settings.c_iflag &= ~INLCR;
  use(&settings);
  one("return-is-nothing");
  settings = first;
  settings.c_iflag |= ISTRIP | IUCLC;
  use(&settings);
  one("stripped");
  settings = first;
  settings.c_iflag &= ~IUTF8;
  use(&settings);
  one("erase-bytes");
}

static void raised(void) {
  for (int i = 1; i < 65; i++)
    if (signals[i]) printf("signal %d: %d\n", i, signals[i]);
  memset((void *)signals, 0, sizeof signals);
  fflush(stdout);
}

static void of_signals(void) {
  catch(SIGINT, 0);
  catch(SIGQUIT, 0);
  catch(SIGTSTP, 0);
  use(&first);
  one("interrupted"); /* the signal comes before the read */
  raised();
  one("after-interrupted");
  ask("interrupt-read"); /* while it waits, or just before: the typist is slow */
  show(4096);
  raised();
  one("after-interrupt-read");
  catch(SIGINT, SA_RESTART);
  ask("restarted-read");
  show(4096);
  raised();
  asked("flushed");
  raised();
  show(4096);
  struct termios settings = with(NOFLSH, 0);
  use(&settings);
  asked("not-flushed");
  raised();
  show(4096);
  settings = with(0, ISIG);
  use(&settings);
  one("no-signals");
  raised();
  signal(SIGTSTP, SIG_DFL);
  use(&first);
  one("nobody-to-stop");
}

static void raw_modes(void) {
  struct termios settings = first;
  cfmakeraw(&settings);
  printf("raw: iflag %x oflag %x lflag %x min %d time %d\n", settings.c_iflag & ~IUTF8, settings.c_oflag, settings.c_lflag,
         settings.c_cc[VMIN], settings.c_cc[VTIME]);
  fflush(stdout);
  use(&settings);
  one("raw");
  asked("raw-little");
  show(2);
  show(1);
  show(4096);
  settings.c_oflag |= OPOST | ONLCR;
  settings.c_cc[VMIN] = 3;
  use(&settings);
  asked("min-poll");
  tell("poll", ready(POLLIN, 0));
  tell("unread", unread());
  ask("min-more");
  show(4096);
  settings.c_cc[VMIN] = 0;
  use(&settings);
  show(4096);
  asked("min-none");
  show(4096);
  settings.c_cc[VTIME] = 1;
  use(&settings);
  show(4096);
  ask("time");
  settings.c_cc[VTIME] = 100;
  use(&settings);
  show(4096);
  settings.c_cc[VMIN] = 5;
  settings.c_cc[VTIME] = 2;
  use(&settings);
  ask("between");
  show(4096);
  ask("between-enough");
  settings.c_cc[VTIME] = 100;
  use(&settings);
  show(4096);
  int flags = fcntl(0, F_GETFL);
  fcntl(0, F_SETFL, flags | O_NONBLOCK);
  show(4096);
  settings.c_cc[VMIN] = 0;
  settings.c_cc[VTIME] = 0;
  use(&settings);
  show(4096);
  use(&first);
  show(4096);
  fcntl(0, F_SETFL, flags);
}

static void queues(void) {
  struct termios raw = first;
  raw.c_lflag &= ~(ICANON | ECHO);
  use(&first);
  asked("part");
  tell("unread", unread());
  tell("poll", ready(POLLIN, 0));
  asked("whole");
  tell("unread", unread());
  tell("poll", ready(POLLIN, 1000));
  show(4096);
  asked("end");
  tell("unread", unread());
  show(4096);
  asked("to-raw");
  use(&raw);
  show(4096);
  asked("to-lines");
  use(&first);
  tell("unread", unread());
  show(4096);
  asked("dropped");
  tell("tcflush", tcflush(0, TCIFLUSH));
  tell("unread", unread());
  asked("dropped-by-set");
  tell("tcsetattr", tcsetattr(0, TCSAFLUSH, &first));
  tell("unread", unread());
  asked("kept-by-drain");
  tell("tcsetattr", tcsetattr(0, TCSADRAIN, &first));
  show(4096);
}

static void output(void) {
  struct termios settings = first;
  settings.c_oflag |= XTABS;
  use(&settings);
  printf("a\tbc\tdefghijk\t\xc3\xa9\tl\r\tm\b\b\tn\n");
  fflush(stdout);
  settings = first;
  settings.c_oflag = OPOST | OCRNL | OLCUC;
  use(&settings);
  printf("upper\rcase\r");
  fflush(stdout);
  settings.c_oflag = OPOST | ONOCR | ONLRET | XTABS;
  use(&settings);
  printf("\r\rab\r\nc\td\r\r\n\r");
  fflush(stdout);
  settings.c_oflag = 0;
  use(&settings);
  printf("as\nit\tis\r\n");
  fflush(stdout);
  use(&first);
  one("stopped");
  tcflow(1, TCOOFF);
  use(&first);
  int flags = fcntl(0, F_GETFL);
  fcntl(1, F_SETFL, flags | O_NONBLOCK);
  int wrote = (int)write(1, "lost\n", 5), error = errno;
  int writable = ready(POLLOUT, 0);
  tcflow(1, TCOON);
  fcntl(1, F_SETFL, flags);
  errno = error;
  tell("write while stopped", wrote);
  tell("writable while stopped", writable);
  tell("writable", ready(POLLOUT, 1000));
  settings = first;
  settings.c_iflag |= IXANY;
  use(&settings);
  one("started-by-any");
  settings.c_iflag &= ~(IXON | IXANY);
  use(&settings);
  one("no-flow");
  use(&first);
}

static void others(void) {
  struct winsize size = {.ws_row = 50, .ws_col = 132, .ws_xpixel = 7, .ws_ypixel = 9};
  catch(SIGWINCH, 0);
  tell("TIOCSWINSZ", ioctl(0, TIOCSWINSZ, &size));
  raised();
  tell("TIOCSWINSZ of the same", ioctl(0, TIOCSWINSZ, &size));
  raised();
  memset(&size, 0, sizeof size);
  tell("TIOCGWINSZ", ioctl(2, TIOCGWINSZ, &size));
  printf("%d %d %d %d\n", size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel);
  int ends[2];
  struct termios settings;
  if (pipe(ends) < 0) tell("pipe", -1);
  tell("tcgetattr of a pipe", tcgetattr(ends[0], &settings));
  tell("tcsetattr of a pipe", tcsetattr(ends[0], TCSANOW, &first));
  tell("TIOCGWINSZ of a pipe", ioctl(ends[0], TIOCGWINSZ, &size));
  tell("tcdrain of a pipe", tcdrain(ends[1]));
  tell("tcgetpgrp of a pipe", tcgetpgrp(ends[1]));
  tell("tcgetattr of none", tcgetattr(77, &settings));
  tell("tcflush of none", tcflush(77, TCIFLUSH));
  tell("tcsetattr with 7", tcsetattr(0, 7, &first));
  tell("tcflush with 7", tcflush(0, 7));
  tell("tcflow with 7", tcflow(0, 7));
  tell("tcdrain", tcdrain(1));
  tell("tcsendbreak", tcsendbreak(1, 0));
  settle(); /* or it would drop what is above */
  tell("tcflush of output", tcflush(1, TCOFLUSH));
  tell("foreground", tcgetpgrp(0) == getpgrp());
  tell("session", tcgetsid(0) == getsid(0));
  tell("tcsetpgrp", tcsetpgrp(0, getpgrp()));
  tell("tcsetpgrp of none", tcsetpgrp(0, -5));
  tell("tcflow: start character", tcflow(0, TCION));
  tell("ttyname", ttyname(0) != NULL);
  tell("ttyname of a pipe", ttyname(ends[0]) != NULL);
  char name[200];
  tell("ttyname_r", ttyname_r(0, name, sizeof name));
  tell("ttyname_r, short", ttyname_r(0, name, 2) == ERANGE);
  tell("ttyname_r of a pipe", ttyname_r(ends[0], name, sizeof name) == ENOTTY);
  printf("%s\n", ctermid(NULL));
  int own = open(ctermid(NULL), O_RDWR);
  tell("open of it", own >= 0);
  tell("isatty", isatty(own));
  tell("close", close(own));
  settings = first;
  tell("cfsetspeed", cfsetspeed(&settings, B9600));
  tell("speeds", cfgetispeed(&settings) == B9600 && cfgetospeed(&settings) == B9600);
  tell("cfsetospeed of 7", cfsetospeed(&settings, 7777));
}

/* What has no end of line is shown before a stream of the terminal is read. */
static void prompts(void) {
  char line[32];
  use(&first);
  printf("#prompt#");
  tell("fgets", fgets(line, sizeof line, stdin) != NULL);
  printf("%s#prompt-again#", line);
  tell("getchar", getchar());
  tell("getchar", getchar());
}

int main(void) {
  tell("tcgetattr", tcgetattr(0, &first));
  settings_at_first();
  /* Means nothing, and is no longer what the terminal of a host has: hawser run does all the rest itself. */
  first.c_cc[VDISCARD] = 0;
  use(&first);
  editing();
  echoes();
  of_signals();
  raw_modes();
  queues();
  output();
  others();
  prompts();
  ask("done");
  return 0;
}
