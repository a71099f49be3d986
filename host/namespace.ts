// The guest's name space: where the path of an AF_UNIX socket leads. The guest sees its preopened directories, mounted where
// their names say, and a path in one of them is resolved the way a kernel does it (path_resolution(7)): one component after
// the other, in the guest's names, so that a link's absolute target is a path of the guest and `..` of a preopen's root is
// the guest's directory above it. Above the preopens there is nothing but the way to them, as above mounts on an empty
// root: what is not mounted there is ENOENT, and the host's own parent directory cannot be named at all.
//
// A path that lies in no preopen is the host's own; only a rule opens that. Owns the walk; who may go there is policy's.

import { ECONNREFUSED, EACCES, EADDRINUSE, ELOOP, ENOENT, ENOTDIR } from "../assembly/shared/errno.js";
import type { Place } from "./address.js";
import type { HostFiles, HostNode } from "./files.js";

/** Links that one path may lead through, as in Linux; one more is ELOOP (6.3). */
const MAX_LINKS = 40;

/** Guest path, "" for the root, to what is mounted there. */
type Mounts = ReadonlyMap<string, HostNode>;

/** A directory on the way, by its path in the guest; no node where it only leads to mounts. */
interface Step {
  readonly guest: string;
  readonly node: HostNode | null;
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A trailing slash asks for a directory, as "." after it does. */
function components(path: string): string[] {
  const names = path.split("/").filter((name) => name !== "");
  return path.endsWith("/") ? [...names, "."] : names;
}

function join(directory: string, ...names: string[]): string {
  return [directory === "/" ? "" : directory, ...names].join("/");
}

/** The guest path of a preopen, as wasi-libc reads its name: "./data" and "data" are /data, "." is the root. */
function mountPoint(name: string): string {
  const bytes = textOf(new TextEncoder().encode(name));
  const names = bytes.split("/").filter((part) => part !== "" && part !== ".");
  return names.map((part) => `/${part}`).join("");
}

/** One resolution. */
class Walk implements Place {
  errno = 0;
  path: Uint8Array = new Uint8Array(0);
  access = "";
  name: Uint8Array | null = null;
  /** A mount was entered: the guest is in its own files from there on. */
  inPreopen: boolean;
  private readonly mounts: Mounts;
  private readonly trail: Step[];
  private readonly opened: HostNode[] = [];
  private links = 0;
  private holders = 1;

  constructor(mounts: Mounts) {
    const root = mounts.get("") ?? null;
    this.mounts = mounts;
    this.trail = [{ guest: "", node: root }];
    this.inPreopen = root !== null;
  }

  private get here(): Step {
    return this.trail[this.trail.length - 1] as Step;
  }

  /** Follows a path to its end, links of the last component too, as connect(2) does. */
  follow(path: string): void {
    this.errno = this.walk(components(path).reverse());
    if (this.errno !== 0) return;
    const { node } = this.here;
    // What only leads to mounts is a directory, and a directory is no listener (6.11).
    if (node === null) this.errno = ECONNREFUSED;
    else this.access = node.access;
    this.path = bytesOf(node?.path ?? "/");
  }

  /** Follows a path to the directory that bind(2) is to make its last component in; that one is not followed. */
  make(path: string): void {
    const names = components(path.replace(/\/+$/, ""));
    const last = names.pop() ?? ".";
    this.errno = this.walk(names.reverse());
    if (this.errno !== 0) return;
    const { node } = this.here;
    // A directory that only leads to mounts takes nothing.
    if (node === null) this.errno = this.inPreopen ? EACCES : ENOENT;
    else if (!node.isDirectory) this.errno = ENOTDIR;
    else if (path.endsWith("/")) this.errno = this.occupied(node, last);
    this.path = bytesOf(join(node?.path ?? "/", last));
    this.access = node?.access ?? "";
    this.name = bytesOf(last);
  }

  /** Nothing is made behind a slash: ENOENT, or EADDRINUSE where something has the name. */
  private occupied(directory: HostNode, name: string): number {
    const found = directory.lookup(name);
    if (typeof found === "number") return found;
    if (!("target" in found)) found.close();
    return EADDRINUSE;
  }

