// The datagrams that a socket has received and the guest has not read: a chain in arrival order, bounded by SO_RCVBUF.
//
//   0       4        8                8 + ENDPOINT_SIZE  + 4
//   +-------+--------+----------------+--------+------------------+
//   | next  | length | source         | rights | bytes            |
//   +-------+--------+----------------+--------+------------------+

import { ENDPOINT_SIZE } from "./shared/endpoint";
import { allocate, release } from "./heap";
import { releaseRights, Rights } from "./rights";
import { Socket } from "./socket";

const HEAD: u32 = 12 + ENDPOINT_SIZE;

/** Whether there is no room for `length` bytes more; an empty queue takes anything. */
export function isQueueFull(socket: Socket, length: u32): bool {
  return socket.queue != 0 && socket.queued + length + HEAD > <u32>socket.receiveLimit;
}

/** Appends a datagram with its descriptors (0: none), which are the queue's then; false if there is no memory for it. */
export function enqueue(socket: Socket, source: usize, bytes: usize, length: u32, rights: usize): bool {
  const node = allocate(HEAD + length);
  if (node == 0) return false;
  store<u32>(node, 0);
  store<u32>(node, length, 4);
  memory.copy(node + 8, source, ENDPOINT_SIZE);
  store<u32>(node, <u32>rights, 8 + ENDPOINT_SIZE);
  if (rights != 0) changetype<Rights>(rights).held = 1;
  memory.copy(node + HEAD, bytes, length);
  if (socket.queueEnd == 0) socket.queue = node;
  else store<u32>(socket.queueEnd, <u32>node);
  socket.queueEnd = node;
  socket.queued += length + HEAD;
  return true;
}

/** Bytes of the first datagram. */
export function firstLength(socket: Socket): u32 {
  return load<u32>(socket.queue, 4);
}

/** Bytes of all of them. */
export function totalLength(socket: Socket): u32 {
  let total: u32 = 0;
  for (let node = socket.queue; node != 0; node = load<u32>(node)) total += load<u32>(node, 4);
  return total;
}

/** Source endpoint of the first datagram. */
export function firstSource(socket: Socket): usize {
  return socket.queue + 8;
}

/** Where the first datagram's bytes are. */
export function firstBytes(socket: Socket): usize {
  return socket.queue + HEAD;
}

/** The datagram behind another, 0 after the last. */
export function nextDatagram(node: usize): usize {
  return load<u32>(node);
}

/** The descriptors of a datagram, 0: none. */
export function rightsOf(node: usize): usize {
  return load<u32>(node, 8 + ENDPOINT_SIZE);
}

/** Takes the descriptors of the first datagram, 0: none. */
export function takeRights(socket: Socket): usize {
  const rights = rightsOf(socket.queue);
  if (rights == 0) return 0;
  store<u32>(socket.queue, 0, 8 + ENDPOINT_SIZE);
  changetype<Rights>(rights).held = 0;
  return rights;
}

/** Removes the first datagram; what it still carries is let go of. */
export function dequeue(socket: Socket): void {
  const node = socket.queue;
  const rights = rightsOf(node);
  const length = load<u32>(node, 4);
  socket.queue = load<u32>(node);
  if (socket.queue == 0) socket.queueEnd = 0;
  socket.queued -= length + HEAD;
  release(node, HEAD + length);
  if (rights != 0) releaseRights(rights);
}

/** Removes them all. */
export function clearQueue(socket: Socket): void {
  while (socket.queue != 0) dequeue(socket);
}
