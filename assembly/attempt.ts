// Connection attempts that end by themselves: each has a time after which it is given up with ETIMEDOUT, whatever the host
// still tries. Owns the chain of them.

import { ETIMEDOUT } from "./shared/errno";
import { REQUEST_ABORT } from "./shared/request";
import { clock, request } from "./host";
import { CLOSE, setState, SHUT_BOTH, Socket, SYN_SENT } from "./socket";
import { settle } from "./turn";

/** The first of the chain, 0 if there is none. */
let first: usize = 0;
/** The embedder's limit in milliseconds; infinite: none. */
let limit: f64 = Infinity;

/** Takes the embedder's limit for attempts (milliseconds) from the host, before the guest starts. */
export function kernel_setconnecttimeout(milliseconds: f64): void {
  limit = milliseconds;
}

/** An attempt has begun: Linux sends n more SYNs after 1, 2, 4, ... seconds and gives up after the last one's wait (2.16). */
export function beginAttempt(socket: Socket): void {
  const count = min<i32>(socket.synCount, 20);
  const seconds = (1 << (count + 1)) - 1;
  forgetAttempt(socket);
  socket.attemptDeadline = clock(1) + min<f64>(<f64>seconds * 1000, limit);
  socket.attemptNext = first;
  first = changetype<usize>(socket);
}

/** Forgets the attempt of a socket that is about to go, or to begin another. */
export function forgetAttempt(socket: Socket): void {
  if (socket.attemptDeadline == 0) return;
  socket.attemptDeadline = 0;
  let previous: usize = 0;
  for (let at = first; at != 0; at = changetype<Socket>(at).attemptNext) {
    if (at == changetype<usize>(socket)) {
      if (previous == 0) first = socket.attemptNext;
      else changetype<Socket>(previous).attemptNext = socket.attemptNext;
      return;
    }
    previous = at;
  }
}

/** The attempt that will be given up first, 0 if none is under way. Those that have ended leave the chain. */
function earliest(): usize {
  let found: usize = 0;
  for (let at = first; at != 0; ) {
    const socket = changetype<Socket>(at);
    at = socket.attemptNext;
    if (socket.state != SYN_SENT) forgetAttempt(socket);
    else if (found == 0 || socket.attemptDeadline < changetype<Socket>(found).attemptDeadline) {
      found = changetype<usize>(socket);
    }
  }
  return found;
}

/** When the first attempt will be given up; infinite if none is under way. */
export function attemptDeadline(): f64 {
  const socket = earliest();
  return socket == 0 ? Infinity : changetype<Socket>(socket).attemptDeadline;
}

/** Gives up the attempts whose time is over, as the host's own failure would: SO_ERROR has ETIMEDOUT (3.20). */
export function expireAttempts(): void {
  while (first != 0) {
    const at = earliest();
    if (at == 0 || clock(1) < changetype<Socket>(at).attemptDeadline) return;
    giveUp(changetype<Socket>(at));
  }
}

function giveUp(socket: Socket): void {
  forgetAttempt(socket);
  socket.answer = -1;
  request(REQUEST_ABORT, socket.id, 0, 0, 0);
  settle(changetype<usize>(socket) + offsetof<Socket>("answer"));
  socket.broken = 1;
  socket.error = ETIMEDOUT;
  socket.shut = SHUT_BOTH;
  socket.named = 0;
  setState(socket, CLOSE);
}
