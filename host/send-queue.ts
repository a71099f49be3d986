// What a guest has sent to one standard stream and its sink has not taken: lent memory, in order. Owns that sends which wait
// and follow each other in memory become one, so that a guest of small writes is not held to one of them a turn.

import type { LentMemory } from "./network.js";
import type { ByteSink } from "./stream.js";

interface Lent {
  readonly pointer: number;
  length: number;
}

/** What becomes of sends. */
export interface SendOutcome {
  sent(length: number): void;
  failed(error: unknown): void;
}

/** Sends on their way to one sink. */
export class SendQueue {
  readonly #sink: ByteSink;
  readonly #outcome: SendOutcome;
  /** The first is under way. */
  readonly #sends: Lent[] = [];
  #onEmpty: (() => void) | null = null;

  constructor(sink: ByteSink, outcome: SendOutcome) {
    this.#sink = sink;
    this.#outcome = outcome;
  }

  /** Sends lent memory; it is lent until the outcome is told, perhaps in this call. */
  send(memory: LentMemory, pointer: number, length: number): void {
    const last = this.#sends.length > 1 ? this.#sends.at(-1) : undefined;
    if (last !== undefined && last.pointer + last.length === pointer) {
      last.length += length;
      return;
    }
    this.#sends.push({ pointer, length });
    if (this.#sends.length === 1) this.#next(memory);
  }

  #next(memory: LentMemory): void {
    for (let first = this.#sends[0]; first !== undefined; first = this.#sends[0]) {
      const { pointer, length } = first;
      const done = (): void => {
        this.#sends.shift();
        this.#outcome.sent(length);
      };
      const fail = (error: unknown): void => {
        this.#sends.shift();
        this.#outcome.failed(error);
      };
      try {
        const taken = this.#sink.write(memory.bytes(pointer, length));
        if (taken instanceof Promise) {
          taken.then(done, fail).then(() => this.#next(memory));
          return;
        }
      } catch (error) {
        fail(error);
        continue;
      }
      done();
    }
    const onEmpty = this.#onEmpty;
    this.#onEmpty = null;
    onEmpty?.();
  }

  /** Calls `finish` once everything that was sent has its outcome. */
  end(finish: () => void): void {
    if (this.#sends.length === 0) finish();
    else this.#onEmpty = finish;
  }
}
