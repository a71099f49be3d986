// The interval timer ITIMER_REAL (POSIX setitimer). Owns its deadline; SIGALRM is raised when somebody looks.

import { SIGALRM } from "./shared/signal";
import { clock } from "./host";
import { raise } from "./signal";

let deadline: f64 = Infinity;
let interval: f64 = 0;

/** When the timer ends, in monotonic milliseconds; infinite while it is not armed. */
export function timerDeadline(): f64 {
  return deadline;
}

/** Milliseconds left, 0 while it is not armed. */
export function timerLeft(): f64 {
  if (deadline == Infinity) return 0;
  const left = deadline - clock(1);
  return left > 0 ? left : 0.001;
}

/** Milliseconds between ends, 0 for one shot. */
export function timerInterval(): f64 {
  return interval;
}

/** Arms the timer to end `milliseconds` from now and every `every` after that; 0 disarms it. */
export function setTimer(milliseconds: f64, every: f64): void {
  deadline = milliseconds > 0 ? clock(1) + milliseconds : Infinity;
  interval = every;
}

/** Raises SIGALRM if the timer has ended. */
export function expireTimer(): void {
  if (deadline == Infinity) return;
  const now = clock(1);
  if (now < deadline) return;
  raise(SIGALRM);
  if (interval <= 0) deadline = Infinity;
  else deadline += interval * Math.ceil((now - deadline + 0.001) / interval);
}
