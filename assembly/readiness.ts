// readiness(fd): poll(2)'s bits for every kind of descriptor. poll, select and poll_oneoff are all made of it. A bit means
// that the call in question would not block, whatever it then returns.

import { POLLERR, POLLHUP, POLLIN, POLLNVAL, POLLOUT, POLLRDHUP } from "./shared/poll";
import { AF_UNIX, SOCK_DGRAM } from "./shared/socket";
import { isFull } from "./datagram";
import { Description, descriptionOf, KIND_DEVICE, KIND_FOREIGN, KIND_PIPE_READ, KIND_PIPE_WRITE } from "./description";
import { Pipe, pipeBytes, pipeHasRoom } from "./pipe";
import {
  CLOSE,
  hasRecords,
  lendReceive,
  lendRest,
  LISTEN,
  SEND_SIZE,
  SHUT_BOTH,
  SHUT_RECEIVE,
  SHUT_SEND,
  Socket,
  SYN_SENT,
} from "./socket";
import { sendRoom, sendSize } from "./stream";
import { hasTyped, terminalReadiness } from "./terminal";

/**
 * Everything that is true of the descriptor now; the caller masks it with `asked`. Bytes that were not read hide what is
 * behind them: who asks for an end, or for nothing but a hang-up, has the host look there.
 */
export function readiness(fd: i32, asked: i32): i32 {
  const description = descriptionOf(fd);
  return description === null ? POLLNVAL : readinessOf(description, asked);
}

function readinessOf(description: Description, asked: i32): i32 {
  switch (description.kind) {
    case KIND_FOREIGN:
    case KIND_DEVICE:
      return POLLIN | POLLOUT;
    case KIND_PIPE_READ: {
      const pipe = changetype<Pipe>(description.object);
      return (pipeBytes(pipe) > 0 ? POLLIN : 0) | (pipe.writers == 0 ? POLLHUP : 0);
    }
    case KIND_PIPE_WRITE: {
      const pipe = changetype<Pipe>(description.object);
      return (pipeHasRoom(pipe) ? POLLOUT : 0) | (pipe.readers == 0 ? POLLERR : 0);
    }
  }
  const socket = changetype<Socket>(description.object);
  if (hasTyped(socket)) return terminalReadiness(socket);
  return socket.type == SOCK_DGRAM ? datagramReadiness(socket) : streamReadiness(socket, asked);
}

function datagramReadiness(socket: Socket): i32 {
  let events = isFull(socket) ? 0 : POLLOUT;
  if (socket.error) events |= POLLERR;
  if (socket.queue != 0) events |= POLLIN;
  if (socket.shut & SHUT_RECEIVE) events |= POLLIN | POLLRDHUP;
  if (socket.shut == SHUT_BOTH) events |= POLLHUP;
  return events;
}

/** Linux's tcp_poll and unix_poll, state by state (spec 2.7, 3.2, 3.12, 3.13, 4.1). */
function streamReadiness(socket: Socket, asked: i32): i32 {
  if (socket.state == LISTEN) {
    return (socket.pending != 0 ? POLLIN : 0) | (socket.shut & SHUT_RECEIVE ? POLLIN | POLLRDHUP : 0);
  }
  let events = 0;
  if (socket.error) events |= POLLERR;
  if (socket.shut == SHUT_BOTH || socket.state == CLOSE) events |= POLLHUP;
  if (socket.shut & SHUT_RECEIVE) events |= POLLIN | POLLRDHUP;
  if (socket.state == SYN_SENT) return events;
  // Nothing to read: only now is the host let look for more, or for the end, so that a read which finds data asks nothing.
  if (socket.receiveEnd > socket.receiveStart || socket.queue != 0) {
    events |= POLLIN;
    if (asked & POLLRDHUP || !(asked & (POLLIN | POLLOUT))) lendRest(socket);
  } else lendReceive(socket);
  if (socket.shut & SHUT_SEND || isWritable(socket)) events |= POLLOUT;
  return events;
}

/** Room for a third of the buffer, as Linux asks, so that a wake-up is worth a call. */
function isWritable(socket: Socket): bool {
  if (socket.state == CLOSE) return true;
  if (socket.domain == AF_UNIX && socket.paired && socket.mate == 0) return true;
  if (hasRecords(socket)) return !isFull(socket);
  return sendRoom(socket) >= sendSize(socket) / 3;
}
