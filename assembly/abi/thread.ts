// Module "posix": what the sysroot's POSIX threads are made of. Every function gives its result or -errno.

import { EAGAIN, EFAULT, ETIMEDOUT } from "../shared/errno";
import { REQUEST_THREAD_EXIT } from "../shared/request";
import { cell, copyin } from "../guest";
import { request } from "../host";
import { beginThread, wakeThreads } from "../thread";
import { block, deadlineIn, enter } from "../turn";

/** Begins a thread at the guest's entry `__hawser_thread` with `argument`: 0, -EAGAIN where the engine has one stack. */
export function thread_create(argument: i32): i32 {
  return -beginThread(argument);
}

/** Ends the running thread. Does not return. */
export function thread_exit(): void {
  request(REQUEST_THREAD_EXIT, 0, 0, 0, 0);
}

/**
 * Waits while the guest's word at `address` is `value`, as futex(2): 0 after something happened, perhaps not to the word;
 * -EAGAIN if it is another, -ETIMEDOUT after `milliseconds` (negative: no limit), -EINTR after a signal's handler.
 */
export function futex_wait(address: usize, value: i32, milliseconds: f64): i32 {
  enter();
  if (copyin(cell, address, 4)) return -EFAULT;
  if (load<i32>(cell) != value) return -EAGAIN;
  const error = block(deadlineIn(milliseconds), false);
  return error == EAGAIN ? -ETIMEDOUT : -error;
}

/** Has those look again that wait in futex_wait(). */
export function futex_wake(): i32 {
  wakeThreads();
  return 0;
}
