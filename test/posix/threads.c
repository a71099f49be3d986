/* POSIX threads and the sockets that they share: who waits for whom, what a close or shutdown in one does to the other. */
#include "posix.h"
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static pthread_key_t key;
static sem_t ready, go;
static int pair[2], ends[2], turn, destroyed, once_ran;

static void *join(pthread_t thread) {
  void *result = NULL;
  pthread_join(thread, &result);
  return result;
}

static pthread_t begin(void *(*start)(void *), long argument) {
  pthread_t thread;
  int error = pthread_create(&thread, NULL, start, (void *)argument);
  if (error != 0) {
    /* Where there are no threads this is the first. */
    report("-", "exit value of a thread", error_name(error));
    exit(0);
  }
  return thread;
}

/* A moment in which another thread gets to where it waits. */
static void moment(void) { usleep(20000); }

static void *give_back(void *argument) { return argument; }

static void *count_to(void *argument) {
  long me = (long)argument, rounds = 0;
  for (; rounds < 500; rounds++) {
    pthread_mutex_lock(&mutex);
    while (turn != me) pthread_cond_wait(&cond, &mutex);
    turn = !me;
    pthread_cond_signal(&cond);
    pthread_mutex_unlock(&mutex);
  }
  return (void *)rounds;
}

static void locks(void) {
  pthread_t one = begin(count_to, 0), other = begin(count_to, 1);
  long first = (long)join(one), second = (long)join(other);
  reportf("-", "two threads take turns by mutex and condition", "%ld %ld", first, second);
  pthread_mutexattr_t kind;
  pthread_mutex_t recursive, checked;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&recursive, &kind);
  pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&checked, &kind);
  int twice = pthread_mutex_lock(&recursive) | pthread_mutex_lock(&recursive);
  int undone = pthread_mutex_unlock(&recursive) | pthread_mutex_unlock(&recursive);
  reportf("-", "recursive mutex: lock twice, unlock twice, once more", "%d %d %s", twice, undone,
          error_name(pthread_mutex_unlock(&recursive)));
  pthread_mutex_lock(&checked);
  reportf("-", "error-checking mutex: lock again", "%d", pthread_mutex_lock(&checked) == EDEADLK);
  reportf("-", "mutex held: trylock", "%d", pthread_mutex_trylock(&checked) == EBUSY);
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_nsec += 20000000;
  if (soon.tv_nsec >= 1000000000) {
    soon.tv_nsec -= 1000000000;
    soon.tv_sec++;
  }
  pthread_mutex_lock(&mutex);
  report("-", "pthread_cond_timedwait in vain", error_name(pthread_cond_timedwait(&cond, &mutex, &soon)));
  pthread_mutex_unlock(&mutex);
  report("-", "sem_timedwait in vain", outcome(sem_timedwait(&ready, &soon)));
}

static void *through_barrier(void *argument) {
  return (void *)(long)(pthread_barrier_wait(argument) == PTHREAD_BARRIER_SERIAL_THREAD);
}

static void ran_once(void) { once_ran++; }

static void *once(void *argument) {
  pthread_once(argument, ran_once);
  return NULL;
}

static void meetings(void) {
  pthread_barrier_t barrier;
  pthread_t threads[4];
  pthread_barrier_init(&barrier, NULL, 4);
  long serial = 0;
  for (int i = 0; i < 4; i++) threads[i] = begin(through_barrier, (long)&barrier);
  for (int i = 0; i < 4; i++) serial += (long)join(threads[i]);
  reportf("-", "barrier: how many are told that they were the last", "%ld", serial);
  static pthread_once_t control = PTHREAD_ONCE_INIT;
  for (int i = 0; i < 4; i++) threads[i] = begin(once, (long)&control);
  for (int i = 0; i < 4; i++) join(threads[i]);
  reportf("-", "pthread_once from four threads", "%d", once_ran);
  pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
  int both = pthread_rwlock_rdlock(&lock) | pthread_rwlock_tryrdlock(&lock);
  reportf("-", "read-write lock: two readers, then a writer", "%d %d", both, pthread_rwlock_trywrlock(&lock) == EBUSY);
}

static void forget(void *value) { destroyed += *(int *)value; }

static void *keep(void *argument) {
  static int values[] = {1, 10, 100};
  pthread_setspecific(key, &values[(long)argument]);
  errno = ENOTDIR;
  moment();
  reportf("-", argument == (void *)0   ? "a thread's value and errno"
               : argument == (void *)1 ? "another's"
                                       : "a third's",
          "%d %s", *(int *)pthread_getspecific(key), error_name(errno));
  pthread_exit(argument);
}

