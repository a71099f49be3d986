// Module "posix": socket, socketpair, bind, connect, chdir, listen, accept4, getsockname, getpeername, shutdown, getsockopt,
// setsockopt. Owns the order of checks on a guest's arguments (spec row 0.1); what a call does is the socket's own file.
// Every function gives its result or -errno.

import {
  EAFNOSUPPORT,
  EBADF,
  EFAULT,
  EINVAL,
  EMFILE,
  ENOBUFS,
  ENOTCONN,
  ENOTSOCK,
  EOPNOTSUPP,
  EPROTONOSUPPORT,
} from "../shared/errno";
import { ENDPOINT_PORT, ENDPOINT_SIZE } from "../shared/endpoint";
import { FD_CLOEXEC, O_NONBLOCK } from "../shared/fcntl";
import { REQUEST_BIND } from "../shared/request";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  IPPROTO_TCP,
  IPPROTO_UDP,
  SHUT_RDWR,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  SOCK_STREAM,
} from "../shared/socket";
import {
  CAPABILITY_DATAGRAMS,
  CAPABILITY_LISTEN,
  CAPABILITY_STREAMS,
  CAPABILITY_UNIX_DATAGRAMS,
  CAPABILITY_UNIX_SEQPACKET,
  CAPABILITY_UNIX_STREAMS,
} from "../shared/capability";
import { isCapable } from "../capability";
import { closeDescriptor } from "../close";
import { connectDatagram, shutdownDatagram } from "../datagram";
import { Description, descriptionOf, install, KIND_SOCKET, lowestFree, remove, freeDescription } from "../description";
import { directory, directoryLength, reserveDirectory, setDirectoryLength } from "../directory";
import { cell, copyin, copyout } from "../guest";
import { request } from "../host";
import { accepted, acceptStream, listenStream } from "../listener";
import { getOption, setOption } from "../option";
import { OPTION_V6ONLY } from "../option-bits";
import { fetchLength, fetchName, giveName, isMapped, isWildcard, nameFamily, readName, target } from "../sockaddr";
import { CLOSE, freeSocket, newSocket, openSocket, Socket } from "../socket";
import { connectStream, joinPair, shutdownStream } from "../stream";
import { wakeThreads } from "../thread";
import { enter, ERESTART, settle } from "../turn";

/** errno of the last socketAt() that gave null. */
export let socketError: i32 = 0;

/** The socket of a descriptor, or null with socketError EBADF or ENOTSOCK. */
export function socketAt(fd: i32): Socket | null {
  const description = descriptionOf(fd);
  if (description === null) {
    socketError = EBADF;
    return null;
  }
  if (description.kind != KIND_SOCKET) {
    socketError = ENOTSOCK;
    return null;
  }
  return changetype<Socket>(description.object);
}

/** O_NONBLOCK of an open descriptor. */
export function isNonblocking(fd: i32): bool {
  return (changetype<Description>(descriptionOf(fd)).flags & O_NONBLOCK) != 0;
}

/** What socket(2) makes of its arguments: 0 or errno. */
function checkKind(domain: i32, type: i32, protocol: i32): i32 {
  if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET) {
    return domain == AF_INET || domain == AF_INET6 || domain == AF_UNIX ? EPROTONOSUPPORT : EAFNOSUPPORT;
  }
  if (domain == AF_UNIX) return protocol == 0 || protocol == AF_UNIX ? 0 : EPROTONOSUPPORT;
  if (domain != AF_INET && domain != AF_INET6) return EAFNOSUPPORT;
  if (type == SOCK_SEQPACKET) return EPROTONOSUPPORT;
  if (protocol == 0 || protocol == (type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP)) return 0;
  return EPROTONOSUPPORT;
}

