// What comes on a stream from the bridge until the guest has it: bytes, then the end. Owns the loan, the order, and the credit that
// reading earns.

import type { LentMemory } from "../../network.js";
import { Inbox } from "./inbox.js";

/** Who is told. */
export interface IntakeEvents {
  /** So many bytes are in the memory that was on loan. */
  data(length: number): void;
  end(): void;
  /** The server may send so many bytes more. */
  credit(bytes: number): void;
}

/** The incoming direction of one stream. */
export class Intake {
  readonly #memory: LentMemory;
  /** Bytes that may come and wait. */
  readonly #window: number;
  readonly #events: IntakeEvents;
  readonly #inbox = new Inbox();
  #pointer = 0;
  #capacity = 0;
  #isLent = false;
  #hasEnded = false;
  #isEndTold = false;
  /** Bytes that were read and that no credit was given for. */
  #read = 0;

  constructor(memory: LentMemory, window: number, events: IntakeEvents) {
    this.#memory = memory;
    this.#window = window;
    this.#events = events;
  }

  /** Whether the guest has not heard all of what came. */
  get isBehind(): boolean {
    return this.#inbox.length > 0 || (this.#hasEnded && !this.#isEndTold);
  }

  /** Whether bytes wait. */
  get hasBytes(): boolean {
    return this.#inbox.length > 0;
  }

  /** Adds what came, as far as the window goes. False if it does not go so far. */
  put(bytes: Uint8Array): boolean {
    const part = bytes.subarray(0, this.#window - this.#inbox.length);
    this.#inbox.put(part);
    return part.length === bytes.length;
  }

  /** Nothing comes behind this. */
  end(): void {
    this.#hasEnded = true;
  }

  /** Lends memory for what comes next. */
  lend(pointer: number, capacity: number): void {
    this.#pointer = pointer;
    this.#capacity = capacity;
    this.#isLent = true;
  }

  /** Nothing is on loan any more. */
  withdraw(): void {
    this.#isLent = false;
  }

  /** Gives the guest what there is for the memory on loan. Whether it has now heard all, and something just now. */
  deliver(): boolean {
    if (!this.#isLent || !(this.hasBytes || this.#hasEnded)) return false;
    this.#isLent = false;
    if (!this.hasBytes) {
      this.#isEndTold = true;
      this.#events.end();
      return true;
    }
    const length = this.#inbox.take(this.#memory.bytes(this.#pointer, this.#capacity));
    this.#giveBack(length);
    this.#events.data(length);
    return !this.isBehind;
  }

  #giveBack(length: number): void {
    this.#read += length;
    if (this.#read * 2 < this.#window || this.#hasEnded) return;
    this.#events.credit(this.#read);
    this.#read = 0;
  }

  /** Forgets the bytes that wait: nobody reads them. */
  drop(): void {
    this.#inbox.clear();
  }

  /** Forgets the stream that was. */
  reset(): void {
    this.drop();
    this.#isLent = false;
    this.#hasEnded = false;
    this.#isEndTold = false;
    this.#read = 0;
  }
}