  /** Walks the names, the next one last: 0 or errno, with the path of what was looked for. */
  private walk(names: string[]): number {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const errno = this.step(name, names);
      if (errno === 0) continue;
      this.path = bytesOf(join(this.here.node?.path ?? "/", name, ...names.reverse()));
      return errno;
    }
    return 0;
  }

  private step(name: string, rest: string[]): number {
    const { node } = this.here;
    if (node !== null && !node.isDirectory) return ENOTDIR;
    const guest = `${this.here.guest}/${name}`;
    const mount = this.mounts.get(guest);
    if (mount !== undefined) {
      this.inPreopen = true;
      this.trail.push({ guest, node: mount });
      return 0;
    }
    const leads = [...this.mounts.keys()].some((point) => point.startsWith(`${guest}/`));
    if (!leads && (name === "." || name === "..")) return this.stay(name);
    const found = node === null ? ENOENT : node.lookup(name);
    if (found === ENOENT && leads) this.trail.push({ guest, node: null });
    else if (typeof found === "number") return found;
    else if ("target" in found) return this.turn(found.target, rest);
    else {
      this.opened.push(found);
      this.trail.push({ guest, node: found });
    }
    return 0;
  }

  /** "." and "..", which want a directory that may be searched. `..` of the root is the root. */
  private stay(name: string): number {
    const self = this.here.node?.lookup(".");
    if (typeof self === "number") return self;
    if (self !== undefined && !("target" in self)) self.close();
    if (name === ".." && this.trail.length > 1) this.trail.pop();
    return 0;
  }

  /** A link: its target's names come before the rest. */
  private turn(target: string, rest: string[]): number {
    if (++this.links > MAX_LINKS) return ELOOP;
    if (target === "") return ENOENT;
    if (target.startsWith("/")) this.trail.length = 1;
    rest.push(...components(target).reverse());
    return 0;
  }

  hold(): void {
    this.holders++;
  }

  release(): void {
    if (--this.holders > 0) return;
    for (const node of this.opened.splice(0)) node.close();
  }
}

/** One guest's name space. */
export class Namespace {
  private readonly files: HostFiles;
  private readonly mounts = new Map<string, HostNode>();
  private root: HostNode | number | null = null;

  /** `preopens` are guest paths to host paths; what is not there is left to the WASI provider to complain of. */
  constructor(files: HostFiles, preopens: Readonly<Record<string, string>>) {
    this.files = files;
    for (const [guest, host] of Object.entries(preopens)) {
      const node = files.open(host);
      if (typeof node !== "number") this.mounts.set(mountPoint(guest), node);
    }
  }

  /**
   * Where a path leads that connect(2), or with `make` bind(2), was given. `from` is the guest's current directory, an
   * absolute path; relative paths that lie in no preopen begin at the host's own. To be released.
   */
  locate(path: Uint8Array, from: Uint8Array, make: boolean): Place {
    const text = textOf(path);
    const whole = text.startsWith("/") ? text : `${textOf(from)}/${text}`;
    if (this.mounts.size > 0) {
      const walk = new Walk(this.mounts);
      this.run(walk, whole, make);
      if (walk.inPreopen) return walk;
      walk.release();
    }
    return this.locateOnHost(text, make);
  }

  private locateOnHost(text: string, make: boolean): Place {
    this.root ??= this.files.open("/");
    const current = text.startsWith("/") ? "" : this.files.current();
    const walk = new Walk(typeof this.root === "number" ? new Map() : new Map([["", this.root]]));
    if (current === null) walk.errno = ENOENT;
    else this.run(walk, current === "" ? text : `${textOf(new TextEncoder().encode(current))}/${text}`, make);
    walk.inPreopen = false;
    return walk;
  }

  private run(walk: Walk, path: string, make: boolean): void {
    if (make) walk.make(path);
    else walk.follow(path);
  }

  /** Lets go of the directories. */
  close(): void {
    for (const node of this.mounts.values()) node.close();
    if (this.root !== null && typeof this.root !== "number") this.root.close();
    this.mounts.clear();
    this.root = null;
  }
}

/** A path of the host with every link followed that there is by now; what is not there stays as it is. For rules. */
export function canonicalPath(files: HostFiles, path: Uint8Array, make: boolean): Uint8Array {
  const namespace = new Namespace(files, {});
  const place = namespace.locate(path, new Uint8Array(0), make);
  place.release();
  namespace.close();
  return place.path;
}
