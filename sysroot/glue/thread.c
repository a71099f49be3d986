/* Threads: each is a stack of its own, which the host resumes when the running one waits. */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "thread.h"

int posix_thread_create(struct __pthread *) POSIX(thread_create);
void posix_thread_exit(void) POSIX(thread_exit);
int posix_futex_wait(volatile int *, int, double) POSIX(futex_wait);
int posix_futex_wake(void) POSIX(futex_wake);
int posix_kill(int, int) POSIX(kill);

enum { STACK = 512 * 1024 };

static struct __pthread first = {.id = 1, .name = "main"};
static struct __pthread *self = &first;
static int threads = 1, last_id = 1;
/* Those that have ended and that nobody will join: their stacks are free once they run no more. */
static struct __pthread *ended;

/* The entry: takes the new stack before any C has run. */
__asm__(
    "	.globaltype	__stack_pointer, i32\n"
    "	.functype	__hawser_thread_run (i32) -> ()\n"
    "	.globl	__hawser_thread\n"
    "	.export_name	__hawser_thread, __hawser_thread\n"
    "	.section	.text.__hawser_thread,\"R\",@\n"
    "	.type	__hawser_thread,@function\n"
    "__hawser_thread:\n"
    "	.functype	__hawser_thread (i32) -> ()\n"
    "	local.get	0\n"
    "	i32.load	0\n"
    "	global.set	__stack_pointer\n"
    "	local.get	0\n"
    "	call	__hawser_thread_run\n"
    "	end_function\n");

/* Before another thread runs: what to hand to __hawser_resume() when this one goes on. */
__attribute__((export_name("__hawser_leave"))) struct __pthread *__hawser_leave(void) {
  char *stack;
  __asm__ volatile(".globaltype __stack_pointer, i32\nglobal.get __stack_pointer\nlocal.set %0" : "=r"(stack));
  self->stack = stack;
  self->error = errno;
  return self;
}

__attribute__((export_name("__hawser_resume"))) void __hawser_resume(struct __pthread *thread) {
  self = thread;
  errno = thread->error;
  __asm__ volatile(".globaltype __stack_pointer, i32\nlocal.get %0\nglobal.set __stack_pointer" : : "r"(thread->stack));
}

static void release(struct __pthread *thread) {
  free(thread->memory);
  if (thread != &first) free(thread);
}

static void finish(struct __pthread *thread) {
  while (thread->cleanup != NULL) __hawser_cleanup_pop(thread->cleanup, 1);
  __hawser_run_destructors(thread);
  thread->done = 1;
  threads--;
  if (thread->detached) {
    thread->next = ended;
    ended = thread;
  }
  __hawser_unpark();
}

__attribute__((used)) void __hawser_thread_run(struct __pthread *thread) {
  self = thread;
  thread->result = thread->start(thread->argument);
  finish(thread);
}

/* Attributes, by word: stack size, stack address, guard size, detached, scope, policy, inherit, priority. */
enum { SIZE, ADDRESS, GUARD, DETACHED, SCOPE, POLICY, INHERIT, PRIORITY };
static int *words(const pthread_attr_t *attributes) { return (int *)attributes; }

int pthread_create(pthread_t *restrict made, const pthread_attr_t *restrict attributes, void *(*start)(void *),
                   void *restrict argument) {
  while (ended != NULL) {
    struct __pthread *gone = ended;
    ended = gone->next;
    release(gone);
  }
  struct __pthread *thread = calloc(1, sizeof *thread);
  if (thread == NULL) return EAGAIN;
  size_t size = attributes == NULL || words(attributes)[SIZE] == 0 ? STACK : (size_t)words(attributes)[SIZE];
  char *given = attributes == NULL ? NULL : (char *)words(attributes)[ADDRESS];
  if (given == NULL) given = thread->memory = malloc(size);
  if (given == NULL) {
    free(thread);
    return EAGAIN;
  }
  thread->stack = (char *)((uintptr_t)(given + size) & ~(uintptr_t)15);
  thread->id = ++last_id;
  thread->start = start;
  thread->argument = argument;
  thread->detached = attributes != NULL && words(attributes)[DETACHED] == PTHREAD_CREATE_DETACHED;
  memcpy(thread->name, self->name, sizeof thread->name);
  int error = -posix_thread_create(thread);
  if (error != 0) {
    release(thread);
    return error;
  }
  threads++;
  *made = thread;
  return 0;
}

pthread_t pthread_self(void) { return self; }
/* The first has the process's number. */
pid_t gettid(void) { return getpid() + self->id - 1; }
#undef pthread_equal
int pthread_equal(pthread_t one, pthread_t other) { return one == other; }

/* The first thread's exit is the others' end, not before. */
_Noreturn void pthread_exit(void *result) {
  struct __pthread *thread = self;
  thread->result = result;
  finish(thread);
  if (thread == &first) {
    while (threads > 0) __hawser_park(&threads, threads, NULL, CLOCK_REALTIME);
    exit(0);
  }
  posix_thread_exit();
  __builtin_unreachable();
}

