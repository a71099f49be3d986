// Descriptors on their way in a message (unix(7), SCM_RIGHTS). Owns the bundle: a reference to each open description, so that
// the sender may close its own at once, and the token by which a network names it. Who holds a bundle lets go of it: the call
// that sends or receives (Vector), a datagram (datagram-queue.ts), a stretch of a stream (stretch.ts), or the network.

import { EBADF } from "./shared/errno";
import { REQUEST_ATTACH } from "./shared/request";
import { AF_UNIX } from "./shared/socket";
import { closeDescription } from "./close";
import { Description, descriptionOf, KIND_SOCKET } from "./description";
import { allocate, release } from "./heap";
import { request } from "./host";
import { Socket, socketOf } from "./socket";
import { settle } from "./turn";
import { collectUnreachable } from "./unreachable";

/** SCM_MAX_FD: the most descriptors of one message. */
export const MAX_RIGHTS: i32 = 253;

/** The bundle; its descriptions follow it, a pointer each. */
@unmanaged
export class Rights {
  /** The chain of all of them. */
  next: usize;
  previous: usize;
  /** What a network calls it by. */
  token: i32;
  /** A socket has it to read. Else a call or the network has it. */
  held: i32;
  /** The next of the same stream, or of those that are being let go of. */
  follow: usize;
  /** Of a stream: the bytes of the receive buffer that it came with. */
  start: u32;
  end: u32;
  /** unreachable.ts: some descriptor leads to it, and the next of those that are yet to be looked into. */
  reached: i32;
  search: usize;
  count: i32;
  /** Bytes of this block. */
  size: u32;
}

const ENTRIES: usize = offsetof<Rights>();

let first: usize = 0;
let lastToken: i32 = 0;
let inFlight: i32 = 0;
/** Bundles whose descriptions are to be let go of: in a chain, since closing a socket lets go of what it has not read. */
let dropping: usize = 0;
let isDropping: bool = false;
/** A socket was left with no descriptor but those in flight, which may be in nobody's reach. */
let isSuspicious: bool = false;

/** Descriptors in flight. */
export function rightsInFlight(): i32 {
  return inFlight;
}

/** The first bundle of all. */
export function firstRights(): usize {
  return first;
}

function entryOf(rights: Rights, index: i32): usize {
  return changetype<usize>(rights) + ENTRIES + ((<usize>index) << 2);
}

/** A description of a bundle. */
export function descriptionIn(rights: Rights, index: i32): Description {
  return changetype<Description>(<usize>load<u32>(entryOf(rights, index)));
}

/** A bundle with room for so many, or null (no memory). */
export function newRights(room: i32): Rights | null {
  const size = <u32>ENTRIES + ((<u32>room) << 2);
  const pointer = allocate(size);
  if (pointer == 0) return null;
  memory.fill(pointer, 0, ENTRIES);
  const rights = changetype<Rights>(pointer);
  rights.size = size;
  rights.token = ++lastToken;
  rights.next = first;
  if (first != 0) changetype<Rights>(first).previous = pointer;
  first = pointer;
  return rights;
}

function addDescription(rights: Rights, description: Description): void {
  store<u32>(entryOf(rights, rights.count++), <u32>changetype<usize>(description));
  description.references++;
  description.inFlight++;
  inFlight++;
}

/** Puts a descriptor in: 0 or EBADF. */
export function addRight(rights: Rights, fd: i32): i32 {
  const description = descriptionOf(fd);
  if (description === null) return EBADF;
  addDescription(rights, description);
  return 0;
}

/** The same descriptors once more, for a look that takes nothing: the bundle, 0 where there is no memory. */
export function copyRights(rights: Rights): usize {
  const copy = newRights(rights.count);
  if (copy === null) return 0;
  for (let i = 0; i < rights.count; i++) addDescription(copy, descriptionIn(rights, i));
  return changetype<usize>(copy);
}

