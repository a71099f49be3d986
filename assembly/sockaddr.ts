// The sockaddr codec: guest bytes to endpoint and back, with the checks of connect(2)'s argument rows (spec rows 0.1, 1.x).
//
//   sockaddr_in  (16): family u16 | port u16 be | address 4 | zero 8
//   sockaddr_in6 (32): family u16 | port u16 be | flowinfo u32 | address 16 | scope u32 @24 | pad       (28 accepted)
//   sockaddr_un (110): family u16 | path[108]
//
// There is no sa_len on this ABI: the manual's "sa_len is ignored" holds by construction.

import {
  ENDPOINT_ADDRESS,
  ENDPOINT_FAMILY,
  ENDPOINT_LENGTH,
  ENDPOINT_PATH_MAX,
  ENDPOINT_PORT,
  ENDPOINT_SCOPE,
  ENDPOINT_SIZE,
} from "./shared/endpoint";
import { EAFNOSUPPORT, EFAULT, EINVAL } from "./shared/errno";
import { AF_INET, AF_INET6, AF_UNIX } from "./shared/socket";
import { copyin, copyout } from "./guest";
import { Socket } from "./socket";

/** Longest name a call takes (sockaddr_storage). */
const NAME_MAX: u32 = 128;
/** Shortest sockaddr_in6 (RFC 2133's, without the scope), as Linux takes it. */
const IN6_MIN: u32 = 24;

const name: usize = memory.data(128, 8);
/** The endpoint that readName() made; valid until the next call that may block. */
export const target: usize = memory.data(128, 8);

/** Brings a guest's name in: 0, EINVAL for its length, EFAULT. The bytes that it does not cover are zero. */
export function fetchName(pointer: usize, length: u32): i32 {
  if (length > NAME_MAX) return EINVAL;
  memory.fill(name, 0, 128);
  return length > 0 && copyin(name, pointer, length) ? EFAULT : 0;
}

/** sa_family of the name that was brought in. */
export function nameFamily(): i32 {
  return load<u16>(name);
}

/** Decodes the name that was brought in for `socket` into `target`: 0, EINVAL (length), EAFNOSUPPORT. */
export function readName(socket: Socket, length: u32): i32 {
  return readNameOf(socket.domain, length);
}

/** The same for a name that may be of any family. */
export function readNameAs(length: u32): i32 {
  return readNameOf(nameFamily(), length);
}

function readNameOf(domain: i32, length: u32): i32 {
  const family = nameFamily();
  memory.fill(target, 0, ENDPOINT_SIZE);
  switch (domain) {
    case AF_INET:
      return readInternet(family, length);
    case AF_INET6:
      return readInternet6(family, length);
    case AF_UNIX:
      return readUnix(family, length);
  }
  return EAFNOSUPPORT;
}

function readInternet(family: i32, length: u32): i32 {
  if (length < 16) return EINVAL;
  if (family != AF_INET) return EAFNOSUPPORT;
  store<u16>(target, <u16>AF_INET, ENDPOINT_FAMILY);
  store<u16>(target, bswap<u16>(load<u16>(name, 2)), ENDPOINT_PORT);
  store<u32>(target, load<u32>(name, 4), ENDPOINT_ADDRESS);
  return 0;
}

function readInternet6(family: i32, length: u32): i32 {
  if (length < IN6_MIN) return EINVAL;
  if (family != AF_INET6) return EAFNOSUPPORT;
  store<u16>(target, <u16>AF_INET6, ENDPOINT_FAMILY);
  store<u16>(target, bswap<u16>(load<u16>(name, 2)), ENDPOINT_PORT);
  store<u32>(target, load<u32>(name, 24), ENDPOINT_SCOPE);
  memory.copy(target + ENDPOINT_ADDRESS, name + 8, 16);
  return 0;
}

function readUnix(family: i32, length: u32): i32 {
  // Longer than sockaddr_un or without a path: EINVAL (6.6).
  if (length <= 2 || length > 110) return EINVAL;
  if (family != AF_UNIX) return EAFNOSUPPORT;
  const path = name + 2;
  let size = min<u32>(length - 2, ENDPOINT_PATH_MAX);
  if (load<u8>(path) != 0) {
    let end: u32 = 0;
    while (end < size && load<u8>(path + end) != 0) end++;
    size = end;
  }
  store<u16>(target, <u16>AF_UNIX, ENDPOINT_FAMILY);
  store<u32>(target, size, ENDPOINT_LENGTH);
  memory.copy(target + ENDPOINT_ADDRESS, path, size);
  return 0;
}

