// How the calls of wasi_snapshot_preview1 are shown: read(2) and the like by the name that the C program used, the rest by
// their own.

import type { Call, Shapes } from "./call.js";
import { FILE_FLAGS, SIGNALS } from "./constants.js";
import { bufferText, nameAtText, onlyVector, vectorText } from "./structs.js";
import { subscriptionsText } from "./subscription.js";
import { flagsText, type Names } from "./text.js";

const LOOKUP_FLAGS: Names = new Map([[1, "SYMLINK_FOLLOW"]]);
const OPEN_FLAGS: Names = new Map([
  [1, "O_CREAT"],
  [2, "O_DIRECTORY"],
  [4, "O_EXCL"],
  [8, "O_TRUNC"],
]);
const RIGHT_READ = 1n << 1n;
const RIGHT_WRITE = 1n << 6n;
const WHENCES = ["SEEK_SET", "SEEK_CUR", "SEEK_END"];

/** Descriptor, vector and count at 0, 1, 2; `done` bytes of the vector are valid. */
function vectorArgs(call: Call, done: number): string[] {
  const only = onlyVector(call.view, call.at(1), call.at(2));
  if (only !== null) {
    return [call.decimal(0), bufferText(call.view, only.base, Math.min(done, only.length)), String(only.length)];
  }
  return [call.decimal(0), vectorText(call.view, call.at(1), call.at(2), done), call.decimal(2)];
}

/** Arguments of a call that fills a vector and says at `done` how far. */
function readArgs(call: Call, done: number): string[] {
  if (call.result === 0) return vectorArgs(call, call.loaded(done));
  const only = onlyVector(call.view, call.at(1), call.at(2));
  if (only === null) return [call.decimal(0), call.pointer(1), call.decimal(2)];
  return [call.decimal(0), `0x${only.base.toString(16)}`, String(only.length)];
}

function writeArgs(call: Call): string[] {
  return vectorArgs(call, Number.POSITIVE_INFINITY);
}

function either(one: string, many: string): (call: Call) => string {
  return (call) => (call.at(2) === 1 ? one : many);
}

/** A path argument in two: pointer and length. */
function path(call: Call, at: number): string {
  return nameAtText(call.view, call.at(at), call.at(at + 1));
}

function stored(at: number): (call: Call) => string {
  return (call) => String(call.loaded(at));
}

function decimals(...at: number[]): (call: Call) => string[] {
  return (call) => at.map((index) => call.decimal(index));
}

/** A 64-bit answer. */
function stored64(at: number): (call: Call) => string {
  return (call) => String(call.view.i64(call.at(at)) ?? 0);
}

