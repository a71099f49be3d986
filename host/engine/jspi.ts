// The jspi engine: guest, core and network on one thread; `wait` suspends the guest's stack (WebAssembly JavaScript Promise
// Integration). Owns suspending and waking, and which of the guest's threads goes on: one at a time, each until it waits.

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

/** Longest time that threads wake each other without a turn of the event loop, in milliseconds. */
const SPELL = 20;

/** A stack that waits. */
interface Sleeper {
  readonly resume: () => void;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Thrown through the frames of a thread that ends itself. */
export class ThreadEnd extends Error {
  override readonly name = "ThreadEnd";
}

/** Suspends and wakes the threads of one guest. */
export class Suspension {
  #ring: EventRing | null = null;
  /** Those that wait, in the order in which they began to. */
  #asleep: Sleeper[] = [];
  /** Those that were woken and go on when none runs. */
  #awake: Sleeper[] = [];
  /** Waits while no other may go on. */
  #alone: Sleeper | null = null;
  /** The others were to be woken while one was alone. */
  #isOwed = false;
  /** A thread runs, or is about to. */
  #isRunning = false;
  /** When threads began to go on without a turn of the event loop. */
  #spell = -1;
  #turn: ReturnType<typeof setTimeout> | undefined;
  /** Without a pending timer or handle some event loops would end while a guest waits for nothing but a signal. */
  readonly #alive = setInterval(() => {}, LONGEST);
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
    return new Promise((resolve) => this.#sleep(resolve, milliseconds));
  }

  #sleep(resume: () => void, milliseconds: number): void {
    const sleeper: Sleeper = { resume, timer: undefined };
    const isAlone = milliseconds < -1;
    const limit = isAlone ? -3 - milliseconds : milliseconds;
    if (limit >= 0) sleeper.timer = setTimeout(() => this.#rouse(sleeper), Math.min(Math.ceil(limit), LONGEST));
    this.#isRunning = false;
    if (isAlone) {
      this.#alone = sleeper;
      return;
    }
    if (this.#isOwed) this.#wakeAll();
    this.#asleep.push(sleeper);
    this.#next();
  }

  /** Resumes whoever waits: each looks whether what it waits for has come. */
  readonly wake = (): void => {
    if (this.#alone !== null) this.#rouse(this.#alone);
    else if (this.#asleep.length > 0) {
      this.#wakeAll();
      this.#next();
    }
  };

  #wakeAll(): void {
    this.#isOwed = false;
    for (const sleeper of this.#asleep) clearTimeout(sleeper.timer);
    if (this.#awake.length === 0) [this.#awake, this.#asleep] = [this.#asleep, this.#awake];
    else this.#awake.push(...this.#asleep.splice(0));
  }

  /** Wakes one: its time has passed, or it is alone. */
  #rouse(sleeper: Sleeper): void {
    clearTimeout(sleeper.timer);
    if (this.#alone === sleeper) {
      this.#alone = null;
      this.#isOwed = true;
      this.#awake.unshift(sleeper);
    } else {
      this.#asleep = this.#asleep.filter((other) => other !== sleeper);
      this.#awake.push(sleeper);
    }
    this.#next();
  }

  /** Has the next go on, unless one runs. */
  #next(): void {
    if (this.#isRunning || this.#alone !== null) return;
    const sleeper = this.#awake.shift();
    if (sleeper === undefined) return;
    this.#isRunning = true;
    if (this.#awake.length === 0 && this.#asleep.length === 0) sleeper.resume();
    else this.#resumeInTurn(sleeper);
  }

  /** Threads that wake each other would keep the event loop from its turns, and all that it brings. */
  #resumeInTurn(sleeper: Sleeper): void {
    const now = performance.now();
    if (this.#spell < 0) {
      this.#spell = now;
      setTimeout(() => {
        this.#spell = -1;
      }, 0);
    }
    if (now - this.#spell < SPELL) sleeper.resume();
    else this.#turn = setTimeout(sleeper.resume, 0);
  }

  /** Runs an entry of the guest, which may suspend, as one of its threads. */
  run(entry: unknown, ...args: unknown[]): Promise<unknown> {
    if (jspi.promising === undefined) throw new Error("this host has no JSPI");
    this.#isRunning = true;
    return jspi.promising(entry)(...args);
  }

  /** Has `begin` called, which is to run a thread, when none runs. */
  begin(begin: () => void): void {
    this.#awake.push({ resume: begin, timer: undefined });
  }

  /** The running thread has ended: the next goes on. */
  end(): void {
    this.#isRunning = false;
    this.#next();
  }

  /** Forgets every thread that waits: what runs next runs alone. */
  forget(): void {
    for (const { timer } of [...this.#asleep, ...this.#awake]) clearTimeout(timer);
    clearTimeout(this.#alone?.timer);
    clearTimeout(this.#turn);
    this.#asleep = [];
    this.#awake = [];
    this.#alone = null;
    this.#isRunning = false;
  }

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

  /** Lets the event loop end. */
  dispose(): void {
    clearInterval(this.#alive);
    this.forget();
  }
}
