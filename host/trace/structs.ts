// The guest's structures as strace(1) writes them. Owns their layout in guest memory; hostile pointers are shown as they are.
//
//   sockaddr: family u16 0 | in: port 2 (network order), address 4 | in6: port 2, flow 4, address 8, scope 24 | un: path 2
//   pollfd (8): fd 0 | events u16 4 | revents u16 6        iovec (8): base 0 | length 4
//   msghdr (28): name 0 | namelen 4 | iov 8 | iovlen 12 | control 16 | controllen 20 | flags 24
//   timespec (16): seconds i64 0 | nanoseconds i32 8       timeval (16): seconds i64 0 | microseconds i64 8

import ipaddr from "ipaddr.js";
import { AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC } from "../../assembly/shared/socket.js";
import { DOMAINS, MESSAGE_FLAGS, POLL_BITS, SIGNALS } from "./constants.js";
import type { GuestView } from "./guest-view.js";
import { constantText, flagsText, nameText, pointerText, SHOWN, stringText } from "./text.js";

/** Elements of an array that are shown. */
const MOST = 16;

function list(parts: readonly string[], count: number): string {
  return `[${parts.join(", ")}${count > parts.length ? ", ..." : ""}]`;
}

/** The text of an IPv4 (4) or IPv6 (16) address. */
export function addressText(bytes: Uint8Array): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}

/** A sockaddr of `length` bytes: `{AF_INET, 127.0.0.1:80}`. */
export function sockaddrText(view: GuestView, pointer: number, length: number): string {
  const family = pointer === 0 || length < 2 ? null : view.u16(pointer);
  if (family === null) return pointerText(pointer);
  const name = constantText(family, DOMAINS, "AF");
  if (family === AF_UNSPEC) return `{${name}}`;
  const bytes = view.bytes(pointer, Math.min(length, 128));
  if (bytes === null) return pointerText(pointer);
  const port = length < 4 ? 0 : ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  if (family === AF_INET && length >= 8) return `{${name}, ${addressText(bytes.subarray(4, 8))}:${port}}`;
  if (family === AF_INET6 && length >= 24) {
    const scope = length >= 28 ? (view.u32(pointer + 24) ?? 0) : 0;
    return `{${name}, [${addressText(bytes.subarray(8, 24))}${scope === 0 ? "" : `%${scope}`}]:${port}}`;
  }
  if (family === AF_UNIX) return `{${name}${pathText(bytes.subarray(2))}}`;
  return `{${name}, ${stringText(bytes.subarray(2))}}`;
}

/** unix(7): an abstract name begins with a NUL and has its length; a path ends at its first NUL. */
function pathText(path: Uint8Array): string {
  if (path.length === 0) return "";
  if (path[0] === 0) return `, @${nameText(path.subarray(1))}`;
  const end = path.indexOf(0);
  return `, ${nameText(end < 0 ? path : path.subarray(0, end))}`;
}

/** What a pointer to a socklen_t points to: `[16]`. */
export function lengthText(view: GuestView, pointer: number): string {
  const length = pointer === 0 ? null : view.u32(pointer);
  return length === null ? pointerText(pointer) : `[${length}]`;
}

/** `length` bytes as a string. */
export function bufferText(view: GuestView, pointer: number, length: number): string {
  const shown = Math.max(0, Math.min(length, SHOWN));
  if (pointer === 0 && length !== 0) return "NULL";
  const bytes = view.bytes(pointer, shown);
  return bytes === null ? pointerText(pointer) : stringText(bytes, length);
}

/** A path or host name of `length` bytes. */
export function nameAtText(view: GuestView, pointer: number, length: number): string {
  const bytes = length < 0 || length > 4096 ? null : view.bytes(pointer, length);
  return bytes === null ? pointerText(pointer) : nameText(bytes);
}

/** An array of 32-bit integers, as pipe2(2) writes it. */
export function integersText(view: GuestView, pointer: number, count: number): string {
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const value = view.i32(pointer + 4 * i);
    if (value === null) return pointerText(pointer);
    found.push(value);
  }
  return `[${found.join(", ")}]`;
}

/** The parts of an iovec array with its bytes, of which `filled` are valid (all if absent); null if it leads nowhere. */
function vectors(view: GuestView, pointer: number, count: number, filled: number): string[] | null {
  const parts: string[] = [];
  let left = filled;
  for (let i = 0; i < Math.min(count, MOST); i++) {
    const base = view.u32(pointer + 8 * i);
    const length = view.u32(pointer + 8 * i + 4);
    if (base === null || length === null) return null;
    const valid = Math.min(length, left);
    left -= valid;
    parts.push(`{iov_base=${bufferText(view, base, valid)}, iov_len=${length}}`);
  }
  return parts;
}

