// A socket: the record, its slot in the table, and the one writer of its state. Owns no verb: stream.ts, datagram.ts,
// listener.ts and pair.ts do things with it.
//
//                 connect                CONNECTED
//      CLOSE ---------------> SYN_SENT ------------> ESTABLISHED
//      ^  |  <---------------    |                       |
//      |  |    FAILED, abort     |                       | FAILED, abort, AF_UNSPEC
//      |  | listen               |                       |
//      |  +------> LISTEN        +-----------------------+----> CLOSE (shut both ways, error kept)
//      +-------------+ AF_UNSPEC, shutdown(SHUT_RD)
//
// `phase` is what connect(2) remembers of its own calls: an attempt whose outcome no call has taken yet is CONNECTING
// whatever the state says.

import { REQUEST_OPEN, REQUEST_RECEIVE } from "./shared/request";
import { ENDPOINT_SIZE } from "./shared/endpoint";
import { AF_UNIX, SOCK_DGRAM, SOCK_SEQPACKET, SOCK_STREAM } from "./shared/socket";
import { allocate, allocateZeroed, release } from "./heap";
import { request } from "./host";
import { moveStretches } from "./stretch";

/** No connection: fresh, failed, or dissolved. A datagram socket without a peer. */
export const CLOSE: i32 = 0;
/** A connection attempt is under way. */
export const SYN_SENT: i32 = 1;
/** Connected, or a datagram socket with a peer. */
export const ESTABLISHED: i32 = 2;
/** Accepts connections. */
export const LISTEN: i32 = 3;

/** connect(2) was not called, or its outcome was a failure that was told. */
export const PHASE_UNCONNECTED: i32 = 0;
/** An attempt began whose outcome was not told yet. */
export const PHASE_CONNECTING: i32 = 1;
/** The success was told. */
export const PHASE_CONNECTED: i32 = 2;

/** A failure whose outcome nobody asked for before shutdown(2): only connect(2) with AF_UNSPEC makes it usable again. */
export const PHASE_GIVEN_UP: i32 = 3;

/** Shut for receiving. */
export const SHUT_RECEIVE: i32 = 1;
/** Shut for sending. */
export const SHUT_SEND: i32 = 2;
/** Shut both ways. */
export const SHUT_BOTH: i32 = 3;

/** Not a socket to the guest: standard input, output, error. */
export const TYPE_TERMINAL: i32 = 0;

/** Bytes of a stream's receive buffer. */
export const RECEIVE_SIZE: u32 = 0x20000;
/** Bytes of a stream's send buffer. */
export const SEND_SIZE: u32 = 0x10000;

/** The record. A pointer field is 0 until it is needed. */
@unmanaged
export class Socket {
  id: i32;
  domain: i32;
  type: i32;
  protocol: i32;
  /** CLOSE .. LISTEN; written by setState() only. */
  state: i32;
  /** PHASE_*. */
  phase: i32;
  /** SO_ERROR: told once, then 0. */
  error: i32;
  /** SHUT_*: what the guest shut, what the peer shut, what a failure shut. */
  shut: i32;
  /** The peer ended its direction in good order. */
  ended: i32;
  /** The host has said that the connection broke; what it says of it besides is stale. */
  broken: i32;
  /** bind(2) was called: 1, or 3 if it named a port other than 0. */
  bound: i32;
  /** Endpoints: local name and peer. */
  local: usize;
  peer: usize;
  /** Whether `peer` is valid for getpeername(2). */
  named: i32;

  /** Stream receive: the buffer, what is unread in it, and whether the host has it on loan. */
  receive: usize;
  receiveStart: u32;
  receiveEnd: u32;
  lent: i32;

  /** Stream send: a ring of SEND_SIZE; bytes [sendTail, sendHead) are on loan to the host. */
  send: usize;
  sendHead: u32;
  sendTail: u32;
  /** Bytes on loan that a failure gave back unsent. */
  unsent: u32;

