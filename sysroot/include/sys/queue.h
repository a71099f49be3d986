/* <sys/queue.h>: BSD's lists: SLIST, LIST, STAILQ (SIMPLEQ) and TAILQ. */
#ifndef _SYS_QUEUE_H
#define _SYS_QUEUE_H

/* ---- SLIST: linked once, from the head ---- */

#define SLIST_HEAD(name, type) struct name { struct type *slh_first; }
#define SLIST_HEAD_INITIALIZER(head) { 0 }
#define SLIST_ENTRY(type) struct { struct type *sle_next; }
#define SLIST_FIRST(head) ((head)->slh_first)
#define SLIST_END(head) 0
#define SLIST_EMPTY(head) (SLIST_FIRST(head) == 0)
#define SLIST_NEXT(element, field) ((element)->field.sle_next)
#define SLIST_INIT(head) do { SLIST_FIRST(head) = 0; } while (0)
#define SLIST_FOREACH(variable, head, field) \
  for ((variable) = SLIST_FIRST(head); (variable) != 0; (variable) = SLIST_NEXT(variable, field))
#define SLIST_FOREACH_SAFE(variable, head, field, next) \
  for ((variable) = SLIST_FIRST(head); (variable) != 0 && ((next) = SLIST_NEXT(variable, field), 1); (variable) = (next))
#define SLIST_INSERT_HEAD(head, element, field) do { \
    SLIST_NEXT(element, field) = SLIST_FIRST(head); \
    SLIST_FIRST(head) = (element); \
  } while (0)
#define SLIST_INSERT_AFTER(before, element, field) do { \
    SLIST_NEXT(element, field) = SLIST_NEXT(before, field); \
    SLIST_NEXT(before, field) = (element); \
  } while (0)
#define SLIST_REMOVE_HEAD(head, field) do { SLIST_FIRST(head) = SLIST_NEXT(SLIST_FIRST(head), field); } while (0)
#define SLIST_REMOVE_AFTER(before, field) do { \
    SLIST_NEXT(before, field) = SLIST_NEXT(SLIST_NEXT(before, field), field); \
  } while (0)
#define SLIST_REMOVE(head, element, type, field) do { \
    struct type **__at = &SLIST_FIRST(head); \
    while (*__at != (element)) __at = &SLIST_NEXT(*__at, field); \
    *__at = SLIST_NEXT(*__at, field); \
  } while (0)

/* ---- LIST: linked both ways, from the head ---- */

#define LIST_HEAD(name, type) struct name { struct type *lh_first; }
#define LIST_HEAD_INITIALIZER(head) { 0 }
#define LIST_ENTRY(type) struct { struct type *le_next, **le_prev; }
#define LIST_FIRST(head) ((head)->lh_first)
#define LIST_END(head) 0
#define LIST_EMPTY(head) (LIST_FIRST(head) == 0)
#define LIST_NEXT(element, field) ((element)->field.le_next)
#define LIST_INIT(head) do { LIST_FIRST(head) = 0; } while (0)
#define LIST_FOREACH(variable, head, field) \
  for ((variable) = LIST_FIRST(head); (variable) != 0; (variable) = LIST_NEXT(variable, field))
#define LIST_FOREACH_SAFE(variable, head, field, next) \
  for ((variable) = LIST_FIRST(head); (variable) != 0 && ((next) = LIST_NEXT(variable, field), 1); (variable) = (next))
#define LIST_INSERT_HEAD(head, element, field) do { \
    if ((LIST_NEXT(element, field) = LIST_FIRST(head)) != 0) \
      LIST_FIRST(head)->field.le_prev = &LIST_NEXT(element, field); \
    LIST_FIRST(head) = (element); \
    (element)->field.le_prev = &LIST_FIRST(head); \
  } while (0)
#define LIST_INSERT_AFTER(before, element, field) do { \
    if ((LIST_NEXT(element, field) = LIST_NEXT(before, field)) != 0) \
      LIST_NEXT(before, field)->field.le_prev = &LIST_NEXT(element, field); \
    LIST_NEXT(before, field) = (element); \
    (element)->field.le_prev = &LIST_NEXT(before, field); \
  } while (0)