/** Encodes an endpoint; the name's bytes are at the returned pointer, nameLength() of them. */
function writeName(endpoint: usize): u32 {
  memory.fill(name, 0, 128);
  const family = load<u16>(endpoint, ENDPOINT_FAMILY);
  store<u16>(name, family);
  if (family == AF_UNIX) {
    const size = min<u32>(load<u32>(endpoint, ENDPOINT_LENGTH), ENDPOINT_PATH_MAX);
    memory.copy(name + 2, endpoint + ENDPOINT_ADDRESS, size);
    // A path is told with its NUL where there is room; an abstract or unnamed one has its exact length.
    return 2 + size + (size > 0 && load<u8>(name, 2) != 0 ? 1 : 0);
  }
  store<u16>(name, bswap<u16>(load<u16>(endpoint, ENDPOINT_PORT)), 2);
  if (family == AF_INET6) {
    memory.copy(name + 8, endpoint + ENDPOINT_ADDRESS, 16);
    store<u32>(name, load<u32>(endpoint, ENDPOINT_SCOPE), 24);
    return 32;
  }
  store<u32>(name, load<u32>(endpoint, ENDPOINT_ADDRESS), 4);
  return 16;
}

/**
 * Gives the guest an endpoint the way getsockname(2) does: cut to *lengthPointer, whose new value is the whole length.
 * 0, EINVAL (a negative length), EFAULT.
 */
export function giveName(endpoint: usize, pointer: usize, lengthPointer: usize): i32 {
  const room = fetchLength(lengthPointer);
  if (room < 0) return -room;
  return giveNameIn(endpoint, pointer, lengthPointer, room);
}

/** giveName() with the room that *lengthPointer held. */
export function giveNameIn(endpoint: usize, pointer: usize, lengthPointer: usize, room: i32): i32 {
  const size = writeName(endpoint);
  if (room > 0 && copyout(pointer, name, min<u32>(room, size))) return EFAULT;
  store<u32>(name, size, 124);
  return copyout(lengthPointer, name + 124, 4) ? EFAULT : 0;
}

/** The socklen_t at `lengthPointer`, or -EINVAL (negative), -EFAULT. */
export function fetchLength(lengthPointer: usize): i32 {
  if (copyin(name + 124, lengthPointer, 4)) return -EFAULT;
  const room = load<i32>(name, 124);
  return room < 0 ? -EINVAL : room;
}

/** The bytes of an endpoint as a sockaddr, for msg_name; at most `room` of them. The length, or -EFAULT. */
export function giveMessageName(endpoint: usize, pointer: usize, room: u32): i32 {
  const size = writeName(endpoint);
  return copyout(pointer, name, min(room, size)) ? -EFAULT : <i32>size;
}

/** Whether the endpoint is all zero: 0.0.0.0 or ::. */
export function isWildcard(endpoint: usize): bool {
  if (load<u16>(endpoint) == AF_INET) return load<u32>(endpoint, ENDPOINT_ADDRESS) == 0;
  return load<u64>(endpoint, ENDPOINT_ADDRESS) == 0 && load<u64>(endpoint, ENDPOINT_ADDRESS + 8) == 0;
}

/** The IPv4 address, in network order, of an AF_INET or IPv4-mapped endpoint; 0 if it is neither. */
export function ipv4Of(endpoint: usize): u32 {
  if (load<u16>(endpoint) == AF_INET) return load<u32>(endpoint, ENDPOINT_ADDRESS);
  return isMapped(endpoint) ? load<u32>(endpoint, ENDPOINT_ADDRESS + 12) : 0;
}

/** Whether it is ::ffff:a.b.c.d. */
export function isMapped(endpoint: usize): bool {
  return (
    load<u16>(endpoint) == AF_INET6 &&
    load<u64>(endpoint, ENDPOINT_ADDRESS) == 0 &&
    load<u32>(endpoint, ENDPOINT_ADDRESS + 8) == 0xffff0000
  );
}

/** Whether a stream can never be connected there: broadcast, all-ones, multicast (the manual's EINVAL; 2.25). */
export function isGroup(endpoint: usize): bool {
  if (load<u16>(endpoint) == AF_INET6 && load<u8>(endpoint, ENDPOINT_ADDRESS) == 0xff) return true;
  const address = bswap<u32>(ipv4Of(endpoint));
  return address == 0xffffffff || address == 0x7fffffff || address >> 28 == 0xe;
}

/** Whether it is fe80::/10 without a scope, which no route can serve (1.13). */
export function isUnscoped(endpoint: usize): bool {
  return (
    load<u16>(endpoint) == AF_INET6 &&
    (bswap<u16>(load<u16>(endpoint, ENDPOINT_ADDRESS)) & 0xffc0) == 0xfe80 &&
    load<u32>(endpoint, ENDPOINT_SCOPE) == 0
  );
}

/** Replaces a wildcard by the loopback address of its family: connect to 0.0.0.0 goes there (2.24). */
export function wildcardToLoopback(endpoint: usize): void {
  if (!isWildcard(endpoint)) return;
  if (load<u16>(endpoint) == AF_INET) store<u32>(endpoint, 0x0100007f, ENDPOINT_ADDRESS);
  else store<u8>(endpoint, 1, ENDPOINT_ADDRESS + 15);
}
