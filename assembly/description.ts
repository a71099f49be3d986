// Open descriptions and the table of descriptors that point at them (POSIX.1-2017, 3.258): socket, pipe end, terminal
// stream, device, or a file of the WASI provider below. Lowest free number first; flags of a description are shared by its
// duplicates, FD_CLOEXEC is each descriptor's own.
//
//   table entry (8 bytes): | description u32, 0 if free | descriptor flags u32 |

import { EBADF, EINVAL, EMFILE, ENOMEM, EPERM } from "./shared/errno";
import { allocateZeroed, release } from "./heap";

export const KIND_SOCKET: i32 = 1;
export const KIND_TERMINAL: i32 = 2;
export const KIND_PIPE_READ: i32 = 3;
export const KIND_PIPE_WRITE: i32 = 4;
export const KIND_FOREIGN: i32 = 5;
export const KIND_DEVICE: i32 = 6;

/** An open description. */
@unmanaged
export class Description {
  kind: i32;
  /** Descriptors that point here. */
  references: i32;
  /** O_NONBLOCK, O_APPEND. */
  flags: i32;
  /** Socket or Pipe; for a foreign file the provider's descriptor; for a device which one and how it was opened. */
  object: usize;
  /** How many of the references are in messages (rights.ts). */
  inFlight: i32;
  /** How many of the references are calls of threads that wait (thread.ts). */
  holds: i32;
}

/** RLIMIT_NOFILE: no new descriptor is at or above `limit`, and no limit above `hardLimit`. */
let limit: i32 = 1024;
let hardLimit: i32 = 1024;
let table: usize = heap.alloc((<usize>1024) << 3);
/** No descriptor below this is free. */
let lowest: i32 = 0;
/** No descriptor at or above this was ever used. */
let top: i32 = 0;

/** Sets the number of descriptors (RLIMIT_NOFILE); before the first is opened. */
export function kernel_setfiles(files: i32): void {
  limit = hardLimit = files < 3 ? 3 : files > 0x100000 ? 0x100000 : files;
  if (limit > 1024) table = heap.alloc((<usize>limit) << 3);
}

/** RLIMIT_NOFILE. */
export function fileLimit(): i32 {
  return limit;
}

/** The most that setFileLimits() makes of it. */
export function hardFileLimit(): i32 {
  return hardLimit;
}

/** setrlimit(2): descriptors that are open stay so. 0, EINVAL where the limit is above the hard one, EPERM for a higher hard one. */
export function setFileLimits(soft: u32, hard: u32): i32 {
  if (soft > hard) return EINVAL;
  if (hard > <u32>hardLimit) return EPERM;
  limit = <i32>soft;
  hardLimit = <i32>hard;
  return 0;
}

/** How many directories are preopened: from 3 on, by the guest's numbers and by the provider's. */
let preopens: u32 = 0;

/** Keeps the number of a preopened directory for libc's paths: nothing new gets it, though dup2() may put something there. */
export function keepPreopen(fd: i32): void {
  preopens = fd - 2;
}

/** Whether that is the number of a preopened directory, which stays open below whatever becomes of it here. */
export function isPreopen(fd: i32): bool {
  return <u32>fd - 3 < preopens;
}

function entry(fd: i32): usize {
  return table + ((<usize>fd) << 3);
}

/** What was last looked up; 0: nothing since it was taken. */
let current: usize = 0;

/** The description that was last looked up, once. */
export function takeCurrent(): usize {
  const last = current;
  current = 0;
  return last;
}

/** What fd points at, or null (EBADF). */
export function descriptionOf(fd: i32): Description | null {
  if (<u32>fd >= <u32>top) return null;
  const pointer = load<u32>(entry(fd));
  current = pointer;
  return pointer == 0 ? null : changetype<Description>(<usize>pointer);
}

/** The threads that hold what fd points at go on no more. */
export function forgetHolds(fd: i32): void {
  const description = descriptionOf(fd);
  if (description === null) return;
  description.references -= description.holds;
  description.holds = 0;
}

/** FD_CLOEXEC of an open descriptor. */
export function descriptorFlags(fd: i32): i32 {
  return load<i32>(entry(fd), 4);
}

/** Sets FD_CLOEXEC of an open descriptor. */
export function setDescriptorFlags(fd: i32, flags: i32): void {
  store<i32>(entry(fd), flags, 4);
}

/** The lowest free descriptor that is not below `from`, or -1 (EMFILE). */
export function lowestFree(from: i32): i32 {
  let fd = from > lowest ? from : lowest;
  while (fd < top && (load<u32>(entry(fd)) != 0 || isPreopen(fd))) fd++;
  if (from <= lowest) lowest = fd;
  return fd < limit ? fd : -1;
}

/** Points `fd`, which is free, at a description. */
export function place(fd: i32, description: Description, flags: i32): void {
  description.references++;
  store<u32>(entry(fd), <u32>changetype<usize>(description));
  store<i32>(entry(fd), flags, 4);
  if (fd >= top) top = fd + 1;
}

/** A new description on the lowest free descriptor at or above `from`: the descriptor, -EMFILE or -ENOMEM. */
export function install(kind: i32, object: usize, flags: i32, descriptorFlag: i32, from: i32): i32 {
  const fd = lowestFree(from);
  if (fd < 0) return -EMFILE;
  const pointer = allocateZeroed(offsetof<Description>());
  if (pointer == 0) return -ENOMEM;
  const description = changetype<Description>(pointer);
  description.kind = kind;
  description.object = object;
  description.flags = flags;
  place(fd, description, descriptorFlag);
  return fd;
}

/** Takes `fd`, which is open, out of the table: the description if that was its last descriptor, else null. */
export function remove(fd: i32): Description | null {
  const description = changetype<Description>(<usize>load<u32>(entry(fd)));
  store<u32>(entry(fd), 0);
  if (fd < lowest) lowest = fd;
  current = 0;
  return --description.references == 0 ? description : null;
}

/** Frees a description that remove() gave. */
export function freeDescription(description: Description): void {
  release(changetype<usize>(description), offsetof<Description>());
}

/** fcntl(F_DUPFD), dup(2): another descriptor for the same description. */
export function duplicate(fd: i32, from: i32, flags: i32): i32 {
  const description = descriptionOf(fd);
  if (description === null) return -EBADF;
  if (from < 0 || from >= limit) return -EINVAL;
  const copy = lowestFree(from);
  if (copy < 0) return -EMFILE;
  place(copy, description, flags);
  return copy;
}

/** One past the highest descriptor that was ever used. */
export function descriptorTop(): i32 {
  return top;
}
