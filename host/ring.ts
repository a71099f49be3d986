// The host's end of the event ring (assembly/shared/event.ts has the layout, assembly/events.ts the other end). Owns writing
// records and keeping, in order, those for which the ring has no room yet.

import { EVENT_HEAD, EVENT_RING, EVENT_WRAP } from "../assembly/shared/event.js";
import type { CoreMemory } from "./memory.js";

interface Record {
  readonly type: number;
  readonly id: number;
  readonly a: number;
  readonly b: number;
  readonly payload: Uint8Array | null;
}

/** Writes events for the core. Records that do not fit wait and are written by flush(). */
export class EventRing {
  readonly #memory: CoreMemory;
  readonly #head: number;
  readonly #ring: number;
  #waiting: Record[] = [];

  /** `address` is what kernel_ring() gave. */
  constructor(memory: CoreMemory, address: number) {
    this.#memory = memory;
    this.#head = address >>> 2;
    this.#ring = address + 8;
  }

  /** Index of the head word, which Atomics.wait watches. */
  get headIndex(): number {
    return this.#head;
  }

  /** Whether the core has read everything. */
  get isEmpty(): boolean {
    const words = this.#memory.words;
    return Atomics.load(words, this.#head) === words[this.#head + 1];
  }

  /** Writes one event; `payload` is copied before this returns, or kept as a copy. */
  push(type: number, id: number, a: number, b: number, payload: Uint8Array | null): void {
    this.flush();
    if (this.#waiting.length > 0 || !this.#write(type, id, a, b, payload)) {
      this.#waiting.push({ type, id, a, b, payload: payload === null ? null : payload.slice() });
    }
  }

  /** Writes one event only if there is room now and nothing waits; false if not. */
  offer(type: number, id: number, a: number, b: number, payload: Uint8Array): boolean {
    return this.flush() && this.#write(type, id, a, b, payload);
  }

  /** Writes what had to wait, as far as there is room. True if nothing waits any more. */
  flush(): boolean {
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting;
      if (first === undefined || !this.#write(first.type, first.id, first.a, first.b, first.payload)) return false;
      this.#waiting.shift();
    }
    return true;
  }

  #write(type: number, id: number, a: number, b: number, payload: Uint8Array | null): boolean {
    const words = this.#memory.words;
    const length = payload === null ? 0 : payload.length;
    const size = (EVENT_HEAD + length + 3) & ~3;
    let head = words[this.#head] ?? 0;
    const used = (head - Atomics.load(words, this.#head + 1)) >>> 0;
    let offset = head & (EVENT_RING - 1);
    const skip = offset + size > EVENT_RING ? EVENT_RING - offset : 0;
    if (used + skip + size > EVENT_RING) return false;
    if (skip > 0) {
      words[(this.#ring + offset) >>> 2] = EVENT_WRAP;
      head = (head + skip) | 0;
      offset = 0;
    }
    const at = (this.#ring + offset) >>> 2;
    words[at] = type;
    words[at + 1] = id;
    words[at + 2] = a;
    words[at + 3] = b;
    words[at + 4] = length;
    if (payload !== null) this.#memory.all.set(payload, this.#ring + offset + EVENT_HEAD);
    Atomics.store(words, this.#head, (head + size) | 0);
    return true;
  }
}
