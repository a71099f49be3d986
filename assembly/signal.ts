// Signals of the one process: dispositions, mask, what is pending, and their delivery at the points where a call enters or
// waits (POSIX.1-2017, 2.4). The handler itself is the guest's; it runs inside the call, wasm all the way down.

import {
  DISPOSITION_CATCH,
  DISPOSITION_DEFAULT,
  DISPOSITION_IGNORE,
  SA_NODEFER,
  SA_RESETHAND,
  SA_RESTART,
  SIGCHLD,
  SIGCONT,
  SIGKILL,
  SIGSTOP,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
  SIGURG,
  SIGWINCH,
} from "./shared/signal";
import { callHandler, hasHandler } from "./guest";
import { terminate } from "./host";

const SIGNALS: i32 = 64;
const dispositions: usize = memory.data(SIGNALS * 4, 4);
const flags: usize = memory.data(SIGNALS * 4, 4);
const masks: usize = memory.data(SIGNALS * 8, 8);
let pending: u64 = 0;
let blocked: u64 = 0;

function bit(signal: i32): u64 {
  return (<u64>1) << (signal - 1);
}

function slot(table: usize, signal: i32): usize {
  return table + ((<usize>(signal - 1)) << 2);
}

/** Whether `signal` is a number that sigaction(2) and kill(2) know. */
export function isSignal(signal: i32): bool {
  return signal >= 1 && signal <= SIGNALS;
}

function ignoredByDefault(signal: i32): bool {
  return signal == SIGCHLD || signal == SIGURG || signal == SIGWINCH || signal == SIGCONT || stops(signal);
}

/** The one process is a process group without a parent in its session: these do not stop such (POSIX.1-2017, 2.4.3). */
function stops(signal: i32): bool {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

function isIgnored(signal: i32): bool {
  const disposition = load<i32>(slot(dispositions, signal));
  return disposition == DISPOSITION_IGNORE || (disposition == DISPOSITION_DEFAULT && ignoredByDefault(signal));
}

/** Sets what happens on `signal`. False for SIGKILL, SIGSTOP, and for catching without a handler entry. */
export function setDisposition(signal: i32, disposition: i32, actionFlags: i32, mask: u64): bool {
  if (signal == SIGKILL || signal == SIGSTOP) return false;
  if (disposition == DISPOSITION_CATCH && !hasHandler()) return false;
  store<i32>(slot(dispositions, signal), disposition);
  store<i32>(slot(flags, signal), actionFlags);
  store<u64>(masks + ((<usize>(signal - 1)) << 3), mask);
  if (isIgnored(signal)) pending &= ~bit(signal);
  return true;
}

/** Makes `signal` pending, unless it is ignored; one that is blocked is kept, since what happens on it may change till then. */
export function raise(signal: i32): void {
  if (isSignal(signal) && (!isIgnored(signal) || (blocked & bit(signal)) != 0)) pending |= bit(signal);
}

/** Takes the lowest pending signal of `set`: its number, 0 if there is none. */
export function takePending(set: u64): i32 {
  const ready = pending & set;
  if (ready == 0) return 0;
  const signal = <i32>ctz(ready) + 1;
  pending &= ~bit(signal);
  return signal;
}

/** The mask of blocked signals. */
export function blockedSignals(): u64 {
  return blocked;
}

/** Replaces the mask; SIGKILL and SIGSTOP cannot be blocked. */
export function setBlocked(mask: u64): void {
  blocked = mask & ~(bit(SIGKILL) | bit(SIGSTOP));
  // What was kept while it was blocked, and is ignored now that it is not.
  for (let ready = pending & ~blocked; ready != 0; ready &= ready - 1) {
    const signal = <i32>ctz(ready) + 1;
    if (isIgnored(signal)) pending &= ~bit(signal);
  }
}

/** What is pending, blocked or not. */
export function pendingSignals(): u64 {
  return pending;
}

/** Whether deliver() has something to do. */
export function hasDeliverable(): bool {
  return (pending & ~blocked) != 0;
}

/** Delivers everything pending that is not blocked. True if each handler that ran has SA_RESTART. */
export function deliver(): bool {
  let restarts = true;
  while (true) {
    const ready = pending & ~blocked;
    if (ready == 0) return restarts;
    const signal = <i32>ctz(ready) + 1;
    pending &= ~bit(signal);
    if (load<i32>(slot(dispositions, signal)) != DISPOSITION_CATCH) {
      if (!isIgnored(signal)) terminate(signal);
      continue;
    }
    const actionFlags = load<i32>(slot(flags, signal));
    if (!(actionFlags & SA_RESTART)) restarts = false;
    if (actionFlags & SA_RESETHAND) store<i32>(slot(dispositions, signal), DISPOSITION_DEFAULT);
    const saved = blocked;
    setBlocked(
      blocked | load<u64>(masks + ((<usize>(signal - 1)) << 3)) | (actionFlags & SA_NODEFER ? 0 : bit(signal)),
    );
    callHandler(signal);
    blocked = saved;
  }
}
