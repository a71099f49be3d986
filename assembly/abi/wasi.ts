// Module "wasi_snapshot_preview1" for the descriptors of the core: read, write, close, status, socket calls, exit. What a
// foreign file wants goes down to its provider with the descriptor translated (abi/files.ts has the calls that are only
// that). Every function gives a WASI errno.
//
//   fdstat (24): file type u8 0 | flags u16 2 | rights u64 8 | inheriting rights u64 16
//   filestat (64): device u64 0 | inode u64 8 | file type u8 16 | links u64 24 | size u64 32 | times 40, 48, 56

import { EBADF, EFAULT, EINVAL, EISDIR, ENOTSOCK } from "../shared/errno";
import { O_APPEND, O_NONBLOCK } from "../shared/fcntl";
import { MSG_PEEK, MSG_WAITALL, SOCK_DGRAM, SOCK_NONBLOCK } from "../shared/socket";
import { closeDescriptor } from "../close";
import {
  Description,
  descriptionOf,
  descriptorTop,
  forgetHolds,
  KIND_DEVICE,
  KIND_FOREIGN,
  KIND_PIPE_READ,
  KIND_PIPE_WRITE,
  KIND_SOCKET,
  isPreopen,
} from "../description";
import { DEVICES, deviceFile, devicesStat, isReadable, isWritable, readDevice, writeDevice } from "../device";
import * as foreign from "../foreign";
import { cell, copyout, storeGuest32 } from "../guest";
import { exit } from "../host";
import { Pipe, readPipe, writePipe } from "../pipe";
import { releaseAllRights } from "../rights";
import { raise } from "../signal";
import { Socket } from "../socket";
import { drainTerminals, isTerminal, readTerminal, writeTerminal } from "../terminal";
import { setAlone } from "../thread";
import { enter, ERESTART, leave, turn } from "../turn";
import { freeVector, newVector, Vector, vectorError } from "../vector";
import { isDirectory, replace } from "./descriptor";
import { receiveInto, sendTo } from "./message";
import { accept4, shutdown } from "./socket";

const FILETYPE_UNKNOWN: u8 = 0;
const FILETYPE_CHARACTER_DEVICE: u8 = 2;
const FILETYPE_SOCKET_DGRAM: u8 = 5;
const FILETYPE_SOCKET_STREAM: u8 = 6;
const RIGHT_READ: u64 = 0x2;
const RIGHT_WRITE: u64 = 0x40;
/** fd_seek and fd_tell: a character device without them is a terminal. */
const RIGHT_SEEK: u64 = 0x4 | 0x20;
const RIGHTS: u64 = 0x2 | 0x8 | 0x40 | 0x200000 | 0x8000000 | 0x10000000;

const stat: usize = memory.data(64, 8);

function fileType(description: Description): u8 {
  if (description.kind == KIND_SOCKET) {
    return changetype<Socket>(description.object).type == SOCK_DGRAM ? FILETYPE_SOCKET_DGRAM : FILETYPE_SOCKET_STREAM;
  }
  return isTerminal(description) ? FILETYPE_CHARACTER_DEVICE : FILETYPE_UNKNOWN;
}

/** Reads from a description that is not foreign: bytes or -errno. */
function readFrom(description: Description, vector: Vector): i32 {
  const nonblocking = (description.flags & O_NONBLOCK) != 0;
  if (description.kind == KIND_PIPE_READ) return readPipe(changetype<Pipe>(description.object), vector, nonblocking);
  if (description.kind == KIND_PIPE_WRITE) return -EBADF;
  if (description.kind == KIND_DEVICE)
    return isReadable(description.object) ? readDevice(description.object, vector) : -EBADF;
  const socket = changetype<Socket>(description.object);
  const size = <i32>vector.left;
  if (size == 0) return 0;
  if (description.kind == KIND_SOCKET) return min(receiveInto(socket, vector, 0, nonblocking), size);
  return readTerminal(socket, vector, nonblocking);
}

