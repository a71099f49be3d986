// The terminal's size, as TIOCGWINSZ tells it.

import { SIGWINCH } from "./shared/signal";
import { raise } from "./signal";

let rows: i32 = 0;
let columns: i32 = 0;

/** Takes the size from the host; a change raises SIGWINCH. */
export function setWindow(newRows: i32, newColumns: i32): void {
  const changed = rows != 0 && (rows != newRows || columns != newColumns);
  rows = newRows;
  columns = newColumns;
  if (changed) raise(SIGWINCH);
}

/** Rows, 0 if unknown. */
export function windowRows(): i32 {
  return rows;
}

/** Columns, 0 if unknown. */
export function windowColumns(): i32 {
  return columns;
}
