/* <semaphore.h>: semaphores between threads; those with a name, between processes, are not there. */
#ifndef _HAWSER_SEMAPHORE_H
#define _HAWSER_SEMAPHORE_H
#include <__hawser.h>
#define sem_close __HAWSER_OVER(sem_close)
#define sem_destroy __HAWSER_OVER(sem_destroy)
#define sem_getvalue __HAWSER_OVER(sem_getvalue)
#define sem_init __HAWSER_OVER(sem_init)
#define sem_open __HAWSER_OVER(sem_open)
#define sem_post __HAWSER_OVER(sem_post)
#define sem_timedwait __HAWSER_OVER(sem_timedwait)
#define sem_trywait __HAWSER_OVER(sem_trywait)
#define sem_unlink __HAWSER_OVER(sem_unlink)
#define sem_wait __HAWSER_OVER(sem_wait)
#include_next <semaphore.h>
#undef sem_close
#undef sem_destroy
#undef sem_getvalue
#undef sem_init
#undef sem_open
#undef sem_post
#undef sem_timedwait
#undef sem_trywait
#undef sem_unlink
#undef sem_wait

#ifdef __cplusplus
extern "C" {
#endif
int sem_init(sem_t *, int, unsigned) __HAWSER_NAME(sem_init);
int sem_destroy(sem_t *) __HAWSER_NAME(sem_destroy);
int sem_getvalue(sem_t *__restrict, int *__restrict) __HAWSER_NAME(sem_getvalue);
int sem_post(sem_t *) __HAWSER_NAME(sem_post);
int sem_wait(sem_t *) __HAWSER_NAME(sem_wait);
int sem_trywait(sem_t *) __HAWSER_NAME(sem_trywait);
int sem_timedwait(sem_t *__restrict, const struct timespec *__restrict) __HAWSER_NAME(sem_timedwait);
sem_t *sem_open(const char *, int, ...) __HAWSER_NAME(sem_open);
int sem_close(sem_t *) __HAWSER_NAME(sem_close);
int sem_unlink(const char *) __HAWSER_NAME(sem_unlink);
#ifdef __cplusplus
}
#endif
#endif