#define LIST_INSERT_BEFORE(behind, element, field) do { \
    (element)->field.le_prev = (behind)->field.le_prev; \
    LIST_NEXT(element, field) = (behind); \
    *(behind)->field.le_prev = (element); \
    (behind)->field.le_prev = &LIST_NEXT(element, field); \
  } while (0)
#define LIST_REMOVE(element, field) do { \
    if (LIST_NEXT(element, field) != 0) LIST_NEXT(element, field)->field.le_prev = (element)->field.le_prev; \
    *(element)->field.le_prev = LIST_NEXT(element, field); \
  } while (0)

/* ---- STAILQ: linked once, with an end ---- */

#define STAILQ_HEAD(name, type) struct name { struct type *stqh_first, **stqh_last; }
#define STAILQ_HEAD_INITIALIZER(head) { 0, &(head).stqh_first }
#define STAILQ_ENTRY(type) struct { struct type *stqe_next; }
#define STAILQ_FIRST(head) ((head)->stqh_first)
#define STAILQ_END(head) 0
#define STAILQ_EMPTY(head) (STAILQ_FIRST(head) == 0)
#define STAILQ_NEXT(element, field) ((element)->field.stqe_next)
#define STAILQ_INIT(head) do { \
    STAILQ_FIRST(head) = 0; \
    (head)->stqh_last = &STAILQ_FIRST(head); \
  } while (0)
#define STAILQ_FOREACH(variable, head, field) \
  for ((variable) = STAILQ_FIRST(head); (variable) != 0; (variable) = STAILQ_NEXT(variable, field))
#define STAILQ_FOREACH_SAFE(variable, head, field, next) \
  for ((variable) = STAILQ_FIRST(head); (variable) != 0 && ((next) = STAILQ_NEXT(variable, field), 1); (variable) = (next))
#define STAILQ_INSERT_HEAD(head, element, field) do { \
    if ((STAILQ_NEXT(element, field) = STAILQ_FIRST(head)) == 0) (head)->stqh_last = &STAILQ_NEXT(element, field); \
    STAILQ_FIRST(head) = (element); \
  } while (0)
#define STAILQ_INSERT_TAIL(head, element, field) do { \
    STAILQ_NEXT(element, field) = 0; \
    *(head)->stqh_last = (element); \
    (head)->stqh_last = &STAILQ_NEXT(element, field); \
  } while (0)
#define STAILQ_INSERT_AFTER(head, before, element, field) do { \
    if ((STAILQ_NEXT(element, field) = STAILQ_NEXT(before, field)) == 0) (head)->stqh_last = &STAILQ_NEXT(element, field); \
    STAILQ_NEXT(before, field) = (element); \
  } while (0)
#define STAILQ_REMOVE_HEAD(head, field) do { \
    if ((STAILQ_FIRST(head) = STAILQ_NEXT(STAILQ_FIRST(head), field)) == 0) (head)->stqh_last = &STAILQ_FIRST(head); \
  } while (0)
#define STAILQ_REMOVE(head, element, type, field) do { \
    struct type **__at = &STAILQ_FIRST(head); \
    while (*__at != (element)) __at = &STAILQ_NEXT(*__at, field); \
    if ((*__at = STAILQ_NEXT(*__at, field)) == 0) (head)->stqh_last = __at; \
  } while (0)
#define STAILQ_CONCAT(first, second) do { \
    if (!STAILQ_EMPTY(second)) { \
      *(first)->stqh_last = STAILQ_FIRST(second); \
      (first)->stqh_last = (second)->stqh_last; \
      STAILQ_INIT(second); \
    } \
  } while (0)

/* ---- SIMPLEQ: the same by its other name ---- */

