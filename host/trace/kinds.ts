// The kinds of argument that calls take. Owns which neighbours a kind looks at (a length after its pointer) and when what a
// call wrote is worth a look: once it came through.

import { type Call, type Kind, number, type Seen, wasi } from "./call.js";
import { optionValue } from "./option.js";
import * as structures from "./structures.js";
import * as values from "./values.js";

/** A plain number. */
export const int: Kind = (seen, at) => String(seen.args[at] ?? 0);
/** A number without sign. */
export const size: Kind = (seen, at) => String(number(seen, at) >>> 0);
/** An address in guest memory. */
export const pointer: Kind = (seen, at) => values.pointerText(number(seen, at));
/** Told with another argument. */
export const skip: Kind = () => null;

/** One of some constants. */
export function one(names: values.Names): Kind {
  return (seen, at) => values.named(names, number(seen, at));
}

/** A set of flags. */
export function set(names: values.Names): Kind {
  return (seen, at) => values.flags(names, number(seen, at));
}

type Structure = (memory: Seen["memory"], pointer: number) => string;

/** A structure that the guest gives. */
export function given(text: Structure): Kind {
  return (seen, at) => text(seen.memory, number(seen, at));
}

/** A structure that the call writes: the pointer where it failed. */
export function taken(text: Structure): Kind {
  const full = given(text);
  return (seen, at) => (seen.result < 0 ? pointer(seen, at) : full(seen, at));
}

/** A path or name; its length follows and is not told. */
export const path: Kind = (seen, at) => structures.path(seen.memory, number(seen, at), number(seen, at + 1));
/** Bytes that the guest gives; their length follows. */
export const bytes: Kind = (seen, at) => structures.buffer(seen.memory, number(seen, at), number(seen, at + 1));
/** Bytes that the call writes: as many as it returned, within the length that follows. */
export const filled: Kind = (seen, at) => {
  if (seen.result < 0) return pointer(seen, at);
  return structures.buffer(seen.memory, number(seen, at), Math.min(seen.result, number(seen, at + 1) >>> 0));
};

/** A sockaddr that the guest gives; its length follows. */
export const name: Kind = (seen, at) => structures.sockaddr(seen.memory, number(seen, at), number(seen, at + 1));
/** A sockaddr that the call writes; a pointer to its length follows. */
export const nameOut: Kind = (seen, at) => {
  const length = seen.memory.u32(number(seen, at + 1));
  if (seen.result < 0 || length === null) return pointer(seen, at);
  return structures.sockaddr(seen.memory, number(seen, at), length);
};
/** A length that the call writes. */
export const lengthOut: Kind = taken(structures.int);

/** socket(2)'s type with the flags in it. */
export const kind: Kind = (seen, at) => {
  const type = number(seen, at);
  const bits = [...values.SOCKET_FLAGS.keys()].reduce((all, bit) => all | bit, 0);
  const base = values.named(values.KINDS, type & ~bits);
  return (type & bits) === 0 ? base : `${base}|${values.flags(values.SOCKET_FLAGS, type & bits)}`;
};

/** socket(2)'s protocol: 0 is the kind's own. */
export const protocol: Kind = (seen, at) => {
  const wanted = number(seen, at);
  return wanted === 0 ? "0" : values.named(values.PROTOCOLS, wanted);
};

/** An option's name; its level is before it. */
export const option: Kind = (seen, at) => values.optionName(number(seen, at - 1), number(seen, at));
/** An option's value; level and name are before it, its length follows. */
export const optionIn: Kind = (seen, at) =>
  optionValue(seen.memory, number(seen, at - 2), number(seen, at - 1), number(seen, at), number(seen, at + 1));
/** The same where the call writes it and a pointer to the length follows. */
export const optionOut: Kind = (seen, at) => {
  const length = seen.memory.u32(number(seen, at + 1));
  if (seen.result < 0 || length === null) return pointer(seen, at);
  return optionValue(seen.memory, number(seen, at - 2), number(seen, at - 1), number(seen, at), length);
};

/** sendmsg's message. */
export const message: Kind = (seen, at) => structures.msghdr(seen.memory, number(seen, at), 2 ** 32);
/** recvmsg's: as many bytes as it returned. */
export const messageOut: Kind = (seen, at) =>
  seen.result < 0 ? pointer(seen, at) : structures.msghdr(seen.memory, number(seen, at), seen.result);

/** pollfds; how many follows. */
export const polls: Kind = (seen, at) => structures.pollfds(seen.memory, number(seen, at), number(seen, at + 1));
/** An fd_set; the limit comes first. Once the call has come through it has what is ready. */
export const fds: Kind = (seen, at) => structures.fdSet(seen.memory, number(seen, at), number(seen, 0));

/** What a wasi call wrote behind the pointer at an index. */
export function out(at: number): (seen: Seen) => string {
  return (seen) => String(seen.memory.u32(number(seen, at)) ?? 0);
}

/** The same for 64 bits. */
export function out64(at: number): (seen: Seen) => string {
  return (seen) => String(seen.memory.u64(number(seen, at)) ?? 0n);
}

/** An iovec array; how many follows, and is told with it. `done` is where the call wrote how many bytes it read, if it reads. */
function vectors(done: number | null): Kind {
  return (seen, at) => {
    const start = number(seen, at);
    const count = number(seen, at + 1);
    if (done !== null && seen.result !== 0) return `${values.pointerText(start)}, ${count}`;
    const filled = done === null ? 2 ** 32 : (seen.memory.u32(number(seen, done)) ?? 0);
    const only = structures.onlyIovec(seen.memory, start, count, filled);
    return only ?? `${structures.iovecs(seen.memory, start, count, filled)}, ${count}`;
  };
}

/** A read: read(2) for one buffer, else readv(2). `more` stands for the arguments after the vectors but the last. */
export function reading(name: string, more: readonly Kind[], done: number): Call {
  return wasi(vectorName(name), [int, vectors(done), skip, ...more], out(done));
}

/** A write: write(2) for one buffer, else writev(2). */
export function writing(name: string, more: readonly Kind[], done: number): Call {
  return wasi(vectorName(name), [int, vectors(null), skip, ...more], out(done));
}

function vectorName(name: string): (seen: Seen) => string {
  return (seen) => {
    const isPlain = name.startsWith("sock_") || structures.onlyIovec(seen.memory, number(seen, 1), number(seen, 2), 0);
    return isPlain ? name : `${name}v`;
  };
}
