// The jspi engine: guest, core and network on one thread; `wait` suspends the guest's stack (WebAssembly JavaScript Promise
// Integration). Owns suspending and waking; nothing else here may.

import type { EventRing } from "../ring.js";

interface Jspi {
  readonly Suspending: new (call: (...args: never[]) => unknown) => object;
  readonly promising: (call: unknown) => (...args: unknown[]) => Promise<unknown>;
}

const jspi = WebAssembly as unknown as Partial<Jspi>;

/** Whether this host can suspend wasm. */
export function hasJspi(): boolean {
  return typeof jspi.Suspending === "function" && typeof jspi.promising === "function";
}

/** Longest delay that setTimeout takes. */
const LONGEST = 0x7fffffff;

/** Suspends and wakes one guest. */
export class Suspension {
  #ring: EventRing | null = null;
  #resume: (() => void) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Without a pending timer or handle some event loops would end while a guest waits for nothing but a signal. */
  readonly #alive = setInterval(() => {}, LONGEST);
  readonly #executor = (resolve: () => void): void => {
    this.#resume = resolve;
  };
  /** Set by kill(): the next wait never returns. */
  #fault: unknown = null;

  /** Tells which ring the guest waits on. */
  watch(ring: EventRing): void {
    this.#ring = ring;
  }

  /** The core's `wait` import. */
  get wait(): object {
    if (jspi.Suspending === undefined) throw new Error("this host has no JSPI");
    return new jspi.Suspending((milliseconds: number) => this.#wait(milliseconds));
  }

  #wait(milliseconds: number): Promise<void> | undefined {
    if (this.#fault !== null) throw this.#fault;
    this.#ring?.flush();
    if (this.#ring?.isEmpty === false) return undefined;
    if (milliseconds >= 0) this.#timer = setTimeout(this.wake, Math.min(Math.ceil(milliseconds), LONGEST));
    return new Promise(this.#executor);
  }

  /** Resumes the guest if it waits. */
  readonly wake = (): void => {
    const resume = this.#resume;
    if (resume === null) return;
    this.#resume = null;
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    resume();
  };

  /** Makes the guest's present or next wait throw `fault`, which ends it. */
  kill(fault: unknown): void {
    this.#fault = fault;
    this.wake();
  }

  /** Whether kill() was called. */
  get isKilled(): boolean {
    return this.#fault !== null;
  }

  /** Throws the fault of kill(), if any; called by requests so that a resumed guest ends at its next step. */
  check(): void {
    if (this.#fault !== null) throw this.#fault;
  }

  /** Makes an entry of the guest one that may suspend. */
  promising(entry: unknown): (...args: unknown[]) => Promise<unknown> {
    if (jspi.promising === undefined) throw new Error("this host has no JSPI");
    return jspi.promising(entry);
  }

  /** Lets the event loop end. */
  dispose(): void {
    clearInterval(this.#alive);
    clearTimeout(this.#timer);
  }
}