#define SIMPLEQ_HEAD(name, type) struct name { struct type *sqh_first, **sqh_last; }
#define SIMPLEQ_HEAD_INITIALIZER(head) { 0, &(head).sqh_first }
#define SIMPLEQ_ENTRY(type) struct { struct type *sqe_next; }
#define SIMPLEQ_FIRST(head) ((head)->sqh_first)
#define SIMPLEQ_END(head) 0
#define SIMPLEQ_EMPTY(head) (SIMPLEQ_FIRST(head) == 0)
#define SIMPLEQ_NEXT(element, field) ((element)->field.sqe_next)
#define SIMPLEQ_INIT(head) do { \
    SIMPLEQ_FIRST(head) = 0; \
    (head)->sqh_last = &SIMPLEQ_FIRST(head); \
  } while (0)
#define SIMPLEQ_FOREACH(variable, head, field) \
  for ((variable) = SIMPLEQ_FIRST(head); (variable) != 0; (variable) = SIMPLEQ_NEXT(variable, field))
#define SIMPLEQ_FOREACH_SAFE(variable, head, field, next) \
  for ((variable) = SIMPLEQ_FIRST(head); (variable) != 0 && ((next) = SIMPLEQ_NEXT(variable, field), 1); (variable) = (next))
#define SIMPLEQ_INSERT_HEAD(head, element, field) do { \
    if ((SIMPLEQ_NEXT(element, field) = SIMPLEQ_FIRST(head)) == 0) (head)->sqh_last = &SIMPLEQ_NEXT(element, field); \
    SIMPLEQ_FIRST(head) = (element); \
  } while (0)
#define SIMPLEQ_INSERT_TAIL(head, element, field) do { \
    SIMPLEQ_NEXT(element, field) = 0; \
    *(head)->sqh_last = (element); \
    (head)->sqh_last = &SIMPLEQ_NEXT(element, field); \
  } while (0)
#define SIMPLEQ_INSERT_AFTER(head, before, element, field) do { \
    if ((SIMPLEQ_NEXT(element, field) = SIMPLEQ_NEXT(before, field)) == 0) (head)->sqh_last = &SIMPLEQ_NEXT(element, field); \
    SIMPLEQ_NEXT(before, field) = (element); \
  } while (0)
#define SIMPLEQ_REMOVE_HEAD(head, field) do { \
    if ((SIMPLEQ_FIRST(head) = SIMPLEQ_NEXT(SIMPLEQ_FIRST(head), field)) == 0) (head)->sqh_last = &SIMPLEQ_FIRST(head); \
  } while (0)
#define SIMPLEQ_REMOVE(head, element, type, field) do { \
    struct type **__at = &SIMPLEQ_FIRST(head); \
    while (*__at != (element)) __at = &SIMPLEQ_NEXT(*__at, field); \
    if ((*__at = SIMPLEQ_NEXT(*__at, field)) == 0) (head)->sqh_last = __at; \
  } while (0)
#define SIMPLEQ_CONCAT(first, second) do { \
    if (!SIMPLEQ_EMPTY(second)) { \
      *(first)->sqh_last = SIMPLEQ_FIRST(second); \
      (first)->sqh_last = (second)->sqh_last; \
      SIMPLEQ_INIT(second); \
    } \
  } while (0)

/* ---- TAILQ: linked both ways, with an end ---- */

#define TAILQ_HEAD(name, type) struct name { struct type *tqh_first, **tqh_last; }
#define TAILQ_HEAD_INITIALIZER(head) { 0, &(head).tqh_first }
#define TAILQ_ENTRY(type) struct { struct type *tqe_next, **tqe_prev; }
#define TAILQ_FIRST(head) ((head)->tqh_first)
#define TAILQ_END(head) 0
#define TAILQ_EMPTY(head) (TAILQ_FIRST(head) == 0)
#define TAILQ_NEXT(element, field) ((element)->field.tqe_next)
#define TAILQ_INIT(head) do { \
    TAILQ_FIRST(head) = 0; \
    (head)->tqh_last = &TAILQ_FIRST(head); \
  } while (0)
#define TAILQ_FOREACH(variable, head, field) \
  for ((variable) = TAILQ_FIRST(head); (variable) != 0; (variable) = TAILQ_NEXT(variable, field))
