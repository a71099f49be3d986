// The structures that guests pass by pointer, as text. Owns their layout in guest memory; what a pointer does not reach is
// shown as the pointer.

import { ENDPOINT_ADDRESS, ENDPOINT_FAMILY, ENDPOINT_SCOPE, ENDPOINT_SIZE } from "../../assembly/shared/endpoint.js";
import { AF_INET, AF_INET6, AF_UNIX } from "../../assembly/shared/socket.js";
import { readEndpoint } from "../endpoint.js";
import type { GuestMemory } from "./memory.js";
import { FAMILIES, flags, MESSAGE_FLAGS, named, POLLS, pointerText, quoted, SHOWN, signalSet } from "./values.js";

/** Elements of an array that are shown. */
const ELEMENTS = 32;

/** `length` bytes at `pointer` as a string. */
export function buffer(memory: GuestMemory, pointer: number, length: number): string {
  const all = length >>> 0;
  const shown = memory.bytes(pointer, Math.min(all, SHOWN + 1));
  return shown === null ? pointerText(pointer) : quoted(shown);
}

/** A path or name: shown whole up to PATH_MAX. */
export function path(memory: GuestMemory, pointer: number, length: number): string {
  const bytes = memory.bytes(pointer, Math.min(length >>> 0, 4097));
  return bytes === null ? pointerText(pointer) : quoted(bytes, 4096);
}

/** The elements of an array, cut to a few; `whole` where one of them (null) is out of reach. */
export function array(count: number, element: (i: number) => string | null, whole: string): string {
  const texts: string[] = [];
  for (let i = 0; i < Math.min(count >>> 0, ELEMENTS); i++) {
    const text = element(i);
    if (text === null) return whole;
    texts.push(text);
  }
  if (count >>> 0 > ELEMENTS) texts.push("...");
  return `[${texts.join(", ")}]`;
}

/** A numeric address from a family and its bytes, without a port. */
export function addressText(family: number, bytes: Uint8Array, scope: number): string {
  const endpoint = new Uint8Array(ENDPOINT_SIZE);
  const view = new DataView(endpoint.buffer);
  view.setUint16(ENDPOINT_FAMILY, family, true);
  if (family === AF_INET6) view.setUint32(ENDPOINT_SCOPE, scope, true);
  endpoint.set(bytes, ENDPOINT_ADDRESS);
  const address = readEndpoint(endpoint);
  if (address === null || address.family === "unix") return named(FAMILIES, family);
  return scope === 0 || family !== AF_INET6 ? address.address : `${address.address}%${scope}`;
}

/** A sockaddr of `length` bytes: `{AF_INET, 127.0.0.1:80}`. */
export function sockaddr(memory: GuestMemory, pointer: number, length: number): string {
  const view = memory.view(pointer, Math.min(length >>> 0, 128));
  if (view === null || view.byteLength < 2) return pointerText(pointer);
  const family = view.getUint16(0, true);
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const name = named(FAMILIES, family);
  if (family === AF_INET && bytes.length >= 16) {
    return `{${name}, ${addressText(family, bytes.subarray(4, 8), 0)}:${view.getUint16(2)}}`;
  }
  if (family === AF_INET6 && bytes.length >= 24) {
    const scope = bytes.length >= 28 ? view.getUint32(24, true) : 0;
    return `{${name}, [${addressText(family, bytes.subarray(8, 24), scope)}]:${view.getUint16(2)}}`;
  }
  if (family === AF_UNIX) return unixName(bytes.subarray(2));
  return bytes.length > 2 ? `{${name}, ${quoted(bytes.subarray(2))}}` : `{${name}}`;
}

function unixName(path: Uint8Array): string {
  if (path.length === 0) return "{AF_UNIX}";
  if (path[0] === 0) return `{AF_UNIX, @${quoted(path.subarray(1), 108)}}`;
  const end = path.indexOf(0);
  return `{AF_UNIX, ${quoted(end < 0 ? path : path.subarray(0, end), 108)}}`;
}

/** Entries of an iovec array with what is in them; of all their bytes the first `filled` count. */
export function iovecs(memory: GuestMemory, pointer: number, count: number, filled: number): string {
  let left = filled;
  const element = (i: number): string | null => {
    const base = memory.u32(pointer + 8 * i);
    const length = memory.u32(pointer + 8 * i + 4);
    if (base === null || length === null) return null;
    const shown = Math.min(length, left);
    left -= shown;
    return `{iov_base=${buffer(memory, base, shown)}, iov_len=${length}}`;
  };
  return array(count, element, pointerText(pointer));
}

