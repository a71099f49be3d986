// What poll_oneoff waits for, as text. Owns the layout of preview1's subscriptions:
//
//   subscription (48): user data u64 0 | tag u8 8 | clock: id u32 16, timeout u64 24, flags u16 40 | descriptor: u32 16

import type { GuestView } from "./guest-view.js";
import { pointerText } from "./text.js";

/** Subscriptions that are shown. */
const MOST = 16;
const TAG_CLOCK = 0;
const ABSOLUTE = 1;

function subscriptionText(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = view.getUint8(8);
  if (tag === TAG_CLOCK) {
    const until = (view.getUint16(40, true) & ABSOLUTE) === 0 ? "timeout" : "until";
    return `{clock=${view.getUint32(16, true)}, ${until}=${view.getBigUint64(24, true)}}`;
  }
  return `{fd=${view.getInt32(16, true)}, ${["clock", "read", "write"][tag] ?? `tag=${tag}`}}`;
}

/** An array of subscriptions: `[{fd=3, read}, {clock=1, timeout=1000000}]`. */
export function subscriptionsText(view: GuestView, pointer: number, count: number): string {
  const parts: string[] = [];
  for (let i = 0; i < Math.min(count >>> 0, MOST); i++) {
    const bytes = view.bytes(pointer + 48 * i, 48);
    if (bytes === null) return pointerText(pointer);
    parts.push(subscriptionText(bytes));
  }
  return `[${parts.join(", ")}${count >>> 0 > MOST ? ", ..." : ""}]`;
}
