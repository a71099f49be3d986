// Module "posix": sendto, recvfrom, sendmsg, recvmsg; send(2) and recv(2) are sendto and recvfrom without a name. All fold
// into sendTo() and receiveFrom(), which read(2) and write(2) use too. Every function gives its result or -errno.
//
//   guest msghdr (28): name 0 | namelen 4 | iov 8 | iovlen 12 | control 16 | controllen 20 | flags 24

import { EAGAIN, EFAULT, EINVAL, EISCONN, EOPNOTSUPP } from "../shared/errno";
import {
  AF_UNIX,
  MSG_CMSG_CLOEXEC,
  MSG_DONTWAIT,
  MSG_ERRQUEUE,
  MSG_OOB,
  MSG_TRUNC,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
} from "../shared/socket";
import { awaitDatagram, readDatagram, sendDatagram, sendRecord } from "../datagram";
import { firstLength, firstSource } from "../datagram-queue";
import { cell, copyin, copyout } from "../guest";
import { fetchLength, fetchName, giveMessageName, giveNameIn } from "../sockaddr";
import { ESTABLISHED, hasRecords, Socket } from "../socket";
import { receiveStream, sendStream } from "../stream";
import { enter, ERESTART, leave } from "../turn";
import { freeVector, newBuffer, newVector, TOO_MANY_MESSAGE, Vector, vectorError } from "../vector";
import { controlGiven, fetchControl, giveControl } from "./control";
import { isNonblocking, socketAt, socketError } from "./socket";

const header: usize = memory.data(32, 8);

/** Sends from `vector` to the name (0: none) of `length` bytes: bytes or -errno. */
export function sendTo(socket: Socket, vector: Vector, flags: i32, name: usize, length: u32, nonblocking: bool): i32 {
  if (flags & MSG_OOB) return -EOPNOTSUPP;
  const named = name != 0;
  if (named) {
    const error = fetchName(name, length);
    if (error) return -error;
  }
  const wait = nonblocking || (flags & MSG_DONTWAIT) != 0;
  if (socket.type == SOCK_DGRAM) return sendDatagram(socket, vector, named, length, wait);
  if (socket.type == SOCK_SEQPACKET) return sendRecord(socket, vector, wait);
  if (named && socket.domain == AF_UNIX) return socket.state == ESTABLISHED ? -EISCONN : -EOPNOTSUPP;
  return sendStream(socket, vector, flags, wait);
}

/** sendto(2); send(2) without a name. */
export function sendto(fd: i32, buffer: usize, length: u32, flags: i32, name: usize, nameLength: u32): i32 {
  let result = trySendto(fd, buffer, length, flags, name, nameLength);
  while (result == -ERESTART) result = trySendto(fd, buffer, length, flags, name, nameLength);
  return result;
}

function trySendto(fd: i32, buffer: usize, length: u32, flags: i32, name: usize, nameLength: u32): i32 {
  enter();
  const socket = socketAt(fd);
  if (socket === null) return -socketError;
  if (<i32>length < 0) return -EFAULT;
  const vector = newBuffer(buffer, length);
  const result = sendTo(socket, vector, flags, name, nameLength, isNonblocking(fd));
  freeVector(vector);
  return leave(result);
}

/** sendmsg(2). */
export function sendmsg(fd: i32, message: usize, flags: i32): i32 {
  let result = trySendmsg(fd, message, flags);
  while (result == -ERESTART) result = trySendmsg(fd, message, flags);
  return result;
}

function trySendmsg(fd: i32, message: usize, flags: i32): i32 {
  enter();
  const socket = socketAt(fd);
  if (socket === null) return -socketError;
  if (copyin(header, message, 28)) return -EFAULT;
  const name = load<u32>(header);
  const nameLength = load<u32>(header, 4);
  const control = load<u32>(header, 16);
  const controlLength = load<u32>(header, 20);
  const vector = newVector(load<u32>(header, 8), load<i32>(header, 12), TOO_MANY_MESSAGE);
  if (vector === null) return -vectorError;
  const error =
    controlLength == 0 ? 0 : fetchControl(socket, vector, control, controlLength, name != 0 && nameLength != 0);
  const result = error
    ? -error
    : sendTo(socket, vector, flags, nameLength == 0 ? 0 : name, nameLength, isNonblocking(fd));
  freeVector(vector);
  return leave(result);
}

/** Receives into `vector`: bytes (a datagram's true length), or -errno. */
export function receiveInto(socket: Socket, vector: Vector, flags: i32, nonblocking: bool): i32 {
  if (flags & MSG_OOB) return socket.type == SOCK_DGRAM || socket.domain == AF_UNIX ? -EOPNOTSUPP : -EINVAL;
  const wait = nonblocking || (flags & MSG_DONTWAIT) != 0;
  if (!hasRecords(socket)) return receiveStream(socket, vector, flags, wait);
  const error = awaitDatagram(socket, wait);
  if (error != 0) return error < 0 ? error : 0;
  return readDatagram(socket, vector, flags);
}

/** Whether a call is for the queue of errors, which is empty, and not for what was sent. */
function asksForErrors(socket: Socket, flags: i32): bool {
  return (flags & MSG_ERRQUEUE) != 0 && socket.domain != AF_UNIX;
}

