// What was typed and not yet read: a ring of bytes, some of them marked as ends of lines, as in Linux's n_tty. Owns the ring
// and how much of it one read gives; what goes into it is discipline.ts's.
//
//   tail          committed         head
//   | lines, or all | the line being typed |        free      |      (counters run freely)

import { EFAULT } from "./shared/errno";
import { ICANON, VMIN, VTIME } from "./shared/termios";
import { allocate } from "./heap";
import { control, localMode } from "./termios";
import { scatter, Vector } from "./vector";

/** Bytes of the ring: N_TTY_BUF_SIZE. */
const SIZE: u32 = 4096;

let bytes: usize = 0;
let ends: usize = 0;
let head: u32 = 0;
let tail: u32 = 0;
let committed: u32 = 0;

/** Makes the ring; false without memory. */
export function openTyped(): bool {
  bytes = allocate(SIZE);
  ends = allocate(SIZE);
  return bytes != 0 && ends != 0;
}

/** Bytes in the ring, read by nobody. */
export function typedBytes(): u32 {
  return head - tail;
}

/** Bytes of the line that is being typed. */
export function lineBytes(): u32 {
  return head - committed;
}

/** The byte of the line being typed that stands `back` before its end (1: the last one). */
export function lastTyped(back: u32): u32 {
  return load<u8>(bytes + ((head - back) & (SIZE - 1)));
}

/** Whether a byte finds a place; a line without end takes more, each in place of the last. */
export function hasPlace(): bool {
  return head - tail < SIZE - 1 || (localMode(ICANON) != 0 && committed == tail);
}

/** Has the last byte of a line that is too long make way, as in Linux. */
export function makePlace(): void {
  if (head - tail == SIZE && localMode(ICANON)) head--;
}

/** Adds a byte. */
export function addTyped(byte: u32): void {
  store<u8>(bytes + (head & (SIZE - 1)), <u8>byte);
  store<u8>(ends + (head & (SIZE - 1)), 0);
  head++;
  if (!localMode(ICANON)) committed = head;
}

/** Adds a byte that ends its line; 0 ends it and is not read (VEOF). */
export function endLine(byte: u32): void {
  addTyped(byte);
  store<u8>(ends + ((head - 1) & (SIZE - 1)), 1);
  committed = head;
}

/** Takes back `count` bytes of the line being typed. */
export function takeBackTyped(count: u32): void {
  head -= count;
}

/** Forgets everything (TCIFLUSH, a signal without NOFLSH). */
export function dropTyped(): void {
  head = 0;
  tail = 0;
  committed = 0;
}

/** ICANON was set or cleared: what is there can be read, as in Linux. */
export function commitTyped(): void {
  for (let at = tail; at != head; at++) store<u8>(ends + (at & (SIZE - 1)), 0);
  committed = head;
  if (head != tail && localMode(ICANON)) store<u8>(ends + ((head - 1) & (SIZE - 1)), 1);
}

/** Whether a read would not wait; `asked` for poll(2), which counts VMIN where VTIME is 0. */
export function isReadable(asked: bool): bool {
  if (localMode(ICANON)) return committed != tail;
  const least: u32 = asked && control(VTIME) == 0 && control(VMIN) > 0 ? control(VMIN) : 1;
  return head - tail >= least;
}

function isEnd(at: u32): bool {
  return load<u8>(ends + (at & (SIZE - 1))) != 0;
}

/** FIONREAD: what reads would give now. */
export function readableBytes(): u32 {
  if (!localMode(ICANON)) return head - tail;
  let count: u32 = 0;
  for (let at = tail; at != committed; at++) if (!isEndOfFile(at)) count++;
  return count;
}

function isEndOfFile(at: u32): bool {
  return isEnd(at) && load<u8>(bytes + (at & (SIZE - 1))) == 0;
}

/** Gives the guest [tail, tail + count): 0 or EFAULT. */
function give(vector: Vector, count: u32): i32 {
  while (count > 0) {
    const at = tail & (SIZE - 1);
    const part = min(count, SIZE - at);
    if (scatter(vector, bytes + at, part)) return EFAULT;
    tail += part;
    count -= part;
  }
  return 0;
}

/** Gives one line, or as much of it as there is room for: bytes, 0 for an end of file, or -EFAULT. */
export function takeLine(vector: Vector): i32 {
  const limit = min(vector.left, committed - tail);
  let count: u32 = 0;
  while (count < limit && !isEnd(tail + count)) count++;
  const ended = count < limit;
  const hidden = ended && isEndOfFile(tail + count);
  const given = ended && !hidden ? count + 1 : count;
  if (give(vector, given)) return -EFAULT;
  if (hidden) tail++;
  // A buffer that a line fills to its end of file takes that too: the next read is the next line's.
  else if (!ended && tail != committed && isEndOfFile(tail)) tail++;
  return <i32>given;
}

/** Gives bytes as they are: how many, or -EFAULT. */
export function takeBytes(vector: Vector): i32 {
  const count = min(vector.left, head - tail);
  return give(vector, count) ? -EFAULT : <i32>count;
}