  /** Datagrams not yet read: a chain in arrival order, and its bytes. */
  queue: usize;
  queueEnd: usize;
  queued: u32;
  /** Descriptors that came with bytes of the receive buffer (stretch.ts). */
  stretches: usize;
  /** AF_UNIX: the host said that the receiver has no room, and not yet that it has. */
  full: i32;

  /** Listener: connections not yet accepted (a chain), how many, and the backlog asked for. */
  pending: usize;
  pendingEnd: usize;
  pendingCount: i32;
  backlog: i32;

  /** Answer to the last request that wants one: -1 while it is out, else the errno. */
  answer: i32;
  /** The other end of a socketpair(2), 0 once it is closed; `paired` stays. */
  mate: usize;
  paired: i32;
  /** An end of a pair that the network knows as well, since it has sent to a name. */
  opened: i32;
  /** The descriptor is gone; the record waits for the host's CLOSED. */
  closing: i32;

  /** When the attempt that is under way is given up, in monotonic milliseconds; 0: none is. And the next such socket. */
  attemptDeadline: f64;
  attemptNext: usize;

  /** The next of the sockets that were connected while events are taken in (socket-events.ts). */
  connectedNext: usize;

  /** Options, as the guest set them. */
  receiveTimeout: f64;
  sendTimeout: f64;
  receiveLimit: i32;
  sendLimit: i32;
  lingerOn: i32;
  lingerSeconds: i32;
  options: u32;
  md5: i32;
  keepIdle: i32;
  keepInterval: i32;
  keepCount: i32;
  /** TCP_SYNCNT. */
  synCount: i32;
  ttl: i32;
  tos: i32;
  multicastTtl: i32;
  multicastLoop: i32;
}

const MAX_SLOTS: i32 = 0x10000;
const slots: usize = heap.alloc(MAX_SLOTS * 4);
/** Generation of each slot, so that an id is not used again soon. */
const generations: usize = heap.alloc(MAX_SLOTS * 2);
const freeSlots: usize = heap.alloc(MAX_SLOTS * 4);
let used: i32 = 0;
let freeCount: i32 = 0;

/** Sockets that exist, closing ones included. */
export function kernel_sockets(): i32 {
  return used - freeCount;
}

/** The socket that a host's event names, or null if it is gone. */
export function socketOf(id: i32): Socket | null {
  const slot = id & 0xffff;
  if (slot >= used) return null;
  const pointer = load<u32>(slots + ((<usize>slot) << 2));
  if (pointer == 0) return null;
  const socket = changetype<Socket>(<usize>pointer);
  return socket.id == id ? socket : null;
}

/** A new socket record in state CLOSE, or null when there is no slot or no memory. The host is not told. */
export function newSocket(domain: i32, type: i32, protocol: i32): Socket | null {
  if (freeCount == 0 && used == MAX_SLOTS) return null;
  const pointer = allocateZeroed(offsetof<Socket>());
  const endpoints = allocateZeroed(2 * ENDPOINT_SIZE);
  if (pointer == 0 || endpoints == 0) return null;
  let slot = used;
  if (freeCount > 0) {
    freeCount--;
    slot = load<i32>(freeSlots + ((<usize>freeCount) << 2));
  } else used++;
  const generation = (<i32>load<u16>(generations + ((<usize>slot) << 1)) & 0x7ffe) + 1;
  store<u16>(generations + ((<usize>slot) << 1), <u16>(generation + 1));
  store<u32>(slots + ((<usize>slot) << 2), <u32>pointer);
  const socket = changetype<Socket>(pointer);
  socket.id = (generation << 16) | slot;
  socket.domain = domain;
  socket.type = type;
  socket.protocol = protocol;
  socket.local = endpoints;
  socket.peer = endpoints + ENDPOINT_SIZE;
  store<u16>(socket.local, <u16>domain);
  store<u16>(socket.peer, <u16>domain);
  socket.receiveTimeout = -1;
  socket.sendTimeout = -1;
  socket.receiveLimit = hasRecords(socket) ? 212992 : <i32>RECEIVE_SIZE;
  socket.sendLimit = hasRecords(socket) ? 212992 : <i32>SEND_SIZE;
  socket.keepIdle = 7200;
  socket.keepInterval = 75;
  socket.keepCount = 9;
  socket.synCount = 6;
  socket.ttl = 64;
  socket.multicastTtl = 1;
  socket.multicastLoop = 1;
  return socket;
}

