// One attempt to connect an AF_UNIX stream. Owns what a kernel does and libuv does not: waiting for room in the listener's
// queue (6.17). No event tells of room, so it is tried again, at once at first and then ever more seldom.

import { EAGAIN } from "../../../assembly/shared/errno.js";
import type { Bindings, PipeHandle } from "./bindings.js";
import { errnoOf } from "./errno.js";

/** The first and the longest pause between two tries, in milliseconds. */
const PAUSE = 1;
const LONGEST_PAUSE = 50;

/** What becomes of an attempt. */
export interface AttemptEvents {
  /** The queue is full; it goes on. Told once. */
  waiting(): void;
  /** It has ended, with 0 or an errno. */
  ended(errno: number): void;
}

/** An attempt under way. */
export class UnixAttempt {
  readonly #bindings: Bindings;
  readonly #handle: PipeHandle;
  readonly #path: string;
  readonly #events: AttemptEvents;
  /** The socket is older than the try that is under way. */
  #isOld: boolean;
  #pause = PAUSE;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(bindings: Bindings, handle: PipeHandle, path: string, events: AttemptEvents) {
    this.#bindings = bindings;
    this.#handle = handle;
    this.#path = path;
    this.#events = events;
    this.#isOld = handle.fd >= 0;
  }

  /** Whether nothing is in the kernel's hands: it pauses. */
  get isPaused(): boolean {
    return this.#timer !== undefined;
  }

  /** Tries, and says nothing before this call is over. */
  start(): void {
    const request = this.#bindings.connectRequest(true);
    request.oncomplete = (status: number) => this.#ontry(errnoOf(status));
    const status = this.#handle.connect(request, this.#path) ?? 0;
    if (status < 0) queueMicrotask(() => this.#ontry(errnoOf(status)));
  }

  #ontry(errno: number): void {
    if (this.#stopped) return;
    // libuv lets only a socket that it made for this very connect be read and written; open() has it look again.
    if (errno === 0 && this.#isOld) this.#handle.open(this.#handle.fd);
    if (errno !== EAGAIN) return this.#events.ended(errno);
    this.#isOld = true;
    if (this.#pause === PAUSE) this.#events.waiting();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.start();
    }, this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  /** Tells nothing more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