/** The capability of the network that a kind of socket needs. */
function capabilityOf(domain: i32, type: i32): i32 {
  if (domain == AF_UNIX) {
    if (type == SOCK_SEQPACKET) return CAPABILITY_UNIX_SEQPACKET;
    return type == SOCK_DGRAM ? CAPABILITY_UNIX_DATAGRAMS : CAPABILITY_UNIX_STREAMS;
  }
  return type == SOCK_DGRAM ? CAPABILITY_DATAGRAMS : CAPABILITY_STREAMS;
}

function protocolOf(domain: i32, type: i32): i32 {
  if (domain == AF_UNIX) return 0;
  return type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
}

function installSocket(socket: Socket, flags: i32): i32 {
  return install(
    KIND_SOCKET,
    changetype<usize>(socket),
    flags & SOCK_NONBLOCK ? O_NONBLOCK : 0,
    flags & SOCK_CLOEXEC ? FD_CLOEXEC : 0,
    0,
  );
}

/** socket(2). */
export function socket(domain: i32, type: i32, protocol: i32): i32 {
  enter();
  const kind = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  const error = checkKind(domain, kind, protocol);
  if (error) return -error;
  if (!isCapable(capabilityOf(domain, kind))) return -EPROTONOSUPPORT;
  if (lowestFree(0) < 0) return -EMFILE;
  const made = newSocket(domain, kind, protocolOf(domain, kind));
  if (made === null) return -ENOBUFS;
  openSocket(made);
  return installSocket(made, type);
}

/** socketpair(2), AF_UNIX. */
export function socketpair(domain: i32, type: i32, protocol: i32, pointer: usize): i32 {
  enter();
  const kind = type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
  const error = checkKind(domain, kind, protocol);
  if (error) return -error;
  if (domain != AF_UNIX) return -EOPNOTSUPP;
  const one = newSocket(domain, kind, 0);
  const other = newSocket(domain, kind, 0);
  if (one === null || other === null) return -ENOBUFS;
  joinPair(one, other);
  const first = installSocket(one, type);
  const second = first < 0 ? first : installSocket(other, type);
  if (second < 0) return undo(one, other, first, -1, second);
  store<i32>(cell, first);
  store<i32>(cell, second, 4);
  if (copyout(pointer, cell, 8)) return undo(one, other, first, second, -EFAULT);
  return 0;
}

function undo(one: Socket, other: Socket, first: i32, second: i32, error: i32): i32 {
  if (first >= 0) freeDescription(changetype<Description>(remove(first)));
  if (second >= 0) freeDescription(changetype<Description>(remove(second)));
  freeSocket(one);
  freeSocket(other);
  return error;
}

/** bind(2). */
export function bind(fd: i32, name: usize, length: u32): i32 {
  enter();
  const made = socketAt(fd);
  if (made === null) return -socketError;
  let error = fetchName(name, length);
  if (error) return -error;
  if (made.domain == AF_UNIX && length == 2 && nameFamily() == AF_UNIX) {
    // unix(7), autobind: the family alone asks for an abstract name of the system's choice.
    if (made.bound) return 0;
    memory.fill(target, 0, ENDPOINT_SIZE);
    store<u16>(target, <u16>AF_UNIX);
  } else {
    error = readName(made, length);
    if (error) return -error;
  }
  if (made.bound || made.state != CLOSE || made.paired) return -EINVAL;
  // RFC 3493, 5.3: a socket that is for IPv6 only has no IPv4 address.
  if (made.domain == AF_INET6 && isMapped(target) && made.options & OPTION_V6ONLY) return -EINVAL;
  const port = load<u16>(target, ENDPOINT_PORT);
  const flags = 1 | (port ? 2 : 0) | (made.domain == AF_UNIX || !isWildcard(target) ? 4 : 0);
  made.answer = -1;
  request(REQUEST_BIND, made.id, <i32>target, <i32>directory, directoryLength);
  error = settle(changetype<usize>(made) + offsetof<Socket>("answer"));
  if (error) return -error;
  made.bound = flags;
  return 0;
}

