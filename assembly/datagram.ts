// Datagrams: connect (associate, again, dissolve), send and receive with addresses, and the records of SOCK_SEQPACKET. Owns the rules of
// spec section 5 that a guest's calls drive.

import {
  EADDRINUSE,
  EADDRNOTAVAIL,
  EAGAIN,
  EDESTADDRREQ,
  EFAULT,
  EINVAL,
  EMSGSIZE,
  ENETUNREACH,
  ENOBUFS,
  ENOTCONN,
  EPIPE,
  EPROTONOSUPPORT,
  ECONNREFUSED,
  ECONNRESET,
} from "./shared/errno";
import { CAPABILITY_UNIX_DATAGRAMS } from "./shared/capability";
import { ENDPOINT_FAMILY, ENDPOINT_PORT, ENDPOINT_SIZE } from "./shared/endpoint";
import {
  REQUEST_BIND,
  REQUEST_CONNECT,
  REQUEST_DISCONNECT,
  REQUEST_RECEIVE,
  REQUEST_SENDTO,
  REQUEST_SHUTDOWN,
} from "./shared/request";
import { AF_UNIX, AF_UNSPEC, MSG_PEEK, SOCK_DGRAM } from "./shared/socket";
import { isCapable } from "./capability";
import { clearQueue, dequeue, enqueue, firstBytes, firstLength, rightsOf, takeRights } from "./datagram-queue";
import { allocate, release } from "./heap";
import { request } from "./host";
import { OPTION_V6ONLY } from "./option-bits";
import { attachToPiece, copyRights, Rights } from "./rights";
import { isMapped, isUnscoped, nameFamily, readName, target, wildcardToLoopback } from "./sockaddr";
import {
  CLOSE,
  ESTABLISHED,
  isStream,
  lendReceive,
  openSocket,
  setState,
  SHUT_BOTH,
  SHUT_RECEIVE,
  SHUT_SEND,
  Socket,
  takeError,
} from "./socket";
import { wakeThreads } from "./thread";
import { block, deadlineIn, settle, turn } from "./turn";
import { gather, scatter, Vector } from "./vector";

/** Longest UDP payload over IPv4 (RFC 768: 65535 - 8 - 20). */
const MAX_DATAGRAM: u32 = 65507;
/** Longest piece on AF_UNIX: Linux's net.core.wmem_default less its own share. */
const MAX_LOCAL: u32 = 212960;

function settleAnswer(socket: Socket): i32 {
  return settle(changetype<usize>(socket) + offsetof<Socket>("answer"));
}

function ask(socket: Socket, op: i32, a: i32): i32 {
  socket.answer = -1;
  request(op, socket.id, a, 0, 0);
  return settleAnswer(socket);
}

/** Forgets the peer (the manual: "connecting to an invalid address ... dissolves the association"). */
function dissolve(socket: Socket): void {
  if (socket.state != ESTABLISHED) return;
  setState(socket, CLOSE);
  socket.named = 0;
  if (socket.paired) leavePeer(socket);
  else ask(socket, REQUEST_DISCONNECT, 0);
}

/** What an end of a pair has not read goes with the association, and the other end is told of the loss, as in Linux. */
function leavePeer(socket: Socket): void {
  if (socket.queue == 0) return;
  clearQueue(socket);
  if (socket.mate == 0) return;
  const mate = changetype<Socket>(socket.mate);
  if (mate.state == ESTABLISHED) mate.error = ECONNRESET;
}

/** connect(2) on a datagram socket; the name was brought in by fetchName(). 0 or -errno; never blocks on a peer (5.1). */
export function connectDatagram(socket: Socket, length: u32): i32 {
  if (nameFamily() == AF_UNSPEC) {
    dissolve(socket);
    return 0;
  }
  let error = readName(socket, length);
  if (error == 0) error = checkPeer(socket);
  if (error == 0 && socket.paired) error = leaveMate(socket);
  if (error == 0) error = ask(socket, REQUEST_CONNECT, <i32>target);
  // Where no port is left Linux says EAGAIN; the manual page has EADDRNOTAVAIL for it (5.24).
  if (error == EAGAIN && socket.domain != AF_UNIX) error = EADDRNOTAVAIL;
  if (error) {
    // An invalid address dissolves what was there (5.12, 5.14): the sentence that Linux does not keep.
    if (socket.state == ESTABLISHED) dissolve(socket);
    // Linux chooses a local port before it looks at the address, and the socket keeps it (5.23).
    else autobind(socket);
    return -error;
  }
  return 0;
}

