// One stream's way from the network to the client: memory is lent only for bytes that the client has room for, and not while
// the connection itself is full or the session is over its rate. Owns that memory.

import { DATA_MAX } from "../link.js";
import { DATA } from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import type { SocketParts } from "./parts.js";

/** Bytes waiting on the connection above which nothing more is read. */
const FULL = 1 << 20;

/** Reads from the network as the client takes it. */
export class Downstream {
  readonly #parts: SocketParts;
  readonly #id: number;
  /** Bytes that may be sent; Infinity for clients without credit. */
  #credit = 0;
  #pointer = 0;
  #isLent = false;
  #isOpen = false;
  #isPaused = false;

  constructor(parts: SocketParts, id: number) {
    this.#parts = parts;
    this.#id = id;
  }

  /** A connection stands: begins with that credit. */
  open(credit: number): void {
    this.#isOpen = true;
    this.#credit = credit;
    this.read();
  }

  /** More room at the client. Credit of an earlier connection does not count. */
  give(bytes: number): void {
    if (!this.#isOpen) return;
    this.#credit += bytes;
    this.read();
  }

  /** Lends memory if anything may be read now. */
  read(): void {
    if (!this.#isOpen || this.#isLent || this.#isPaused || this.#credit <= 0) return;
    if (this.#parts.link.buffered > FULL) return this.#pause(0);
    if (this.#pointer === 0) this.#pointer = this.#parts.memory.lend(new Uint8Array(DATA_MAX));
    this.#isLent = true;
    this.#parts.network.receive(this.#id, this.#pointer, Math.min(this.#credit, DATA_MAX));
  }

  #pause(delay: number): void {
    this.#isPaused = true;
    this.#parts.pause(() => {
      this.#isPaused = false;
      this.read();
    }, delay);
  }

  /** So many bytes came. */
  data(length: number): void {
    const { link, memory, observer, bytes } = this.#parts;
    if (!this.#isOpen) return;
    this.#isLent = false;
    this.#credit -= length;
    observer.bytes?.("down", length);
    link.send(new PacketWriter(DATA, this.#id, length).bytes(memory.bytes(this.#pointer, length)).done());
    const wait = bytes.take(length);
    if (wait > 0) this.#pause(wait);
    else this.read();
  }

  /** Nothing more comes: the memory is back. */
  close(): void {
    this.#isOpen = false;
    this.#isLent = false;
    if (this.#pointer !== 0) this.#parts.memory.free(this.#pointer);
    this.#pointer = 0;
  }
}
