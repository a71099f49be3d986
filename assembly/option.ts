// getsockopt(2) and setsockopt(2): every option is either honoured and read back, or refused with the kernel's own error.
// What only the host can honour is asked of it, and its errno is the answer.

import { EDOM, EFAULT, EINVAL, ENOPROTOOPT, EOPNOTSUPP, EPROTO } from "./shared/errno";
import { ENDPOINT_ADDRESS, ENDPOINT_FAMILY, ENDPOINT_SCOPE } from "./shared/endpoint";
import { REQUEST_MEMBERSHIP, REQUEST_OPTION } from "./shared/request";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  IP_ADD_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IP_MULTICAST_LOOP,
  IP_MULTICAST_TTL,
  IP_OPTIONS,
  IP_TTL,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPPROTO_TCP,
  IPV6_ADD_MEMBERSHIP,
  IPV6_DROP_MEMBERSHIP,
  IPV6_MULTICAST_HOPS,
  IPV6_MULTICAST_LOOP,
  IPV6_UNICAST_HOPS,
  IPV6_V6ONLY,
  SO_ACCEPTCONN,
  SO_BROADCAST,
  SO_DEBUG,
  SO_DOMAIN,
  SO_ERROR,
  SO_KEEPALIVE,
  SO_LINGER,
  SO_OOBINLINE,
  SO_PASSCRED,
  SO_PROTOCOL,
  SO_RCVBUF,
  SO_RCVLOWAT,
  SO_RCVTIMEO,
  SO_REUSEADDR,
  SO_REUSEPORT,
  SO_SNDBUF,
  SO_SNDLOWAT,
  SO_SNDTIMEO,
  SO_TYPE,
  SOCK_DGRAM,
  SOL_SOCKET,
  TCP_KEEPCNT,
  TCP_KEEPIDLE,
  TCP_KEEPINTVL,
  TCP_MD5SIG,
  TCP_NODELAY,
  TCP_SYNCNT,
} from "./shared/socket";
import { CAPABILITY_RESET } from "./shared/capability";
import { isCapable } from "./capability";
import { copyin, copyout } from "./guest";
import { request } from "./host";
import {
  OPTION_BROADCAST,
  OPTION_DEBUG,
  OPTION_KEEPALIVE,
  OPTION_NODELAY,
  OPTION_OOBINLINE,
  OPTION_REUSEADDR,
  OPTION_REUSEPORT,
  OPTION_V6ONLY,
} from "./option-bits";
import { isTcp, LISTEN, Socket, takeError } from "./socket";
import { settle } from "./turn";

/** Linux's bounds for buffer sizes (net.core.rmem_max, doubled; SOCK_MIN_RCVBUF). */
const BUFFER_MAX: i32 = 425984;
const BUFFER_MIN: i32 = 2304;

const value: usize = memory.data(64, 8);
const group: usize = memory.data(128, 8);
const via: usize = memory.data(128, 8);

/** The bit of an on/off option, 0 if it is none. */
function bitOf(level: i32, name: i32): u32 {
  if (level == SOL_SOCKET) {
    switch (name) {
      case SO_REUSEADDR:
        return OPTION_REUSEADDR;
      case SO_REUSEPORT:
        return OPTION_REUSEPORT;
      case SO_KEEPALIVE:
        return OPTION_KEEPALIVE;
      case SO_BROADCAST:
        return OPTION_BROADCAST;
      case SO_DEBUG:
        return OPTION_DEBUG;
      case SO_OOBINLINE:
        return OPTION_OOBINLINE;
    }
  }
  if (level == IPPROTO_TCP && name == TCP_NODELAY) return OPTION_NODELAY;
  if (level == IPPROTO_IPV6 && name == IPV6_V6ONLY) return OPTION_V6ONLY;
  return 0;
}

function answer(socket: Socket): i32 {
  return settle(changetype<usize>(socket) + offsetof<Socket>("answer"));
}

function askHost(socket: Socket, level: i32, name: i32, setting: i32): i32 {
  if (socket.paired) return 0;
  socket.answer = -1;
  request(REQUEST_OPTION, socket.id, level, name, setting);
  return answer(socket);
}