/** An end of a socketpair(2) that connects elsewhere is a socket of the network from then on (6.26). 0 or errno. */
function leaveMate(socket: Socket): i32 {
  const error = openEnd(socket);
  if (error) return error;
  if (socket.mate != 0) changetype<Socket>(socket.mate).mate = 0;
  socket.mate = 0;
  socket.paired = 0;
  socket.opened = 0;
  return 0;
}

/** Makes the network know an end of a socketpair(2): 0 or errno. */
function openEnd(socket: Socket): i32 {
  if (!isCapable(CAPABILITY_UNIX_DATAGRAMS)) return EPROTONOSUPPORT;
  if (!socket.opened) openSocket(socket);
  socket.opened = 1;
  return 0;
}

function checkPeer(socket: Socket): i32 {
  if (socket.domain == AF_UNIX) return 0;
  if (isUnscoped(target)) return EINVAL;
  if (isMapped(target) && socket.options & OPTION_V6ONLY) return ENETUNREACH;
  if (load<u16>(target, ENDPOINT_PORT) == 0) return EADDRNOTAVAIL;
  wildcardToLoopback(target);
  return 0;
}

/** Gives an unbound socket a local port, as the first send does. 0 or errno. */
function autobind(socket: Socket): i32 {
  if (socket.domain == AF_UNIX || socket.bound || load<u16>(socket.local, ENDPOINT_PORT) != 0) return 0;
  const saved = allocate(128);
  memory.copy(saved, target, 128);
  memory.fill(target, 0, 128);
  store<u16>(target, <u16>socket.domain, ENDPOINT_FAMILY);
  const error = ask(socket, REQUEST_BIND, <i32>target);
  memory.copy(target, saved, 128);
  release(saved, 128);
  return error == EADDRINUSE ? EADDRNOTAVAIL : error;
}

/** Whether an AF_UNIX socket's receiver has no room for another piece. */
export function isFull(socket: Socket): bool {
  if (!socket.paired) return socket.full != 0;
  if (socket.mate == 0) return false;
  const mate = changetype<Socket>(socket.mate);
  return mate.queued * 2 > <u32>mate.receiveLimit;
}

/**
 * sendto(2), one datagram. `named`: the destination was brought in by fetchName() with `length` bytes. Bytes or -errno.
 * A pending error is told first, once (5.17); an explicit destination wins over the association (5.5).
 */
export function sendDatagram(socket: Socket, vector: Vector, named: bool, length: u32, nonblocking: bool): i32 {
  if (socket.domain != AF_UNIX && vector.left > MAX_DATAGRAM) return -EMSGSIZE;
  if (named) {
    let error = readName(socket, length);
    if (error == 0 && socket.domain != AF_UNIX && load<u16>(target, ENDPOINT_PORT) == 0) error = EINVAL;
    if (error) return -error;
    wildcardToLoopbackIfInternet(socket);
  } else if (socket.state != ESTABLISHED) return socket.domain == AF_UNIX ? -ENOTCONN : -EDESTADDRREQ;
  let error = takeError(socket);
  if (error) return -error;
  if (socket.shut & SHUT_SEND) return -EPIPE;
  if (socket.state != ESTABLISHED) {
    error = autobind(socket);
    if (error) return -error;
  }
  if (named && socket.paired) {
    error = openEnd(socket);
    if (error) return -error;
  }
  const result = sendPiece(socket, vector, named, nonblocking);
  // The first send after the peer's close says so, and there is no peer from then on (6.32).
  if (result == -ECONNREFUSED && !named && socket.domain == AF_UNIX) dissolve(socket);
  return result;
}

/** send(2) on a SOCK_SEQPACKET, one record: bytes or -errno. Like Linux it raises no SIGPIPE. */
export function sendRecord(socket: Socket, vector: Vector, nonblocking: bool): i32 {
  const error = takeError(socket);
  if (error) return -error;
  if (socket.state != ESTABLISHED) return socket.shut == SHUT_BOTH ? -EPIPE : -ENOTCONN;
  if (socket.shut & SHUT_SEND) return -EPIPE;
  const result = sendPiece(socket, vector, false, nonblocking);
  // Why it broke may have been told just before.
  return result == -EPIPE && socket.error ? -takeError(socket) : result;
}