function writeTo(description: Description, vector: Vector): i32 {
  const nonblocking = (description.flags & O_NONBLOCK) != 0;
  if (description.kind == KIND_PIPE_WRITE) return writePipe(changetype<Pipe>(description.object), vector, nonblocking);
  if (description.kind == KIND_PIPE_READ) return -EBADF;
  if (description.kind == KIND_DEVICE)
    return isWritable(description.object) ? writeDevice(description.object, vector) : -EBADF;
  const socket = changetype<Socket>(description.object);
  if (description.kind == KIND_SOCKET) return sendTo(socket, vector, 0, 0, 0, nonblocking);
  return writeTerminal(socket, vector, nonblocking);
}

function finish(result: i32, done: usize): i32 {
  if (result < 0) return -result;
  return storeGuest32(done, result) ? EFAULT : 0;
}

/** readv(2), read(2). */
export function fd_read(fd: i32, iovs: usize, count: i32, done: usize): i32 {
  let errno = tryRead(fd, iovs, count, done);
  while (errno == ERESTART) errno = tryRead(fd, iovs, count, done);
  return errno;
}

function tryRead(fd: i32, iovs: usize, count: i32, done: usize): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return EBADF;
  if (description.kind == KIND_FOREIGN) {
    const errno = foreign.fd_read(<i32>description.object, iovs, count, done);
    return errno != 0 && isDirectory(<i32>description.object) ? EISDIR : errno;
  }
  const vector = newVector(iovs, count, EINVAL);
  if (vector === null) return vectorError;
  const result = readFrom(description, vector);
  freeVector(vector);
  return finish(result, done);
}

/** writev(2), write(2). */
export function fd_write(fd: i32, iovs: usize, count: i32, done: usize): i32 {
  let errno = tryWrite(fd, iovs, count, done);
  while (errno == ERESTART) errno = tryWrite(fd, iovs, count, done);
  return errno;
}

function tryWrite(fd: i32, iovs: usize, count: i32, done: usize): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return EBADF;
  if (description.kind == KIND_FOREIGN) return foreign.fd_write(<i32>description.object, iovs, count, done);
  const vector = newVector(iovs, count, EINVAL);
  if (vector === null) return vectorError;
  const result = writeTo(description, vector);
  freeVector(vector);
  return leave(finish(result, done));
}

/** close(2). */
export function fd_close(fd: i32): i32 {
  enter();
  return descriptionOf(fd) === null ? EBADF : closeDescriptor(fd);
}

/** Moves a descriptor: `to` is closed, `from` is free afterwards. */
export function fd_renumber(from: i32, to: i32): i32 {
  enter();
  if (descriptionOf(from) === null || descriptionOf(to) === null) return EBADF;
  if (from == to) return 0;
  const error = replace(from, to, 0);
  if (error < 0) return -error;
  return fd_close(from);
}

/**
 * File type, flags and rights. By the number of a preopened directory libc's open() asks what its files may be opened for, also when
 * the guest has closed it or put something else there.
 */
export function fd_fdstat_get(fd: i32, pointer: usize): i32 {
  enter();
  if (fd == DEVICES) return copyout(pointer, devicesStat(stat), 24) ? EFAULT : 0;
  if (isPreopen(fd)) return foreign.fd_fdstat_get(fd, pointer);
  const description = descriptionOf(fd);
  if (description === null) return EBADF;
  if (description.kind == KIND_FOREIGN) return foreign.fd_fdstat_get(<i32>description.object, pointer);
  memory.fill(stat, 0, 24);
  store<u8>(stat, description.kind == KIND_DEVICE ? FILETYPE_CHARACTER_DEVICE : fileType(description));
  store<u16>(stat, <u16>description.flags, 2);
  let rights = RIGHTS;
  if (description.kind == KIND_PIPE_READ) rights &= ~RIGHT_WRITE;
  if (description.kind == KIND_PIPE_WRITE) rights &= ~RIGHT_READ;
  if (description.kind == KIND_DEVICE) {
    rights |= RIGHT_SEEK;
    if (!isReadable(description.object)) rights &= ~RIGHT_READ;
    if (!isWritable(description.object)) rights &= ~RIGHT_WRITE;
  }
  store<u64>(stat, rights, 8);
  return copyout(pointer, stat, 24) ? EFAULT : 0;
}

