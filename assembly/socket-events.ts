// What each event does to its socket. Owns the transitions that come from outside; those that come from the guest's calls
// are in stream.ts, datagram.ts and listener.ts.

import { EAGAIN, ECONNRESET, EPIPE } from "./shared/errno";
import { ENDPOINT_ADDRESS, ENDPOINT_FAMILY, ENDPOINT_PORT, ENDPOINT_SIZE } from "./shared/endpoint";
import {
  EVENT_ABORTED,
  EVENT_BOUND,
  EVENT_CLOSED,
  EVENT_CONNECTED,
  EVENT_DATA,
  EVENT_DATAGRAM,
  EVENT_END,
  EVENT_ERROR,
  EVENT_FAILED,
  EVENT_INCOMING,
  EVENT_LISTENING,
  EVENT_OPTION,
  EVENT_SENT,
} from "./shared/event";
import { AF_INET, AF_INET6, AF_UNIX } from "./shared/socket";
import { enqueue, isQueueFull } from "./datagram-queue";
import { onIncoming } from "./listener";
import { releaseRights, Rights, takeArriving } from "./rights";
import {
  CLOSE,
  ESTABLISHED,
  freeSocket,
  hasRecords,
  isStream,
  lendReceive,
  RECEIVE_SIZE,
  setState,
  SHUT_BOTH,
  SHUT_RECEIVE,
  Socket,
  SYN_SENT,
} from "./socket";
import { addStretch } from "./stretch";
import { onHangUp, onTerminal } from "./terminal";

function onBound(socket: Socket, errno: i32, payload: usize, length: u32): void {
  if (errno == 0 && length >= <u32>ENDPOINT_SIZE) memory.copy(socket.local, payload, ENDPOINT_SIZE);
  socket.answer = errno;
}

function onConnected(socket: Socket, payload: usize, length: u32): void {
  if (length < <u32>(2 * ENDPOINT_SIZE)) return;
  if (isStream(socket) && socket.state != SYN_SENT) return;
  memory.copy(socket.local, payload, ENDPOINT_SIZE);
  memory.copy(socket.peer, payload + ENDPOINT_SIZE, ENDPOINT_SIZE);
  setState(socket, ESTABLISHED);
  socket.named = 1;
  socket.answer = 0;
  if (isStream(socket)) lendLater(socket);
}

/** Has lendConnected() lend the receive buffer. */
export function lendLater(socket: Socket): void {
  socket.connectedNext = newest;
  newest = changetype<usize>(socket);
}

/** The last of those that were connected since lendConnected(); the others follow. */
let newest: usize = 0;

/**
 * Lends the receive buffers of the sockets that were connected: once every event is taken in, since a later one may say that
 * the connection has broken already. Whether there were any.
 */
export function lendConnected(): bool {
  if (newest == 0) return false;
  while (newest != 0) {
    const socket = changetype<Socket>(newest);
    newest = socket.connectedNext;
    lendReceive(socket);
  }
  return true;
}

/** Everything on loan comes back with a failure. */
function takeBack(socket: Socket): void {
  socket.lent = 0;
  socket.unsent = socket.sendHead - socket.sendTail;
  socket.sendTail = socket.sendHead;
}

function onFailed(socket: Socket, errno: i32): void {
  if (!isStream(socket)) {
    socket.answer = errno;
    return;
  }
  takeBack(socket);
  if (socket.state == SYN_SENT && socket.answer == -1) {
    // Refused before the attempt began (no route, no permission): connect(2) itself says so, nothing is kept (3.21).
    setState(socket, CLOSE);
    socket.answer = errno;
    return;
  }
  if (socket.broken) return;
  socket.broken = 1;
  socket.error = errno;
  if (socket.state == ESTABLISHED && socket.domain == AF_UNIX && (socket.ended || errno == EPIPE)) {
    // The peer has closed altogether, not only its direction: a hang-up, no error (6.21).
    socket.error = 0;
  } else if (socket.state == ESTABLISHED) {
    // A peer that had ended in good order and then resets is EPIPE, any other reset is ECONNRESET, as in Linux.
    if (errno == ECONNRESET && socket.ended) socket.error = EPIPE;
    else if (errno == EPIPE && !socket.ended && socket.domain != 0) socket.error = ECONNRESET;
  }
  socket.shut = SHUT_BOTH;
  if (socket.domain == AF_INET || socket.domain == AF_INET6 || socket.state == SYN_SENT) {
    setState(socket, CLOSE);
    socket.named = 0;
  }
}