#define TAILQ_FOREACH_SAFE(variable, head, field, next) \
  for ((variable) = TAILQ_FIRST(head); (variable) != 0 && ((next) = TAILQ_NEXT(variable, field), 1); (variable) = (next))
#define TAILQ_INSERT_HEAD(head, element, field) do { \
    if ((TAILQ_NEXT(element, field) = TAILQ_FIRST(head)) == 0) (head)->tqh_last = &TAILQ_NEXT(element, field); \
    else TAILQ_FIRST(head)->field.tqe_prev = &TAILQ_NEXT(element, field); \
    TAILQ_FIRST(head) = (element); \
    (element)->field.tqe_prev = &TAILQ_FIRST(head); \
  } while (0)
#define TAILQ_INSERT_TAIL(head, element, field) do { \
    TAILQ_NEXT(element, field) = 0; \
    (element)->field.tqe_prev = (head)->tqh_last; \
    *(head)->tqh_last = (element); \
    (head)->tqh_last = &TAILQ_NEXT(element, field); \
  } while (0)
#define TAILQ_INSERT_AFTER(head, before, element, field) do { \
    if ((TAILQ_NEXT(element, field) = TAILQ_NEXT(before, field)) == 0) (head)->tqh_last = &TAILQ_NEXT(element, field); \
    else TAILQ_NEXT(element, field)->field.tqe_prev = &TAILQ_NEXT(element, field); \
    TAILQ_NEXT(before, field) = (element); \
    (element)->field.tqe_prev = &TAILQ_NEXT(before, field); \
  } while (0)
#define TAILQ_LAST(head, name) (*(((struct name *)((head)->tqh_last))->tqh_last))
#define TAILQ_PREV(element, name, field) (*(((struct name *)((element)->field.tqe_prev))->tqh_last))
#define TAILQ_FOREACH_REVERSE(variable, head, name, field) \
  for ((variable) = TAILQ_LAST(head, name); (variable) != 0; (variable) = TAILQ_PREV(variable, name, field))
#define TAILQ_FOREACH_REVERSE_SAFE(variable, head, name, field, next) \
  for ((variable) = TAILQ_LAST(head, name); (variable) != 0 && ((next) = TAILQ_PREV(variable, name, field), 1); \
       (variable) = (next))
#define TAILQ_INSERT_BEFORE(behind, element, field) do { \
    (element)->field.tqe_prev = (behind)->field.tqe_prev; \
    TAILQ_NEXT(element, field) = (behind); \
    *(behind)->field.tqe_prev = (element); \
    (behind)->field.tqe_prev = &TAILQ_NEXT(element, field); \
  } while (0)
#define TAILQ_REMOVE(head, element, field) do { \
    if (TAILQ_NEXT(element, field) != 0) TAILQ_NEXT(element, field)->field.tqe_prev = (element)->field.tqe_prev; \
    else (head)->tqh_last = (element)->field.tqe_prev; \
    *(element)->field.tqe_prev = TAILQ_NEXT(element, field); \
  } while (0)
#define TAILQ_REPLACE(head, old, element, field) do { \
    if ((TAILQ_NEXT(element, field) = TAILQ_NEXT(old, field)) != 0) \
      TAILQ_NEXT(element, field)->field.tqe_prev = &TAILQ_NEXT(element, field); \
    else (head)->tqh_last = &TAILQ_NEXT(element, field); \
    (element)->field.tqe_prev = (old)->field.tqe_prev; \
    *(element)->field.tqe_prev = (element); \
  } while (0)
#define TAILQ_CONCAT(first, second, field) do { \
    if (!TAILQ_EMPTY(second)) { \
      *(first)->tqh_last = TAILQ_FIRST(second); \
      TAILQ_FIRST(second)->field.tqe_prev = (first)->tqh_last; \
      (first)->tqh_last = (second)->tqh_last; \
      TAILQ_INIT(second); \
    } \
  } while (0)

#endif
