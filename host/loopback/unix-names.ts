// The names of AF_UNIX sockets: paths, which stay when their owner closes as a file would, and abstract names, which go
// with it. Owns the table; there are no directories in it, and a path is compared byte by byte.

import { ENDPOINT_PATH_MAX } from "../../assembly/shared/endpoint.js";
import {
  EADDRINUSE,
  ECONNREFUSED,
  EINVAL,
  ENAMETOOLONG,
  ENOENT,
  ENOTDIR,
  EPROTOTYPE,
} from "../../assembly/shared/errno.js";
import type { Socket } from "./socket.js";

const decoder = new TextDecoder("latin1");

function keyOf(path: Uint8Array): string {
  return decoder.decode(path);
}

/** The table. */
export class UnixNames {
  private readonly owners = new Map<string, Socket | null>();
  private autobound = 0;

  /** Binds a name; no bytes at all means an abstract name of the system's choice (unix(7), autobind). The name or an errno. */
  bind(path: Uint8Array, owner: Socket): Uint8Array | number {
    if (path.length > ENDPOINT_PATH_MAX) return ENAMETOOLONG;
    if (path.length === 0) return this.autobind(owner);
    const key = keyOf(path);
    if (this.owners.has(key)) return EADDRINUSE;
    if (this.isBelowSocket(key)) return ENOTDIR;
    this.owners.set(key, owner);
    return path.slice();
  }

  /** Whether a path goes through a name that is a socket's (6.2). */
  private isBelowSocket(key: string): boolean {
    if (key.startsWith("\0")) return false;
    for (let slash = key.indexOf("/", 1); slash >= 0; slash = key.indexOf("/", slash + 1)) {
      if (this.owners.has(key.slice(0, slash))) return true;
    }
    return false;
  }

  private autobind(owner: Socket): Uint8Array | number {
    for (let tries = 0; tries < 0x100000; tries++) {
      const key = `\0${(this.autobound++ & 0xfffff).toString(16).padStart(5, "0")}`;
      if (this.owners.has(key)) continue;
      this.owners.set(key, owner);
      return new TextEncoder().encode(key);
    }
    return EADDRINUSE;
  }

  /** The socket of that type behind a name, or an errno (spec 6.1, 6.2, 6.12, 6.13). */
  find(path: Uint8Array, type: number): Socket | number {
    if (path.length === 0) return EINVAL;
    const key = keyOf(path);
    const owner = this.owners.get(key);
    if (owner === undefined && path[0] === 0) return ECONNREFUSED;
    if (owner === undefined) return this.isBelowSocket(key) ? ENOTDIR : ENOENT;
    if (owner === null) return ECONNREFUSED;
    return owner.type === type ? owner : EPROTOTYPE;
  }

  /** The owner closed: an abstract name goes, a path stays and refuses. */
  release(path: Uint8Array, owner: Socket): void {
    const key = keyOf(path);
    if (this.owners.get(key) !== owner) return;
    if (path[0] === 0) this.owners.delete(key);
    else this.owners.set(key, null);
  }

  /** unlink(2): whether there was such a path. */
  unlink(path: string): boolean {
    return this.owners.delete(keyOf(new TextEncoder().encode(path)));
  }
}
