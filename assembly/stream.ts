// Byte streams: connect, send, receive, shutdown, disconnect over TCP, AF_UNIX, a socketpair or a terminal. Owns the rules
// of spec sections 2, 3, 4 and 6 that a guest's calls drive.

import {
  EADDRINUSE,
  EADDRNOTAVAIL,
  EAFNOSUPPORT,
  EAGAIN,
  EALREADY,
  ECONNABORTED,
  ECONNRESET,
  EFAULT,
  EINPROGRESS,
  EINTR,
  EINVAL,
  EISCONN,
  ENETUNREACH,
  ENOBUFS,
  ENOTCONN,
  EPIPE,
} from "./shared/errno";
import { ENDPOINT_ADDRESS, ENDPOINT_PORT } from "./shared/endpoint";
import { REQUEST_ABORT, REQUEST_CONNECT, REQUEST_SEND, REQUEST_SHUTDOWN } from "./shared/request";
import { SIGPIPE } from "./shared/signal";
import { AF_UNIX, AF_UNSPEC, MSG_NOSIGNAL, MSG_PEEK, MSG_WAITALL } from "./shared/socket";
import { CAPABILITY_RESET } from "./shared/capability";
import { isCapable } from "./capability";
import { beginAttempt } from "./attempt";
import { clearPending } from "./listener";
import { directory, directoryLength } from "./directory";
import { OPTION_V6ONLY } from "./option-bits";
import { allocate } from "./heap";
import { request } from "./host";
import { attach, copyRights, Rights } from "./rights";
import { raise } from "./signal";
import { setAlone, wakeThreads } from "./thread";
import { isGroup, isMapped, isUnscoped, nameFamily, readName, target, wildcardToLoopback } from "./sockaddr";
import {
  CLOSE,
  ESTABLISHED,
  isStream,
  lendReceive,
  lendRest,
  LISTEN,
  PHASE_CONNECTED,
  PHASE_CONNECTING,
  PHASE_GIVEN_UP,
  PHASE_UNCONNECTED,
  RECEIVE_SIZE,
  SEND_SIZE,
  setState,
  SHUT_BOTH,
  SHUT_RECEIVE,
  SHUT_SEND,
  Socket,
  socketOf,
  SYN_SENT,
  takeError,
  TYPE_TERMINAL,
} from "./socket";
import { addStretch, moveStretches, readableStretch, takeStretch } from "./stretch";
import { block, deadlineIn, settle, turn } from "./turn";
import { pump } from "./events";
import { gather, scatter, Vector } from "./vector";

const ANSWER: usize = offsetof<Socket>("answer");

function settleAnswer(socket: Socket): i32 {
  return settle(changetype<usize>(socket) + ANSWER);
}

/** Back to a socket that may connect anew (2.8, 2.9, 3.15); an address that bind(2) named is kept (2.10). */
function reset(socket: Socket): void {
  setState(socket, CLOSE);
  socket.phase = PHASE_UNCONNECTED;
  socket.shut = 0;
  socket.ended = 0;
  socket.broken = 0;
  socket.named = 0;
  socket.receiveStart = 0;
  socket.receiveEnd = 0;
  if (!(socket.bound & 4)) memory.fill(socket.local + ENDPOINT_ADDRESS, 0, 16);
}

/** The outcome of a failed attempt: its error, once; ECONNABORTED if somebody has read it already (3.14). */
function takeFailure(socket: Socket): i32 {
  const error = takeError(socket);
  reset(socket);
  return error ? error : ECONNABORTED;
}

/** What the manual and the routing table say of an internet address before anything is sent: 0 or errno. */
function checkTarget(socket: Socket): i32 {
  if (socket.domain == AF_UNIX) return 0;
  if (isGroup(target)) return EINVAL;
  if (isUnscoped(target)) return EINVAL;
  if (isMapped(target) && socket.options & OPTION_V6ONLY) return ENETUNREACH;
  if (load<u16>(target, ENDPOINT_PORT) == 0) return EADDRNOTAVAIL;
  wildcardToLoopback(target);
  return socket.md5 ? EINVAL : 0;
}

