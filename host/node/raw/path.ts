// Names of AF_UNIX sockets in the file system, where libuv and a kernel part. Owns what a bound socket's name needs; where
// a guest's path leads is host/namespace.ts's.

import { isUtf8 } from "node:buffer";
import { existsSync, linkSync, renameSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { EACCES, EADDRINUSE, EEXIST, ENAMETOOLONG, ENOENT, EOPNOTSUPP } from "../../../assembly/shared/errno.js";
import type { UnixAddress } from "../../address.js";
import type { PipeHandle } from "./bindings.js";
import { errnoNamed, errnoOf } from "./errno.js";

/** Bytes of sun_path, the NUL included: what libuv cuts a longer name to. */
const SUN_PATH = process.platform === "linux" ? 108 : 104;
const ABSTRACT_SINCE = 22;
const decoder = new TextDecoder();

let names = 0;

/** The errno of a bind(2): libuv tells EACCES where a directory of the path is missing (ENOENT). */
function bindErrno(status: number, path: string): number {
  const errno = errnoOf(status);
  return errno === EACCES && !existsSync(dirname(path)) ? ENOENT : errno;
}

/** Whether libuv takes it as it is; a NUL at its start is an abstract name. */
function fits(path: string): boolean {
  return path.startsWith("\0") || Buffer.byteLength(path) < SUN_PATH;
}

/** What libuv's connect is given for an address, or the errno that it cannot be given anything. */
export function connectPath({ path, place }: UnixAddress): string | number {
  if (place !== undefined && place.errno !== 0) return place.errno;
  const text = place?.access ?? decoder.decode(path);
  if (isBeyondNode(text)) return EOPNOTSUPP;
  return fits(text) ? text : ENAMETOOLONG;
}

/** Whether this Node cannot name it: abstract names lose their length before Node 22. */
function isBeyondNode(path: string): boolean {
  return path.startsWith("\0") && Number(process.versions.node.split(".")[0]) < ABSTRACT_SINCE;
}

/** The name that a socket is bound to. */
export class BoundName {
  readonly #address: UnixAddress;
  /** What libuv takes away when it closes the socket; null where it may. */
  #path: string | null = null;

  constructor(address: UnixAddress) {
    this.#address = address;
  }

  /** bind(2): 0 or errno. */
  bind(handle: PipeHandle): number {
    const { path, place } = this.#address;
    if (place === undefined) return this.#bindTo(handle, decoder.decode(path));
    if (place.errno !== 0 || place.name === null) return place.errno;
    const whole = `${place.access}/${decoder.decode(place.name)}`;
    if (isUtf8(place.name) && fits(whole)) return this.#bindTo(handle, whole);
    return bindAside(handle, place.access, place.name);
  }

  #bindTo(handle: PipeHandle, path: string): number {
    if (isBeyondNode(path)) return EOPNOTSUPP;
    if (!fits(path)) return ENAMETOOLONG;
    const errno = bindErrno(handle.bind(path), path);
    if (errno !== 0 || path.startsWith("\0")) return errno;
    this.#path = path;
    this.#address.place?.hold();
    return 0;
  }

  /** Closes the socket without the unlink(2) that libuv makes of it: the name is elsewhere for that moment. */
  release(close: () => void): void {
    const path = this.#path;
    this.#path = null;
    if (path === null) return close();
    const aside = `${path}.${process.pid}.${++names}`;
    const moved = attempt(() => renameSync(path, aside)) === 0;
    close();
    if (moved) attempt(() => renameSync(aside, path));
    this.#address.place?.release();
  }
}

/** A name that libuv cannot be given, too long behind the directory or not UTF-8: bound under another, and then linked. */
function bindAside(handle: PipeHandle, directory: string, name: Uint8Array): number {
  const aside = `${directory}/.${process.pid}.${++names}`;
  if (!fits(aside)) return ENAMETOOLONG;
  const errno = bindErrno(handle.bind(aside), aside);
  if (errno !== 0) return errno;
  const failure = attempt(() => linkSync(aside, Buffer.concat([Buffer.from(`${directory}/`), name])));
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