/** Whether the socket knows options of that level at all: 0 or the kernel's error (`reading` differs in Linux). */
function checkLevel(socket: Socket, level: i32, reading: bool): i32 {
  if (level == SOL_SOCKET) return 0;
  if (socket.domain == AF_UNIX) return EOPNOTSUPP;
  if (level == IPPROTO_TCP) return isTcp(socket) ? 0 : reading && socket.domain == AF_INET ? EOPNOTSUPP : ENOPROTOOPT;
  if (level == IPPROTO_IPV6) return socket.domain == AF_INET6 ? 0 : reading ? EOPNOTSUPP : ENOPROTOOPT;
  return level == IPPROTO_IP ? 0 : ENOPROTOOPT;
}

/** setsockopt(2): 0 or -errno. */
export function setOption(socket: Socket, level: i32, name: i32, pointer: usize, length: u32): i32 {
  let error = checkLevel(socket, level, false);
  if (error) return -error;
  if (<i32>length < 0) return -EINVAL;
  if (isMembership(level, name)) return -setMembership(socket, level, name, pointer, length);
  if (length < 4) return -EINVAL;
  memory.fill(value, 0, 64);
  if (copyin(value, pointer, min<u32>(length, 16))) return -EFAULT;
  const setting = load<i32>(value);
  const bit = bitOf(level, name);
  if (level == IPPROTO_TCP && name == TCP_MD5SIG) {
    // No key can be known here, so that a connection with it is "not configured properly" (the manual; 2.34).
    socket.md5 = setting != 0 ? 1 : 0;
    return 0;
  }
  if (bit) error = setBit(socket, level, name, bit, setting != 0);
  else if (level == SOL_SOCKET) error = setSocketLevel(socket, name, setting, length);
  else error = setNumber(socket, level, name, setting);
  return -error;
}

function setBit(socket: Socket, level: i32, name: i32, bit: u32, on: bool): i32 {
  if (level == IPPROTO_IPV6 && socket.bound) return EINVAL;
  if (bit == OPTION_REUSEPORT && socket.domain == AF_UNIX) return EOPNOTSUPP;
  const error = isKept(socket, bit) ? 0 : askHost(socket, level, name, on ? 1 : 0);
  if (error) return error;
  if (on) socket.options |= bit;
  else socket.options &= ~bit;
  return 0;
}

/** Whether an option has no effect on such a socket, in Linux too: it is kept and read back. */
function isKept(socket: Socket, bit: u32): bool {
  if (bit == OPTION_DEBUG) return true;
  if (bit == OPTION_BROADCAST) return socket.type != SOCK_DGRAM || socket.domain == AF_UNIX;
  if (bit == OPTION_KEEPALIVE || bit == OPTION_OOBINLINE) return !isTcp(socket);
  return false;
}

function setSocketLevel(socket: Socket, name: i32, setting: i32, length: u32): i32 {
  switch (name) {
    case SO_LINGER:
      if (length < 8) return EINVAL;
      if (setting != 0 && load<i32>(value, 4) == 0 && !isCapable(CAPABILITY_RESET)) return ENOPROTOOPT;
      socket.lingerOn = setting != 0 ? 1 : 0;
      if (setting != 0) socket.lingerSeconds = load<i32>(value, 4);
      return 0;
    case SO_RCVTIMEO:
    case SO_SNDTIMEO:
      return setTimeout(socket, name, length);
    case SO_RCVBUF:
      socket.receiveLimit = bufferSize(setting);
      return 0;
    case SO_SNDBUF:
      socket.sendLimit = bufferSize(setting);
      return 0;
    case SO_RCVLOWAT:
      // One byte is what a read and a poll wait for here; more cannot be waited for.
      return setting == 1 ? 0 : ENOPROTOOPT;
    case SO_PASSCRED:
      return socket.domain == AF_UNIX ? ENOPROTOOPT : EOPNOTSUPP;
  }
  return ENOPROTOOPT;
}

