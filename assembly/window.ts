// The terminal's size: struct winsize, as TIOCGWINSZ tells it.
//
//   guest winsize (8): rows u16 0 | columns u16 2 | pixels across u16 4 | pixels down u16 6

import { SIGWINCH } from "./shared/signal";
import { raise } from "./signal";

/** The size; all 0 while nobody has told it. */
export const windowSize: usize = memory.data(8, 8);

/** Takes the size from the host; a change raises SIGWINCH. */
export function setWindow(rows: i32, columns: i32): void {
  const known = load<u32>(windowSize);
  store<u64>(windowSize, 0);
  store<u16>(windowSize, <u16>rows);
  store<u16>(windowSize, <u16>columns, 2);
  if (known != 0 && known != load<u32>(windowSize)) raise(SIGWINCH);
}

/** TIOCSWINSZ: takes a struct winsize; a change raises SIGWINCH. */
export function changeWindow(size: u64): void {
  if (load<u64>(windowSize) == size) return;
  store<u64>(windowSize, size);
  raise(SIGWINCH);
}
