// The host's files on Node. On Linux a file is held by an O_PATH descriptor and named through /proc/self/fd: nobody can
// put another in its place, no path is too long for sun_path, and connect(2) on it is on that very inode. Elsewhere it is a
// path without links; between looking and connecting somebody could change it.

import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readlinkSync, realpathSync } from "node:fs";
import type { HostFiles, HostLink, HostNode } from "../../files.js";
import { errnoNamed } from "./errno.js";

/** open(2) of Linux; fs.constants has it not. */
const O_PATH = 0o10000000;
const FD = "/proc/self/fd";

function errnoFrom(error: unknown): number {
  return errnoNamed((error as NodeJS.ErrnoException).code ?? "");
}

function bytes(path: string): Buffer {
  return Buffer.from(path, "latin1");
}

class HeldNode implements HostNode {
  readonly isDirectory: boolean;
  readonly access: string;
  readonly #fd: number;

  constructor(fd: number, isDirectory: boolean) {
    this.#fd = fd;
    this.isDirectory = isDirectory;
    this.access = `${FD}/${fd}`;
  }

  get path(): string {
    return readlinkSync(this.access, "buffer").toString("latin1");
  }

  lookup(name: string): HostNode | HostLink | number {
    return hold(bytes(`${this.access}/${name}`), constants.O_NOFOLLOW);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function hold(path: Buffer | string, flags: number): HostNode | HostLink | number {
  try {
    const fd = openSync(path, O_PATH | flags);
    const stat = fstatSync(fd);
    if (!stat.isSymbolicLink()) return new HeldNode(fd, stat.isDirectory());
    closeSync(fd);
    return { target: readlinkSync(path, "buffer").toString("latin1") };
  } catch (error) {
    return errnoFrom(error);
  }
}

class NamedNode implements HostNode {
  readonly path: string;
  readonly isDirectory: boolean;

  constructor(path: string, isDirectory: boolean) {
    this.path = path;
    this.isDirectory = isDirectory;
  }

  get access(): string {
    return bytes(this.path).toString();
  }

  lookup(name: string): HostNode | HostLink | number {
    const path = this.path === "/" ? `/${name}` : `${this.path}/${name}`;
    try {
      const stat = lstatSync(bytes(path));
      if (stat.isSymbolicLink()) return { target: readlinkSync(bytes(path), "buffer").toString("latin1") };
      return new NamedNode(path, stat.isDirectory());
    } catch (error) {
      return errnoFrom(error);
    }
  }

  close(): void {}
}

function openHeld(path: string): HostNode | number {
  const found = hold(path, 0);
  return typeof found === "object" && "target" in found ? errnoNamed("ELOOP") : found;
}

function openNamed(path: string): HostNode | number {
  try {
    const real = realpathSync.native(path, "buffer");
    return new NamedNode(real.toString("latin1"), lstatSync(real).isDirectory());
  } catch (error) {
    return errnoFrom(error);
  }
}

function current(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** Files held by descriptors; null where this kernel has no such descriptors, or no /proc. */
export const heldFiles: HostFiles | null =
  process.platform === "linux" && existsSync(FD) ? { open: openHeld, current } : null;

/** Files by path. */
export const namedFiles: HostFiles = { open: openNamed, current };

/** The files of this machine; undefined where names of AF_UNIX sockets are no files (Windows). */
export const hostFiles: HostFiles | undefined = process.platform === "win32" ? undefined : (heldFiles ?? namedFiles);
