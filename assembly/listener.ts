// Listening sockets: the chain of connections that wait for accept(2).
//
//   0       4       8         8 + 120   8 + 240
//   +-------+-------+---------+---------+
//   | next  | token | local   | peer    |
//   +-------+-------+---------+---------+

import { EAGAIN, EINVAL, ENOBUFS } from "./shared/errno";
import { ENDPOINT_SIZE } from "./shared/endpoint";
import { REQUEST_ADOPT, REQUEST_LISTEN } from "./shared/request";
import { AF_UNIX, SOMAXCONN } from "./shared/socket";
import { allocate, release } from "./heap";
import { request } from "./host";
import {
  CLOSE,
  ESTABLISHED,
  lendReceive,
  LISTEN,
  newSocket,
  PHASE_CONNECTED,
  PHASE_UNCONNECTED,
  setState,
  SHUT_RECEIVE,
  Socket,
} from "./socket";
import { block, deadlineIn, settle, turn } from "./turn";

const SIZE: usize = 8 + 2 * ENDPOINT_SIZE;

/** A connection has come in. */
export function onIncoming(socket: Socket, token: i32, endpoints: usize): void {
  if (socket.state != LISTEN) return;
  const node = allocate(SIZE);
  store<u32>(node, 0);
  store<i32>(node, token, 4);
  memory.copy(node + 8, endpoints, 2 * ENDPOINT_SIZE);
  if (socket.pendingEnd == 0) socket.pending = node;
  else store<u32>(socket.pendingEnd, <u32>node);
  socket.pendingEnd = node;
  socket.pendingCount++;
}

function pop(socket: Socket): void {
  const node = socket.pending;
  socket.pending = load<u32>(node);
  if (socket.pending == 0) socket.pendingEnd = 0;
  socket.pendingCount--;
  release(node, SIZE);
}

/** Forgets what was not accepted; the host resets it with the listener. */
export function clearPending(socket: Socket): void {
  while (socket.pending != 0) pop(socket);
}

/** listen(2) on a socket that may: 0 or -errno. Again on a listening socket it changes the backlog. */
export function listenStream(socket: Socket, backlog: i32): i32 {
  if (socket.state != CLOSE && socket.state != LISTEN) return -EINVAL;
  // What has failed belongs to connect(2) until that has told of it, and a broken connection is one still, as in Linux.
  if (socket.phase != PHASE_UNCONNECTED) return -EINVAL;
  socket.backlog = backlog < 0 || backlog > SOMAXCONN ? SOMAXCONN : backlog;
  const before = socket.state;
  // A connection may come in together with the answer.
  setState(socket, LISTEN);
  socket.answer = -1;
  request(REQUEST_LISTEN, socket.id, socket.backlog, 0, 0);
  const errno = settle(changetype<usize>(socket) + offsetof<Socket>("answer"));
  if (errno != 0) {
    setState(socket, before);
    return -errno;
  }
  if (before == LISTEN) return 0;
  if (socket.domain != AF_UNIX) socket.shut = 0;
  return 0;
}

/** What accept(2) gave last: the new socket, when acceptStream() said 0. */
export let accepted: usize = 0;

/** accept(2): 0 with the socket in `accepted`, or -errno. Options pass to the new socket, O_NONBLOCK does not (3.23). */
export function acceptStream(listener: Socket, nonblocking: bool): i32 {
  const deadline = deadlineIn(listener.receiveTimeout);
  let turned = false;
  while (listener.pending == 0) {
    if (listener.state != LISTEN) return -EINVAL;
    // Only AF_UNIX listeners stay listening when they are shut.
    if (listener.shut & SHUT_RECEIVE) return -EINVAL;
    if (nonblocking) {
      if (turned) return -EAGAIN;
      turn();
      turned = true;
      continue;
    }
    const error = block(deadline, listener.receiveTimeout < 0);
    if (error) return -error;
  }
  const socket = newSocket(listener.domain, listener.type, listener.protocol);
  if (socket === null) return -ENOBUFS;
  const node = listener.pending;
  memory.copy(socket.local, node + 8, ENDPOINT_SIZE);
  memory.copy(socket.peer, node + 8 + ENDPOINT_SIZE, ENDPOINT_SIZE);
  const token = load<i32>(node, 4);
  pop(listener);
  inherit(socket, listener);
  setState(socket, ESTABLISHED);
  socket.phase = PHASE_CONNECTED;
  socket.named = 1;
  request(REQUEST_ADOPT, socket.id, token, 0, 0);
  lendReceive(socket);
  accepted = changetype<usize>(socket);
  return 0;
}

function inherit(socket: Socket, listener: Socket): void {
  socket.options = listener.options;
  socket.lingerOn = listener.lingerOn;
  socket.lingerSeconds = listener.lingerSeconds;
  socket.receiveTimeout = listener.receiveTimeout;
  socket.sendTimeout = listener.sendTimeout;
  socket.receiveLimit = listener.receiveLimit;
  socket.sendLimit = listener.sendLimit;
  socket.keepIdle = listener.keepIdle;
  socket.keepInterval = listener.keepInterval;
  socket.keepCount = listener.keepCount;
  socket.synCount = listener.synCount;
  socket.ttl = listener.ttl;
  socket.tos = listener.tos;
}
