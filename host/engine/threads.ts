// Threads of a guest in the jspi engine: each is a stack of its own in the one instance. Owns how they begin and end; who goes
// on is the suspension's.

import { REQUEST_THREAD, REQUEST_THREAD_EXIT, REQUEST_WAKE } from "../../assembly/shared/request.js";
import type { CoreExports } from "../link.js";
import { type Suspension, ThreadEnd } from "./jspi.js";

/** The entries that a guest has for threads: sysroot/glue/thread.c. */
const ENTRIES = ["__hawser_thread", "__hawser_leave", "__hawser_resume"] as const;

/** The threads of one guest beside its first. */
export class Threads {
  readonly #suspension: Suspension;
  #entry: unknown = null;
  #fail: (error: unknown) => void = () => {};

  constructor(suspension: Suspension) {
    this.#suspension = suspension;
  }

  /** Joins the guest's entries to the core. A guest without them has no threads. */
  join(core: CoreExports, guest: WebAssembly.Exports): void {
    const [entry, leave, resume] = ENTRIES.map((name) => guest[name]);
    if (typeof entry !== "function" || typeof leave !== "function" || typeof resume !== "function") return;
    const index = core.table.grow(2);
    core.table.set(index, leave);
    core.table.set(index + 1, resume);
    core.kernel_setthreads(index, index + 1);
    this.#entry = entry;
  }

  /** Serves a request that is about threads; false if it is none. */
  request(op: number, argument: number): boolean {
    if (op === REQUEST_THREAD) this.#suspension.begin(() => this.#begin(argument));
    else if (op === REQUEST_WAKE) this.#suspension.wake();
    else if (op === REQUEST_THREAD_EXIT) throw new ThreadEnd();
    else return false;
    return true;
  }

  #begin(argument: number): void {
    this.#suspension.run(this.#entry, argument).then(
      () => this.#suspension.end(),
      (error: unknown) => {
        if (error instanceof ThreadEnd) this.#suspension.end();
        else this.#fail(error);
      },
    );
  }

  /** What the first thread comes to, or what another ends the guest with before: exit(2), a signal, a trap. */
  untilOneEnds(first: Promise<unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      first.then(resolve, reject);
    });
  }
}
