/* What threads wait for each other with: mutexes, condition variables, read-write locks, barriers, semaphores. */
#include <limits.h>
#include <semaphore.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include "thread.h"

/* ---- mutex: type | owner, 0 if it is free | how often | waiting ---- */

enum { TYPE, OWNER, COUNT, WAITING };
static volatile int *mutex_words(pthread_mutex_t *mutex) { return (volatile int *)mutex; }

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attributes) {
  memset(mutex, 0, sizeof *mutex);
  if (attributes != NULL) mutex_words(mutex)[TYPE] = *(const int *)attributes;
  return 0;
}
int pthread_mutex_destroy(pthread_mutex_t *mutex) { return mutex_words(mutex)[OWNER] != 0 ? EBUSY : 0; }
int pthread_mutex_trylock(pthread_mutex_t *mutex) {
  volatile int *words = mutex_words(mutex);
  int me = pthread_self()->id;
  if (words[OWNER] == me && words[TYPE] == PTHREAD_MUTEX_RECURSIVE) {
    if (words[COUNT] == INT_MAX) return EAGAIN;
    words[COUNT]++;
    return 0;
  }
  if (words[OWNER] != 0) return EBUSY;
  words[OWNER] = me;
  words[COUNT] = 1;
  return 0;
}
int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline) {
  volatile int *words = mutex_words(mutex);
  for (;;) {
    int error = pthread_mutex_trylock(mutex);
    if (error != EBUSY) return error;
    if (words[OWNER] == pthread_self()->id && words[TYPE] == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
    words[WAITING]++;
    error = __hawser_park(&words[OWNER], words[OWNER], deadline, CLOCK_REALTIME);
    words[WAITING]--;
    if (error == ETIMEDOUT) return ETIMEDOUT;
  }
}
int pthread_mutex_lock(pthread_mutex_t *mutex) { return pthread_mutex_timedlock(mutex, NULL); }
int pthread_mutex_unlock(pthread_mutex_t *mutex) {
  volatile int *words = mutex_words(mutex);
  if (words[OWNER] != pthread_self()->id && words[TYPE] != PTHREAD_MUTEX_NORMAL) return EPERM;
  if (words[TYPE] == PTHREAD_MUTEX_RECURSIVE && --words[COUNT] > 0) return 0;
  words[OWNER] = 0;
  if (words[WAITING] > 0) __hawser_unpark();
  return 0;
}
int pthread_mutex_consistent(pthread_mutex_t *mutex) {
  (void)mutex;
  return EINVAL;
}
int pthread_mutexattr_init(pthread_mutexattr_t *attributes) {
  memset(attributes, 0, sizeof *attributes);
  return 0;
}
int pthread_mutexattr_destroy(pthread_mutexattr_t *attributes) {
  (void)attributes;
  return 0;
}
int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attributes, int *restrict type) {
  *type = *(const int *)attributes;
  return 0;
}
int pthread_mutexattr_settype(pthread_mutexattr_t *attributes, int type) {
  if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK) return EINVAL;
  *(int *)attributes = type;
  return 0;
}
/* With one process, what is shared between processes is what is not. */
static int get_zero(int *value) {
  *value = 0;
  return 0;
}
static int only_zero(int value) { return value == 0 ? 0 : ENOTSUP; }
int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict attributes, int *restrict shared) {
  (void)attributes;
  return get_zero(shared);
}
int pthread_mutexattr_setpshared(pthread_mutexattr_t *attributes, int shared) {
  (void)attributes;
  return only_zero(shared);
}
int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict attributes, int *restrict protocol) {
  (void)attributes;
  return get_zero(protocol);
}
int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attributes, int protocol) {
  (void)attributes;
  return only_zero(protocol);
}
int pthread_mutexattr_getrobust(const pthread_mutexattr_t *restrict attributes, int *restrict robust) {
  (void)attributes;
  return get_zero(robust);
}
int pthread_mutexattr_setrobust(pthread_mutexattr_t *attributes, int robust) {
  (void)attributes;
  return only_zero(robust);
}

/* ---- condition variable: who waits, first to last | clock ---- */

/* One who waits, on its own stack; `woken` once it was signalled and has left the list. */
struct waiter {
  struct waiter *next;
  volatile int woken;
};
struct condition {
  struct waiter *first;
  int monotonic;
};
_Static_assert(sizeof(struct condition) <= sizeof(pthread_cond_t), "a condition fits");
static struct condition *condition_of(pthread_cond_t *cond) { return (struct condition *)cond; }
static clockid_t clock_of(int monotonic) { return monotonic ? CLOCK_MONOTONIC : CLOCK_REALTIME; }

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attributes) {
  memset(cond, 0, sizeof *cond);
  if (attributes != NULL) condition_of(cond)->monotonic = *(const int *)attributes;
  return 0;
}
int pthread_cond_destroy(pthread_cond_t *cond) { return condition_of(cond)->first != NULL ? EBUSY : 0; }

