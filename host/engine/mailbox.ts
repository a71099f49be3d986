// The way of requests from a guest's thread to the network's: a ring in a shared buffer. Owns the ring and its bell.
//
//   word 0   1      16
//   +------+------+-----+---------------------------------------------+
//   | head | tail | ... | CAPACITY records of five words: op id a b c  |
//   +------+------+-----+---------------------------------------------+
//
// head and tail count records and wrap at 2^32. The guest's thread writes head, the network's thread writes tail.

import { REQUEST_SEND } from "../../assembly/shared/request.js";

const CAPACITY = 2048;
const RECORDS = 16;
const HEAD = 0;
const TAIL = 1;

/** Takes one request. */
export type Serve = (op: number, id: number, a: number, b: number, c: number) => void;

/** Memory for a mailbox. */
export function newMailbox(): SharedArrayBuffer {
  return new SharedArrayBuffer((RECORDS + CAPACITY * 5) * 4);
}

/** The guest's end. */
export class MailboxWriter {
  readonly #words: Int32Array;
  readonly #bell: (() => void) | null;

  /** `bell` is rung after each request, where the network's thread cannot wait for the ring's head. */
  constructor(buffer: SharedArrayBuffer, bell: (() => void) | null = null) {
    this.#words = new Int32Array(buffer);
    this.#bell = bell;
  }

  /** Posts a request; waits where the ring is full. */
  readonly post: Serve = (op, id, a, b, c) => {
    const words = this.#words;
    const head = words[HEAD] ?? 0;
    for (;;) {
      const tail = Atomics.load(words, TAIL);
      if (head - tail < CAPACITY) break;
      Atomics.wait(words, TAIL, tail, 1000);
    }
    const at = RECORDS + (head % CAPACITY) * 5;
    words[at] = op;
    words[at + 1] = id;
    words[at + 2] = a;
    words[at + 3] = b;
    words[at + 4] = c;
    Atomics.store(words, HEAD, (head + 1) & 0x7fffffff);
    Atomics.notify(words, HEAD);
    this.#bell?.();
  };
}

interface AsyncWait {
  readonly async: boolean;
  readonly value: Promise<string> | string;
}

const waitAsync = (Atomics as unknown as { waitAsync?: (words: Int32Array, index: number, value: number) => AsyncWait })
  .waitAsync;

/** Whether run() needs somebody to ring a bell: this host cannot wait for shared memory without holding its thread. */
export const NEEDS_BELL: boolean = waitAsync === undefined;

/** The network's end: serves requests until closed. */
export class MailboxReader {
  readonly #words: Int32Array;
  readonly #serve: Serve;
  #closed = false;

  constructor(buffer: SharedArrayBuffer, serve: Serve) {
    this.#words = new Int32Array(buffer);
    this.#serve = serve;
  }

  /** Serves what is there. Sends of one socket that follow each other in memory become one: the guest ran on meanwhile. */
  drain(): void {
    const words = this.#words;
    let tail = words[TAIL] ?? 0;
    while (!this.#closed) {
      const head = Atomics.load(words, HEAD);
      if (tail === head) return;
      const at = RECORDS + (tail % CAPACITY) * 5;
      const op = words[at] ?? 0;
      const id = words[at + 1] ?? 0;
      const a = words[at + 2] ?? 0;
      let b = words[at + 3] ?? 0;
      const c = words[at + 4] ?? 0;
      tail = (tail + 1) & 0x7fffffff;
      while (op === REQUEST_SEND && tail !== head) {
        const next = RECORDS + (tail % CAPACITY) * 5;
        if (words[next] !== op || words[next + 1] !== id || words[next + 2] !== a + b) break;
        b += words[next + 3] ?? 0;
        tail = (tail + 1) & 0x7fffffff;
      }
      Atomics.store(words, TAIL, tail);
      Atomics.notify(words, TAIL);
      this.#serve(op, id, a, b, c);
    }
  }

  /** Serves until close(), waiting without holding the thread. Where that needs a bell, drain() is to be called by it. */
  async run(): Promise<void> {
    if (waitAsync === undefined) return this.drain();
    while (!this.#closed) {
      this.drain();
      const wait = waitAsync(this.#words, HEAD, this.#words[TAIL] ?? 0);
      if (wait.async) await wait.value;
    }
  }

  /** Ends run(). */
  close(): void {
    this.#closed = true;
    Atomics.notify(this.#words, HEAD);
  }
}
