// The calls whose arguments depend on one another: fcntl, ioctl, path_open, poll_oneoff. Owns their forms.

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
  TIOCGWINSZ,
} from "../../assembly/shared/fcntl.js";
import { type Call, type Kind, number, posix, type Seen, wasi } from "./call.js";
import { int, one, out, path, pointer, set, size, skip, taken } from "./kinds.js";
import type { GuestMemory } from "./memory.js";
import * as structures from "./structures.js";
import { FCNTLS, flags, IOCTLS, type Names, pointerText, statusFlags } from "./values.js";

const DESCRIPTOR_FLAGS: Names = new Map([[FD_CLOEXEC, "FD_CLOEXEC"]]);

const fcntlArgument: Kind = (seen, at) => {
  switch (number(seen, 1)) {
    case F_GETFD:
    case F_GETFL:
      return null;
    case F_SETFD:
      return flags(DESCRIPTOR_FLAGS, number(seen, at));
    case F_SETFL:
      return statusFlags(number(seen, at));
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
      return int(seen, at);
    default:
      return pointer(seen, at);
  }
};

function fcntlResult(seen: Seen): string {
  const command = number(seen, 1);
  if (command === F_GETFL) return ` (${statusFlags(seen.result)})`;
  return command === F_GETFD ? ` (${flags(DESCRIPTOR_FLAGS, seen.result)})` : "";
}

/** fcntl(2). */
export const fcntl: Call = posix("fcntl", [int, one(FCNTLS), fcntlArgument], fcntlResult);

function window(memory: GuestMemory, at: number): string {
  const view = memory.view(at, 8);
  if (view === null) return pointerText(at);
  return `{ws_row=${view.getUint16(0, true)}, ws_col=${view.getUint16(2, true)}}`;
}

const ioctlArgument: Kind = (seen, at) => {
  switch (number(seen, 1)) {
    case FIOCLEX:
    case FIONCLEX:
      return null;
    case FIONBIO:
      return structures.int(seen.memory, number(seen, at));
    case FIONREAD:
      return taken(structures.int)(seen, at);
    case TIOCGWINSZ:
      return taken(window)(seen, at);
    default:
      return pointer(seen, at);
  }
};

/** ioctl(2). */
export const ioctl: Call = posix("ioctl", [int, one(IOCTLS), ioctlArgument]);

const OPEN_FLAGS: Names = new Map([
  [1, "O_CREAT"],
  [2, "O_DIRECTORY"],
  [4, "O_EXCL"],
  [8, "O_TRUNC"],
]);
/** Status flags of a descriptor as preview1 numbers them. */
const FD_FLAGS: Names = new Map([
  [1, "O_APPEND"],
  [2, "O_DSYNC"],
  [4, "O_NONBLOCK"],
  [8, "O_RSYNC"],
  [16, "O_SYNC"],
]);
const RIGHT_READ = 1n << 1n;
const RIGHT_WRITE = 1n << 6n;

const openFlags: Kind = (seen, at) => {
  const rights = BigInt(seen.args[at + 1] ?? 0);
  const writes = (rights & RIGHT_WRITE) !== 0n;
  const access = writes ? ((rights & RIGHT_READ) !== 0n ? "O_RDWR" : "O_WRONLY") : "O_RDONLY";
  const opening = number(seen, at);
  const status = number(seen, at + 3);
  const more = [opening === 0 ? "" : flags(OPEN_FLAGS, opening), status === 0 ? "" : flags(FD_FLAGS, status)];
  return [access, ...more].filter((text) => text !== "").join("|");
};

/** path_open, told as the openat(2) that it stands for. */
export const open: Call = wasi("openat", [int, skip, path, skip, openFlags, skip, skip, skip, skip], out(8));

/** fd_fdstat_set_flags. */
export const setFlags: Call = wasi("fd_fdstat_set_flags", [int, set(FD_FLAGS)]);

function subscription(memory: GuestMemory, at: number): string | null {
  const view = memory.view(at, 48);
  if (view === null) return null;
  const tag = view.getUint8(8);
  if (tag === 0) {
    const until = (view.getUint16(40, true) & 1) === 0 ? "" : ", absolute";
    return `{clock=${view.getUint32(16, true)}, timeout=${view.getBigUint64(24, true)}${until}}`;
  }
  return `{fd=${view.getInt32(16, true)}, ${tag === 1 ? "read" : tag === 2 ? "write" : `tag=${tag}`}}`;
}

const subscriptions: Kind = (seen, at) => {
  const start = number(seen, at);
  const element = (i: number): string | null => subscription(seen.memory, start + 48 * i);
  return structures.array(number(seen, 2), element, pointerText(start));
};

/** poll_oneoff. */
export const pollOneoff: Call = wasi("poll_oneoff", [subscriptions, skip, size, skip], out(3));