/** fcntl(F_SETFL)'s other way in. */
export function fd_fdstat_set_flags(fd: i32, flags: i32): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return EBADF;
  if (description.kind == KIND_FOREIGN) return foreign.fd_fdstat_set_flags(<i32>description.object, flags);
  description.flags = flags & (O_NONBLOCK | O_APPEND);
  return 0;
}

/** fstat(2). */
export function fd_filestat_get(fd: i32, pointer: usize): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return EBADF;
  if (description.kind == KIND_FOREIGN) return foreign.fd_filestat_get(<i32>description.object, pointer);
  if (description.kind == KIND_DEVICE) return copyout(pointer, deviceFile(stat, description.object), 64) ? EFAULT : 0;
  memory.fill(stat, 0, 64);
  store<u64>(stat, <u64>changetype<usize>(description), 8);
  store<u8>(stat, fileType(description), 16);
  store<u64>(stat, 1, 24);
  return copyout(pointer, stat, 64) ? EFAULT : 0;
}

/** accept(2) as preview1 has it. */
export function sock_accept(fd: i32, flags: i32, opened: usize): i32 {
  const result = accept4(fd, 0, 0, flags & O_NONBLOCK ? SOCK_NONBLOCK : 0);
  return finish(result, opened);
}

/** recv(2) as preview1 has it: flags 1 peek, 2 wait for all. */
export function sock_recv(fd: i32, iovs: usize, count: i32, flags: i32, done: usize, outFlags: usize): i32 {
  let errno = tryReceive(fd, iovs, count, flags, done, outFlags);
  while (errno == ERESTART) errno = tryReceive(fd, iovs, count, flags, done, outFlags);
  return errno;
}

function tryReceive(fd: i32, iovs: usize, count: i32, flags: i32, done: usize, outFlags: usize): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return EBADF;
  if (description.kind != KIND_SOCKET) return ENOTSOCK;
  const vector = newVector(iovs, count, EINVAL);
  if (vector === null) return vectorError;
  const size = <i32>vector.left;
  const posix = (flags & 1 ? MSG_PEEK : 0) | (flags & 2 ? MSG_WAITALL : 0);
  const socket = changetype<Socket>(description.object);
  const result = receiveInto(socket, vector, posix, (description.flags & O_NONBLOCK) != 0);
  freeVector(vector);
  if (result < 0) return -result;
  store<u16>(cell, result > size ? 1 : 0);
  if (copyout(outFlags, cell, 2)) return EFAULT;
  return finish(min(result, size), done);
}

/** send(2) as preview1 has it. */
export function sock_send(fd: i32, iovs: usize, count: i32, _flags: i32, done: usize): i32 {
  const description = descriptionOf(fd);
  if (description !== null && description.kind != KIND_SOCKET) return ENOTSOCK;
  return fd_write(fd, iovs, count, done);
}

/** shutdown(2) as preview1 has it: 1 receive, 2 send. */
export function sock_shutdown(fd: i32, how: i32): i32 {
  return -shutdown(fd, how);
}

/** One turn of the host's event loop. */
export function sched_yield(): i32 {
  enter();
  turn();
  return 0;
}

/** raise(3). */
export function proc_raise(signal: i32): i32 {
  enter();
  raise(signal);
  return leave(0);
}

/** exit(2): closes every descriptor, lets output drain, and does not return. */
export function proc_exit(status: i32): void {
  kernel_close();
  exit(status);
}

/** Closes every descriptor and waits until standard output and error are written out. */
export function kernel_close(): void {
  setAlone(true);
  for (let fd = 0; fd < descriptorTop(); fd++) forgetHolds(fd);
  for (let fd = 0; fd < descriptorTop(); fd++) {
    if (descriptionOf(fd) !== null) closeDescriptor(fd);
  }
  releaseAllRights();
  drainTerminals();
}