static void join_queue(struct condition *condition, struct waiter *waiter) {
  struct waiter **end = &condition->first;
  while (*end != NULL) end = &(*end)->next;
  *end = waiter;
}
static void leave_queue(struct condition *condition, struct waiter *waiter) {
  struct waiter **place = &condition->first;
  while (*place != NULL && *place != waiter) place = &(*place)->next;
  if (*place != NULL) *place = waiter->next;
}

struct waiting {
  pthread_cond_t *cond;
  pthread_mutex_t *mutex;
  struct waiter waiter;
};
/* Who is cancelled uses up no signal: another has it. */
static void give_up(void *place) {
  struct waiting *waiting = place;
  if (waiting->waiter.woken) pthread_cond_signal(waiting->cond);
  leave_queue(condition_of(waiting->cond), &waiting->waiter);
  pthread_mutex_lock(waiting->mutex);
}
int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline) {
  struct condition *condition = condition_of(cond);
  struct waiting waiting = {cond, mutex, {NULL, 0}};
  if (deadline != NULL && (deadline->tv_nsec < 0 || deadline->tv_nsec >= 1000000000L)) return EINVAL;
  __hawser_cancellation_point();
  int error = pthread_mutex_unlock(mutex);
  if (error != 0) return error;
  join_queue(condition, &waiting.waiter);
  pthread_cleanup_push(give_up, &waiting);
  while (!waiting.waiter.woken && error != ETIMEDOUT) {
    error = __hawser_park(&waiting.waiter.woken, 0, deadline, clock_of(condition->monotonic));
    __hawser_cancellation_point();
  }
  pthread_cleanup_pop(0);
  leave_queue(condition, &waiting.waiter);
  pthread_mutex_lock(mutex);
  return waiting.waiter.woken ? 0 : error;
}
int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex) {
  return pthread_cond_timedwait(cond, mutex, NULL);
}
static void wake_first(struct condition *condition) {
  condition->first->woken = 1;
  condition->first = condition->first->next;
}
/* Who has waited longest goes on. */
int pthread_cond_signal(pthread_cond_t *cond) {
  struct condition *condition = condition_of(cond);
  if (condition->first == NULL) return 0;
  wake_first(condition);
  __hawser_unpark();
  return 0;
}
int pthread_cond_broadcast(pthread_cond_t *cond) {
  struct condition *condition = condition_of(cond);
  if (condition->first == NULL) return 0;
  while (condition->first != NULL) wake_first(condition);
  __hawser_unpark();
  return 0;
}
int pthread_condattr_init(pthread_condattr_t *attributes) {
  memset(attributes, 0, sizeof *attributes);
  return 0;
}
int pthread_condattr_destroy(pthread_condattr_t *attributes) {
  (void)attributes;
  return 0;
}
int pthread_condattr_setclock(pthread_condattr_t *attributes, clockid_t clock) {
  if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) return EINVAL;
  *(int *)attributes = clock == CLOCK_MONOTONIC;
  return 0;
}
int pthread_condattr_getclock(const pthread_condattr_t *restrict attributes, clockid_t *restrict clock) {
  *clock = clock_of(*(const int *)attributes);
  return 0;
}
int pthread_condattr_setpshared(pthread_condattr_t *attributes, int shared) {
  (void)attributes;
  return only_zero(shared);
}
int pthread_condattr_getpshared(const pthread_condattr_t *restrict attributes, int *restrict shared) {
  (void)attributes;
  return get_zero(shared);
}

/* ---- read-write lock: readers, or -1 for a writer | waiting ---- */

enum { HOLDERS, QUEUE };
static volatile int *lock_words(pthread_rwlock_t *lock) { return (volatile int *)lock; }

