// What a guest has sent on a stream and has not gone yet: lent memory, in order, that leaves as the window of the other side
// and the connection allow. Owns the order; who makes packets of it is told how much may go.

import type { LentMemory } from "../../network.js";
import { DATA_MAX } from "../link.js";

interface Lent {
  pointer: number;
  length: number;
}

/** Lent bytes that wait to be sent. */
export class Outbox {
  readonly #lends: Lent[] = [];

  get isEmpty(): boolean {
    return this.#lends.length === 0;
  }

  /** Adds lent memory. */
  put(pointer: number, length: number): void {
    const last = this.#lends.at(-1);
    if (last !== undefined && last.pointer + last.length === pointer) last.length += length;
    else this.#lends.push({ pointer, length });
  }

  /** Sends what may go: `room` gives the bytes that may leave now, `send` takes each piece. How many bytes went. */
  flush(memory: LentMemory, room: () => number, send: (bytes: Uint8Array) => void): number {
    let done = 0;
    for (let first = this.#lends[0]; first !== undefined; first = this.#lends[0]) {
      const part = Math.min(first.length, DATA_MAX, room());
      if (part <= 0) break;
      send(memory.bytes(first.pointer, part));
      first.pointer += part;
      first.length -= part;
      done += part;
      if (first.length === 0) this.#lends.shift();
    }
    return done;
  }

  /** Forgets all of it. */
  clear(): void {
    this.#lends.length = 0;
  }
}
