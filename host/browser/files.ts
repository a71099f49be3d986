// Files in memory: what a page gives a guest for directories, and back. Owns the plain form, which can go to a worker, and its
// translation to browser_wasi_shim's.

import { Directory, type Fd, File, type Inode, PreopenDirectory } from "@bjorn3/browser_wasi_shim";

/** A directory as plain data: text (UTF-8) and bytes are files, other records are directories. */
export interface FileTree {
  readonly [name: string]: string | Uint8Array | FileTree;
}

/** What stands for a directory in `preopens`: plain data, which stays as it is, or a Directory, which the guest changes. */
export type Files = FileTree | Directory;

const encoder = new TextEncoder();

/** A directory that a guest can read and write; give it in `preopens` and look at it when the guest has ended. */
export function directory(tree: FileTree = {}): Directory {
  return new Directory(contentsOf(tree));
}

function contentsOf(tree: FileTree): Map<string, Inode> {
  return new Map(Object.entries(tree).map(([name, entry]) => [name, inode(name, entry)]));
}

function inode(name: string, entry: string | Uint8Array | FileTree): Inode {
  if (name === "" || name === "." || name === ".." || name.includes("/")) {
    throw new TypeError(`${JSON.stringify(name)} is no name of a file: give a record for each directory`);
  }
  if (typeof entry === "string") return new File(encoder.encode(entry));
  return entry instanceof Uint8Array ? new File(entry.slice()) : directory(entry);
}

/** What is in a directory, as plain data: bytes for files. */
export function tree(from: Directory): FileTree {
  const entries: [string, Uint8Array | FileTree][] = [];
  for (const [name, entry] of from.contents) {
    if (entry instanceof File) entries.push([name, entry.data.slice()]);
    else if (entry instanceof Directory) entries.push([name, tree(entry)]);
  }
  return Object.fromEntries(entries);
}

/** Makes a directory hold what `now` holds; what it held before is gone. */
export function refill(into: Directory, now: FileTree): void {
  into.contents.clear();
  for (const [name, entry] of contentsOf(now)) into.contents.set(name, entry);
}

/** The Directory that a value of `preopens` stands for. */
export function directoryOf(files: Files): Directory {
  if (files instanceof Directory) return files;
  if ((files as { contents?: unknown }).contents instanceof Map) {
    throw new TypeError(
      'this Directory is of another copy of browser_wasi_shim: import { Directory } from "hawser/browser"',
    );
  }
  return directory(files as FileTree);
}

/** Every right that preview1 has. */
const RIGHTS = 0x1fff_ffffn;

/** A preopened directory with the rights that access(2) looks for; browser_wasi_shim's tells of none. */
class Preopen extends PreopenDirectory {
  override fd_fdstat_get(): ReturnType<PreopenDirectory["fd_fdstat_get"]> {
    const got = super.fd_fdstat_get();
    if (got.fdstat !== null) [got.fdstat.fs_rights_base, got.fdstat.fs_rights_inherited] = [RIGHTS, RIGHTS];
    return got;
  }
}

/** Preopened descriptors for browser_wasi_shim, in the order of the record. */
export function preopened(directories: Readonly<Record<string, Directory>>): readonly Fd[] {
  return Object.entries(directories).map(([path, { contents }]) => new Preopen(path, contents));
}
