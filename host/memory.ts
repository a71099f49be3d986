// Core memory as the host sees it: views that stay right when the memory grows.

import type { LentMemory } from "./network.js";

/** Views of a WebAssembly memory, made anew only when it has grown. */
export class CoreMemory implements LentMemory {
  readonly #memory: WebAssembly.Memory;
  #bytes: Uint8Array;
  #words: Int32Array;

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
  }

  #refresh(): void {
    const buffer = this.#memory.buffer;
    if (this.#bytes.buffer === buffer) return;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Int32Array(buffer);
  }

  /** All of it as bytes. */
  get all(): Uint8Array {
    this.#refresh();
    return this.#bytes;
  }

  /** All of it as 32-bit words. */
  get words(): Int32Array {
    this.#refresh();
    return this.#words;
  }

  bytes(pointer: number, length: number): Uint8Array {
    const start = pointer >>> 0;
    return this.all.subarray(start, start + length);
  }
}
