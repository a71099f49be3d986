// A call's buffers in the guest: the iovec array of readv(2), sendmsg(2) and their kin, or the one buffer of recv(2), with
// a cursor. One per call, since a signal handler may call again while a call waits.
//
//   guest iovec (8 bytes): | base u32 | length u32 |

import { EFAULT, EINVAL, EMSGSIZE } from "./shared/errno";
import { allocate, release } from "./heap";
import { copyin, copyout } from "./guest";
import { releaseRights } from "./rights";

/** IOV_MAX. */
const MAX_COUNT: i32 = 1024;

/** The buffers and where the call stands in them. */
@unmanaged
export class Vector {
  /** The entries, in core memory. */
  entries: usize;
  count: i32;
  index: i32;
  /** Bytes used of entries[index]. */
  offset: u32;
  /** Bytes not yet used. */
  left: u32;
  /** Descriptors that are to go with the bytes, or came with them (rights.ts); 0: none. What is left is let go of with the call. */
  rights: usize;
  /** The one entry of newBuffer(). */
  base: u32;
  length: u32;
}

const ENTRIES_FIELD: usize = offsetof<Vector>("base");

/** errno of the last newVector() that gave null. */
export let vectorError: i32 = 0;

/** A vector of one buffer. */
export function newBuffer(base: usize, length: u32): Vector {
  const pointer = allocate(offsetof<Vector>());
  const vector = changetype<Vector>(pointer);
  vector.entries = pointer + ENTRIES_FIELD;
  vector.count = 1;
  vector.index = 0;
  vector.offset = 0;
  vector.left = length;
  vector.rights = 0;
  vector.base = <u32>base;
  vector.length = length;
  return vector;
}

/** The guest's iovec array, checked; null with vectorError EINVAL (count, sum of lengths), EMSGSIZE or EFAULT. */
export function newVector(iov: usize, count: i32, tooMany: i32): Vector | null {
  if (count < 0 || count > MAX_COUNT) {
    vectorError = tooMany;
    return null;
  }
  const vector = newBuffer(0, 0);
  vector.count = count;
  if (count == 0) return vector;
  if (count > 1) vector.entries = allocate((<usize>count) << 3);
  if (copyin(vector.entries, iov, (<usize>count) << 3)) {
    freeVector(vector);
    vectorError = EFAULT;
    return null;
  }
  let total: u64 = 0;
  for (let i = 0; i < count; i++) {
    const length = load<u32>(vector.entries + ((<usize>i) << 3), 4);
    total += length;
    if (<i32>length < 0 || total > <u64>i32.MAX_VALUE) {
      freeVector(vector);
      vectorError = EINVAL;
      return null;
    }
  }
  vector.left = <u32>total;
  return vector;
}

/** The error that sendmsg(2) and recvmsg(2) give for too many buffers, where readv(2) gives EINVAL. */
export const TOO_MANY_MESSAGE: i32 = EMSGSIZE;

/** Frees a vector. */
export function freeVector(vector: Vector): void {
  const pointer = changetype<usize>(vector);
  if (vector.rights != 0) releaseRights(vector.rights);
  if (vector.entries != pointer + ENTRIES_FIELD) release(vector.entries, (<usize>vector.count) << 3);
  release(pointer, offsetof<Vector>());
}

/** Moves the next `length` bytes (no more than `left`) between the guest and `core`: 0, or 1 (a bad pointer). */
function move(vector: Vector, core: usize, length: u32, out: bool): i32 {
  while (length > 0) {
    const entry = vector.entries + ((<usize>vector.index) << 3);
    const size = load<u32>(entry, 4) - vector.offset;
    if (size == 0) {
      vector.index++;
      vector.offset = 0;
      continue;
    }
    const part = length < size ? length : size;
    const at = <usize>load<u32>(entry) + vector.offset;
    if (out ? copyout(at, core, part) : copyin(core, at, part)) return 1;
    core += part;
    length -= part;
    vector.offset += part;
    vector.left -= part;
  }
  return 0;
}

/** Bytes that are left of the next buffer that has any; `left` is not 0. */
export function entryLeft(vector: Vector): u32 {
  while (load<u32>(vector.entries + ((<usize>vector.index) << 3), 4) == vector.offset) {
    vector.index++;
    vector.offset = 0;
  }
  return load<u32>(vector.entries + ((<usize>vector.index) << 3), 4) - vector.offset;
}

/** Where entryLeft()'s bytes are in the guest. */
export function entryPointer(vector: Vector): usize {
  return <usize>load<u32>(vector.entries + ((<usize>vector.index) << 3)) + vector.offset;
}

/** Passes by the next `length` bytes, no more than entryLeft(). */
export function skip(vector: Vector, length: u32): void {
  vector.offset += length;
  vector.left -= length;
}

/** Takes the next `length` bytes from the guest: 0, or 1 (a bad pointer). */
export function gather(vector: Vector, to: usize, length: u32): i32 {
  return move(vector, to, length, false);
}

/** Gives the guest the next `length` bytes: 0, or 1 (a bad pointer). */
export function scatter(vector: Vector, from: usize, length: u32): i32 {
  return move(vector, from, length, true);
}