int pthread_rwlock_init(pthread_rwlock_t *restrict lock, const pthread_rwlockattr_t *restrict attributes) {
  (void)attributes;
  memset(lock, 0, sizeof *lock);
  return 0;
}
int pthread_rwlock_destroy(pthread_rwlock_t *lock) { return lock_words(lock)[HOLDERS] != 0 ? EBUSY : 0; }
int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock) {
  volatile int *words = lock_words(lock);
  if (words[HOLDERS] < 0) return EBUSY;
  if (words[HOLDERS] == INT_MAX) return EAGAIN;
  words[HOLDERS]++;
  return 0;
}
int pthread_rwlock_trywrlock(pthread_rwlock_t *lock) {
  volatile int *words = lock_words(lock);
  if (words[HOLDERS] != 0) return EBUSY;
  words[HOLDERS] = -1;
  return 0;
}
static int lock_by(int (*try)(pthread_rwlock_t *), pthread_rwlock_t *lock, const struct timespec *deadline) {
  volatile int *words = lock_words(lock);
  for (;;) {
    int error = try(lock);
    if (error != EBUSY) return error;
    words[QUEUE]++;
    error = __hawser_park(&words[HOLDERS], words[HOLDERS], deadline, CLOCK_REALTIME);
    words[QUEUE]--;
    if (error == ETIMEDOUT) return ETIMEDOUT;
  }
}
int pthread_rwlock_rdlock(pthread_rwlock_t *lock) { return lock_by(pthread_rwlock_tryrdlock, lock, NULL); }
int pthread_rwlock_wrlock(pthread_rwlock_t *lock) { return lock_by(pthread_rwlock_trywrlock, lock, NULL); }
int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict deadline) {
  return lock_by(pthread_rwlock_tryrdlock, lock, deadline);
}
int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict deadline) {
  return lock_by(pthread_rwlock_trywrlock, lock, deadline);
}
int pthread_rwlock_unlock(pthread_rwlock_t *lock) {
  volatile int *words = lock_words(lock);
  if (words[HOLDERS] == 0) return EPERM;
  words[HOLDERS] = words[HOLDERS] < 0 ? 0 : words[HOLDERS] - 1;
  if (words[HOLDERS] == 0 && words[QUEUE] > 0) __hawser_unpark();
  return 0;
}
int pthread_rwlockattr_init(pthread_rwlockattr_t *attributes) {
  memset(attributes, 0, sizeof *attributes);
  return 0;
}
int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attributes) {
  (void)attributes;
  return 0;
}
int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attributes, int shared) {
  (void)attributes;
  return only_zero(shared);
}
int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attributes, int *restrict shared) {
  (void)attributes;
  return get_zero(shared);
}

/* ---- spin lock: one that waits as the others do ---- */

int pthread_spin_init(pthread_spinlock_t *lock, int shared) {
  (void)shared;
  *lock = 0;
  return 0;
}
int pthread_spin_destroy(pthread_spinlock_t *lock) { return *lock != 0 ? EBUSY : 0; }
int pthread_spin_trylock(pthread_spinlock_t *lock) {
  if (*lock != 0) return EBUSY;
  *lock = 1;
  return 0;
}
int pthread_spin_lock(pthread_spinlock_t *lock) {
  while (pthread_spin_trylock(lock) != 0) __hawser_park((volatile int *)lock, 1, NULL, CLOCK_REALTIME);
  return 0;
}
int pthread_spin_unlock(pthread_spinlock_t *lock) {
  *lock = 0;
  __hawser_unpark();
  return 0;
}

/* ---- barrier: how many | arrived | how often it has opened ---- */

enum { LIMIT, ARRIVED, OPENED };
static volatile int *barrier_words(pthread_barrier_t *barrier) { return (volatile int *)barrier; }

int pthread_barrier_init(pthread_barrier_t *restrict barrier, const pthread_barrierattr_t *restrict attributes,
                         unsigned count) {
  (void)attributes;
  if (count == 0 || count > INT_MAX) return EINVAL;
  memset(barrier, 0, sizeof *barrier);
  barrier_words(barrier)[LIMIT] = (int)count;
  return 0;
}
int pthread_barrier_destroy(pthread_barrier_t *barrier) { return barrier_words(barrier)[ARRIVED] > 0 ? EBUSY : 0; }
int pthread_barrier_wait(pthread_barrier_t *barrier) {
  volatile int *words = barrier_words(barrier);
  int opened = words[OPENED];
  if (++words[ARRIVED] == words[LIMIT]) {
    words[ARRIVED] = 0;
    words[OPENED]++;
    __hawser_unpark();
    return PTHREAD_BARRIER_SERIAL_THREAD;
  }
  while (words[OPENED] == opened) __hawser_park(&words[OPENED], opened, NULL, CLOCK_REALTIME);
  return 0;
}
int pthread_barrierattr_init(pthread_barrierattr_t *attributes) {
  memset(attributes, 0, sizeof *attributes);
  return 0;
}
int pthread_barrierattr_destroy(pthread_barrierattr_t *attributes) {
  (void)attributes;
  return 0;
}
int pthread_barrierattr_setpshared(pthread_barrierattr_t *attributes, int shared) {
  (void)attributes;
  return only_zero(shared);
}
int pthread_barrierattr_getpshared(const pthread_barrierattr_t *restrict attributes, int *restrict shared) {
  (void)attributes;
  return get_zero(shared);
}