/** connect(2) on a stream; the name was brought in by fetchName(). 0 or -errno. */
export function connectStream(socket: Socket, length: u32, nonblocking: bool): i32 {
  const unix = socket.domain == AF_UNIX;
  if (nameFamily() == AF_UNSPEC && !unix) return disconnectStream(socket);
  if (socket.phase == PHASE_CONNECTED) return -EISCONN;
  if (socket.phase == PHASE_GIVEN_UP) return -EINVAL;
  if (socket.phase == PHASE_CONNECTING) {
    // The manual: "later connect() calls fail with EALREADY", blocking or not (2.20); once it stands, EISCONN (3.10).
    if (socket.state == SYN_SENT) return -EALREADY;
    if (socket.state == CLOSE) return -takeFailure(socket);
    socket.phase = PHASE_CONNECTED;
    return -EISCONN;
  }
  if (socket.state != CLOSE) return unix ? -EINVAL : -EISCONN;
  if (unix && nameFamily() == AF_UNSPEC) return -EINVAL;
  let error = readName(socket, length);
  if (error == 0) error = checkTarget(socket);
  if (error) return -error;

  // An attempt that begins forgets the error of what was before it, as in Linux.
  const before = takeError(socket);
  socket.answer = -1;
  setState(socket, SYN_SENT);
  request(REQUEST_CONNECT, socket.id, <i32>target, <i32>directory, directoryLength);
  error = settleAnswer(socket);
  // A local port that was asked for is in use for that peer: the manual's EADDRINUSE (2.29).
  if (error == EADDRNOTAVAIL && socket.bound) error = EADDRINUSE;
  if (error) {
    socket.error = before;
    return -error;
  }
  socket.phase = PHASE_CONNECTING;
  if (unix) return awaitRoom(socket, nonblocking);
  if (socket.state == SYN_SENT) beginAttempt(socket);
  return nonblocking ? -EINPROGRESS : awaitConnection(socket);
}

/**
 * AF_UNIX: waits for room in the listener's queue. Who does not wait, or not to the end, has begun nothing: the attempt is
 * given up and the call can be repeated (6.16 to 6.18).
 */
function awaitRoom(socket: Socket, nonblocking: bool): i32 {
  const deadline = deadlineIn(socket.sendTimeout);
  const id = socket.id;
  let error: i32 = nonblocking ? EAGAIN : 0;
  while (error == 0 && socket.state == SYN_SENT) error = block(deadline, false);
  if (error == EINTR && isGone(id)) return -EINTR;
  if (socket.state == SYN_SENT) {
    abort(socket);
    reset(socket);
    socket.error = 0;
    return -error;
  }
  if (socket.state == CLOSE) return -takeFailure(socket);
  socket.phase = PHASE_CONNECTED;
  return 0;
}

/** Waits for an attempt's outcome. An interruption or SO_SNDTIMEO leaves the attempt running (2.17, 2.18). */
function awaitConnection(socket: Socket): i32 {
  const deadline = deadlineIn(socket.sendTimeout);
  while (socket.state == SYN_SENT) {
    const error = block(deadline, false);
    if (error == EINTR) return -EINTR;
    if (error == EAGAIN && socket.state == SYN_SENT) return -EINPROGRESS;
  }
  if (socket.state == CLOSE) return -takeFailure(socket);
  socket.phase = PHASE_CONNECTED;
  return 0;
}

/** connect(2) with AF_UNSPEC: gives up whatever there is; the socket may connect anew (2.31 to 2.33, 3.7, 3.19). */
function disconnectStream(socket: Socket): i32 {
  if (socket.state == ESTABLISHED && !isCapable(CAPABILITY_RESET)) return -EAFNOSUPPORT;
  if (socket.state != CLOSE) abort(socket);
  reset(socket);
  return 0;
}

/** Resets the connection, the attempt or the listener. What both sides have ended has nothing left to reset. */
function abort(socket: Socket): void {
  const over = socket.ended && (socket.shut & SHUT_SEND) != 0 && socket.sendHead == socket.sendTail;
  const quiet = socket.state == LISTEN || over;
  socket.answer = -1;
  request(REQUEST_ABORT, socket.id, 0, 0, 0);
  settleAnswer(socket);
  clearPending(socket);
  if (!quiet) socket.error = ECONNRESET;
}

