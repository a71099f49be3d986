// Waiting: the one place that suspends. Every call that may block is try → would block → block() → try again; a call that
// may not block gives the host one turn of its event loop (turn()) before it says EAGAIN, so that what a kernel would
// already know is known here too.

import { EAGAIN, EINTR } from "./shared/errno";
import { REQUEST_TURN } from "./shared/request";
import { attemptDeadline, expireAttempts } from "./attempt";
import { pump } from "./events";
import { clock, request } from "./host";
import { deliver, hasDeliverable } from "./signal";
import { letGo, sleep, sleepAlone } from "./thread";
import { expireTimer, timerDeadline } from "./timer";

/** No limit in time. */
export const FOREVER: f64 = Infinity;

let turns: i32 = 0;
let turned: i32 = 0;

/** The host has turned its event loop. */
export function completeTurn(id: i32): void {
  turned = id;
}

/** Lets the host tell everything that it can see by now. Bounded: no peer can make it longer. */
export function turn(): void {
  const id = ++turns;
  request(REQUEST_TURN, id, 0, 0, 0);
  pump();
  // Another thread's turn may have ended since.
  while (turned - id < 0) {
    sleep(-1);
    pump();
  }
}

/** The monotonic time at which `milliseconds` from now will have passed; negative or infinite: never. */
export function deadlineIn(milliseconds: f64): f64 {
  return milliseconds < 0 || milliseconds == FOREVER ? FOREVER : clock(1) + milliseconds;
}

/** What every call does first: take in what happened, run the handlers of signals that came. */
export function enter(): void {
  letGo();
  pump();
  expireTimer();
  expireAttempts();
  if (hasDeliverable()) deliver();
}

/** What a call that may have raised a signal does last: runs its handler before the guest goes on. */
export function leave(result: i32): i32 {
  if (hasDeliverable()) deliver();
  return result;
}

/**
 * The call begins anew, with its arguments: a handler with SA_RESTART ran, which may have closed the descriptor or made it
 * another. The ABI's functions see to it, the guest is never told. The number is the one that Linux uses inside.
 */
export const ERESTART: i32 = 512;

/**
 * Suspends until something happened. 0: try again. EINTR: a handler ran; ERESTART with `restart` if all that ran have
 * SA_RESTART. After either the socket or pipe may be gone. EAGAIN: the deadline has passed.
 */
export function block(deadline: f64, restart: bool): i32 {
  // What the call's own mask has let through is there already.
  if (!hasDeliverable()) {
    const timer = timerDeadline();
    const until = min<f64>(min<f64>(deadline, timer), attemptDeadline());
    if (until == FOREVER) sleep(-1);
    else {
      const left = until - clock(1);
      if (left > 0) sleep(left);
    }
    pump();
    expireTimer();
    expireAttempts();
  }
  if (hasDeliverable()) return deliver() && restart ? ERESTART : EINTR;
  if (deadline != FOREVER && clock(1) >= deadline) return EAGAIN;
  return 0;
}

/** Suspends until the host has answered what `flag` points to (-1 while it has not). Bounded by the host, not by a peer. */
export function settle(flag: usize): i32 {
  pump();
  while (load<i32>(flag) == -1) {
    sleepAlone();
    pump();
  }
  return load<i32>(flag);
}