/** An iovec array. */
export function vectorText(
  view: GuestView,
  pointer: number,
  count: number,
  filled: number = Number.POSITIVE_INFINITY,
): string {
  const parts = count < 0 ? null : vectors(view, pointer, count, filled);
  return parts === null ? pointerText(pointer) : list(parts, count);
}

/** The one buffer of an iovec array of one, for read(2) and write(2): its base and length; null for other arrays. */
export function onlyVector(view: GuestView, pointer: number, count: number): { base: number; length: number } | null {
  const base = count === 1 ? view.u32(pointer) : null;
  const length = base === null ? null : view.u32(pointer + 4);
  return base === null || length === null ? null : { base, length };
}

/** A msghdr; `filled` bytes of its vector are valid. */
export function messageText(view: GuestView, pointer: number, filled: number = Number.POSITIVE_INFINITY): string {
  const head = pointer === 0 ? null : view.bytes(pointer, 28);
  if (head === null) return pointerText(pointer);
  const word = (at: number): number => view.u32(pointer + at) ?? 0;
  const fields = [
    `msg_name=${sockaddrText(view, word(0), word(4))}`,
    `msg_namelen=${word(4)}`,
    `msg_iov=${vectorText(view, word(8), word(12) | 0, filled)}`,
    `msg_iovlen=${word(12)}`,
    `msg_controllen=${word(20)}`,
    `msg_flags=${flagsText(word(24), MESSAGE_FLAGS)}`,
  ];
  return `{${fields.join(", ")}}`;
}

/** An array of pollfd with both sets of bits. */
export function pollText(view: GuestView, pointer: number, count: number): string {
  if (pointer === 0) return pointerText(pointer);
  const parts: string[] = [];
  for (let i = 0; i < Math.min(count, MOST); i++) {
    const fd = view.i32(pointer + 8 * i);
    const events = view.u16(pointer + 8 * i + 4);
    const revents = view.u16(pointer + 8 * i + 6);
    if (fd === null || events === null || revents === null) return pointerText(pointer);
    const found = revents === 0 ? "" : `, revents=${flagsText(revents, POLL_BITS)}`;
    parts.push(`{fd=${fd}, events=${flagsText(events, POLL_BITS)}${found}}`);
  }
  return count < 0 ? pointerText(pointer) : list(parts, count);
}

/** An fd_set of `limit` descriptors, a bit map of 32-bit words: `[3 5]`. */
export function setText(view: GuestView, pointer: number, limit: number): string {
  if (pointer === 0) return "NULL";
  const found: number[] = [];
  for (let fd = 0; fd < Math.min(limit, 4096); fd++) {
    const word = view.u32(pointer + 4 * (fd >> 5));
    if (word === null) return pointerText(pointer);
    if ((word >>> (fd & 31)) & 1) found.push(fd);
  }
  return `[${found.slice(0, 4 * MOST).join(" ")}${found.length > 4 * MOST ? " ..." : ""}]`;
}

/** A timespec. */
export function timespecText(view: GuestView, pointer: number): string {
  const seconds = pointer === 0 ? null : view.i64(pointer);
  const nanoseconds = seconds === null ? null : view.i32(pointer + 8);
  if (nanoseconds === null) return pointerText(pointer);
  return `{tv_sec=${seconds}, tv_nsec=${nanoseconds}}`;
}

/** A timeval. */
export function timevalText(view: GuestView, pointer: number): string {
  const seconds = pointer === 0 ? null : view.i64(pointer);
  const microseconds = seconds === null ? null : view.i64(pointer + 8);
  if (microseconds === null) return pointerText(pointer);
  return `{tv_sec=${seconds}, tv_usec=${microseconds}}`;
}

/** An itimerval: two timevals. */
export function intervalText(view: GuestView, pointer: number): string {
  if (pointer === 0 || view.bytes(pointer, 32) === null) return pointerText(pointer);
  return `{it_interval=${timevalText(view, pointer)}, it_value=${timevalText(view, pointer + 16)}}`;
}

/** Signals of a 64-bit set in two halves: `[INT TERM]`. */
export function signalsText(low: number, high: number): string {
  const found: string[] = [];
  for (let signal = 1; signal <= 64; signal++) {
    const word = signal <= 32 ? low : high;
    if (((word >>> ((signal - 1) & 31)) & 1) === 0) continue;
    found.push(SIGNALS.get(signal)?.slice(3) ?? `RT_${signal - 32}`);
  }
  return `[${found.join(" ")}]`;
}

/** A pointer to a sigset_t. */
export function signalSetText(view: GuestView, pointer: number): string {
  const low = pointer === 0 ? null : view.u32(pointer);
  const high = low === null ? null : view.u32(pointer + 4);
  return low === null || high === null ? pointerText(pointer) : signalsText(low, high);
}
