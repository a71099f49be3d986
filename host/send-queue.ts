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
  /** What is not under way yet. */
  readonly #sends: Lent[] = [];
  /** Something is under way. */
  #busy = false;
  #onEmpty: (() => void) | null = null;

  constructor(sink: ByteSink, outcome: SendOutcome) {
    this.#sink = sink;
    this.#outcome = outcome;
  }

  /** Sends lent memory; it is lent until the outcome is told, perhaps in this call. */
  send(memory: LentMemory, pointer: number, length: number): void {
    const last = this.#sends.at(-1);
    if (last !== undefined && last.pointer + last.length === pointer) last.length += length;
    else this.#sends.push({ pointer, length });
    if (!this.#busy) this.#next(memory);
  }

  #next(memory: LentMemory): void {
    // A guest may run, and send, at once when it is told of an outcome, and before what is here goes on.
    this.#busy = true;
    for (let first = this.#sends.shift(); first !== undefined; first = this.#sends.shift()) {
      const { pointer, length } = first;
      try {
        const taken = this.#sink.write(memory.bytes(pointer, length));
        if (taken instanceof Promise) {
          taken.then(
            () => this.#goOn(memory, () => this.#outcome.sent(length)),
            (error: unknown) => this.#goOn(memory, () => this.#outcome.failed(error)),
          );
          return;
        }
      } catch (error) {
        this.#outcome.failed(error);
        continue;
      }
      this.#outcome.sent(length);
    }
    this.#busy = false;
    const onEmpty = this.#onEmpty;
    this.#onEmpty = null;
    onEmpty?.();
  }

  #goOn(memory: LentMemory, tell: () => void): void {
    tell();
    this.#next(memory);
  }

  /** Calls `finish` once everything that was sent has its outcome. */
  end(finish: () => void): void {
    if (!this.#busy) finish();
    else this.#onEmpty = finish;
  }
}