/** recvfrom(2); recv(2) without a name. */
export function recvfrom(fd: i32, buffer: usize, length: u32, flags: i32, name: usize, nameLength: usize): i32 {
  let result = tryRecvfrom(fd, buffer, length, flags, name, nameLength);
  while (result == -ERESTART) result = tryRecvfrom(fd, buffer, length, flags, name, nameLength);
  return result;
}

function tryRecvfrom(fd: i32, buffer: usize, length: u32, flags: i32, name: usize, nameLength: usize): i32 {
  enter();
  const socket = socketAt(fd);
  if (socket === null) return -socketError;
  if (<i32>length < 0) return -EFAULT;
  if (asksForErrors(socket, flags)) return -EAGAIN;
  const vector = newBuffer(buffer, length);
  const result =
    socket.type == SOCK_DGRAM && name != 0
      ? receiveDatagramFrom(socket, vector, flags, name, nameLength, isNonblocking(fd))
      : receiveInto(socket, vector, flags, isNonblocking(fd));
  freeVector(vector);
  if (result >= 0 && name != 0 && socket.type != SOCK_DGRAM) {
    const given = hasRecords(socket) && result > <i32>length && !(flags & MSG_TRUNC) ? <i32>length : result;
    return streamSource(nameLength, given);
  }
  if (result > <i32>length && !(flags & MSG_TRUNC)) return <i32>length;
  return result;
}

/** A stream names no source: Linux leaves the name alone and says its length is 0. */
function streamSource(nameLength: usize, result: i32): i32 {
  store<i32>(cell, 0);
  return nameLength != 0 && copyout(nameLength, cell, 4) ? -EFAULT : result;
}

function receiveDatagramFrom(
  socket: Socket,
  vector: Vector,
  flags: i32,
  name: usize,
  nameLength: usize,
  nonblocking: bool,
): i32 {
  const error = awaitDatagram(socket, nonblocking || (flags & MSG_DONTWAIT) != 0);
  if (error != 0) return error < 0 ? error : 0;
  const room = fetchLength(nameLength);
  if (room < 0) return room;
  const fault = giveNameIn(firstSource(socket), name, nameLength, room);
  const result = readDatagram(socket, vector, flags);
  return fault ? -fault : result;
}

/** recvmsg(2): msg_name, msg_control, msg_flags (MSG_TRUNC, MSG_CTRUNC). */
export function recvmsg(fd: i32, message: usize, flags: i32): i32 {
  let result = tryRecvmsg(fd, message, flags);
  while (result == -ERESTART) result = tryRecvmsg(fd, message, flags);
  return result;
}

function tryRecvmsg(fd: i32, message: usize, flags: i32): i32 {
  enter();
  const socket = socketAt(fd);
  if (socket === null) return -socketError;
  if (copyin(header, message, 28)) return -EFAULT;
  const name = load<u32>(header);
  const room = load<i32>(header, 4);
  const control = load<u32>(header, 16);
  const controlRoom = load<u32>(header, 20);
  if (name != 0 && room < 0) return -EINVAL;
  const vector = newVector(load<u32>(header, 8), load<i32>(header, 12), TOO_MANY_MESSAGE);
  if (vector === null) return -vectorError;
  let result = receiveMessage(socket, vector, flags, message, name, room, isNonblocking(fd));
  if (result >= 0) result = giveMessage(vector, flags, message, control, controlRoom, result);
  freeVector(vector);
  return result;
}

function receiveMessage(
  socket: Socket,
  vector: Vector,
  flags: i32,
  message: usize,
  name: usize,
  room: u32,
  nonblocking: bool,
): i32 {
  let result = 0;
  let named = 0;
  let cut = 0;
  if (asksForErrors(socket, flags)) return -EAGAIN;
  if (hasRecords(socket) && !(flags & MSG_OOB)) {
    const error = awaitDatagram(socket, nonblocking || (flags & MSG_DONTWAIT) != 0);
    if (error < 0) return error;
    if (error == 0) {
      const size = vector.left;
      if (firstLength(socket) > size) cut = MSG_TRUNC;
      if (name != 0 && socket.type == SOCK_DGRAM) named = giveMessageName(firstSource(socket), name, room);
      result = readDatagram(socket, vector, flags);
      if (named < 0) return named;
      if (result > 0 && <u32>result > size && !(flags & MSG_TRUNC)) result = <i32>size;
    }
  } else result = receiveInto(socket, vector, flags, nonblocking);
  if (result < 0) return result;
  store<i32>(cell, name != 0 ? named : 0);
  if (name != 0 && copyout(message + 4, cell, 4)) return -EFAULT;
  messageCut = cut;
  return result;
}

/** MSG_TRUNC of the last receiveMessage(), else 0. */
let messageCut: i32 = 0;

/** Gives what came beside the bytes, and says so in msg_controllen and msg_flags: `result`, or -EFAULT. */
function giveMessage(vector: Vector, flags: i32, message: usize, control: usize, room: u32, result: i32): i32 {
  const cut = messageCut | giveControl(vector, control, room, flags) | (flags & MSG_CMSG_CLOEXEC);
  store<u32>(cell, controlGiven);
  store<i32>(cell, cut, 4);
  return copyout(message + 20, cell, 8) ? -EFAULT : result;
}
