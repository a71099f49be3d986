// The devices that any Unix has in /dev and that need none of a host's: null, zero, full, random and urandom. Owns their
// names and what reading and writing them does. Their bytes of chance are the provider's random_get.

import { EFAULT, ENOSPC } from "./shared/errno";
import { random_get } from "./foreign";
import { cell, copyin } from "./guest";
import { entryLeft, entryPointer, scatter, skip, Vector } from "./vector";

/** The descriptor of the directory that they are in, in calls that take one: none that a guest can have. */
export const DEVICES: i32 = -3;

const NULL: usize = 1;
const ZERO: usize = 2;
const FULL: usize = 3;
const RANDOM: usize = 4;
const DEVICE: usize = 0xf;
/** What a description's object has beside the device: how it was opened. */
const READABLE: usize = 0x10;
const WRITABLE: usize = 0x20;

const FILETYPE_CHARACTER_DEVICE: u8 = 2;
const FILETYPE_DIRECTORY: u8 = 3;
const ALL_RIGHTS: u64 = 0x1fffffff;

/** The most that getRandomValues() of a page gives at once. */
const RANDOM_SIZE: u32 = 65536;
const PAGE: u32 = 4096;
const zeros: usize = memory.data(4096, 8);

/** The device of that name, 0 if there is none. The guest's range was not checked: a bad one has no device either. */
export function deviceNamed(path: usize, length: i32): usize {
  store<u64>(cell, 0);
  if (<u32>length > 7 || copyin(cell, path, length)) return 0;
  const name = load<u64>(cell);
  switch (name) {
    case 0x6c6c756e: // "null", its first letter lowest
      return NULL;
    case 0x6f72657a: // "zero"
      return ZERO;
    case 0x6c6c7566: // "full"
      return FULL;
    case 0x6d6f646e6172: // "random"
      return RANDOM;
  }
  // "urandom"
  return (name & 0xff) == 0x75 && name >> 8 == 0x6d6f646e6172 ? RANDOM : 0;
}

/** The object of a description of that device. */
export function openedDevice(device: usize, readable: bool, writable: bool): usize {
  return device | (readable ? READABLE : 0) | (writable ? WRITABLE : 0);
}

/** Whether it was opened to be read. */
export function isReadable(object: usize): bool {
  return (object & READABLE) != 0;
}

/** Whether it was opened to be written. */
export function isWritable(object: usize): bool {
  return (object & WRITABLE) != 0;
}

/** An fdstat of their directory, at `to`: the provider's calls and libc look for rights there. */
export function devicesStat(to: usize): usize {
  memory.fill(to, 0, 24);
  store<u8>(to, FILETYPE_DIRECTORY);
  store<u64>(to, ALL_RIGHTS, 8);
  store<u64>(to, ALL_RIGHTS, 16);
  return to;
}

/** A filestat of a device, at `to`; its inode is its number. */
export function deviceFile(to: usize, object: usize): usize {
  memory.fill(to, 0, 64);
  store<u64>(to, object & DEVICE, 8);
  store<u8>(to, FILETYPE_CHARACTER_DEVICE, 16);
  store<u64>(to, 1, 24);
  return to;
}

/** read(2): bytes or -errno. */
export function readDevice(object: usize, vector: Vector): i32 {
  const device = object & DEVICE;
  if (device == NULL) return 0;
  let done = 0;
  while (vector.left > 0) {
    const part = device == RANDOM ? min(entryLeft(vector), RANDOM_SIZE) : min(vector.left, PAGE);
    const error = device == RANDOM ? randomize(vector, part) : scatter(vector, zeros, part) ? EFAULT : 0;
    if (error) return done > 0 ? done : -error;
    done += part;
  }
  return done;
}

/** Fills the next `length` bytes, which are one buffer's: 0 or errno. */
function randomize(vector: Vector, length: u32): i32 {
  const pointer = entryPointer(vector);
  if (copyin(cell, pointer + length - 1, 1)) return EFAULT;
  const error = random_get(pointer, length);
  if (error == 0) skip(vector, length);
  return error;
}

/** write(2): bytes or -errno. What is written is gone. */
export function writeDevice(object: usize, vector: Vector): i32 {
  return (object & DEVICE) == FULL ? -ENOSPC : <i32>vector.left;
}