/** Tells where relative AF_UNIX paths begin, as an absolute path without a NUL: 0, -ENAMETOOLONG, -ENOMEM, -EFAULT. */
export function chdir(path: usize, length: u32): i32 {
  enter();
  const error = reserveDirectory(length);
  if (error) return -error;
  if (copyin(directory, path, length)) return -EFAULT;
  setDirectoryLength(length);
  return 0;
}

/** connect(2). */
export function connect(fd: i32, name: usize, length: u32): i32 {
  enter();
  const description = descriptionOf(fd);
  if (description === null) return -EBADF;
  const error = fetchName(name, length);
  if (error) return -error;
  const made = socketAt(fd);
  if (made === null) return -socketError;
  if (length < 2) return -EINVAL;
  if (made.type == SOCK_DGRAM) return connectDatagram(made, length);
  return connectStream(made, length, isNonblocking(fd));
}

/** listen(2). */
export function listen(fd: i32, backlog: i32): i32 {
  enter();
  const made = socketAt(fd);
  if (made === null) return -socketError;
  if (made.type == SOCK_DGRAM || !isCapable(CAPABILITY_LISTEN)) return -EOPNOTSUPP;
  if (made.domain == AF_UNIX && !made.bound) return -EINVAL;
  return listenStream(made, backlog);
}

/** accept4(2); accept(2) is it with flags 0. */
export function accept4(fd: i32, name: usize, lengthPointer: usize, flags: i32): i32 {
  let result = tryAccept(fd, name, lengthPointer, flags);
  while (result == -ERESTART) result = tryAccept(fd, name, lengthPointer, flags);
  return result;
}

function tryAccept(fd: i32, name: usize, lengthPointer: usize, flags: i32): i32 {
  enter();
  if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) return -EINVAL;
  const listener = socketAt(fd);
  if (listener === null) return -socketError;
  if (listener.type == SOCK_DGRAM) return -EOPNOTSUPP;
  if (lowestFree(0) < 0) return -EMFILE;
  const error = acceptStream(listener, isNonblocking(fd));
  if (error) return error;
  const made = changetype<Socket>(accepted);
  const result = installSocket(made, flags);
  if (result < 0 || name == 0) return result;
  const fault = giveName(made.peer, name, lengthPointer);
  if (fault == 0) return result;
  closeDescriptor(result);
  return -fault;
}

/** getsockname(2). */
export function getsockname(fd: i32, name: usize, lengthPointer: usize): i32 {
  enter();
  const made = socketAt(fd);
  if (made === null) return -socketError;
  return -giveName(made.local, name, lengthPointer);
}

/** getpeername(2). */
export function getpeername(fd: i32, name: usize, lengthPointer: usize): i32 {
  enter();
  const made = socketAt(fd);
  if (made === null) return -socketError;
  if (!made.named) return -ENOTCONN;
  return -giveName(made.peer, name, lengthPointer);
}

/** shutdown(2). */
export function shutdown(fd: i32, how: i32): i32 {
  enter();
  const made = socketAt(fd);
  if (made === null) return -socketError;
  if (how < 1 || how > SHUT_RDWR) return -EINVAL;
  wakeThreads();
  return made.type == SOCK_DGRAM ? shutdownDatagram(made, how) : shutdownStream(made, how);
}

/** getsockopt(2). */
export function getsockopt(fd: i32, level: i32, name: i32, pointer: usize, lengthPointer: usize): i32 {
  enter();
  const made = socketAt(fd);
  if (made === null) return -socketError;
  const room = fetchLength(lengthPointer);
  if (room < 0) return room;
  return getOption(made, level, name, pointer, lengthPointer, room);
}

/** setsockopt(2). */
export function setsockopt(fd: i32, level: i32, name: i32, pointer: usize, length: u32): i32 {
  enter();
  const made = socketAt(fd);
  if (made === null) return -socketError;
  return setOption(made, level, name, pointer, length);
}