/** Sends one piece to the mate or through the host, waiting for room where AF_UNIX has none. */
function sendPiece(socket: Socket, vector: Vector, named: bool, nonblocking: bool): i32 {
  const size = vector.left;
  if (socket.domain == AF_UNIX && size > MAX_LOCAL) return -EMSGSIZE;
  const copy = allocate(size);
  if (copy == 0) return -ENOBUFS;
  let result: i32 = -EFAULT;
  if (gather(vector, copy, size) == 0) {
    // A name is where other calls put theirs: a handler that runs in between may make some.
    const to = named ? allocate(ENDPOINT_SIZE) : 0;
    if (named) memory.copy(to, target, ENDPOINT_SIZE);
    result = handOver(socket, vector, copy, size, to, nonblocking);
    if (named) release(to, ENDPOINT_SIZE);
  }
  release(copy, size);
  return result;
}

function handOver(socket: Socket, vector: Vector, bytes: usize, size: u32, to: usize, nonblocking: bool): i32 {
  const deadline = deadlineIn(socket.sendTimeout);
  const isMates = socket.paired != 0 && to == 0;
  let turned = false;
  while (true) {
    const errno = isMates ? toMate(socket, vector, bytes, size) : toHost(socket, vector, bytes, size, to);
    if (errno != EAGAIN || socket.domain != AF_UNIX) return errno ? -errno : <i32>size;
    // Its room may have been told already, behind the answer.
    if (!isMates && !socket.full) continue;
    if (nonblocking) {
      if (turned || isMates) return -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    const error = block(deadline, socket.sendTimeout < 0);
    if (error) return -error;
  }
}

function toHost(socket: Socket, vector: Vector, bytes: usize, size: u32, to: usize): i32 {
  socket.answer = -1;
  if (vector.rights != 0) attachToPiece(socket, vector.rights);
  request(REQUEST_SENDTO, socket.id, <i32>bytes, <i32>size, <i32>to);
  const errno = settleAnswer(socket);
  // The network's now, or the receiver's already.
  if (errno == 0) vector.rights = 0;
  return errno;
}

function toMate(socket: Socket, vector: Vector, bytes: usize, size: u32): i32 {
  if (socket.mate == 0) return socket.type == SOCK_DGRAM ? ECONNREFUSED : EPIPE;
  const mate = changetype<Socket>(socket.mate);
  if (mate.shut & SHUT_RECEIVE) return EPIPE;
  if (mate.queued >= <u32>mate.receiveLimit) return EAGAIN;
  if (!enqueue(mate, socket.local, bytes, size, vector.rights)) return ENOBUFS;
  wakeThreads();
  vector.rights = 0;
  return 0;
}

function wildcardToLoopbackIfInternet(socket: Socket): void {
  if (socket.domain != AF_UNIX) wildcardToLoopback(target);
}

/**
 * Waits for a datagram: 0 when the first of the queue is there to read, 1 when none will come (shut), or -errno. The
 * caller reads it with readDatagram().
 */
export function awaitDatagram(socket: Socket, nonblocking: bool): i32 {
  const deadline = deadlineIn(socket.receiveTimeout);
  let turned = false;
  while (true) {
    const pending = takeError(socket);
    if (pending) return -pending;
    if (socket.queue != 0) return 0;
    if (isStream(socket)) {
      if (socket.shut & SHUT_RECEIVE) return 1;
      if (socket.state != ESTABLISHED) return -ENOTCONN;
      lendReceive(socket);
    }
    if (nonblocking) {
      if (turned) return -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    if (socket.shut & SHUT_RECEIVE) return 1;
    const error = block(deadline, socket.receiveTimeout < 0);
    if (error) return -error;
  }
}

/** Copies the first datagram out, whole or cut; drops it unless MSG_PEEK. Its true length, or -EFAULT. */
export function readDatagram(socket: Socket, vector: Vector, flags: i32): i32 {
  const length = firstLength(socket);
  const fault = scatter(vector, firstBytes(socket), min(length, vector.left));
  const rights = rightsOf(socket.queue);
  if (rights != 0) vector.rights = flags & MSG_PEEK ? copyRights(changetype<Rights>(rights)) : takeRights(socket);
  if (!(flags & MSG_PEEK)) {
    dequeue(socket);
    if (socket.paired) wakeThreads();
    if (socket.domain == AF_UNIX && !socket.paired) request(REQUEST_RECEIVE, socket.id, 0, 1, 0);
  }
  return fault ? -EFAULT : <i32>length;
}

/** shutdown(2) on a datagram socket: without a peer ENOTCONN, but it takes effect (5.25). */
export function shutdownDatagram(socket: Socket, how: i32): i32 {
  socket.shut |= how;
  // An AF_UNIX sender to one that receives no more is told EPIPE.
  if (socket.domain == AF_UNIX && !socket.paired) request(REQUEST_SHUTDOWN, socket.id, how, 0, 0);
  return socket.state == ESTABLISHED || socket.domain == AF_UNIX ? 0 : -ENOTCONN;
}