int pthread_detach(pthread_t thread) {
  if (thread->detached || thread->joined) return EINVAL;
  thread->detached = 1;
  if (thread->done && thread != &first) {
    thread->next = ended;
    ended = thread;
  }
  return 0;
}

static int join(pthread_t thread, void **result, const struct timespec *deadline) {
  if (thread == self) return EDEADLK;
  if (thread->detached || thread->joined) return EINVAL;
  thread->joined = 1;
  while (!thread->done) {
    __hawser_cancellation_point();
    if (__hawser_park(&thread->done, 0, deadline, CLOCK_REALTIME) == ETIMEDOUT) {
      thread->joined = 0;
      return ETIMEDOUT;
    }
  }
  if (result != NULL) *result = thread->result;
  release(thread);
  return 0;
}
int pthread_join(pthread_t thread, void **result) { return join(thread, result, NULL); }
int pthread_timedjoin_np(pthread_t thread, void **result, const struct timespec *deadline) {
  return join(thread, result, deadline);
}
int pthread_tryjoin_np(pthread_t thread, void **result) { return thread->done ? join(thread, result, NULL) : EBUSY; }

int pthread_kill(pthread_t thread, int signo) {
  if (thread == NULL || thread->done) return ESRCH;
  int result = posix_kill(0, signo);
  return result < 0 ? -result : 0;
}

/* ---- cancellation: acted upon where threads wait for each other ---- */

void __hawser_cancellation_point(void) {
  if (self->cancel && !self->cancel_disabled) pthread_exit(PTHREAD_CANCELED);
}
void pthread_testcancel(void) { __hawser_cancellation_point(); }
int pthread_cancel(pthread_t thread) {
  if (thread->done) return ESRCH;
  thread->cancel = 1;
  __hawser_unpark();
  return 0;
}
int pthread_setcancelstate(int state, int *old) {
  if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
  if (old != NULL) *old = self->cancel_disabled ? PTHREAD_CANCEL_DISABLE : PTHREAD_CANCEL_ENABLE;
  self->cancel_disabled = state == PTHREAD_CANCEL_DISABLE;
  return 0;
}
/* A thread is never interrupted while it runs: both types are the deferred one. */
int pthread_setcanceltype(int type, int *old) {
  static int current = PTHREAD_CANCEL_DEFERRED;
  if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
  if (old != NULL) *old = current;
  current = type;
  return 0;
}
void __hawser_cleanup_push(struct __hawser_cleanup *entry, void (*routine)(void *), void *argument) {
  entry->__routine = routine;
  entry->__argument = argument;
  entry->__next = self->cleanup;
  self->cleanup = entry;
}
void __hawser_cleanup_pop(struct __hawser_cleanup *entry, int execute) {
  self->cleanup = entry->__next;
  if (execute) entry->__routine(entry->__argument);
}

/* ---- waiting ---- */

int __hawser_park(volatile int *word, int value, const struct timespec *deadline, clockid_t clock) {
  double limit = -1;
  if (deadline != NULL) {
    struct timespec now;
    clock_gettime(clock, &now);
    limit = (double)(deadline->tv_sec - now.tv_sec) * 1000 + (double)(deadline->tv_nsec - now.tv_nsec) / 1e6;
    if (limit <= 0) return ETIMEDOUT;
  }
  int result = -posix_futex_wait(word, value, limit);
  /* The clock has the last word on what is late. */
  return result == EINTR ? EINTR : 0;
}
void __hawser_unpark(void) {
  if (threads > 0) posix_futex_wake();
}

/* ---- attributes ---- */

