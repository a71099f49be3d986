// What comes on a stream's handle: libuv reads it straight into the memory on loan, or aside where that is another place by now. Owns
// the loan, what was read and not given, and when the handle reads.

import type { LentMemory } from "../../network.js";
import type { Bindings, StreamHandle } from "./bindings.js";
import { errnoOf } from "./errno.js";

const NOTHING = new Uint8Array(0);
/** As much as libuv reads at once. */
const ASIDE_SIZE = 0x10000;
/** UV_EOF. */
const END = -4095;
/** What a handle without an owner calls: libuv must find a function there. */
const ignore = (): void => {};

/** Who is told of what was read. */
export interface ReaderEvents {
  /** So many bytes are in the memory that was on loan. */
  data(length: number): void;
  /** The peer has ended its direction. */
  end(): void;
  failed(errno: number): void;
}

/** The reading side of one handle. */
export class StreamReader {
  readonly #bindings: Bindings;
  readonly #memory: LentMemory;
  readonly #handle: StreamHandle;
  readonly #events: ReaderEvents;
  #isConnected = false;
  #hasEnded = false;
  #isDetached = false;
  /** The memory on loan. */
  #pointer = 0;
  #capacity = 0;
  #isLent = false;
  /** The memory that is the handle's buffer. */
  #landing = 0;
  #landingCapacity = 0;
  /** The handle's buffer since memory of more than one place was lent: Node keeps every buffer that it was given. */
  #aside: Uint8Array | null = null;
  /** What was read aside and did not fit into the memory on loan. */
  #held: Uint8Array = NOTHING;
  #isReading = false;
  #isChecking = false;

  constructor(bindings: Bindings, memory: LentMemory, handle: StreamHandle, events: ReaderEvents) {
    this.#bindings = bindings;
    this.#memory = memory;
    this.#handle = handle;
    this.#events = events;
    handle.onread = () => this.#onread();
  }

  /** Whether something was read that nobody was given. */
  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  /** There is a connection to read from. */
  connected(): void {
    this.#isConnected = true;
    if (this.#isLent) this.#read();
  }

  /** Lends memory for what comes next. */
  lend(pointer: number, capacity: number): void {
    this.#pointer = pointer;
    this.#capacity = capacity;
    this.#isLent = true;
    if (this.isHolding) this.#deliver(this.#held);
    else if (this.#isConnected && !this.#hasEnded) this.#read();
  }

  /** Nothing is on loan any more. */
  withdraw(): void {
    this.#isLent = false;
  }

  /** Reads no more. */
  stop(): void {
    if (this.#isReading) this.#handle.readStop();
    this.#isReading = false;
  }

  /** The handle is its socket's no more: nothing is told of it. */
  detach(): void {
    this.#isDetached = true;
    this.#handle.onread = ignore;
  }

  #read(): void {
    const handle = this.#handle;
    if (this.#landing === 0) {
      // The address stays good when the memory grows: V8 grows a wasm memory in the space that it reserved for it.
      handle.useUserBuffer(this.#memory.bytes(this.#pointer, this.#capacity));
      this.#landing = this.#pointer;
      this.#landingCapacity = this.#capacity;
    } else if (this.#aside === null && (this.#landing !== this.#pointer || this.#landingCapacity !== this.#capacity)) {
      this.#aside = new Uint8Array(ASIDE_SIZE);
      handle.useUserBuffer(this.#aside);
    }
    if (this.#isReading) return;
    this.#isReading = true;
    handle.readStart();
  }

  #onread(): void {
    const length = this.#bindings.readResult();
    if (length === 0) return;
    if (length < 0) return this.#onend(length);
    if (this.#aside === null) {
      this.#isLent = false;
      this.#events.data(length);
    } else this.#deliver(this.#aside.slice(0, length));
    // libuv reads again into the same memory unless it is told to stop before this callback is over. The guest, which
    // runs in microtasks of this callback, may have read everything by then: so the look comes after those.
    if (this.#isChecking || this.#isLent) return;
    this.#isChecking = true;
    queueMicrotask(() => process.nextTick(this.#check));
  }

  readonly #check = (): void => {
    this.#isChecking = false;
    if (!this.#isLent && !this.#isDetached) this.stop();
  };

  #onend(status: number): void {
    this.#hasEnded = true;
    this.#isReading = false;
    this.#handle.readStop();
    this.#isLent = false;
    if (status === END) this.#events.end();
    else this.#events.failed(errnoOf(status));
  }

  /** Copies what was read aside to the memory on loan; what does not fit there is held for the next. */
  #deliver(bytes: Uint8Array): void {
    const part = bytes.subarray(0, this.#capacity);
    this.#held = bytes.subarray(part.length);
    this.#memory.bytes(this.#pointer, part.length).set(part);
    this.#isLent = false;
    this.#events.data(part.length);
  }
}
