// The event ring: the host writes records and moves `head`, the core reads them and moves `tail` (both count bytes and
// wrap at 2^32; assembly/shared/event.ts has the record's layout). Owns the ring and who is told of each record; the
// meaning of a record is its receiver's.
//
//   ring - 8   ring - 4   ring
//   +--------+----------+----------------------------------+
//   | head   | tail     | EVENT_RING bytes of records       |
//   +--------+----------+----------------------------------+

import {
  EVENT_HEAD,
  EVENT_NAMED,
  EVENT_RESOLVED,
  EVENT_RIGHTS,
  EVENT_RING,
  EVENT_SIGNAL,
  EVENT_TURNED,
  EVENT_WINDOW,
  EVENT_WRAP,
} from "./shared/event";
import { completeLookup } from "./lookup";
import { onRights } from "./rights";
import { raise } from "./signal";
import { socketOf } from "./socket";
import { lendConnected, onSocketEvent } from "./socket-events";
import { completeTurn } from "./turn";
import { setWindow } from "./window";

const area: usize = heap.alloc(EVENT_RING + 16);
const HEAD: usize = area;
const TAIL: usize = area + 4;
const RING: usize = area + 8;

/** Where the ring is: the host adds 0 for head, 4 for tail, 8 for the records. */
export function kernel_ring(): usize {
  return area;
}

function dispatch(record: usize): void {
  const type = load<i32>(record);
  const id = load<i32>(record, 4);
  const a = load<i32>(record, 8);
  const b = load<i32>(record, 12);
  const length = load<u32>(record, 16);
  switch (type) {
    case EVENT_TURNED:
      return completeTurn(id);
    case EVENT_SIGNAL:
      return raise(a);
    case EVENT_RIGHTS:
      return onRights(id, a, b);
    case EVENT_WINDOW:
      return setWindow(a, b);
    case EVENT_RESOLVED:
    case EVENT_NAMED:
      return completeLookup(id, a, record + EVENT_HEAD, length);
  }
  const socket = socketOf(id);
  if (socket !== null) onSocketEvent(socket, type, a, b, record + EVENT_HEAD, length);
}

/** Reads every record that the host has written, and those that it writes because of them. */
export function pump(): void {
  do drain();
  while (lendConnected());
}

function drain(): void {
  let tail = load<u32>(TAIL);
  while (tail != atomic.load<u32>(HEAD)) {
    const record = RING + (tail & (EVENT_RING - 1));
    if (load<i32>(record) == EVENT_WRAP) {
      tail += EVENT_RING - (tail & (EVENT_RING - 1));
    } else {
      dispatch(record);
      tail += (EVENT_HEAD + load<u32>(record, 16) + 3) & ~3;
    }
    atomic.store<u32>(TAIL, tail);
  }
}