static void values(void) {
  pthread_key_create(&key, forget);
  for (long i = 0; i < 3; i++) {
    pthread_t thread = begin(keep, i);
    errno = ENOENT;
    moment();
    reportf("-", i == 0 ? "errno of who waits" : i == 1 ? "errno of who waits, again" : "errno of who waits, a third time",
            "%s, exit value %ld", error_name(errno), (long)join(thread));
  }
  reportf("-", "destructors ran", "%d", destroyed);
}

static void unlock(void *locked) { pthread_mutex_unlock(locked); }

static void *wait_for_ever(void *argument) {
  (void)argument;
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(unlock, &mutex);
  sem_post(&ready);
  for (;;) pthread_cond_wait(&cond, &mutex);
  pthread_cleanup_pop(1);
  return NULL;
}

static int woken;

static void *wait_once(void *argument) {
  pthread_mutex_lock(&mutex);
  sem_post(&ready);
  int error = pthread_cond_wait(&cond, &mutex);
  woken++;
  pthread_mutex_unlock(&mutex);
  (void)argument;
  return (void *)(long)error;
}

/* A signal is for one of those who wait, and for who waits: not for one who was cancelled or whose time was up. */
static void signals_one(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) {
    threads[i] = begin(wait_once, i);
    sem_wait(&ready);
  }
  pthread_mutex_lock(&mutex);
  pthread_cond_signal(&cond);
  pthread_mutex_unlock(&mutex);
  moment();
  reportf("-", "four wait in a condition, one signal", "%d", woken);
  pthread_t cancelled = begin(wait_for_ever, 0);
  sem_wait(&ready);
  pthread_cancel(cancelled);
  join(cancelled);
  pthread_mutex_lock(&mutex);
  pthread_cond_signal(&cond);
  pthread_cond_signal(&cond);
  pthread_mutex_unlock(&mutex);
  moment();
  reportf("-", "two more", "%d", woken);
  pthread_mutex_lock(&mutex);
  pthread_cond_broadcast(&cond);
  pthread_mutex_unlock(&mutex);
  for (int i = 0; i < 4; i++) join(threads[i]);
  reportf("-", "all", "%d", woken);
}

static void *read_all(void *fd) {
  char bytes[7];
  long total = 0;
  for (;;) {
    ssize_t got = read((int)(long)fd, bytes, sizeof bytes);
    if (got <= 0) return (void *)(got < 0 ? -errno : total);
    total += got;
  }
}

static void *poll_in(void *fd) {
  struct pollfd entry = {(int)(long)fd, POLLIN, 0};
  int count = poll(&entry, 1, SOON);
  return (void *)(long)(count < 0 ? -errno : entry.revents);
}

static void *write_much(void *fd) {
  static char bytes[1 << 20];
  return (void *)(long)write((int)(long)fd, bytes, sizeof bytes);
}

static void *take_signal(void *argument) {
  int signo = 0;
  sem_post(&ready);
  sigwait(argument, &signo);
  return (void *)(long)signo;
}

static void ends_and_pairs(void) {
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  pthread_t thread = begin(read_all, pair[0]);
  for (int i = 0; i < 100; i++) send(pair[1], "0123456789", 10, 0);
  moment();
  shutdown(pair[1], SHUT_WR);
  reportf("-", "socketpair: bytes that the other thread reads", "%ld", (long)join(thread));
  thread = begin(read_all, pair[1]);
  moment();
  shutdown(pair[1], SHUT_RD);
  reportf("-", "socketpair: shutdown(SHUT_RD) of who reads", "%ld", (long)join(thread));
  pipe(ends);
  thread = begin(poll_in, ends[0]);
  moment();
  write(ends[1], "x", 1);
  reportf("-", "pipe: poll() in another thread", "%s", (long)join(thread) == POLLIN ? "POLLIN" : "else");
  thread = begin(write_much, ends[1]);
  char bytes[4096];
  long got = 0;
  while (got < (1 << 20) + 1) got += read(ends[0], bytes, sizeof bytes);
  long written = (long)join(thread);
  reportf("-", "pipe: a megabyte from another thread", "%ld %ld", got, written);
  thread = begin(read_all, ends[0]);
  moment();
  close(ends[1]);
  reportf("-", "pipe: the last writer closes", "%ld", (long)join(thread));
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
}