/** Free bytes of the send buffer. */
export function sendRoom(socket: Socket): u32 {
  if (socket.paired) {
    if (socket.mate == 0) return 0;
    const mate = changetype<Socket>(socket.mate);
    return RECEIVE_SIZE - (mate.receiveEnd - mate.receiveStart);
  }
  const used = socket.sendHead - socket.sendTail;
  const size = sendSize(socket);
  return used < size ? size - used : 0;
}

/** Bytes that the send buffer takes: SO_SNDBUF bounds it. */
export function sendSize(socket: Socket): u32 {
  return min<u32>(SEND_SIZE, socket.sendLimit);
}

/** Moves what fits from the guest to the mate's receive buffer. */
function pushToMate(mate: Socket, vector: Vector): i32 {
  if (mate.receive == 0) mate.receive = allocate(RECEIVE_SIZE);
  if (mate.receiveStart > 0) {
    memory.copy(mate.receive, mate.receive + mate.receiveStart, mate.receiveEnd - mate.receiveStart);
    if (mate.stretches != 0) moveStretches(mate, mate.receiveStart);
    mate.receiveEnd -= mate.receiveStart;
    mate.receiveStart = 0;
  }
  const part = min(RECEIVE_SIZE - mate.receiveEnd, vector.left);
  if (gather(vector, mate.receive + mate.receiveEnd, part)) return -EFAULT;
  if (vector.rights != 0 && part > 0) {
    addStretch(mate, vector.rights, mate.receiveEnd, mate.receiveEnd + part);
    vector.rights = 0;
  }
  mate.receiveEnd += part;
  wakeThreads();
  return <i32>part;
}

/** Moves what fits from the guest to the send buffer and lends it to the host at once: bytes or -errno. */
function push(socket: Socket, vector: Vector): i32 {
  if (socket.mate != 0) return pushToMate(changetype<Socket>(socket.mate), vector);
  if (socket.send == 0) {
    socket.send = allocate(SEND_SIZE);
    if (socket.send == 0) return 0;
  }
  if (socket.sendHead == socket.sendTail) {
    socket.sendHead = 0;
    socket.sendTail = 0;
  }
  let done: u32 = 0;
  while (vector.left > 0) {
    const at = socket.sendHead & (SEND_SIZE - 1);
    const part = min(min(sendRoom(socket), SEND_SIZE - at), vector.left);
    if (part == 0) break;
    if (gather(vector, socket.send + at, part)) return done > 0 ? <i32>done : -EFAULT;
    if (vector.rights != 0) {
      const error = attach(socket, vector.rights, part);
      if (error) return -error;
      vector.rights = 0;
    }
    socket.sendHead += part;
    done += part;
    request(REQUEST_SEND, socket.id, <i32>(socket.send + at), <i32>part, 0);
  }
  return <i32>done;
}

/** Moves bytes of the core that fit to the send buffer and lends them to the host at once: how many. */
export function transmit(socket: Socket, from: usize, length: u32): u32 {
  if (socket.send == 0) {
    socket.send = allocate(SEND_SIZE);
    if (socket.send == 0) return 0;
  }
  let done: u32 = 0;
  while (done < length && !isStopped(socket)) {
    const at = socket.sendHead & (SEND_SIZE - 1);
    const part = min(min(sendRoom(socket), SEND_SIZE - at), length - done);
    if (part == 0) break;
    memory.copy(socket.send + at, from + done, part);
    socket.sendHead += part;
    done += part;
    request(REQUEST_SEND, socket.id, <i32>(socket.send + at), <i32>part, 0);
  }
  return done;
}

/**
 * The error of a send that cannot go on: the pending one, else EPIPE with its signal (4.6). On AF_UNIX the pending one is a
 * receive's, as in Linux.
 */
