// Module "wasi_snapshot_preview1": poll_oneoff, over the same readiness() as poll and select.
//
//   subscription (48): user data u64 0 | tag u8 8 | clock: id u32 16, timeout u64 24, flags u16 40 | descriptor: u32 16
//   event (32): user data u64 0 | errno u16 8 | type u8 10 | bytes u64 16 | flags u16 24 (1: hang-up)

import { EBADF, EFAULT, EINTR, EINVAL, ENOMEM } from "../shared/errno";
import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT } from "../shared/poll";
import { copyin, copyout, storeGuest32 } from "../guest";
import { allocate, release } from "../heap";
import { clock } from "../host";
import { readiness } from "../readiness";
import { enter } from "../turn";
import { awaitReady, foundInput } from "./poll";

const TAG_CLOCK: u8 = 0;
const TAG_READ: u8 = 1;
const MAX_SUBSCRIPTIONS: i32 = 0x10000;

/** What a descriptor's subscription waits for that is true now, 0 if nothing. */
function readyFor(subscription: usize): i32 {
  const wanted = load<u8>(subscription, 8) == TAG_READ ? POLLIN : POLLOUT;
  return readiness(load<i32>(subscription, 16), wanted) & (wanted | POLLERR | POLLHUP | POLLNVAL);
}

function scan(subscriptions: usize, count: i32): i32 {
  let ready = 0;
  let readAsked = false;
  for (let i = 0; i < count; i++) {
    const subscription = subscriptions + <usize>i * 48;
    const tag = load<u8>(subscription, 8);
    if (tag == TAG_CLOCK) continue;
    const events = readyFor(subscription);
    if (events) ready++;
    if (events & ~POLLOUT) foundInput();
    else if (tag == TAG_READ) readAsked = true;
  }
  if (!readAsked) foundInput();
  return ready;
}

/** Milliseconds until the first clock of the subscriptions has run; infinite without one. */
function timeoutOf(subscriptions: usize, count: i32): f64 {
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    const subscription = subscriptions + <usize>i * 48;
    if (load<u8>(subscription, 8) == TAG_CLOCK) least = min(least, clockLeft(subscription));
  }
  return least;
}

function clockLeft(subscription: usize): f64 {
  const timeout = <f64>load<u64>(subscription, 24) / 1000000;
  if (!(load<u16>(subscription, 40) & 1)) return timeout;
  const left = timeout - clock(load<i32>(subscription, 16) == 0 ? 0 : 1);
  return left > 0 ? left : 0;
}

function putEvent(event: usize, subscription: usize, errno: i32, hangup: bool): void {
  memory.fill(event, 0, 32);
  store<u64>(event, load<u64>(subscription));
  store<u16>(event, <u16>errno, 8);
  store<u8>(event, load<u8>(subscription, 8), 10);
  store<u16>(event, hangup ? 1 : 0, 24);
}

/** Waits for descriptors and clocks; one event for each that is ready. */
export function poll_oneoff(subscriptions: usize, events: usize, count: i32, stored: usize): i32 {
  enter();
  if (count <= 0 || count > MAX_SUBSCRIPTIONS) return EINVAL;
  const size = <usize>count * 48;
  const entries = allocate(size);
  if (entries == 0) return ENOMEM;
  const error = copyin(entries, subscriptions, size) ? EFAULT : waitAndTell(entries, events, count, stored);
  release(entries, size);
  return error;
}

function waitAndTell(entries: usize, events: usize, count: i32, stored: usize): i32 {
  const timeout = timeoutOf(entries, count);
  const ready = awaitReady(scan, entries, count, timeout);
  if (ready == -EINTR) return EINTR;
  const event = memory.data(32, 8);
  let told = 0;
  for (let i = 0; i < count; i++) {
    const subscription = entries + <usize>i * 48;
    if (load<u8>(subscription, 8) == TAG_CLOCK) {
      // With nothing ready the shortest clock has run out; others that ran out with it are told too.
      if (ready > 0 || <f64>load<u64>(subscription, 24) / 1000000 > timeout) continue;
      putEvent(event, subscription, 0, false);
    } else {
      const found = readyFor(subscription);
      if (found == 0) continue;
      putEvent(event, subscription, found & POLLNVAL ? EBADF : 0, (found & POLLHUP) != 0);
    }
    if (copyout(events + <usize>told * 32, event, 32)) return EFAULT;
    told++;
  }
  return storeGuest32(stored, told) ? EFAULT : 0;
}