/* ---- once ---- */

int pthread_once(pthread_once_t *once, void (*routine)(void)) {
  volatile int *state = (volatile int *)once;
  while (*state == 1) __hawser_park(state, 1, NULL, CLOCK_REALTIME);
  if (*state == 2) return 0;
  *state = 1;
  routine();
  *state = 2;
  __hawser_unpark();
  return 0;
}

/* ---- values of a thread's own ---- */

static struct {
  int used;
  void (*destructor)(void *);
} keys[KEYS];

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *)) {
  for (unsigned i = 0; i < KEYS; i++) {
    if (keys[i].used) continue;
    keys[i].used = 1;
    keys[i].destructor = destructor;
    *key = i;
    return 0;
  }
  return EAGAIN;
}
/* What threads have under it is forgotten when the key is another's. */
int pthread_key_delete(pthread_key_t key) {
  if (key >= KEYS || !keys[key].used) return EINVAL;
  keys[key].used = 0;
  return 0;
}
void *pthread_getspecific(pthread_key_t key) { return key < KEYS ? (void *)pthread_self()->specific[key] : NULL; }
int pthread_setspecific(pthread_key_t key, const void *value) {
  if (key >= KEYS || !keys[key].used) return EINVAL;
  pthread_self()->specific[key] = value;
  return 0;
}
void __hawser_run_destructors(struct __pthread *self) {
  for (int round = 0, some = 1; some && round < PTHREAD_DESTRUCTOR_ITERATIONS; round++) {
    some = 0;
    for (int i = 0; i < KEYS; i++) {
      void *value = (void *)self->specific[i];
      if (value == NULL || !keys[i].used || keys[i].destructor == NULL) continue;
      self->specific[i] = NULL;
      some = 1;
      keys[i].destructor(value);
    }
  }
}

/* ---- semaphore: value | waiting ---- */

enum { VALUE, SLEEPERS };
static volatile int *sem_words(sem_t *semaphore) { return (volatile int *)semaphore; }

int sem_init(sem_t *semaphore, int shared, unsigned value) {
  if (shared) return refuse(ENOSYS);
  if (value > INT_MAX) return refuse(EINVAL);
  memset(semaphore, 0, sizeof *semaphore);
  sem_words(semaphore)[VALUE] = (int)value;
  return 0;
}
int sem_destroy(sem_t *semaphore) {
  (void)semaphore;
  return 0;
}
int sem_getvalue(sem_t *restrict semaphore, int *restrict value) {
  *value = sem_words(semaphore)[VALUE];
  return 0;
}
int sem_post(sem_t *semaphore) {
  volatile int *words = sem_words(semaphore);
  if (words[VALUE] == INT_MAX) return refuse(EOVERFLOW);
  words[VALUE]++;
  if (words[SLEEPERS] > 0) __hawser_unpark();
  return 0;
}
int sem_trywait(sem_t *semaphore) {
  volatile int *words = sem_words(semaphore);
  if (words[VALUE] == 0) return refuse(EAGAIN);
  words[VALUE]--;
  return 0;
}
int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict deadline) {
  volatile int *words = sem_words(semaphore);
  for (;;) {
    __hawser_cancellation_point();
    if (words[VALUE] > 0) return sem_trywait(semaphore);
    words[SLEEPERS]++;
    int error = __hawser_park(&words[VALUE], 0, deadline, CLOCK_REALTIME);
    words[SLEEPERS]--;
    if (error != 0) return refuse(error);
  }
}
int sem_wait(sem_t *semaphore) { return sem_timedwait(semaphore, NULL); }
sem_t *sem_open(const char *name, int flags, ...) {
  (void)name;
  (void)flags;
  errno = ENOSYS;
  return SEM_FAILED;
}
int sem_close(sem_t *semaphore) {
  (void)semaphore;
  return refuse(EINVAL);
}
int sem_unlink(const char *name) {
  (void)name;
  return refuse(ENOSYS);
}

PLAIN(sem_close)
PLAIN(sem_destroy)
PLAIN(sem_getvalue)
PLAIN(sem_init)
PLAIN(sem_open)
PLAIN(sem_post)
PLAIN(sem_timedwait)
PLAIN(sem_trywait)
PLAIN(sem_unlink)
PLAIN(sem_wait)
