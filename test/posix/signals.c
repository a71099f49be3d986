/* Signals and the calls that wait: EINTR, SA_RESTART, the mask, the timer. */
#include "posix.h"

static int listener;
/* What the handler below sends to, so that a call that starts again finds something. */
static int wake;

static void send_a_byte(int signal_number) {
  (void)signal_number;
  signals_seen++;
  send(wake, "w", 1, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void interrupted(void) {
  int client, server, ends[2];
  char byte;
  fd_set set;
  struct pollfd entry;
  connected_pair(listener, &client, &server);
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  report("-", "recv", outcome(recv(client, &byte, 1, 0)));
  alarm_in(50);
  report("-", "read", outcome(read(client, &byte, 1)));
  alarm_in(50);
  entry = (struct pollfd){.fd = client, .events = POLLIN};
  report("-", "poll", outcome(poll(&entry, 1, SOON)));
  alarm_in(50);
  FD_ZERO(&set);
  FD_SET(client, &set);
  report("-", "select", outcome(select(client + 1, &set, NULL, NULL, NULL)));
  alarm_in(50);
  report("-", "accept", opened(accept(listener, NULL, NULL)));
  pipe(ends);
  alarm_in(50);
  report("-", "read of a pipe", outcome(read(ends[0], &byte, 1)));
  alarm_in(50);
  struct timespec long_time = {5, 0};
  report("-", "nanosleep", outcome(nanosleep(&long_time, NULL)));
  int udp = bound_udp_socket();
  alarm_in(50);
  report("-", "recv of a datagram", outcome(recv(udp, &byte, 1, 0)));
  report("-", "handlers run", outcome(signals_seen));

  fill_up(client);
  set_nonblocking(client, 0);
  alarm_in(50);
  report("-", "send with no room", outcome(send(client, "x", 1, 0)));
  close(udp);
  close(ends[0]);
  close(ends[1]);
  close(client);
  close(server);
}

static void restarted(void) {
  int client, server;
  char byte;
  struct pollfd entry;
  struct sigaction action;
  connected_pair(listener, &client, &server);
  memset(&action, 0, sizeof action);
  action.sa_handler = send_a_byte;
  action.sa_flags = SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  signals_seen = 0;
  wake = server;
  alarm_in(50);
  report("-", "SA_RESTART: recv goes on", outcome(recv(client, &byte, 1, 0)));
  report("-", "SA_RESTART: handlers run", outcome(signals_seen));
  alarm_in(50);
  entry = (struct pollfd){.fd = listener, .events = POLLIN};
  report("-", "SA_RESTART: poll does not", outcome(poll(&entry, 1, SOON)));
  received_text(client);

  struct timeval limit = {5, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  catch_signal(SIGALRM, SA_RESTART);
  alarm_in(50);
  report("-", "SA_RESTART: recv with SO_RCVTIMEO does not", outcome(recv(client, &byte, 1, 0)));
  close(client);
  close(server);
}

/* Bytes that were received before the signal are told, not the signal. */
static void partial(void) {
  int client, server;
  char text[8];
  connected_pair(listener, &client, &server);
  send(server, "abc", 3, 0);
  await(client, POLLIN);
  catch_signal(SIGALRM, 0);
  alarm_in(50);
  report("-", "MSG_WAITALL interrupted after 3 bytes", outcome(recv(client, text, sizeof text, MSG_WAITALL)));
  report("-", "MSG_WAITALL interrupted: handlers run", outcome(signals_seen));
  close(client);
  close(server);
}

static void masked(void) {
  sigset_t set, none, waiting;
  int udp = bound_udp_socket();
  struct pollfd entry = {.fd = udp, .events = POLLIN};
  struct timespec short_time = {0, 50000000}, long_time = {5, 0};
  sigemptyset(&none);
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  catch_signal(SIGALRM, 0);
  sigprocmask(SIG_BLOCK, &set, NULL);
  alarm_in(30);
  report("-", "blocked: poll is not interrupted", outcome(poll(&entry, 1, 80)));
  report("-", "blocked: handlers run", outcome(signals_seen));
  sigpending(&waiting);
  report("-", "blocked: it is pending", yes_no(sigismember(&waiting, SIGALRM)));
  report("-", "unblocked by ppoll", outcome(ppoll(&entry, 1, &long_time, &none)));
  report("-", "unblocked by ppoll: handlers run", outcome(signals_seen));
  report("-", "ppoll puts the mask back", outcome((raise(SIGALRM), signals_seen)));
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  report("-", "unblocked: handlers run", outcome(signals_seen));
  sigprocmask(SIG_BLOCK, &set, NULL);
  alarm_in(30);
  report("-", "sigsuspend", outcome(sigsuspend(&none)));
  report("-", "sigsuspend: handlers run", outcome(signals_seen));
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  report("-", "ppoll in peace", outcome(ppoll(&entry, 1, &short_time, NULL)));
  close(udp);
}

static void sent_to_itself(void) {
  catch_signal(SIGUSR1, 0);
  report("-", "raise", outcome(raise(SIGUSR1)));
  report("-", "raise: the handler has run", outcome(signals_seen));
  report("-", "kill of itself", outcome(kill(getpid(), SIGUSR1)));
  report("-", "kill: the handler has run", outcome(signals_seen));
  report("-", "kill with signal 0", outcome(kill(getpid(), 0)));
  signal(SIGUSR1, SIG_IGN);
  raise(SIGUSR1);
  report("-", "ignored", outcome(signals_seen));
  struct sigaction action;
  catch_signal(SIGUSR1, SA_RESETHAND);
  raise(SIGUSR1);
  sigaction(SIGUSR1, NULL, &action);
  report("-", "SA_RESETHAND: default again", yes_no(action.sa_handler == SIG_DFL));
  action.sa_handler = SIG_IGN;
  report("-", "sigaction of SIGKILL", outcome(sigaction(SIGKILL, &action, NULL)));
}

static void timer(void) {
  struct itimerval every = {.it_interval = {0, 20000}, .it_value = {0, 20000}};
  struct itimerval off = {.it_value = {0, 0}}, old;
  catch_signal(SIGALRM, 0);
  setitimer(ITIMER_REAL, &every, NULL);
  for (int i = 0; i < 3 && signals_seen < 3; i++) poll(NULL, 0, SOON);
  report("-", "setitimer: three ends, three signals", yes_no(signals_seen >= 3));
  setitimer(ITIMER_REAL, &off, &old);
  report("-", "setitimer tells the interval", outcome((long)old.it_interval.tv_usec));
  report("-", "off: poll is not interrupted", outcome(poll(NULL, 0, 50)));
  getitimer(ITIMER_REAL, &old);
  report("-", "getitimer, off", outcome((long)(old.it_value.tv_sec + old.it_value.tv_usec)));
  report("-", "alarm, none before", outcome((long)alarm(10)));
  report("-", "alarm tells what was left", outcome((long)alarm(0)));
}

int main(void) {
  listener = tcp_listener();
  interrupted();
  restarted();
  partial();
  masked();
  sent_to_itself();
  timer();
  return 0;
}
