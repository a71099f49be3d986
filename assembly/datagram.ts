// Datagrams: connect (associate, again, dissolve), send and receive with addresses, for UDP and pairs. Owns the rules of
// spec section 5 that a guest's calls drive.

import {
  EADDRNOTAVAIL,
  EAGAIN,
  EDESTADDRREQ,
  EFAULT,
  EINTR,
  EINVAL,
  EMSGSIZE,
  ENETUNREACH,
  ENOBUFS,
  ENOTCONN,
  EPIPE,
  ECONNREFUSED,
} from "./shared/errno";
import { ENDPOINT_FAMILY, ENDPOINT_PORT } from "./shared/endpoint";
import { REQUEST_BIND, REQUEST_CONNECT, REQUEST_DISCONNECT, REQUEST_SENDTO } from "./shared/request";
import { AF_UNIX, AF_UNSPEC, MSG_PEEK } from "./shared/socket";
import { dequeue, enqueue, firstBytes, firstLength } from "./datagram-queue";
import { allocate, release } from "./heap";
import { request } from "./host";
import { OPTION_V6ONLY } from "./option-bits";
import { isMapped, isUnscoped, nameFamily, readName, target, wildcardToLoopback } from "./sockaddr";
import { CLOSE, ESTABLISHED, setState, SHUT_RECEIVE, SHUT_SEND, Socket, takeError } from "./socket";
import { block, deadlineIn, settle, turn } from "./turn";
import { gather, scatter, Vector } from "./vector";

/** Longest UDP payload over IPv4 (RFC 768: 65535 - 8 - 20). */
const MAX_DATAGRAM: u32 = 65507;

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
  ask(socket, REQUEST_DISCONNECT, 0);
}

/** connect(2) on a datagram socket; the name was brought in by fetchName(). 0 or -errno; never blocks on a peer (5.1). */
export function connectDatagram(socket: Socket, length: u32): i32 {
  if (nameFamily() == AF_UNSPEC) {
    dissolve(socket);
    return 0;
  }
  let error = readName(socket, length);
  if (error == 0) error = checkPeer(socket);
  if (error == 0) error = ask(socket, REQUEST_CONNECT, <i32>target);
  if (error) {
    // An invalid address dissolves what was there (5.12, 5.14): the sentence that Linux does not keep.
    dissolve(socket);
    return -error;
  }
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
  return error;
}

/**
 * sendto(2), one datagram. `named`: the destination was brought in by fetchName() with `length` bytes. Bytes or -errno.
 * A pending error is told first, once (5.17); an explicit destination wins over the association (5.5).
 */
export function sendDatagram(socket: Socket, vector: Vector, named: bool, length: u32): i32 {
  if (vector.left > MAX_DATAGRAM) return -EMSGSIZE;
  if (socket.paired) return sendToMate(socket, vector);
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
  const size = vector.left;
  const copy = allocate(size);
  if (copy == 0) return -ENOBUFS;
  let result = <i32>size;
  if (gather(vector, copy, size)) result = -EFAULT;
  else {
    socket.answer = -1;
    request(REQUEST_SENDTO, socket.id, <i32>copy, <i32>size, named ? <i32>target : 0);
    const errno = settleAnswer(socket);
    if (errno) result = -errno;
  }
  release(copy, size);
  return result;
}

function wildcardToLoopbackIfInternet(socket: Socket): void {
  if (socket.domain != AF_UNIX) wildcardToLoopback(target);
}

function sendToMate(socket: Socket, vector: Vector): i32 {
  if (socket.shut & SHUT_SEND) return -EPIPE;
  if (socket.mate == 0) return -ECONNREFUSED;
  const mate = changetype<Socket>(socket.mate);
  const size = vector.left;
  const copy = allocate(size);
  if (copy == 0) return -ENOBUFS;
  let result = <i32>size;
  if (gather(vector, copy, size)) result = -EFAULT;
  else if (!enqueue(mate, socket.local, copy, size)) result = -EAGAIN;
  release(copy, size);
  return result;
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
    if (nonblocking) {
      if (turned) return -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    if (socket.shut & SHUT_RECEIVE) return 1;
    const error = block(deadline, socket.receiveTimeout < 0);
    if (error) return error == EINTR ? -EINTR : -EAGAIN;
  }
}

/** Copies the first datagram out, whole or cut; drops it unless MSG_PEEK. Its true length, or -EFAULT. */
export function readDatagram(socket: Socket, vector: Vector, flags: i32): i32 {
  const length = firstLength(socket);
  const fault = scatter(vector, firstBytes(socket), min(length, vector.left));
  if (!(flags & MSG_PEEK)) dequeue(socket);
  return fault ? -EFAULT : <i32>length;
}

/** shutdown(2) on a datagram socket: without a peer ENOTCONN, but it takes effect (5.25). */
export function shutdownDatagram(socket: Socket, how: i32): i32 {
  socket.shut |= how;
  return socket.state == ESTABLISHED || socket.domain == AF_UNIX ? 0 : -ENOTCONN;
}