/** Empties a bundle into one that nobody holds, for letting go of: that one, or 0 where there is no memory. */
export function moveRights(rights: Rights): usize {
  const moved = newRights(rights.count);
  if (moved === null) return 0;
  moved.count = rights.count;
  memory.copy(entryOf(moved, 0), entryOf(rights, 0), (<usize>rights.count) << 2);
  rights.count = 0;
  return changetype<usize>(moved);
}

/** Whether the sockets of a description may be in a circle with what they have in flight. */
function isCircular(description: Description): bool {
  if (description.kind != KIND_SOCKET || description.inFlight != description.references) return false;
  return changetype<Socket>(description.object).domain == AF_UNIX;
}

/** A description has lost a descriptor and lives on: with none in a table, it may be in nobody's reach. */
export function suspect(description: Description): void {
  if (description.inFlight == 0 || !isCircular(description)) return;
  if (isDropping) isSuspicious = true;
  else collectUnreachable();
}

function drop(description: Description): void {
  inFlight--;
  description.inFlight--;
  if (--description.references == 0) closeDescription(description, false);
  else suspect(description);
}

/** Lets go of a bundle, which is no more: what nobody else refers to is closed. Never waits. */
export function releaseRights(pointer: usize): void {
  const rights = changetype<Rights>(pointer);
  if (rights.next != 0) changetype<Rights>(rights.next).previous = rights.previous;
  if (rights.previous != 0) changetype<Rights>(rights.previous).next = rights.next;
  else first = rights.next;
  rights.follow = dropping;
  dropping = pointer;
  if (isDropping) return;
  isDropping = true;
  while (dropping != 0) {
    const last = changetype<Rights>(dropping);
    dropping = last.follow;
    for (let i = 0; i < last.count; i++) drop(descriptionIn(last, i));
    release(changetype<usize>(last), last.size);
  }
  isDropping = false;
  if (isSuspicious) {
    isSuspicious = false;
    collectUnreachable();
  }
}

/** The guest ends: lets go of all that no socket holds, which the network may tell of too late. */
export function releaseAllRights(): void {
  let pointer = first;
  while (pointer != 0) {
    const rights = changetype<Rights>(pointer);
    pointer = rights.next;
    if (rights.held) continue;
    releaseRights(changetype<usize>(rights));
    pointer = first;
  }
}

/** Lets a bundle go with the datagram or record that is handed to the network next; it is the network's once that is sent. */
export function attachToPiece(socket: Socket, pointer: usize): void {
  request(REQUEST_ATTACH, socket.id, changetype<Rights>(pointer).token, 0, 0);
}

/** Asks the network to let a bundle go with the next `length` bytes of a stream: 0 or errno. With 0 it is the network's. */
export function attach(socket: Socket, pointer: usize, length: u32): i32 {
  socket.answer = -1;
  request(REQUEST_ATTACH, socket.id, changetype<Rights>(pointer).token, <i32>length, 0);
  return settle(changetype<usize>(socket) + offsetof<Socket>("answer"));
}

/** What the network says comes with a socket's next DATA or DATAGRAM, and whose it is. */
let arriving: usize = 0;
let arrivingAt: i32 = 0;

/** The network's RIGHTS: the bundle of that token comes next, from byte `offset` on; without a socket it is lost. */
export function onRights(id: i32, token: i32, offset: i32): void {
  if (arriving != 0) releaseRights(arriving);
  arriving = 0;
  let found = first;
  while (found != 0 && changetype<Rights>(found).token != token) found = changetype<Rights>(found).next;
  if (found == 0 || changetype<Rights>(found).held) return;
  const socket = socketOf(id);
  if (socket === null || socket.closing) return releaseRights(found);
  arriving = found;
  arrivingAt = id;
  changetype<Rights>(found).start = <u32>offset;
}

/** Takes what came for the socket: the bundle, or 0. */
export function takeArriving(socket: Socket): usize {
  if (arriving == 0 || arrivingAt != socket.id) return 0;
  const taken = arriving;
  arriving = 0;
  return taken;
}
