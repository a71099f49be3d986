// How the socket calls of module "posix" are shown.

import {
  AF_UNIX,
  IP_ADD_MEMBERSHIP,
  IP_DROP_MEMBERSHIP,
  IPPROTO_IP,
  IPPROTO_IPV6,
  IPV6_ADD_MEMBERSHIP,
  IPV6_DROP_MEMBERSHIP,
  SO_DOMAIN,
  SO_ERROR,
  SO_LINGER,
  SO_PROTOCOL,
  SO_RCVTIMEO,
  SO_SNDTIMEO,
  SO_TYPE,
  SOL_SOCKET,
} from "../../assembly/shared/socket.js";
import type { Call, Shapes } from "./call.js";
import { DOMAINS, LEVELS, MESSAGE_FLAGS, OPTIONS, PROTOCOLS, SHUTDOWNS, TYPE_FLAGS, TYPES } from "./constants.js";
import { errorName } from "./error.js";
import {
  addressText,
  bufferText,
  integersText,
  lengthText,
  messageText,
  sockaddrText,
  timevalText,
} from "./structs.js";
import { constantText, flagsText, type Names } from "./text.js";

const NO_NAMES: Names = new Map();
/** Bits of a socket type that are flags. */
const TYPE_MASK = 0xfff;

function typeText(type: number): string {
  const base = constantText(type & TYPE_MASK, TYPES, "SOCK");
  return type & ~TYPE_MASK ? `${base}|${flagsText(type & ~TYPE_MASK, TYPE_FLAGS)}` : base;
}

function protocolText(call: Call): string {
  const protocol = call.at(2);
  return protocol === 0 || call.at(0) === AF_UNIX ? String(protocol) : constantText(protocol, PROTOCOLS, "IPPROTO");
}

function socketArgs(call: Call): string[] {
  return [constantText(call.at(0), DOMAINS, "AF"), typeText(call.at(1)), protocolText(call)];
}

/** An address that a call takes: descriptor, sockaddr, length. */
function givenName(call: Call): string[] {
  return [call.decimal(0), sockaddrText(call.view, call.at(1), call.at(2)), call.decimal(2)];
}

/** An address that a call gives: written only if it did not fail. */
function takenName(call: Call, at: number): string[] {
  const pointer = call.at(at);
  if (call.result < 0 || pointer === 0) return [call.pointer(at), lengthText(call.view, call.at(at + 1))];
  return [sockaddrText(call.view, pointer, call.loaded(at + 1)), lengthText(call.view, call.at(at + 1))];
}

function namedBack(call: Call): string[] {
  return [call.decimal(0), ...takenName(call, 1)];
}

function optionHead(call: Call): string[] {
  const level = call.at(1);
  return [
    call.decimal(0),
    constantText(level, LEVELS, "SOL"),
    constantText(call.at(2), OPTIONS.get(level) ?? NO_NAMES, "SO"),
  ];
}

/** Whether an option's value is a membership: ip_mreq (group 4, interface 4) or ipv6_mreq (group 16, index 4). */
function membershipText(call: Call, length: number): string | null {
  const { view } = call;
  const [level, name, pointer] = [call.at(1), call.at(2), call.at(3)];
  if (level === IPPROTO_IP && length >= 8 && (name === IP_ADD_MEMBERSHIP || name === IP_DROP_MEMBERSHIP)) {
    const bytes = view.bytes(pointer, 8);
    if (bytes === null) return call.pointer(3);
    return `{imr_multiaddr=${addressText(bytes.subarray(0, 4))}, imr_interface=${addressText(bytes.subarray(4))}}`;
  }
  if (level === IPPROTO_IPV6 && length >= 20 && (name === IPV6_ADD_MEMBERSHIP || name === IPV6_DROP_MEMBERSHIP)) {
    const bytes = view.bytes(pointer, 16);
    if (bytes === null) return call.pointer(3);
    return `{ipv6mr_multiaddr=${addressText(bytes)}, ipv6mr_interface=${view.u32(pointer + 16)}}`;
  }
  return null;
}

/** The value of an option, of which `length` bytes are there. */
function optionText(call: Call, length: number): string {
  const { view } = call;
  const [level, name, pointer] = [call.at(1), call.at(2), call.at(3)];
  if (pointer === 0 || length < 4) return call.pointer(3);
  const value = view.i32(pointer);
  if (value === null) return call.pointer(3);
  if (level !== SOL_SOCKET) return membershipText(call, length) ?? `[${value}]`;
  if (name === SO_LINGER && length >= 8) return `{l_onoff=${value}, l_linger=${view.i32(pointer + 4)}}`;
  if ((name === SO_RCVTIMEO || name === SO_SNDTIMEO) && length >= 16) return timevalText(view, pointer);
  if (name === SO_ERROR) return `[${value === 0 ? 0 : errorName(value)}]`;
  if (name === SO_TYPE) return `[${constantText(value, TYPES, "SOCK")}]`;
  if (name === SO_DOMAIN) return `[${constantText(value, DOMAINS, "AF")}]`;
  if (name === SO_PROTOCOL) return `[${constantText(value, PROTOCOLS, "IPPROTO")}]`;
  return `[${value}]`;
}

/** Bytes of a buffer of `length` that a call which gave its result has filled. */
function filled(call: Call, length: number): number {
  return Math.max(0, Math.min(call.result, length));
}

export const SOCKET_CALLS: Shapes = {
  socket: { args: socketArgs },
  socketpair: {
    args: (call) => [...socketArgs(call), call.result < 0 ? call.pointer(3) : integersText(call.view, call.at(3), 2)],
  },
  bind: { args: givenName },
  connect: { args: givenName },
  listen: { args: (call) => [call.decimal(0), call.decimal(1)] },
  accept4: { args: (call) => [...namedBack(call), flagsText(call.at(3), TYPE_FLAGS)] },
  getsockname: { args: namedBack },
  getpeername: { args: namedBack },
  shutdown: { args: (call) => [call.decimal(0), constantText(call.at(1), SHUTDOWNS, "SHUT")] },
  setsockopt: { args: (call) => [...optionHead(call), optionText(call, call.at(4)), call.decimal(4)] },
  getsockopt: {
    args: (call) => [
      ...optionHead(call),
      call.result < 0 ? call.pointer(3) : optionText(call, call.loaded(4)),
      lengthText(call.view, call.at(4)),
    ],
  },
  sendto: {
    args: (call) => [
      call.decimal(0),
      bufferText(call.view, call.at(1), call.at(2)),
      String(call.at(2) >>> 0),
      flagsText(call.at(3), MESSAGE_FLAGS),
      sockaddrText(call.view, call.at(4), call.at(5)),
      call.decimal(5),
    ],
  },
  recvfrom: {
    args: (call) => [
      call.decimal(0),
      call.result < 0 ? call.pointer(1) : bufferText(call.view, call.at(1), filled(call, call.at(2))),
      String(call.at(2) >>> 0),
      flagsText(call.at(3), MESSAGE_FLAGS),
      ...takenName(call, 4),
    ],
  },
  sendmsg: {
    args: (call) => [call.decimal(0), messageText(call.view, call.at(1)), flagsText(call.at(2), MESSAGE_FLAGS)],
  },
  recvmsg: {
    args: (call) => [
      call.decimal(0),
      call.result < 0 ? call.pointer(1) : messageText(call.view, call.at(1), call.result),
      flagsText(call.at(2), MESSAGE_FLAGS),
    ],
  },
};
