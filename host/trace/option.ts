// The values of socket options as text. Owns which option has which structure.

import {
  AF_INET,
  AF_INET6,
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
import type { GuestMemory } from "./memory.js";
import { addressText, buffer, int, timeval } from "./structures.js";
import { ERRNOS, FAMILIES, KINDS, named, PROTOCOLS } from "./values.js";

type Value = (memory: GuestMemory, pointer: number) => string | null;

const word =
  (text: (value: number) => string): Value =>
  (memory, pointer) =>
    int(memory, pointer, text);

const linger: Value = (memory, pointer) => {
  const view = memory.view(pointer, 8);
  return view && `{l_onoff=${view.getInt32(0, true)}, l_linger=${view.getInt32(4, true)}}`;
};

const membership: Value = (memory, pointer) => {
  const bytes = memory.bytes(pointer, 8);
  if (bytes === null) return null;
  const at = (start: number): string => addressText(AF_INET, bytes.subarray(start, start + 4), 0);
  return `{imr_multiaddr=${at(0)}, imr_interface=${at(4)}}`;
};

const membership6: Value = (memory, pointer) => {
  const bytes = memory.bytes(pointer, 16);
  const index = memory.i32(pointer + 16);
  if (bytes === null || index === null) return null;
  return `{ipv6mr_multiaddr=${addressText(AF_INET6, bytes, 0)}, ipv6mr_interface=${index}}`;
};

const key = (level: number, option: number): string => `${level} ${option}`;

/** Structures by level and option, each with the bytes it needs. */
const VALUES: ReadonlyMap<string, { readonly size: number; readonly value: Value }> = new Map([
  [key(SOL_SOCKET, SO_LINGER), { size: 8, value: linger }],
  [key(SOL_SOCKET, SO_RCVTIMEO), { size: 16, value: timeval }],
  [key(SOL_SOCKET, SO_SNDTIMEO), { size: 16, value: timeval }],
  [key(SOL_SOCKET, SO_ERROR), { size: 4, value: word((value) => (value === 0 ? "0" : named(ERRNOS, value))) }],
  [key(SOL_SOCKET, SO_TYPE), { size: 4, value: word((value) => named(KINDS, value)) }],
  [key(SOL_SOCKET, SO_DOMAIN), { size: 4, value: word((value) => named(FAMILIES, value)) }],
  [key(SOL_SOCKET, SO_PROTOCOL), { size: 4, value: word((value) => named(PROTOCOLS, value)) }],
  [key(IPPROTO_IP, IP_ADD_MEMBERSHIP), { size: 8, value: membership }],
  [key(IPPROTO_IP, IP_DROP_MEMBERSHIP), { size: 8, value: membership }],
  [key(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP), { size: 20, value: membership6 }],
  [key(IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP), { size: 20, value: membership6 }],
]);

/** The value of an option: an int as `[1]`, the structures of those that have one, else its bytes. */
export function optionValue(
  memory: GuestMemory,
  level: number,
  option: number,
  pointer: number,
  length: number,
): string {
  const known = VALUES.get(key(level, option));
  const text = known !== undefined && length >>> 0 >= known.size ? known.value(memory, pointer) : null;
  if (text !== null) return text;
  return length === 4 ? int(memory, pointer) : buffer(memory, pointer, length);
}
