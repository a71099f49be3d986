// Names of AF_UNIX sockets in the file system, where libuv and a kernel part.

import { existsSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { EACCES, ENOENT } from "../../../assembly/shared/errno.js";
import { errnoOf } from "./errno.js";

/** The errno of a bind(2): libuv tells EACCES where a directory of the path is missing (ENOENT). */
export function bindErrno(status: number, path: string): number {
  const errno = errnoOf(status);
  return errno === EACCES && !existsSync(dirname(path)) ? ENOENT : errno;
}

const ABSTRACT_SINCE = 22;

/** Whether this Node cannot name it: abstract names lose their length before Node 22. */
export function isBeyondNode(path: string): boolean {
  return path.startsWith("\0") && Number(process.versions.node.split(".")[0]) < ABSTRACT_SINCE;
}

let names = 0;

/** Closes a bound socket without the unlink(2) that libuv makes of it: the name is elsewhere for that moment. */
export function keepName(path: string, close: () => void): void {
  const aside = `${path}.${process.pid}.${++names}`;
  const moved = rename(path, aside);
  close();
  if (moved) rename(aside, path);
}

function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
