/* What the parts of <pthread.h> share. */
#ifndef HAWSER_GLUE_THREAD_H
#define HAWSER_GLUE_THREAD_H

#include <pthread.h>
#include "posix.h"

enum { KEYS = PTHREAD_KEYS_MAX };

/* A thread. `stack` comes first: its entry reads it there. */
struct __pthread {
  /* Where its stack is: the top at its start, and while another runs. */
  char *stack;
  /* errno while another runs. */
  int error;
  int id;
  void *memory;
  void *(*start)(void *);
  void *argument;
  void *result;
  int done, detached, joined;
  int cancel, cancel_disabled;
  struct __hawser_cleanup *cleanup;
  const void *specific[KEYS];
  struct __pthread *next;
  char name[16];
};

/*
 * Waits while *word is value: 0, ETIMEDOUT at `deadline` of `clock` (null: none), EINTR after a handler. It may be over
 * without reason.
 */
int __hawser_park(volatile int *word, int value, const struct timespec *deadline, clockid_t clock);
/* Has all who wait look again. */
void __hawser_unpark(void);
/* Ends the running thread if another wants that and it allows it. */
void __hawser_cancellation_point(void);
/* Runs the destructors of its values. */
void __hawser_run_destructors(struct __pthread *self);

#endif
