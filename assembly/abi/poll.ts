// Module "posix": ppoll (poll) and pselect (select), over every kind of descriptor together.
//
//   guest pollfd (8): fd 0 | events i16 4 | revents i16 6        fd_set: a bit map of 32-bit words
//   guest timespec (16): seconds i64 0 | nanoseconds i32 8

import { EAGAIN, EBADF, EFAULT, EINVAL, EINTR, ENOMEM } from "../shared/errno";
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLPRI, POLLRDHUP } from "../shared/poll";
import { fileLimit } from "../description";
import { cell, copyin, copyout } from "../guest";
import { allocate, release } from "../heap";
import { readiness } from "../readiness";
import { blockedSignals, deliver, hasDeliverable, setBlocked } from "../signal";
import { block, deadlineIn, enter, turn } from "../turn";

const time: usize = memory.data(16, 8);

/** The milliseconds of a guest's timespec: infinite for a null pointer; -EFAULT, -EINVAL. */
function fetchTimeout(pointer: usize): f64 {
  if (pointer == 0) return Infinity;
  if (copyin(time, pointer, 16)) return -EFAULT;
  const seconds = load<i64>(time);
  const nanoseconds = load<i32>(time, 8);
  if (seconds < 0 || nanoseconds < 0 || nanoseconds >= 1000000000) return -EINVAL;
  return <f64>seconds * 1000 + <f64>nanoseconds / 1000000;
}

let savedMask: u64 = 0;

/** Puts the guest's mask (null: none) in place for the time of the call: 0 or -EFAULT. */
function enterMask(pointer: usize): i32 {
  savedMask = blockedSignals();
  if (pointer == 0) return 0;
  if (copyin(cell, pointer, 8)) return -EFAULT;
  setBlocked(load<u64>(cell));
  return 0;
}

/** Set by a scan: whether only output is ready although input was asked for. */
let writableOnly: bool = false;

/** A scan says that something other than output alone is ready, or that nobody asks for input. */
export function foundInput(): void {
  writableOnly = false;
}

/**
 * try → turn → wait → try again, for a scan that gives a count or -errno. Readiness for output alone is not trusted while
 * input is asked for too: output is ready almost always, and the guest would never let the host look.
 */
export function awaitReady(scan: (block: usize, count: i32) => i32, entries: usize, count: i32, timeout: f64): i32 {
  const deadline = deadlineIn(timeout);
  let turned = false;
  while (true) {
    writableOnly = true;
    const ready = scan(entries, count);
    if (ready < 0 || (ready > 0 && (!writableOnly || turned))) return ready;
    if (!turned && (ready > 0 || timeout == 0)) {
      turn();
      turned = true;
      continue;
    }
    if (timeout == 0) return 0;
    const error = block(deadline, false);
    if (error == EINTR) return -EINTR;
    if (error == EAGAIN) return scan(entries, count);
  }
}

function scanPoll(entries: usize, count: i32): i32 {
  let ready = 0;
  let inputAsked = false;
  for (let i = 0; i < count; i++) {
    const entry = entries + ((<usize>i) << 3);
    const fd = load<i32>(entry);
    let revents = 0;
    if (fd >= 0) {
      const events = <i32>load<i16>(entry, 4);
      revents = readiness(fd, events) & (events | POLLERR | POLLHUP | POLLNVAL);
      if (revents & ~POLLOUT) writableOnly = false;
      else if (events & (POLLIN | POLLRDHUP)) inputAsked = true;
    }
    store<i16>(entry, <i16>revents, 6);
    if (revents) ready++;
  }
  if (!inputAsked) writableOnly = false;
  return ready;
}