function sendFailure(socket: Socket, flags: i32): i32 {
  const error = socket.domain == AF_UNIX ? 0 : takeError(socket);
  if (error != 0 && error != EPIPE) return -error;
  if (!(flags & MSG_NOSIGNAL)) raise(SIGPIPE);
  return -EPIPE;
}

/** Whether nothing can be sent any more. */
function isStopped(socket: Socket): bool {
  return socket.state != ESTABLISHED || (socket.shut & SHUT_SEND) != 0;
}

/** send(2) on a stream: bytes or -errno. What was taken before an error is told first. */
export function sendStream(socket: Socket, vector: Vector, flags: i32, nonblocking: bool): i32 {
  if (socket.domain == AF_UNIX && (socket.state == CLOSE || socket.state == LISTEN)) return -ENOTCONN;
  const deadline = deadlineIn(socket.sendTimeout);
  let sent: i32 = 0;
  let turned = false;
  while (true) {
    if (socket.state != SYN_SENT) {
      if (isStopped(socket) || socket.error != 0) return sent > 0 ? sent : sendFailure(socket, flags);
      if (vector.left > 0) {
        const part = push(socket, vector);
        if (part < 0) return sent > 0 ? sent : part == -EPIPE ? sendFailure(socket, flags) : part;
        // Without room the next look is block()'s own: an event taken in here would wake nobody there.
        if (part > 0) pump();
        // What the host could not even begin to send was not sent: the error is this call's.
        if (part > 0 && sent == 0 && socket.unsent != 0 && isStopped(socket)) return sendFailure(socket, flags);
        sent += part;
        if (part > 0) {
          if (vector.left == 0) return sent;
          continue;
        }
        if (socket.send == 0 && !socket.paired) return sent > 0 ? sent : -ENOBUFS;
      }
      if (vector.left == 0) return sent;
    }
    if (nonblocking) {
      if (sent > 0) return sent;
      if (turned) return -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    // Whoever writes to a stream of <stdio.h> holds its buffer, which no other thread may touch.
    if (socket.type == TYPE_TERMINAL) setAlone(true);
    const error = block(deadline, socket.sendTimeout < 0);
    if (socket.type == TYPE_TERMINAL) setAlone(false);
    if (error) return sent > 0 ? sent : -error;
  }
}

/** Whether a handler has closed the socket that had this id. */
function isGone(id: i32): bool {
  const socket = socketOf(id);
  return socket === null || socket.closing != 0;
}

/** Whether nothing more will come in. */
function isFinished(socket: Socket): bool {
  return socket.error != 0 || (socket.shut & SHUT_RECEIVE) != 0 || socket.state == CLOSE;
}

/**
 * Waits until there is what recv(2) with MSG_PEEK gives, which is from the first byte on each time: as much as is asked
 * for with MSG_WAITALL, else whatever there is once the host has looked for what follows. 0 or what block() says.
 */
function awaitPeek(socket: Socket, wanted: u32, flags: i32, deadline: f64, nonblocking: bool): i32 {
  const all = (flags & MSG_WAITALL) != 0 && !nonblocking;
  let turned = false;
  while (socket.receiveEnd - socket.receiveStart < min(wanted, RECEIVE_SIZE) && !isFinished(socket)) {
    if (turned && !all) return 0;
    lendRest(socket);
    if (!turned) {
      turn();
      turned = true;
      continue;
    }
    const error = block(deadline, socket.receiveTimeout < 0);
    if (error) return error;
  }
  return 0;
}

/** recv(2) on a stream: bytes, 0 at end of file, or -errno. */
export function receiveStream(socket: Socket, vector: Vector, flags: i32, nonblocking: bool): i32 {
  if (socket.state == LISTEN) return socket.domain == AF_UNIX ? -EINVAL : -ENOTCONN;
  if (socket.domain == AF_UNIX && socket.state == CLOSE && socket.error == 0) return -EINVAL;
  const deadline = deadlineIn(socket.receiveTimeout);
  let copied: i32 = 0;
  let turned = false;
  while (true) {
    if (flags & MSG_PEEK && socket.receiveEnd > socket.receiveStart) {
      const id = socket.id;
      const error = awaitPeek(socket, vector.left, flags, deadline, nonblocking);
      // A handler may have read what there was, or closed the socket.
      if (error && (isGone(id) || socket.receiveEnd == socket.receiveStart)) return -error;
      if (socket.receiveEnd == socket.receiveStart) continue;
    }
    const available = socket.receiveEnd - socket.receiveStart;
    if (available > 0) {
      let part = min(available, vector.left);
      if (socket.stretches != 0) part = readableStretch(socket, part);
      if (scatter(vector, socket.receive + socket.receiveStart, part)) return copied > 0 ? copied : -EFAULT;
      copied += part;
      if (flags & MSG_PEEK) {
        // Like Linux: the next descriptors of all, even where the buffer ends before their bytes.
        if (socket.stretches != 0) vector.rights = copyRights(changetype<Rights>(socket.stretches));
        return copied;
      }
      socket.receiveStart += part;
      if (socket.paired) wakeThreads();
      if (socket.stretches != 0) {
        vector.rights = takeStretch(socket, part);
        if (vector.rights != 0) return copied;
      }
      if (!(flags & MSG_WAITALL) || vector.left == 0) return copied;
      pump();
    }
    if (socket.receiveEnd > socket.receiveStart) continue;
    if (socket.ended) return copied;
    if (socket.error) return copied > 0 ? copied : -takeError(socket);
    if (socket.shut & SHUT_RECEIVE) return copied;
    if (socket.state == CLOSE) return copied > 0 ? copied : -ENOTCONN;
    lendReceive(socket);
    if (nonblocking) {
      if (turned) return copied > 0 ? copied : -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    const error = block(deadline, socket.receiveTimeout < 0);
    if (error) return copied > 0 ? copied : -error;
  }
}

/** shutdown(2) on a stream, `how` as SHUT_RECEIVE | SHUT_SEND: 0 or -errno. */
export function shutdownStream(socket: Socket, how: i32): i32 {
  if (socket.domain == AF_UNIX) {
    if (socket.state == ESTABLISHED && !socket.paired && how & ~socket.shut)
      request(REQUEST_SHUTDOWN, socket.id, how, 0, 0);
    socket.shut |= how;
    if (socket.mate != 0) {
      const mate = changetype<Socket>(socket.mate);
      if (how & SHUT_SEND) mate.shut |= SHUT_RECEIVE;
      if (how & SHUT_RECEIVE) mate.shut |= SHUT_SEND;
    }
    return 0;
  }
  if (socket.phase == PHASE_CONNECTING) {
    socket.phase = socket.state == ESTABLISHED ? PHASE_CONNECTED : PHASE_GIVEN_UP;
  }
  switch (socket.state) {
    case CLOSE:
      socket.shut |= how;
      return -ENOTCONN;
    case SYN_SENT:
      abort(socket);
      reset(socket);
      return 0;
    case LISTEN:
      if (how & SHUT_RECEIVE) {
        abort(socket);
        reset(socket);
      }
      return 0;
  }
  if (how & SHUT_SEND & ~socket.shut) request(REQUEST_SHUTDOWN, socket.id, how, 0, 0);
  socket.shut |= how;
  return 0;
}

/** Makes two sockets the ends of a socketpair(2). */
export function joinPair(one: Socket, other: Socket): void {
  one.mate = changetype<usize>(other);
  other.mate = changetype<usize>(one);
  one.paired = 1;
  other.paired = 1;
  setState(one, ESTABLISHED);
  setState(other, ESTABLISHED);
  one.phase = PHASE_CONNECTED;
  other.phase = PHASE_CONNECTED;
  one.named = 1;
  other.named = 1;
}

/** One end of a pair is closed: what it had not read resets the other, as on AF_UNIX in Linux. */
export function leavePair(socket: Socket): void {
  if (socket.mate == 0) return;
  const mate = changetype<Socket>(socket.mate);
  mate.mate = 0;
  socket.mate = 0;
  if (!isStream(socket)) return;
  mate.shut = SHUT_BOTH;
  if (socket.receiveEnd > socket.receiveStart || socket.queue != 0) mate.error = ECONNRESET;
}
