// Module "posix": dup, dup2, dup3, fcntl, ioctl, pipe2. Every function gives its result or -errno.

import { EBADF, EFAULT, EINVAL, EMFILE, ENOMEM, ENOTTY } from "../shared/errno";
import {
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FD_CLOEXEC,
  FIOCLEX,
  FIONBIO,
  FIONCLEX,
  FIONREAD,
  O_APPEND,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
} from "../shared/fcntl";
import { SOCK_DGRAM, SOCK_SEQPACKET } from "../shared/socket";
import { leaveDescription } from "../close";
import { firstLength, totalLength } from "../datagram-queue";
import {
  Description,
  descriptionOf,
  descriptorFlags,
  duplicate,
  fileLimit,
  freeDescription,
  hardFileLimit,
  install,
  KIND_DEVICE,
  KIND_FOREIGN,
  KIND_PIPE_READ,
  KIND_PIPE_WRITE,
  KIND_SOCKET,
  KIND_TERMINAL,
  place,
  remove,
  setDescriptorFlags,
  setFileLimits,
} from "../description";
import { isReadable, isWritable } from "../device";
import { fd_fdstat_get, fd_fdstat_set_flags } from "../foreign";
import { cell, copyin, copyout, storeGuest32 } from "../guest";
import { newPipe, Pipe, pipeBytes, closePipe } from "../pipe";
import { LISTEN, hasRecords, lendRest, Socket } from "../socket";
import { hasTyped, isTerminal, typedReadable } from "../terminal";
import { enter, ERESTART, leave, turn } from "../turn";
import { terminalControl } from "./terminal";

/** dup(2). */
export function dup(fd: i32): i32 {
  enter();
  return duplicate(fd, 0, 0);
}

/** dup2(2): the same descriptor is left alone. */
export function dup2(fd: i32, to: i32): i32 {
  enter();
  if (descriptionOf(fd) === null) return -EBADF;
  return fd == to ? fd : replace(fd, to, 0);
}

/** dup3(2): the same descriptor is EINVAL. */
export function dup3(fd: i32, to: i32, flags: i32): i32 {
  enter();
  if (flags & ~O_CLOEXEC || fd == to) return -EINVAL;
  return replace(fd, to, flags & O_CLOEXEC ? FD_CLOEXEC : 0);
}

/** Closes `to` and makes it a duplicate of `fd`. */
export function replace(fd: i32, to: i32, flags: i32): i32 {
  const description = descriptionOf(fd);
  if (description === null || to < 0 || to >= fileLimit()) return -EBADF;
  const old = descriptionOf(to);
  const last = old !== null && remove(to) !== null;
  place(to, description, flags);
  // Only now: a close may linger, and what a handler opens meanwhile must not get this number.
  if (old !== null) leaveDescription(old, last);
  return to;
}

/** fcntl(2): F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL, F_SETFL; others are EINVAL. */
export function fcntl(fd: i32, command: i32, argument: i32): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return -EBADF;
  switch (command) {
    case F_DUPFD:
      return duplicate(fd, argument, 0);
    case F_DUPFD_CLOEXEC:
      return duplicate(fd, argument, FD_CLOEXEC);
    case F_GETFD:
      return descriptorFlags(fd);
    case F_SETFD:
      setDescriptorFlags(fd, argument & FD_CLOEXEC);
      return 0;
    case F_GETFL:
      return statusFlags(description);
    case F_SETFL:
      return setStatusFlags(description, argument);
  }
  return -EINVAL;
}

const stat: usize = memory.data(24, 8);
const FILETYPE_DIRECTORY: u8 = 3;

/** The access mode with O_NONBLOCK and O_APPEND. A file's mode is read off the rights that its provider gives it. */
function statusFlags(description: Description): i32 {
  switch (description.kind) {
    case KIND_PIPE_READ:
      return O_RDONLY | description.flags;
    case KIND_PIPE_WRITE:
      return O_WRONLY | description.flags;
    case KIND_DEVICE: {
      const mode = isReadable(description.object) ? O_RDWR : O_WRONLY;
      return (isWritable(description.object) ? mode : O_RDONLY) | description.flags;
    }
    case KIND_FOREIGN:
      return foreignFlags(<i32>description.object);
  }
  return O_RDWR | description.flags;
}

/** Descriptors of files are looked at through guest memory, which only the provider can write: its stack is borrowed. */
function foreignFlags(fd: i32): i32 {
  const scratch = borrow();
  if (scratch < 0) return O_RDWR;
  const error = fd_fdstat_get(fd, scratch);
  if (error == 0) copyin(stat, scratch, 24);
  giveBack(scratch);
  if (error) return -error;
  const rights = load<u64>(stat, 8);
  const readable = (rights & 0x2) != 0;
  const writable = (rights & 0x40) != 0;
  return (readable && writable ? O_RDWR : writable ? O_WRONLY : O_RDONLY) | <i32>load<u16>(stat, 2);
}

const kept: usize = memory.data(24, 8);
const BORROWED: i32 = 1024;

