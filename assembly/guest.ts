// The guest's memory, reached through glue functions that the host puts into the core's table: the two-memory module
// where the host has multi-memory, JavaScript functions of the same signature where not. Owns the bounds check's answer:
// a bad pointer is EFAULT, never a trap.

let copyinIndex: u32 = 0;
let copyoutIndex: u32 = 0;
let signalIndex: u32 = 0;

/** Tells where in the table the host put the copy functions. */
export function kernel_setcopy(copyin: u32, copyout: u32): void {
  copyinIndex = copyin;
  copyoutIndex = copyout;
}

/** Tells where in the table the host put the guest's signal handler entry. */
export function kernel_sethandler(index: u32): void {
  signalIndex = index;
}

/** Copies guest bytes into the core: 0, or 1 if the range is not all inside the guest's memory. */
export function copyin(to: usize, from: usize, length: usize): i32 {
  return call_indirect<i32>(copyinIndex, to, from, length);
}

/** Copies core bytes out to the guest: 0, or 1 if the range is not all inside the guest's memory. */
export function copyout(to: usize, from: usize, length: usize): i32 {
  return call_indirect<i32>(copyoutIndex, to, from, length);
}

/** Whether the guest can be told of signals by a handler. */
export function hasHandler(): bool {
  return signalIndex != 0;
}

/** Runs the guest's handler for `signal`; it may block, call anything, and nest. */
export function callHandler(signal: i32): void {
  call_indirect<void>(signalIndex, signal);
}

/** Eight bytes for values on their way in or out; never kept across a call that may block. */
export const cell: usize = memory.data(8, 8);

/** Writes one i32 to the guest: 0 or 1 (a bad pointer). */
export function storeGuest32(to: usize, value: i32): i32 {
  store<i32>(cell, value);
  return copyout(to, cell, 4);
}
