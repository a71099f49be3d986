/* <threads.h> of C11. */
#include "posix.h"
#include <threads.h>

static mtx_t mutex;
static cnd_t condition;
static once_flag flag = ONCE_FLAG_INIT;
static tss_t key;
static int turn, once_count, destroyed;

static void count_once(void) { once_count++; }
static void destroy(void *value) { destroyed += *(int *)value; }

static int work(void *argument) {
  static int one = 1;
  tss_set(key, &one);
  call_once(&flag, count_once);
  mtx_lock(&mutex);
  while (turn != *(int *)argument) cnd_wait(&condition, &mutex);
  turn++;
  cnd_broadcast(&condition);
  mtx_unlock(&mutex);
  return 10 + *(int *)argument;
}

int main(void) {
  thrd_t threads[3];
  int numbers[3] = {2, 1, 0}, result;
  report("-", "mtx_init", mtx_init(&mutex, mtx_plain) == thrd_success ? "success" : "error");
  report("-", "cnd_init", cnd_init(&condition) == thrd_success ? "success" : "error");
  report("-", "tss_create", tss_create(&key, destroy) == thrd_success ? "success" : "error");
  report("-", "mtx_trylock", mtx_trylock(&mutex) == thrd_success ? "success" : "error");
  struct timespec past = {1, 0};
  mtx_unlock(&mutex);
  mtx_lock(&mutex);
  report("-", "cnd_timedwait, late", cnd_timedwait(&condition, &mutex, &past) == thrd_timedout ? "timed out" : "another");
  mtx_unlock(&mutex);
  report("-", "thrd_equal", yes_no(thrd_equal(thrd_current(), thrd_current())));
  struct timespec short_time = {0, 1000000};
  report("-", "thrd_sleep", outcome(thrd_sleep(&short_time, NULL)));
  for (int i = 0; i < 3; i++) {
    char name[32];
    int error = thrd_create(&threads[i], work, &numbers[i]);
    snprintf(name, sizeof name, "thrd_create, %d", i);
    report("-", name, error == thrd_success ? "success" : error == thrd_nomem ? "no memory" : "error");
    if (error != thrd_success) return 0;
  }
  for (int i = 0; i < 3; i++) {
    char name[32];
    thrd_join(threads[i], &result);
    snprintf(name, sizeof name, "thrd_join, %d", i);
    reportf("-", name, "%d", result);
  }
  reportf("-", "call_once", "%d", once_count);
  reportf("-", "destructors", "%d", destroyed);
  mtx_destroy(&mutex);
  cnd_destroy(&condition);
  return 0;
}
