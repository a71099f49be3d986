// Memory that a bridge lends to its network. A pointer is a slot's number times the longest packet, plus an offset, so that
// a network may name any part of what was lent. Owns the slots.

import type { LentMemory } from "../../network.js";
import { PACKET_MAX } from "../protocol/types.js";

/** Slots of bytes. */
export class Lender implements LentMemory {
  readonly #slots = new Map<number, Uint8Array>();
  #next = 1;

  /** Lends bytes: their pointer. */
  lend(bytes: Uint8Array): number {
    const slot = this.#next++;
    this.#slots.set(slot, bytes);
    return slot * PACKET_MAX;
  }

  /** Takes back what lend() gave. */
  free(pointer: number): void {
    this.#slots.delete(Math.floor(pointer / PACKET_MAX));
  }

  /** Bytes that are lent. */
  get size(): number {
    let size = 0;
    for (const bytes of this.#slots.values()) size += bytes.length;
    return size;
  }

  bytes(pointer: number, length: number): Uint8Array {
    const slot = Math.floor(pointer / PACKET_MAX);
    const bytes = this.#slots.get(slot);
    const offset = pointer - slot * PACKET_MAX;
    if (bytes === undefined || offset + length > bytes.length) {
      throw new RangeError(`${length} bytes at ${pointer} were not lent`);
    }
    return bytes.subarray(offset, offset + length);
  }
}