/** Tells the host of a new socket. */
export function openSocket(socket: Socket): void {
  request(REQUEST_OPEN, socket.id, socket.domain, socket.type, socket.protocol);
}

/** The one writer of `state`. */
export function setState(socket: Socket, state: i32): void {
  socket.state = state;
}

/** Whether what is sent stays in pieces: datagrams and SOCK_SEQPACKET. */
export function hasRecords(socket: Socket): bool {
  return socket.type == SOCK_DGRAM || socket.type == SOCK_SEQPACKET;
}

/** Whether the socket has connections (a terminal counts as one). */
export function isStream(socket: Socket): bool {
  return socket.type != SOCK_DGRAM;
}

/** Whether the guest knows it as a TCP socket. */
export function isTcp(socket: Socket): bool {
  return socket.type == SOCK_STREAM && socket.domain != AF_UNIX;
}

/** SO_ERROR: the pending error, which is told once. */
export function takeError(socket: Socket): i32 {
  const error = socket.error;
  socket.error = 0;
  return error;
}

/** Lends the host the whole receive buffer if everything in it was read and more may come. */
export function lendReceive(socket: Socket): void {
  if (socket.lent || socket.paired || socket.receiveStart != socket.receiveEnd) return;
  if (socket.state != ESTABLISHED || socket.shut & SHUT_RECEIVE) return;
  if (hasRecords(socket)) {
    // Records come by themselves: what is asked for is the end.
    socket.lent = 1;
    request(REQUEST_RECEIVE, socket.id, 0, 0, 0);
    return;
  }
  if (socket.receive == 0) {
    socket.receive = allocate(RECEIVE_SIZE);
    if (socket.receive == 0) return;
  }
  socket.receiveStart = 0;
  socket.receiveEnd = 0;
  socket.lent = 1;
  // SO_RCVBUF bounds what may come unread.
  request(REQUEST_RECEIVE, socket.id, <i32>socket.receive, min<u32>(RECEIVE_SIZE, socket.receiveLimit), 0);
}

/**
 * Lends the host what is free behind bytes that nobody has read, for who wants to know what follows them: more bytes, the end,
 * a reset. A read that finds data has no need of it.
 */
export function lendRest(socket: Socket): void {
  if (socket.receiveStart == socket.receiveEnd) return lendReceive(socket);
  if (socket.lent || socket.paired || socket.state != ESTABLISHED || socket.shut & SHUT_RECEIVE) return;
  if (socket.receiveStart > RECEIVE_SIZE / 2) {
    memory.copy(socket.receive, socket.receive + socket.receiveStart, socket.receiveEnd - socket.receiveStart);
    if (socket.stretches != 0) moveStretches(socket, socket.receiveStart);
    socket.receiveEnd -= socket.receiveStart;
    socket.receiveStart = 0;
  }
  const size = min<u32>(RECEIVE_SIZE, socket.receiveLimit);
  if (socket.receiveEnd >= size) return;
  socket.lent = 1;
  request(REQUEST_RECEIVE, socket.id, <i32>(socket.receive + socket.receiveEnd), size - socket.receiveEnd, 0);
}

/** Frees the record and all it holds; nothing may be on loan to the host. */
export function freeSocket(socket: Socket): void {
  const slot = socket.id & 0xffff;
  store<u32>(slots + ((<usize>slot) << 2), 0);
  store<i32>(freeSlots + ((<usize>freeCount) << 2), slot);
  freeCount++;
  release(socket.receive, RECEIVE_SIZE);
  release(socket.send, SEND_SIZE);
  release(socket.local, 2 * ENDPOINT_SIZE);
  release(changetype<usize>(socket), offsetof<Socket>());
}
