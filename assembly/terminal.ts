// Standard input, output and error: streams of the host that are no sockets to the guest. Their records are sockets of
// domain 0, so that the same code lends, buffers, and polls them.

import { Description, install, KIND_TERMINAL } from "./description";
import { pump } from "./events";
import { sleepAlone } from "./thread";
import { ESTABLISHED, newSocket, PHASE_CONNECTED, setState, Socket, socketOf, TYPE_TERMINAL } from "./socket";

let first: i32 = 0;
let terminals: i32 = 0;

/**
 * Opens descriptors 0, 1 and 2; bit i of `mask` says that i is a terminal. The id of standard input; output and error
 * follow it by one and two.
 */
export function kernel_stdio(mask: i32): i32 {
  terminals = mask;
  for (let i = 0; i < 3; i++) {
    const socket = changetype<Socket>(newSocket(0, TYPE_TERMINAL, 0));
    if (i == 0) first = socket.id;
    setState(socket, ESTABLISHED);
    socket.phase = PHASE_CONNECTED;
    install(KIND_TERMINAL, changetype<usize>(socket), 0, 0, 0);
  }
  return first;
}

/** Whether the description is a terminal in the sense of isatty(3). */
export function isTerminal(description: Description): bool {
  if (description.kind != KIND_TERMINAL) return false;
  const index = changetype<Socket>(description.object).id - first;
  return (terminals & (1 << index)) != 0;
}

/** Waits until the host has written out what it was given of a closed stream. Not interrupted: the guest is ending. */
export function drainTerminals(): void {
  for (let i = 0; i < 3; i++) {
    let socket = socketOf(first + i);
    // One that was closed under a thread that waits on it will not be.
    while (socket !== null && socket.closing) {
      sleepAlone();
      pump();
      socket = socketOf(first + i);
    }
  }
}
