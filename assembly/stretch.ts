// Descriptors in a stream: each bundle goes with a stretch of the bytes in a socket's receive buffer, those of the send that
// brought it. Owns the chain, in the order of the bytes, and where a read has to stop: as in Linux, at the end of a stretch
// of which it has read something.

import { releaseRights, Rights } from "./rights";
import { Socket } from "./socket";

/** Bytes [start, end) of the receive buffer came with a bundle. */
export function addStretch(socket: Socket, pointer: usize, start: u32, end: u32): void {
  const rights = changetype<Rights>(pointer);
  rights.start = start;
  rights.end = end;
  rights.held = 1;
  rights.follow = 0;
  if (socket.stretches == 0) {
    socket.stretches = pointer;
    return;
  }
  let last = changetype<Rights>(socket.stretches);
  while (last.follow != 0) last = changetype<Rights>(last.follow);
  last.follow = pointer;
}

/** How much of the next `length` unread bytes one read may take. Only where there are stretches. */
export function readableStretch(socket: Socket, length: u32): u32 {
  const left = changetype<Rights>(socket.stretches).end - socket.receiveStart;
  return length < left ? length : left;
}

/**
 * Takes the first bundle if a read of `length` bytes, which are read already, has had something of its stretch; a read of
 * nothing has where it begins there. The bundle or 0.
 */
export function takeStretch(socket: Socket, length: u32): usize {
  const pointer = socket.stretches;
  const rights = changetype<Rights>(pointer);
  const isReached = length > 0 ? rights.start < socket.receiveStart : rights.start <= socket.receiveStart;
  if (!isReached) return 0;
  socket.stretches = rights.follow;
  rights.held = 0;
  return pointer;
}

/** The unread bytes have moved down by so many. */
export function moveStretches(socket: Socket, by: u32): void {
  let pointer = socket.stretches;
  while (pointer != 0) {
    const rights = changetype<Rights>(pointer);
    rights.start -= by;
    rights.end -= by;
    pointer = rights.follow;
  }
}

/** Lets go of them all. */
export function clearStretches(socket: Socket): void {
  while (socket.stretches != 0) {
    const pointer = socket.stretches;
    socket.stretches = changetype<Rights>(pointer).follow;
    releaseRights(pointer);
  }
}
