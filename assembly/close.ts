// What happens when the last descriptor of a description goes.

import { REQUEST_CLOSE } from "./shared/request";
import { AF_UNIX, SOCK_DGRAM } from "./shared/socket";
import { forgetAttempt } from "./attempt";
import { clearQueue } from "./datagram-queue";
import {
  Description,
  descriptionOf,
  freeDescription,
  isPreopen,
  remove,
  KIND_DEVICE,
  KIND_FOREIGN,
  KIND_PIPE_READ,
  KIND_PIPE_WRITE,
} from "./description";
import { fd_close } from "./foreign";
import { request } from "./host";
import { clearPending } from "./listener";
import { closePipe, Pipe } from "./pipe";
import { suspect } from "./rights";
import { freeSocket, isTcp, Socket, socketOf } from "./socket";
import { leavePair } from "./stream";
import { clearStretches } from "./stretch";
import { wakeThreads } from "./thread";
import { block, deadlineIn } from "./turn";

/** close(2) of an open descriptor: 0 or errno. */
export function closeDescriptor(fd: i32): i32 {
  const description = changetype<Description>(descriptionOf(fd));
  return leaveDescription(description, remove(fd) !== null);
}

/** A description has lost a descriptor, perhaps its last: 0 or errno. */
export function leaveDescription(description: Description, last: bool): i32 {
  if (last) return closeDescription(description, true);
  suspect(description);
  return 0;
}

/** What close(2) does to a description without descriptors: 0 or errno. `mayWait`: SO_LINGER is waited for. */
export function closeDescription(description: Description, mayWait: bool): i32 {
  const kind = description.kind;
  const object = description.object;
  freeDescription(description);
  if (kind == KIND_DEVICE) return 0;
  if (kind == KIND_FOREIGN) return isPreopen(<i32>object) ? 0 : fd_close(<i32>object);
  if (kind == KIND_PIPE_READ || kind == KIND_PIPE_WRITE) {
    closePipe(changetype<Pipe>(object), kind == KIND_PIPE_READ);
    return 0;
  }
  return closeSocket(changetype<Socket>(object), mayWait);
}

/**
 * Closes a socket: in good order, or with a reset where SO_LINGER says 0 or TCP leaves received bytes unread (RFC 2525,
 * 2.17) or AF_UNIX does. SO_LINGER with a time waits that long for what was sent. The record lives until the host has given back its loans.
 */
function closeSocket(socket: Socket, mayWait: bool): i32 {
  clearPending(socket);
  if (socket.paired) {
    leavePair(socket);
    wakeThreads();
    clearQueue(socket);
    clearStretches(socket);
    if (socket.opened) {
      socket.closing = 1;
      request(REQUEST_CLOSE, socket.id, 0, 0, 0);
    } else freeSocket(socket);
    return 0;
  }
  clearQueue(socket);
  clearStretches(socket);
  forgetAttempt(socket);
  const id = socket.id;
  const unread = (isTcp(socket) || socket.domain == AF_UNIX) && socket.receiveEnd > socket.receiveStart;
  const abrupt = unread || (isTcp(socket) && socket.lingerOn && socket.lingerSeconds == 0);
  const wait = mayWait && isTcp(socket) && socket.lingerOn && socket.lingerSeconds > 0 && socket.type != SOCK_DGRAM;
  const deadline = wait ? deadlineIn(<f64>socket.lingerSeconds * 1000) : 0;
  socket.closing = 1;
  request(REQUEST_CLOSE, id, abrupt ? 1 : 0, 0, 0);
  while (wait && socketOf(id) !== null) {
    if (block(deadline, true)) break;
  }
  return 0;
}