/** The one buffer of an iovec array with a single entry, as read(2) and write(2) have it; null if it is no such array. */
export function onlyIovec(memory: GuestMemory, pointer: number, count: number, filled: number): string | null {
  if (count !== 1) return null;
  const base = memory.u32(pointer);
  const length = memory.u32(pointer + 4);
  if (base === null || length === null) return null;
  return `${buffer(memory, base, Math.min(length, filled))}, ${length}`;
}

/** A msghdr: its name, its bytes (the first `filled` count), its flags. */
export function msghdr(memory: GuestMemory, pointer: number, filled: number): string {
  const view = memory.view(pointer, 28);
  if (view === null) return pointerText(pointer);
  const word = (at: number): number => view.getUint32(at, true);
  const name = sockaddr(memory, word(0), word(4));
  const iov = iovecs(memory, word(8), word(12), filled);
  return (
    `{msg_name=${name}, msg_namelen=${word(4)}, msg_iov=${iov}, msg_iovlen=${word(12)}, ` +
    `msg_controllen=${word(20)}, msg_flags=${flags(MESSAGE_FLAGS, word(24))}}`
  );
}

/** A pollfd array: `[{fd=3, events=POLLIN, revents=POLLIN}]`. */
export function pollfds(memory: GuestMemory, pointer: number, count: number): string {
  const element = (i: number): string | null => {
    const view = memory.view(pointer + 8 * i, 8);
    if (view === null) return null;
    const revents = view.getUint16(6, true);
    const seen = revents === 0 ? "" : `, revents=${flags(POLLS, revents)}`;
    return `{fd=${view.getInt32(0, true)}, events=${flags(POLLS, view.getUint16(4, true))}${seen}}`;
  };
  return array(count, element, pointerText(pointer));
}

/** The descriptors in an fd_set below `limit`: `[3 5]`. */
export function fdSet(memory: GuestMemory, pointer: number, limit: number): string {
  const count = Math.min(Math.max(limit, 0), 1024);
  const bytes = memory.bytes(pointer, Math.ceil(count / 32) * 4);
  if (bytes === null) return pointerText(pointer);
  const members: number[] = [];
  for (let fd = 0; fd < count; fd++) {
    if ((((bytes[fd >> 3] ?? 0) >> (fd & 7)) & 1) !== 0) members.push(fd);
  }
  return `[${members.join(" ")}]`;
}

/** A timespec. */
export function timespec(memory: GuestMemory, pointer: number): string {
  const view = memory.view(pointer, 16);
  if (view === null) return pointerText(pointer);
  return `{tv_sec=${view.getBigInt64(0, true)}, tv_nsec=${view.getInt32(8, true)}}`;
}

/** A timeval. */
export function timeval(memory: GuestMemory, pointer: number): string {
  const view = memory.view(pointer, 16);
  if (view === null) return pointerText(pointer);
  return `{tv_sec=${view.getBigInt64(0, true)}, tv_usec=${view.getBigInt64(8, true)}}`;
}

/** An itimerval. */
export function itimerval(memory: GuestMemory, pointer: number): string {
  if (memory.view(pointer, 32) === null) return pointerText(pointer);
  return `{it_interval=${timeval(memory, pointer)}, it_value=${timeval(memory, pointer + 16)}}`;
}

/** A sigset_t. */
export function sigset(memory: GuestMemory, pointer: number): string {
  const set = memory.u64(pointer);
  return set === null ? pointerText(pointer) : signalSet(set);
}

/** An int behind a pointer: `[16]`, or what `text` makes of it. */
export function int(memory: GuestMemory, pointer: number, text: (value: number) => string = String): string {
  const value = memory.i32(pointer);
  return value === null ? pointerText(pointer) : `[${text(value)}]`;
}

/** Two ints behind a pointer, as pipe2(2) and socketpair(2) give them. */
export function pair(memory: GuestMemory, pointer: number): string {
  const view = memory.view(pointer, 8);
  return view === null ? pointerText(pointer) : `[${view.getInt32(0, true)}, ${view.getInt32(4, true)}]`;
}

/** What resolve wrote: records of family, 16 bytes, scope. */
export function addresses(memory: GuestMemory, pointer: number, count: number): string {
  const element = (i: number): string | null => {
    const view = memory.view(pointer + 24 * i, 24);
    const bytes = memory.bytes(pointer + 24 * i + 4, 16);
    if (view === null || bytes === null) return null;
    return addressText(view.getUint32(0, true), bytes, view.getUint32(20, true));
  };
  return array(count, element, pointerText(pointer));
}
