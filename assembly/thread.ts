// Threads of the guest (POSIX threads), taken in turns on one host thread: one runs until it waits. Owns what changes hands at
// a wait: the guest's stack pointer, errno and self, which its entries `__hawser_leave` and `__hawser_resume` keep, and the
// description that a call is at work on, which another thread's close(2) does not take away from under it.

import { EAGAIN } from "./shared/errno";
import { REQUEST_THREAD, REQUEST_WAKE } from "./shared/request";
import { closeDescription } from "./close";
import { Description, takeCurrent } from "./description";
import { request, wait } from "./host";
import { suspect } from "./rights";

/** Where in the table the guest's entries are; 0 if it has none. */
let leaveIndex: u32 = 0;
let resumeIndex: u32 = 0;
/** Whether the engine can keep more than one stack. */
let isAble: bool = false;
/** Whether there was ever a second thread. */
let isThreaded: bool = false;
/** Nobody else goes on while the running thread waits: its call has state that no other call may touch. */
let isAlone: bool = false;
/** The description that the running thread holds beyond its descriptors; 0: none. */
let held: usize = 0;

/** Tells that the engine can run threads, and where in the table the guest's entries are. */
export function kernel_setthreads(leave: u32, resume: u32): void {
  leaveIndex = leave;
  resumeIndex = resume;
  isAble = true;
}

/** Makes the waits of the running thread such that no other goes on meanwhile, or ends that. */
export function setAlone(alone: bool): void {
  isAlone = alone;
}

/** Suspends the running thread until something happened; negative: no limit in time. */
export function sleep(milliseconds: f64): void {
  if (!isThreaded) return wait(milliseconds);
  if (isAlone) return wait(milliseconds < 0 ? -2 : -3 - milliseconds);
  const mine = held != 0 ? held : hold();
  const self = call_indirect<i32>(leaveIndex);
  held = 0;
  wait(milliseconds);
  // What a thread held that ended meanwhile.
  letGo();
  held = mine;
  call_indirect<void>(resumeIndex, self);
}

/** Suspends until the host has told something; no other thread goes on before. */
export function sleepAlone(): void {
  wait(-2);
}

function hold(): usize {
  const description = takeCurrent();
  if (description == 0 || changetype<Description>(description).references == 0) return 0;
  changetype<Description>(description).references++;
  changetype<Description>(description).holds++;
  return description;
}

/** Ends what the thread's last call has kept for itself: its being alone, the description; the last one closes that. */
export function letGo(): void {
  isAlone = false;
  takeCurrent();
  if (held == 0) return;
  const description = changetype<Description>(held);
  held = 0;
  description.holds--;
  if (--description.references == 0) closeDescription(description, false);
  else suspect(description);
}

/** Begins a thread, which runs when the running one waits: 0, or EAGAIN where the engine has one stack. */
export function beginThread(argument: i32): i32 {
  if (!isAble || leaveIndex == 0) return EAGAIN;
  isThreaded = true;
  request(REQUEST_THREAD, 0, argument, 0, 0);
  return 0;
}

/** Has the other threads look again at what they wait for. */
export function wakeThreads(): void {
  if (isThreaded) request(REQUEST_WAKE, 0, 0, 0, 0);
}