static int listener(struct sockaddr_in *name) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  socklen_t length = sizeof *name;
  memset(name, 0, sizeof *name);
  name->sin_family = AF_INET;
  name->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, (struct sockaddr *)name, sizeof *name) < 0 || listen(fd, 5) < 0) exit(1);
  getsockname(fd, (struct sockaddr *)name, &length);
  return fd;
}

static void *echo_one(void *server) {
  char bytes[256];
  int fd = accept((int)(long)server, NULL, NULL);
  ssize_t got, total = 0;
  while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0) total += send(fd, bytes, (size_t)got, 0);
  close(fd);
  return (void *)(long)total;
}

static void *receive_once(void *fd) {
  char bytes[16];
  sem_post(&ready);
  ssize_t got = recv((int)(long)fd, bytes, sizeof bytes, 0);
  return (void *)(long)(got < 0 ? -errno : got);
}

static void tcp(void) {
  struct sockaddr_in name;
  int server = listener(&name);
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) threads[i] = begin(echo_one, server);
  int clients[8], right = 0;
  long echoed = 0;
  for (int i = 0; i < 8; i++) {
    clients[i] = socket(AF_INET, SOCK_STREAM, 0);
    right += connect(clients[i], (struct sockaddr *)&name, sizeof name) == 0;
  }
  for (int round = 0; round < 5; round++) {
    for (int i = 0; i < 8; i++) send(clients[i], "ping", 4, 0);
    for (int i = 0; i < 8; i++) {
      char bytes[4];
      right += recv(clients[i], bytes, 4, MSG_WAITALL) == 4 && memcmp(bytes, "ping", 4) == 0;
    }
  }
  for (int i = 0; i < 8; i++) close(clients[i]);
  for (int i = 0; i < 8; i++) echoed += (long)join(threads[i]);
  reportf("-", "eight threads accept and echo", "%d right, %ld bytes", right, echoed);

  int client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&name, sizeof name);
  int peer = accept(server, NULL, NULL);
  pthread_t thread = begin(receive_once, client);
  sem_wait(&ready);
  moment();
  close(client);
  reportf("-", "closed under a recv(): its number", "%s", outcome(fcntl(client, F_GETFD)));
  send(peer, "late", 4, 0);
  reportf("-", "closed under a recv(): what it still gets", "%ld", (long)join(thread));
  client = socket(AF_INET, SOCK_STREAM, 0);
  connect(client, (struct sockaddr *)&name, sizeof name);
  int next = accept(server, NULL, NULL);
  thread = begin(receive_once, client);
  sem_wait(&ready);
  moment();
  shutdown(client, SHUT_RD);
  reportf("-", "shutdown(SHUT_RD) under a recv()", "%ld", (long)join(thread));
  close(client);
  close(peer);
  close(next);
  close(server);
}

static void *post(void *argument) {
  (void)argument;
  moment();
  sem_post(&go);
  return NULL;
}

static void *tell(void *argument) {
  report("-", "a detached thread runs", "yes");
  sem_post(argument);
  return NULL;
}

static void *receive_line(void *argument) {
  char byte;
  dup2(pair[0], 0);
  read(0, &byte, 1);
  return argument;
}

int main(void) {
  sem_init(&ready, 0, 0);
  sem_init(&go, 0, 0);
  reportf("-", "exit value of a thread", "%ld", (long)join(begin(give_back, 42)));
  reportf("-", "pthread_join of oneself", "%d", pthread_join(pthread_self(), NULL) == EDEADLK);
  locks();
  meetings();
  values();
  pthread_t thread = begin(wait_for_ever, 0);
  sem_wait(&ready);
  int cancelled = pthread_cancel(thread);
  reportf("-", "cancelled in a condition", "%d %d", cancelled, join(thread) == PTHREAD_CANCELED);
  reportf("-", "and its mutex", "%d", pthread_mutex_trylock(&mutex));
  pthread_mutex_unlock(&mutex);
  signals_one();
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  thread = begin(take_signal, (long)&set);
  sem_wait(&ready);
  kill(getpid(), SIGUSR1);
  reportf("-", "sigwait in another thread", "%d", (long)join(thread) == SIGUSR1);
  ends_and_pairs();
  tcp();
  thread = begin(post, 0);
  report("-", "a semaphore from another thread", outcome(sem_wait(&go)));
  join(thread);
  pthread_attr_t detached;
  pthread_attr_init(&detached);
  pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
  pthread_create(&thread, &detached, tell, &go);
  sem_wait(&go);
  begin(wait_for_ever, 0);
  /* One holds standard input, one wrote to standard output before it waits. */
  begin(receive_line, 0);
  moment();
  report("-", "exit with a thread that waits", "follows");
  return 0;
}