/** A connected datagram socket receives from its peer only (5.4); on AF_UNIX others could not even send (6.30). */
function isFromPeer(socket: Socket, source: usize): bool {
  if (socket.state != ESTABLISHED || socket.domain == AF_UNIX) return true;
  const bytes: usize = load<u16>(socket.peer, ENDPOINT_FAMILY) == AF_INET ? 4 : 16;
  return (
    load<u16>(socket.peer, ENDPOINT_PORT) == load<u16>(source, ENDPOINT_PORT) &&
    memory.compare(socket.peer + ENDPOINT_ADDRESS, source + ENDPOINT_ADDRESS, bytes) == 0
  );
}

function onData(socket: Socket, length: u32): void {
  const at = socket.receiveEnd;
  socket.lent = 0;
  socket.receiveEnd += min<u32>(length, RECEIVE_SIZE - at);
  const rights = takeArriving(socket);
  if (rights != 0) addStretch(socket, rights, at + changetype<Rights>(rights).start, socket.receiveEnd);
}

function onDatagram(socket: Socket, payload: usize, length: u32): void {
  if (length < <u32>ENDPOINT_SIZE) return;
  if (!isStream(socket) && !isFromPeer(socket, payload)) return;
  // UDP is dropped where there is no room; AF_UNIX loses nothing, and the host counts what was not read.
  if (socket.domain != AF_UNIX && isQueueFull(socket, length - ENDPOINT_SIZE)) return;
  const rights = takeArriving(socket);
  if (!enqueue(socket, payload, payload + ENDPOINT_SIZE, length - ENDPOINT_SIZE, rights) && rights != 0) {
    releaseRights(rights);
  }
}

/** An AF_UNIX receiver that is full stays so until the host says otherwise, which may be at once. */
function onPieceSent(socket: Socket, errno: i32): void {
  if (errno == EAGAIN) socket.full = 1;
  socket.answer = errno;
}

/** Applies one event. */
export function onSocketEvent(socket: Socket, type: i32, a: i32, b: i32, payload: usize, length: u32): void {
  if (socket.closing) {
    // Nobody is there whom anything else could matter to; what is on loan comes back with this.
    if (type == EVENT_CLOSED) freeSocket(socket);
    return;
  }
  switch (type) {
    case EVENT_BOUND:
      return onBound(socket, a, payload, length);
    case EVENT_LISTENING:
      return onBound(socket, a, payload, length);
    case EVENT_CONNECTED:
      return onConnected(socket, payload, length);
    case EVENT_FAILED:
      onFailed(socket, a);
      return onHangUp(socket);
    case EVENT_INCOMING:
      if (length >= <u32>(2 * ENDPOINT_SIZE)) onIncoming(socket, a, payload);
      return;
    case EVENT_DATA:
      onData(socket, a);
      return onTerminal(socket);
    case EVENT_END:
      socket.lent = 0;
      socket.ended = 1;
      socket.shut |= SHUT_RECEIVE;
      return onHangUp(socket);
    case EVENT_DATAGRAM:
      return onDatagram(socket, payload, length);
    case EVENT_SENT:
      if (hasRecords(socket)) return onPieceSent(socket, a);
      socket.sendTail += min<u32>(b, socket.sendHead - socket.sendTail);
      return onTerminal(socket);
    case EVENT_ERROR:
      if (a == 0) socket.full = 0;
      else if (socket.state == ESTABLISHED) socket.error = a;
      return;
    case EVENT_OPTION:
      socket.answer = a;
      return;
    case EVENT_ABORTED:
      takeBack(socket);
      socket.answer = 0;
      return;
  }
}