/** Linux doubles what is asked for, for its own bookkeeping, and tells the doubled value. */
function bufferSize(setting: i32): i32 {
  const half = BUFFER_MAX / 2;
  return max(BUFFER_MIN, (<u32>setting > <u32>half ? half : setting) * 2);
}

function setTimeout(socket: Socket, name: i32, length: u32): i32 {
  if (length < 16) return EINVAL;
  const seconds = load<i64>(value);
  const microseconds = load<i64>(value, 8);
  if (microseconds < 0 || microseconds >= 1000000) return EDOM;
  let timeout: f64 = -1;
  if (seconds < 0) timeout = 0;
  else if (seconds > 0 || microseconds > 0) timeout = <f64>seconds * 1000 + <f64>microseconds / 1000;
  if (name == SO_RCVTIMEO) socket.receiveTimeout = timeout;
  else socket.sendTimeout = timeout;
  return 0;
}

function setNumber(socket: Socket, level: i32, name: i32, setting: i32): i32 {
  const error = checkNumber(level, name, setting);
  if (error) return error;
  if (isTcp(socket) && level == IPPROTO_IP && name == IP_MULTICAST_TTL) return EINVAL;
  if (isTcp(socket) && level == IPPROTO_IPV6 && name == IPV6_MULTICAST_HOPS) return ENOPROTOOPT;
  if (isTcp(socket) && (name == IP_MULTICAST_LOOP || name == IPV6_MULTICAST_LOOP) && level != IPPROTO_TCP) {
    // Without effect on a connection, in Linux too.
    socket.multicastLoop = setting != 0 ? 1 : 0;
    return 0;
  }
  // The core itself gives up attempts.
  const refused = level == IPPROTO_TCP && name == TCP_SYNCNT ? 0 : askHost(socket, level, name, setting);
  if (refused) return refused;
  const field = fieldOf(level, name);
  if (field) store<i32>(changetype<usize>(socket) + field, setting);
  return 0;
}

function checkNumber(level: i32, name: i32, setting: i32): i32 {
  if (fieldOf(level, name) == 0) return ENOPROTOOPT;
  if (level == IPPROTO_TCP && name != TCP_KEEPIDLE && name != TCP_KEEPINTVL) {
    return setting < 1 || setting > 127 ? EINVAL : 0;
  }
  if (level == IPPROTO_TCP) return setting < 1 || setting > 32767 ? EINVAL : 0;
  const low = name == IP_TTL && level == IPPROTO_IP ? 1 : -1;
  return setting < low || setting > 255 ? EINVAL : 0;
}

/** Where a plain number lives in the record, 0 if there is no such option. */
function fieldOf(level: i32, name: i32): usize {
  if (level == IPPROTO_TCP) {
    switch (name) {
      case TCP_KEEPIDLE:
        return offsetof<Socket>("keepIdle");
      case TCP_KEEPINTVL:
        return offsetof<Socket>("keepInterval");
      case TCP_KEEPCNT:
        return offsetof<Socket>("keepCount");
      case TCP_SYNCNT:
        return offsetof<Socket>("synCount");
    }
    return 0;
  }
  if (level == IPPROTO_IP) {
    switch (name) {
      case IP_TTL:
        return offsetof<Socket>("ttl");
      case IP_MULTICAST_TTL:
        return offsetof<Socket>("multicastTtl");
      case IP_MULTICAST_LOOP:
        return offsetof<Socket>("multicastLoop");
    }
    return 0;
  }
  switch (name) {
    case IPV6_UNICAST_HOPS:
      return offsetof<Socket>("ttl");
    case IPV6_MULTICAST_HOPS:
      return offsetof<Socket>("multicastTtl");
    case IPV6_MULTICAST_LOOP:
      return offsetof<Socket>("multicastLoop");
  }
  return 0;
}

function isMembership(level: i32, name: i32): bool {
  if (level == IPPROTO_IP) return name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP;
  return level == IPPROTO_IPV6 && (name == IPV6_ADD_MEMBERSHIP || name == IPV6_DROP_MEMBERSHIP);
}