export const FILE_CALLS: Shapes = {
  fd_read: { shown: either("read", "readv"), args: (call) => readArgs(call, 3), gave: stored(3) },
  fd_write: { shown: either("write", "writev"), args: writeArgs, gave: stored(3) },
  fd_pread: {
    shown: either("pread", "preadv"),
    args: (call) => [...readArgs(call, 4), call.decimal(3)],
    gave: stored(4),
  },
  fd_pwrite: {
    shown: either("pwrite", "pwritev"),
    args: (call) => [...writeArgs(call), call.decimal(3)],
    gave: stored(4),
  },
  fd_close: { shown: "close", args: decimals(0) },
  fd_seek: {
    shown: "lseek",
    args: (call) => [call.decimal(0), call.decimal(1), WHENCES[call.at(2)] ?? call.decimal(2)],
    gave: stored64(3),
  },
  fd_tell: { args: decimals(0), gave: stored64(1) },
  fd_sync: { shown: "fsync", args: decimals(0) },
  fd_datasync: { shown: "fdatasync", args: decimals(0) },
  fd_advise: { args: decimals(0, 1, 2, 3) },
  fd_allocate: { args: decimals(0, 1, 2) },
  fd_renumber: { args: decimals(0, 1) },
  fd_fdstat_get: { args: (call) => [call.decimal(0), statusText(call)] },
  fd_fdstat_set_flags: { args: (call) => [call.decimal(0), flagsText(call.at(1), FILE_FLAGS)] },
  fd_fdstat_set_rights: { args: decimals(0, 1, 2) },
  fd_filestat_get: { shown: "fstat", args: (call) => [call.decimal(0), call.pointer(1)] },
  fd_filestat_set_size: { shown: "ftruncate", args: decimals(0, 1) },
  fd_filestat_set_times: { args: decimals(0, 1, 2, 3) },
  fd_prestat_get: { args: (call) => [call.decimal(0), call.pointer(1)] },
  fd_prestat_dir_name: { args: (call) => [call.decimal(0), call.result === 0 ? path(call, 1) : call.pointer(1)] },
  fd_readdir: { args: (call) => [call.decimal(0), call.pointer(1), call.decimal(2), call.decimal(3)], gave: stored(4) },
  path_open: {
    shown: "openat",
    args: (call) => [call.decimal(0), path(call, 2), openFlagsText(call)],
    gave: stored(8),
  },
  path_create_directory: { args: (call) => [call.decimal(0), path(call, 1)] },
  path_remove_directory: { args: (call) => [call.decimal(0), path(call, 1)] },
  path_unlink_file: { args: (call) => [call.decimal(0), path(call, 1)] },
  path_filestat_get: {
    args: (call) => [call.decimal(0), path(call, 2), flagsText(call.at(1), LOOKUP_FLAGS), call.pointer(4)],
  },
  path_filestat_set_times: {
    args: (call) => [call.decimal(0), path(call, 2), flagsText(call.at(1), LOOKUP_FLAGS), ...decimals(4, 5, 6)(call)],
  },
  path_link: { args: (call) => [call.decimal(0), path(call, 2), call.decimal(4), path(call, 5)] },
  path_rename: { args: (call) => [call.decimal(0), path(call, 1), call.decimal(3), path(call, 4)] },
  path_symlink: { args: (call) => [path(call, 0), call.decimal(2), path(call, 3)] },
  path_readlink: {
    args: (call) => [
      call.decimal(0),
      path(call, 1),
      call.result === 0 ? bufferText(call.view, call.at(3), call.loaded(5)) : call.pointer(3),
      call.decimal(4),
    ],
    gave: stored(5),
  },
  poll_oneoff: {
    args: (call) => [subscriptionsText(call.view, call.at(0), call.at(2)), call.decimal(2)],
    gave: stored(3),
  },
  sched_yield: { args: () => [] },
  proc_raise: { shown: "raise", args: (call) => [SIGNALS.get(call.at(0)) ?? call.decimal(0)] },
  proc_exit: { shown: "exit", args: decimals(0) },
  sock_accept: { args: (call) => [call.decimal(0), flagsText(call.at(1), FILE_FLAGS)], gave: stored(2) },
  sock_recv: { args: (call) => [...readArgs(call, 4), call.decimal(3)], gave: stored(4) },
  sock_send: { args: (call) => [...writeArgs(call), call.decimal(3)], gave: stored(4) },
  sock_shutdown: { args: decimals(0, 1) },
};

/** The flags of a descriptor: u16 at 2. */
function statusText(call: Call): string {
  const flags = call.result === 0 ? call.view.u16(call.at(1) + 2) : null;
  return flags === null ? call.pointer(1) : `{fs_flags=${flagsText(flags, FILE_FLAGS)}}`;
}

function openFlagsText(call: Call): string {
  const rights = BigInt(call.decimal(5));
  const writes = (rights & RIGHT_WRITE) !== 0n;
  const access = writes ? ((rights & RIGHT_READ) !== 0n ? "O_RDWR" : "O_WRONLY") : "O_RDONLY";
  const flags = [flagsText(call.at(4), OPEN_FLAGS), flagsText(call.at(7), FILE_FLAGS)].filter((text) => text !== "0");
  return [access, ...flags].join("|");
}
