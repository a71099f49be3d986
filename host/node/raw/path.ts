// Names of AF_UNIX sockets in the file system, where libuv and a kernel part. Where a guest's path leads is
// host/namespace.ts's.

import { existsSync, linkSync, lstatSync, renameSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { EACCES, EADDRINUSE, EEXIST, ENAMETOOLONG, ENOENT, EOPNOTSUPP } from "../../../assembly/shared/errno.js";
import type { UnixAddress } from "../../address.js";
import type { PipeHandle } from "./bindings.js";
import { errnoNamed, errnoOf } from "./errno.js";

/** Bytes of sun_path, the NUL included: what libuv cuts a longer name to. */
const SUN_PATH = process.platform === "linux" ? 108 : 104;
const ABSTRACT_SINCE = 22;
const strict = new TextDecoder("utf-8", { fatal: true });

let names = 0;

/** Why libuv cannot be given a path: 0, or an errno. Abstract names lose their length before Node 22. */
function checkPath(path: string): number {
  if (!path.startsWith("\0")) return Buffer.byteLength(path) < SUN_PATH ? 0 : ENAMETOOLONG;
  return Number(process.versions.node.split(".")[0]) < ABSTRACT_SINCE ? EOPNOTSUPP : 0;
}

/** A name that is no file's as text, which is all that Node takes: one that is not UTF-8 cannot be had. */
function textOf(path: Uint8Array): string | number {
  try {
    return strict.decode(path);
  } catch {
    return EOPNOTSUPP;
  }
}

/** What libuv's connect is given for an address, or the errno that it cannot be given anything. */
export function connectPath({ path, place }: UnixAddress): string | number {
  if (place !== undefined && place.errno !== 0) return place.errno;
  const text = place?.access ?? textOf(path);
  if (typeof text === "number") return text;
  const errno = checkPath(text);
  return errno === 0 ? text : errno;
}

/** The errno of a bind(2): libuv tells EACCES where a directory of the path is missing (ENOENT). */
function bindTo(handle: PipeHandle, path: string): number {
  const problem = checkPath(path);
  if (problem !== 0) return problem;
  const errno = errnoOf(handle.bind(path));
  return errno === EACCES && !path.startsWith("\0") && !existsSync(dirname(path)) ? ENOENT : errno;
}

/** A name of five hexadecimal digits behind the NUL, as unix(7) has it for who binds with the family alone. */
export function autobindPath(): Uint8Array {
  const digits = Math.floor(Math.random() * 0x100000);
  return Buffer.from(`\0${digits.toString(16).padStart(5, "0")}`);
}

/**
 * bind(2): 0 or errno. libuv takes the name of a socket away when it closes it, which a kernel does not. So a file is made
 * under another name and gets its own by link(2), which like bind(2) takes no name that is there: what libuv looks for
 * later is gone. It also serves names that libuv cannot be given, since they are not UTF-8 or too long.
 */
export function bindPipe(handle: PipeHandle, { path, place }: UnixAddress): number {
  if (place === undefined) {
    const text = textOf(path);
    return typeof text === "number" ? text : bindTo(handle, text);
  }
  if (place.errno !== 0 || place.name === null) return place.errno;
  const name = Buffer.concat([Buffer.from(`${place.access}/`), place.name]);
  if (attempt(() => lstatSync(name)) === 0) return EADDRINUSE;
  const aside = `${place.access}/.${process.pid.toString(36)}-${(++names).toString(36)}`;
  const errno = bindTo(handle, aside);
  if (errno !== 0) return errno;
  const failure = attempt(() => linkSync(aside, name));
  // A file system without links.
  if (failure !== 0 && failure !== EEXIST && attempt(() => lstatSync(name)) === ENOENT) {
    if (attempt(() => renameSync(aside, name)) === 0) return 0;
  }
  attempt(() => unlinkSync(aside));
  return failure === EEXIST ? EADDRINUSE : failure;
}

function attempt(call: () => void): number {
  try {
    call();
    return 0;
  } catch (error) {
    return errnoNamed((error as NodeJS.ErrnoException).code ?? "");
  }
}
