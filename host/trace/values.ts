// Plain values as text: names of constants, sets of flags, pointers, bytes. Owns the names, which it reads off the files
// that define the numbers.

import * as errnos from "../../assembly/shared/errno.js";
import * as fcntls from "../../assembly/shared/fcntl.js";
import * as polls from "../../assembly/shared/poll.js";
import * as signals from "../../assembly/shared/signal.js";
import * as sockets from "../../assembly/shared/socket.js";
import { SENTENCES } from "./sentences.js";

/** Bytes of a buffer that are shown. */
export const SHOWN = 32;

/** Names by their numbers. */
export type Names = ReadonlyMap<number, string>;

function namesOf(constants: Readonly<Record<string, number>>, pattern: RegExp): Names {
  return new Map(Object.entries(constants).flatMap(([name, value]) => (pattern.test(name) ? [[value, name]] : [])));
}

/** E*. */
export const ERRNOS: Names = namesOf(errnos, /^E/);
/** SIG*. */
export const SIGNALS: Names = namesOf(signals, /^SIG[A-Z]+$/);
/** SIG_BLOCK and its like. */
export const MASK_HOWS: Names = namesOf(signals, /^SIG_/);
/** SA_*. */
export const SIGNAL_FLAGS: Names = namesOf(signals, /^SA_/);
/** AF_*. */
export const FAMILIES: Names = namesOf(sockets, /^AF_/);
/** Kinds of socket. */
export const KINDS: Names = namesOf(sockets, /^SOCK_(DGRAM|STREAM|SEQPACKET)$/);
/** SOCK_NONBLOCK and SOCK_CLOEXEC. */
export const SOCKET_FLAGS: Names = namesOf(sockets, /^SOCK_(NONBLOCK|CLOEXEC)$/);
/** IPPROTO_*. */
export const PROTOCOLS: Names = namesOf(sockets, /^IPPROTO_/);
/** Levels of socket options. */
export const LEVELS: Names = namesOf(sockets, /^(SOL_SOCKET|IPPROTO_\w+)$/);
/** SHUT_*. */
export const SHUTS: Names = namesOf(sockets, /^SHUT_/);
/** MSG_*. */
export const MESSAGE_FLAGS: Names = namesOf(sockets, /^MSG_/);
/** F_*. */
export const FCNTLS: Names = namesOf(fcntls, /^F_/);
/** ioctl requests. */
export const IOCTLS: Names = namesOf(fcntls, /^(FIO|TIO)/);
/** Status flags of a descriptor; the access modes are told apart by `statusFlags`. */
const STATUS_FLAGS: Names = namesOf(fcntls, /^O_(APPEND|NONBLOCK|CLOEXEC)$/);
/** Flags that pipe2 and dup3 take. */
export const OPEN_FLAGS: Names = STATUS_FLAGS;
/** POLL*. */
export const POLLS: Names = namesOf(polls, /^POLL/);

const OPTIONS: ReadonlyMap<number, Names> = new Map([
  [sockets.SOL_SOCKET, namesOf(sockets, /^SO_/)],
  [sockets.IPPROTO_IP, namesOf(sockets, /^IP_/)],
  [sockets.IPPROTO_IPV6, namesOf(sockets, /^IPV6_/)],
  [sockets.IPPROTO_TCP, namesOf(sockets, /^TCP_/)],
]);

/** A number, or its name. */
export function named(names: Names, value: number): string {
  return names.get(value) ?? (value >= -4096 && value <= 4096 ? String(value) : hex(value));
}

/** A set of flags as `A|B|0x8`; 0 is "0". */
export function flags(names: Names, value: number): string {
  const found: string[] = [];
  let rest = value;
  for (const [bit, name] of names) {
    if (bit === 0 || (rest & bit) !== bit) continue;
    found.push(name);
    rest &= ~bit;
  }
  if (rest !== 0 || found.length === 0) found.push(rest === 0 ? "0" : hex(rest));
  return found.join("|");
}

/** What F_GETFL gives and F_SETFL takes. */
export function statusFlags(value: number): string {
  const access = value & fcntls.O_RDWR;
  const modes = new Map([
    [fcntls.O_RDWR, "O_RDWR"],
    [fcntls.O_RDONLY, "O_RDONLY"],
    [fcntls.O_WRONLY, "O_WRONLY"],
  ]);
  const mode = modes.get(access);
  const rest = value & ~fcntls.O_RDWR;
  if (mode === undefined) return flags(STATUS_FLAGS, value);
  return rest === 0 ? mode : `${mode}|${flags(STATUS_FLAGS, rest)}`;
}

/** An option's name at its level. */
export function optionName(level: number, option: number): string {
  return named(OPTIONS.get(level) ?? new Map(), option);
}

/** A 64-bit signal set as `[SIGINT SIGTERM]`. */
export function signalSet(set: bigint): string {
  const found: string[] = [];
  for (let signal = 1; signal <= 64; signal++) {
    if (((set >> BigInt(signal - 1)) & 1n) !== 0n) found.push(SIGNALS.get(signal) ?? String(signal));
  }
  return found.length === 64 ? "~[]" : `[${found.join(" ")}]`;
}

/** An errno as `ECONNREFUSED (Connection refused)`. */
export function errorText(errno: number): string {
  const name = ERRNOS.get(errno);
  if (name === undefined) return `errno ${errno}`;
  const sentence = SENTENCES[name];
  return sentence === undefined ? name : `${name} (${sentence})`;
}

/** An unsigned number in hex. */
export function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** A pointer: hex, or NULL. */
export function pointerText(pointer: number): string {
  return pointer === 0 ? "NULL" : hex(pointer);
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x09, "\\t"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x22, '\\"'],
  [0x5c, "\\\\"],
]);

/** Bytes as a C string in quotes, cut to `limit` with `...` after it. */
export function quoted(bytes: Uint8Array, limit: number = SHOWN): string {
  let text = "";
  for (const byte of bytes.subarray(0, limit)) {
    const plain = byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, "0")}`;
    text += ESCAPES.get(byte) ?? plain;
  }
  return `"${text}"${bytes.length > limit ? "..." : ""}`;
}
