// The guest's current directory, which its libc keeps and tells when it matters: what a relative AF_UNIX path begins at.

import { ENAMETOOLONG, ENOMEM } from "./shared/errno";
import { allocate } from "./heap";

/** PATH_MAX, as in Linux: with its NUL. */
const PATH_MAX: usize = 4096;

/** Where the path is; 0 until one was told: the root. */
export let directory: usize = 0;
/** Its bytes. */
export let directoryLength: i32 = 0;

/** Makes room for a path of `length` bytes at `directory`: 0 or errno. */
export function reserveDirectory(length: u32): i32 {
  if (length >= <u32>PATH_MAX) return ENAMETOOLONG;
  if (directory == 0) directory = allocate(PATH_MAX);
  return directory == 0 ? ENOMEM : 0;
}

/** Takes the path that was put there. */
export function setDirectoryLength(length: u32): void {
  directoryLength = <i32>length;
}