int pthread_attr_init(pthread_attr_t *attributes) {
  memset(attributes, 0, sizeof *attributes);
  words(attributes)[SIZE] = STACK;
  return 0;
}
int pthread_attr_destroy(pthread_attr_t *attributes) {
  (void)attributes;
  return 0;
}
static int get(const pthread_attr_t *attributes, int word, int *value) {
  *value = words(attributes)[word];
  return 0;
}
static int set(pthread_attr_t *attributes, int word, int value, int most) {
  if (value < 0 || value > most) return EINVAL;
  words(attributes)[word] = value;
  return 0;
}
int pthread_attr_getstacksize(const pthread_attr_t *restrict attributes, size_t *restrict size) {
  *size = (size_t)words(attributes)[SIZE];
  return 0;
}
int pthread_attr_setstacksize(pthread_attr_t *attributes, size_t size) {
  return size < PTHREAD_STACK_MIN ? EINVAL : set(attributes, SIZE, (int)size, INT_MAX);
}
int pthread_attr_getguardsize(const pthread_attr_t *restrict attributes, size_t *restrict size) {
  *size = (size_t)words(attributes)[GUARD];
  return 0;
}
/* There are no pages to guard with: what is asked for is more stack. */
int pthread_attr_setguardsize(pthread_attr_t *attributes, size_t size) { return set(attributes, GUARD, (int)size, INT_MAX); }
int pthread_attr_getstack(const pthread_attr_t *restrict attributes, void **restrict address, size_t *restrict size) {
  *address = (void *)words(attributes)[ADDRESS];
  *size = (size_t)words(attributes)[SIZE];
  return 0;
}
int pthread_attr_setstack(pthread_attr_t *attributes, void *address, size_t size) {
  if (size < PTHREAD_STACK_MIN) return EINVAL;
  words(attributes)[ADDRESS] = (int)address;
  words(attributes)[SIZE] = (int)size;
  return 0;
}
int pthread_attr_getdetachstate(const pthread_attr_t *attributes, int *state) { return get(attributes, DETACHED, state); }
int pthread_attr_setdetachstate(pthread_attr_t *attributes, int state) { return set(attributes, DETACHED, state, 1); }
int pthread_attr_getscope(const pthread_attr_t *restrict attributes, int *restrict scope) { return get(attributes, SCOPE, scope); }
int pthread_attr_setscope(pthread_attr_t *attributes, int scope) {
  return scope == PTHREAD_SCOPE_PROCESS ? ENOTSUP : set(attributes, SCOPE, scope, 0);
}
int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attributes, int *restrict policy) { return get(attributes, POLICY, policy); }
int pthread_attr_setschedpolicy(pthread_attr_t *attributes, int policy) { return policy == SCHED_OTHER ? 0 : set(attributes, POLICY, policy, 0) ? ENOTSUP : 0; }
int pthread_attr_getinheritsched(const pthread_attr_t *restrict attributes, int *restrict inherit) { return get(attributes, INHERIT, inherit); }
int pthread_attr_setinheritsched(pthread_attr_t *attributes, int inherit) { return set(attributes, INHERIT, inherit, 1); }
int pthread_attr_getschedparam(const pthread_attr_t *restrict attributes, struct sched_param *restrict parameters) {
  (void)attributes;
  memset(parameters, 0, sizeof *parameters);
  return 0;
}
int pthread_attr_setschedparam(pthread_attr_t *restrict attributes, const struct sched_param *restrict parameters) {
  return set(attributes, PRIORITY, parameters->sched_priority, 0) ? ENOTSUP : 0;
}

/* ---- scheduling: one policy, one priority ---- */

int pthread_getschedparam(pthread_t thread, int *restrict policy, struct sched_param *restrict parameters) {
  if (thread->done) return ESRCH;
  *policy = SCHED_OTHER;
  memset(parameters, 0, sizeof *parameters);
  return 0;
}
int pthread_setschedparam(pthread_t thread, int policy, const struct sched_param *parameters) {
  if (thread->done) return ESRCH;
  return policy == SCHED_OTHER && parameters->sched_priority == 0 ? 0 : EPERM;
}
int pthread_setschedprio(pthread_t thread, int priority) { return thread->done ? ESRCH : priority == 0 ? 0 : EPERM; }
int sched_get_priority_max(int policy) { return policy == SCHED_OTHER ? 0 : refuse(EINVAL); }
int sched_get_priority_min(int policy) { return policy == SCHED_OTHER ? 0 : refuse(EINVAL); }
int sched_getscheduler(pid_t pid) {
  (void)pid;
  return SCHED_OTHER;
}
int sched_setscheduler(pid_t pid, int policy, const struct sched_param *parameters) {
  (void)pid;
  return policy == SCHED_OTHER && parameters->sched_priority == 0 ? 0 : refuse(EPERM);
}
int sched_getparam(pid_t pid, struct sched_param *parameters) {
  (void)pid;
  memset(parameters, 0, sizeof *parameters);
  return 0;
}
int sched_setparam(pid_t pid, const struct sched_param *parameters) { return sched_setscheduler(pid, SCHED_OTHER, parameters); }
int pthread_getcpuclockid(pthread_t thread, clockid_t *clock) {
  (void)thread;
  (void)clock;
  return ENOENT;
}
int pthread_getconcurrency(void) { return 0; }
int pthread_setconcurrency(int level) { return level < 0 ? EINVAL : 0; }
int pthread_setname_np(pthread_t thread, const char *name) {
  if (strlen(name) >= sizeof thread->name) return ERANGE;
  strcpy(thread->name, name);
  return 0;
}
int pthread_getname_np(pthread_t thread, char *name, size_t size) {
  if (strlen(thread->name) >= size) return ERANGE;
  strcpy(name, thread->name);
  return 0;
}
/* fork() fails, so that nothing of this is ever called. */
int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  (void)prepare;
  (void)parent;
  (void)child;
  return 0;
}

PLAIN(pthread_atfork)
PLAIN(pthread_attr_getinheritsched)
PLAIN(pthread_attr_getschedpolicy)
PLAIN(pthread_attr_getscope)
PLAIN(pthread_attr_setinheritsched)
PLAIN(pthread_attr_setschedpolicy)
PLAIN(pthread_attr_setscope)
PLAIN(pthread_exit)
PLAIN(pthread_getconcurrency)
PLAIN(pthread_getcpuclockid)
PLAIN(pthread_getname_np)
PLAIN(pthread_getschedparam)
PLAIN(pthread_setconcurrency)
PLAIN(pthread_setname_np)
PLAIN(pthread_setschedparam)
PLAIN(pthread_setschedprio)