/** ppoll(2); poll(2) is it with a timespec and no mask. */
export function ppoll(fds: usize, count: i32, timeout: usize, mask: usize): i32 {
  enter();
  if (<u32>count > <u32>fileLimit()) return -EINVAL;
  const milliseconds = fetchTimeout(timeout);
  if (milliseconds < 0) return <i32>milliseconds;
  const bytes = (<usize>count) << 3;
  const entries = allocate(bytes);
  if (entries == 0) return -ENOMEM;
  let result = copyin(entries, fds, bytes) ? -EFAULT : enterMask(mask);
  if (result == 0) {
    const saved = savedMask;
    result = awaitReady(scanPoll, entries, count, milliseconds);
    result = leaveMask(mask, saved, result);
    if (result >= 0 && copyout(fds, entries, bytes)) result = -EFAULT;
  }
  release(entries, bytes);
  return result;
}

/** Delivers what only the call's mask let through, then puts the process's mask back. */
function leaveMask(mask: usize, saved: u64, result: i32): i32 {
  if (mask == 0) return result;
  const interrupted = result == 0 && hasDeliverable();
  if (interrupted) deliver();
  setBlocked(saved);
  // What the call's mask held back comes with its return.
  if (hasDeliverable()) deliver();
  return interrupted ? -EINTR : result;
}

function setSize(limit: i32): usize {
  return (<usize>((limit + 31) >> 5)) << 2;
}

/** `sets`: read, write, except as asked, then the same as answered. */
function scanSelect(sets: usize, limit: i32): i32 {
  const size = setSize(limit);
  const out = sets + size * 3;
  memory.fill(out, 0, size * 3);
  let ready = 0;
  let inputAsked = false;
  for (let fd = 0; fd < limit; fd++) {
    const word = (<usize>(fd >> 5)) << 2;
    const bit: u32 = (<u32>1) << (fd & 31);
    const read = load<u32>(sets + word) & bit;
    const write = load<u32>(sets + size + word) & bit;
    const except = load<u32>(sets + size * 2 + word) & bit;
    if (!(read | write | except)) continue;
    const events = readiness(fd, POLLIN | POLLOUT);
    if (events & POLLNVAL) return -EBADF;
    if (read && events & (POLLIN | POLLHUP | POLLERR)) {
      store<u32>(out + word, load<u32>(out + word) | bit);
      writableOnly = false;
      ready++;
    } else if (read) inputAsked = true;
    if (write && events & (POLLOUT | POLLERR)) {
      store<u32>(out + size + word, load<u32>(out + size + word) | bit);
      ready++;
    }
    if (except && events & POLLPRI) {
      store<u32>(out + size * 2 + word, load<u32>(out + size * 2 + word) | bit);
      writableOnly = false;
      ready++;
    }
  }
  if (!inputAsked) writableOnly = false;
  return ready;
}

function fetchSet(to: usize, from: usize, size: usize): i32 {
  if (from != 0) return copyin(to, from, size);
  memory.fill(to, 0, size);
  return 0;
}

/** pselect(2); select(2) is it with a timespec and no mask. */
export function pselect(limit: i32, read: usize, write: usize, except: usize, timeout: usize, mask: usize): i32 {
  enter();
  if (limit < 0) return -EINVAL;
  const count = min(limit, fileLimit());
  const milliseconds = fetchTimeout(timeout);
  if (milliseconds < 0) return <i32>milliseconds;
  const size = setSize(count);
  const sets = allocate(size * 6);
  if (sets == 0) return -ENOMEM;
  const fault =
    fetchSet(sets, read, size) | fetchSet(sets + size, write, size) | fetchSet(sets + size * 2, except, size);
  let result = fault ? -EFAULT : enterMask(mask);
  if (result == 0) {
    const saved = savedMask;
    result = awaitReady(scanSelect, sets, count, milliseconds);
    result = leaveMask(mask, saved, result);
    if (result >= 0) {
      const out = sets + size * 3;
      let gone = read != 0 ? copyout(read, out, size) : 0;
      if (write != 0) gone |= copyout(write, out + size, size);
      if (except != 0) gone |= copyout(except, out + size * 2, size);
      if (gone) result = -EFAULT;
    }
  }
  release(sets, size * 6);
  return result;
}