function borrow(): i32 {
  return copyin(kept, BORROWED, 24) ? -1 : BORROWED;
}

function giveBack(pointer: i32): void {
  copyout(pointer, kept, 24);
}

/** Whether a provider's descriptor is a directory. */
export function isDirectory(fd: i32): bool {
  const scratch = borrow();
  if (scratch < 0) return false;
  const error = fd_fdstat_get(fd, scratch);
  if (error == 0) copyin(stat, scratch, 24);
  giveBack(scratch);
  return error == 0 && load<u8>(stat) == FILETYPE_DIRECTORY;
}

function setStatusFlags(description: Description, flags: i32): i32 {
  const wanted = flags & (O_NONBLOCK | O_APPEND);
  if (description.kind == KIND_FOREIGN) return -fd_fdstat_set_flags(<i32>description.object, wanted);
  description.flags = wanted;
  return 0;
}

/** ioctl(2): FIONREAD, FIONBIO, FIOCLEX, FIONCLEX, and a terminal's (abi/terminal.ts); others are ENOTTY. */
export function ioctl(fd: i32, command: i32, pointer: usize): i32 {
  let result = tryControl(fd, command, pointer);
  while (result == -ERESTART) result = tryControl(fd, command, pointer);
  return leave(result);
}

function tryControl(fd: i32, command: i32, pointer: usize): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return -EBADF;
  switch (command) {
    case FIOCLEX:
      setDescriptorFlags(fd, FD_CLOEXEC);
      return 0;
    case FIONCLEX:
      setDescriptorFlags(fd, 0);
      return 0;
    case FIONBIO:
      if (copyin(cell, pointer, 4)) return -EFAULT;
      if (description.kind == KIND_FOREIGN) return -ENOTTY;
      if (load<i32>(cell)) description.flags |= O_NONBLOCK;
      else description.flags &= ~O_NONBLOCK;
      return 0;
    case FIONREAD: {
      const bytes = unread(description);
      if (bytes < 0) return bytes;
      return storeGuest32(pointer, bytes) ? -EFAULT : 0;
    }
  }
  return isTerminal(description) ? terminalControl(description, command, pointer) : -ENOTTY;
}

/** Bytes that a read would give now. */
function unread(description: Description): i32 {
  switch (description.kind) {
    case KIND_PIPE_READ:
    case KIND_PIPE_WRITE:
      return <i32>pipeBytes(changetype<Pipe>(description.object));
    case KIND_SOCKET:
    case KIND_TERMINAL: {
      const socket = changetype<Socket>(description.object);
      if (socket.state == LISTEN) return -EINVAL;
      if (hasTyped(socket)) {
        if (typedReadable() == 0) turn();
        return typedReadable();
      }
      if (socket.queue == 0) {
        lendRest(socket);
        turn();
      }
      if (!hasRecords(socket)) return <i32>(socket.receiveEnd - socket.receiveStart);
      if (socket.type == SOCK_SEQPACKET) return <i32>totalLength(socket);
      return socket.queue == 0 ? 0 : <i32>firstLength(socket);
    }
  }
  return -ENOTTY;
}

/** pipe2(2) with O_NONBLOCK and O_CLOEXEC. */
export function pipe2(pointer: usize, flags: i32): i32 {
  enter();
  if (flags & ~(O_NONBLOCK | O_CLOEXEC)) return -EINVAL;
  const pipe = newPipe();
  if (pipe === null) return -ENOMEM;
  const object = changetype<usize>(pipe);
  const closeOnExec = flags & O_CLOEXEC ? FD_CLOEXEC : 0;
  const read = install(KIND_PIPE_READ, object, flags & O_NONBLOCK, closeOnExec, 0);
  const write = read < 0 ? read : install(KIND_PIPE_WRITE, object, flags & O_NONBLOCK, closeOnExec, 0);
  if (write >= 0) {
    store<i32>(cell, read);
    store<i32>(cell, write, 4);
    if (copyout(pointer, cell, 8) == 0) return 0;
  }
  if (read >= 0) freeDescription(changetype<Description>(remove(read)));
  if (write >= 0) freeDescription(changetype<Description>(remove(write)));
  closePipe(pipe, true);
  closePipe(pipe, false);
  return write < 0 ? -EMFILE : -EFAULT;
}

/**
 * getrlimit(2) and setrlimit(2) of RLIMIT_NOFILE: tells the limits at `was` and sets those at `set`, both
 * | soft u32 | hard u32 | or null. -EFAULT; -EINVAL and -EPERM as setFileLimits() has them.
 */
export function rlimit_files(set: usize, was: usize): i32 {
  enter();
  const soft = fileLimit();
  const hard = hardFileLimit();
  if (set != 0) {
    if (copyin(cell, set, 8)) return -EFAULT;
    const error = setFileLimits(load<u32>(cell), load<u32>(cell, 4));
    if (error != 0) return -error;
  }
  if (was == 0) return 0;
  return storeGuest32(was, soft) == 0 && storeGuest32(was + 4, hard) == 0 ? 0 : -EFAULT;
}
