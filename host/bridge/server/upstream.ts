// What a client has sent and the network has not taken, of one socket: lent memory, in order. Owns the count of it, which
// the client's window bounds.

import type { SocketParts } from "./parts.js";

interface Chunk {
  readonly pointer: number;
  left: number;
}

/** Sends of one socket. */
export class Upstream {
  readonly #parts: SocketParts;
  readonly #id: number;
  readonly #chunks: Chunk[] = [];
  /** Bytes that the network has not taken. */
  waiting = 0;

  constructor(parts: SocketParts, id: number) {
    this.#parts = parts;
    this.#id = id;
  }

  /** Sends bytes of a stream; they are the upstream's. */
  send(bytes: Uint8Array): void {
    const { memory, network, observer } = this.#parts;
    if (bytes.length === 0) return;
    const pointer = memory.lend(bytes);
    this.#chunks.push({ pointer, left: bytes.length });
    this.waiting += bytes.length;
    observer.bytes?.("up", bytes.length);
    network.send(this.#id, pointer, bytes.length);
  }

  /** The network took so many bytes. */
  sent(length: number): void {
    this.waiting -= length;
    for (let left = length; left > 0; ) {
      const first = this.#chunks[0];
      if (first === undefined) return;
      const part = Math.min(first.left, left);
      first.left -= part;
      left -= part;
      if (first.left > 0) return;
      this.#parts.memory.free(first.pointer);
      this.#chunks.shift();
    }
  }

  /** All of it is back, taken or not. */
  clear(): void {
    for (const { pointer } of this.#chunks) this.#parts.memory.free(pointer);
    this.#chunks.length = 0;
    this.waiting = 0;
  }
}