/** ip_mreq: group 4, interface 4 (ip_mreqn: and an index). ipv6_mreq: group 16, interface index 4. */
function setMembership(socket: Socket, level: i32, name: i32, pointer: usize, length: u32): i32 {
  const six = level == IPPROTO_IPV6;
  const size: u32 = six ? 20 : 8;
  if (socket.type != SOCK_DGRAM) return EPROTO;
  if (length < size) return EINVAL;
  if (copyin(value, pointer, size)) return EFAULT;
  memory.fill(group, 0, 128);
  memory.fill(via, 0, 128);
  store<u16>(group, <u16>(six ? AF_INET6 : AF_INET), ENDPOINT_FAMILY);
  store<u16>(via, <u16>(six ? AF_INET6 : AF_INET), ENDPOINT_FAMILY);
  memory.copy(group + ENDPOINT_ADDRESS, value, six ? 16 : 4);
  if (six) store<u32>(via, load<u32>(value, 16), ENDPOINT_SCOPE);
  else store<u32>(via, load<u32>(value, 4), ENDPOINT_ADDRESS);
  const join = name == (six ? IPV6_ADD_MEMBERSHIP : IP_ADD_MEMBERSHIP);
  socket.answer = -1;
  request(REQUEST_MEMBERSHIP, socket.id, join ? 1 : 0, <i32>group, <i32>via);
  return answer(socket);
}

/** getsockopt(2); `room` is what *lengthPointer held, not negative. 0 or -errno. */
export function getOption(socket: Socket, level: i32, name: i32, pointer: usize, lengthPointer: usize, room: u32): i32 {
  const error = checkLevel(socket, level, true);
  if (error) return -error;
  memory.fill(value, 0, 64);
  const size = readOption(socket, level, name);
  if (size < 0) return size;
  const given = min<u32>(room, <u32>size);
  if (given > 0 && copyout(pointer, value, given)) return -EFAULT;
  store<u32>(value, given, 32);
  return copyout(lengthPointer, value + 32, 4) ? -EFAULT : 0;
}

/** Puts the option into `value`: its size, or -errno. SO_ERROR is read and cleared. */
function readOption(socket: Socket, level: i32, name: i32): i32 {
  const bit = bitOf(level, name);
  if (bit) return give(socket.options & bit ? 1 : 0);
  // There are never IP options on a socket here: an empty answer, as a kernel gives it.
  if (level == IPPROTO_IP && name == IP_OPTIONS) return 0;
  if (level != SOL_SOCKET) {
    const field = fieldOf(level, name);
    return field ? give(load<i32>(changetype<usize>(socket) + field)) : -ENOPROTOOPT;
  }
  switch (name) {
    case SO_PASSCRED:
      return socket.domain == AF_UNIX ? -ENOPROTOOPT : -EOPNOTSUPP;
    case SO_ERROR:
      return give(takeError(socket));
    case SO_TYPE:
      return give(socket.type);
    case SO_DOMAIN:
      return give(socket.domain);
    case SO_PROTOCOL:
      return give(socket.protocol);
    case SO_ACCEPTCONN:
      return give(socket.state == LISTEN ? 1 : 0);
    case SO_RCVBUF:
      return give(socket.receiveLimit);
    case SO_SNDBUF:
      return give(socket.sendLimit);
    case SO_RCVLOWAT:
    case SO_SNDLOWAT:
      return give(1);
    case SO_LINGER:
      store<i32>(value, socket.lingerOn);
      store<i32>(value, socket.lingerSeconds, 4);
      return 8;
    case SO_RCVTIMEO:
      return giveTimeout(socket.receiveTimeout);
    case SO_SNDTIMEO:
      return giveTimeout(socket.sendTimeout);
  }
  return -ENOPROTOOPT;
}

function give(setting: i32): i32 {
  store<i32>(value, setting);
  return 4;
}

function giveTimeout(timeout: f64): i32 {
  const left = timeout < 0 ? 0 : timeout;
  store<i64>(value, <i64>(left / 1000));
  store<i64>(value, <i64>((left % 1000) * 1000), 8);
  return 16;
}
