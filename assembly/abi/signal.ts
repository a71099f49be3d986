// Module "posix": sigaction, sigprocmask, sigpending, sigsuspend, kill, setitimer, getitimer. Every function gives its
// result or -errno.
//
//   guest sigset_t (8): bit (signal - 1)       guest itimerval (32): interval timeval 0 | value timeval 16
//   guest timeval (16): seconds i64 0 | microseconds i64 8

import { EFAULT, EINTR, EINVAL, ESRCH } from "../shared/errno";
import { SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK } from "../shared/signal";
import { cell, copyin, copyout } from "../guest";
import { arity } from "../host";
import {
  blockedSignals,
  deliver,
  hasDeliverable,
  isSignal,
  pendingSignals,
  raise,
  setBlocked,
  setDisposition,
  takePending,
} from "../signal";
import { wakeThreads } from "../thread";
import { setTimer, timerInterval, timerLeft } from "../timer";
import { block, deadlineIn, enter, FOREVER, leave } from "../turn";

const times: usize = memory.data(32, 8);

/** The process id that a guest sees. */
const PID: i32 = 42;

/** sigaction(2): the handler itself stays in the guest; `disposition` is DISPOSITION_*. */
export function sigaction(signal: i32, disposition: i32, flags: i32, maskLow: i32, maskHigh: i32): i32 {
  enter();
  if (!isSignal(signal)) return -EINVAL;
  const mask = <u64>(<u32>maskLow) | ((<u64>(<u32>maskHigh)) << 32);
  return setDisposition(signal, disposition, flags, mask) ? 0 : -EINVAL;
}

/** sigprocmask(2). */
export function sigprocmask(how: i32, set: usize, old: usize): i32 {
  enter();
  const before = blockedSignals();
  if (set != 0) {
    if (copyin(cell, set, 8)) return -EFAULT;
    const mask = load<u64>(cell);
    switch (how) {
      case SIG_BLOCK:
        setBlocked(before | mask);
        break;
      case SIG_UNBLOCK:
        setBlocked(before & ~mask);
        break;
      case SIG_SETMASK:
        setBlocked(mask);
        break;
      default:
        return -EINVAL;
    }
  }
  store<u64>(cell, before);
  if (old != 0 && copyout(old, cell, 8)) return -EFAULT;
  return leave(0);
}

/** sigpending(2). */
export function sigpending(set: usize): i32 {
  enter();
  store<u64>(cell, pendingSignals() & blockedSignals());
  return copyout(set, cell, 8) ? -EFAULT : 0;
}

/** sigsuspend(2); pause(2) is it with the present mask. Ends with -EINTR once a handler has run. */
export function sigsuspend(set: usize): i32 {
  enter();
  if (copyin(cell, set, 8)) return -EFAULT;
  const saved = blockedSignals();
  setBlocked(load<u64>(cell));
  if (hasDeliverable()) deliver();
  else while (block(FOREVER, false) != EINTR) {}
  setBlocked(saved);
  return -EINTR;
}

/**
 * sigtimedwait(2): takes a pending signal of the guest's set, waiting at most `milliseconds` (negative: no limit): its number,
 * -EAGAIN, -EINTR after another signal's handler.
 */
export function sigtimedwait(set: usize, milliseconds: f64): i32 {
  enter();
  if (copyin(cell, set, 8)) return -EFAULT;
  const wanted = load<u64>(cell);
  const deadline = deadlineIn(milliseconds);
  while (true) {
    const signal = takePending(wanted);
    if (signal != 0) return signal;
    const error = block(deadline, false);
    if (error) return -error;
  }
}

/** kill(2): there is one process, this one; 0 and -1 name it too. Signal 0 only asks. */
export function kill(pid: i32, signal: i32): i32 {
  enter();
  if (signal != 0 && !isSignal(signal)) return -EINVAL;
  if (pid != PID && pid != 0 && pid != -1 && pid != -PID) return -ESRCH;
  raise(signal);
  wakeThreads();
  return leave(0);
}

/**
 * How many parameters a function pointer's function takes, -1 if that is unknown. C lets a handler be declared without any,
 * which WebAssembly would trap on.
 */
export function parameters(handler: i32): i32 {
  return arity(handler);
}

/** getpid(2). */
export function getpid(): i32 {
  return PID;
}

function fetchTime(at: usize): f64 {
  const seconds = load<i64>(at);
  const microseconds = load<i64>(at, 8);
  if (seconds < 0 || microseconds < 0 || microseconds >= 1000000) return -1;
  return <f64>seconds * 1000 + <f64>microseconds / 1000;
}

function putTime(at: usize, milliseconds: f64): void {
  store<i64>(at, <i64>(milliseconds / 1000));
  store<i64>(at, <i64>((milliseconds % 1000) * 1000), 8);
}

/** setitimer(2) with ITIMER_REAL; the others count processor time, which nobody here can, and are EINVAL. */
export function setitimer(which: i32, value: usize, old: usize): i32 {
  enter();
  if (which != 0) return -EINVAL;
  const left = timerLeft();
  const every = timerInterval();
  if (value != 0 && copyin(times, value, 32)) return -EFAULT;
  const newEvery = value == 0 ? 0 : fetchTime(times);
  const newLeft = value == 0 ? 0 : fetchTime(times + 16);
  if (newEvery < 0 || newLeft < 0) return -EINVAL;
  putTime(times, every);
  putTime(times + 16, left);
  if (old != 0 && copyout(old, times, 32)) return -EFAULT;
  setTimer(newLeft, newEvery);
  return 0;
}

/** getitimer(2). */
export function getitimer(which: i32, value: usize): i32 {
  enter();
  if (which != 0) return -EINVAL;
  putTime(times, timerInterval());
  putTime(times + 16, timerLeft());
  return copyout(value, times, 32) ? -EFAULT : 0;
}
