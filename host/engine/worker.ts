// The worker engine's near side: starts the guest's thread and serves its requests here, where the network is. For hosts
// without JSPI, and where a guest must not hold up the page or process. Owns the thread's life.

import { SIGKILL } from "../../assembly/shared/signal.js";
import { capabilityBits } from "../capabilities.js";
import { modulesFor } from "../core.js";
import { exitOf, GuestSignal } from "../exit.js";
import { Kernel } from "../kernel.js";
import { CoreMemory } from "../memory.js";
import type { Network } from "../network.js";
import type { Exit } from "../options.js";
import { EventRing } from "../ring.js";
import type { Terminals } from "../terminals.js";
import { MailboxReader, NEEDS_BELL, newMailbox } from "./mailbox.js";
import { newSharedMemory, type ThreadMessage, type ThreadStart } from "./thread.js";

/** A platform's thread. */
export interface Thread {
  /** Lets the guest run. */
  go(): void;
  /** Ends the thread wherever it is; settles when it is gone. */
  terminate(): Promise<unknown>;
}

/** Starts a thread; `told` gets its messages, `died` what ended it unasked. */
export type Spawn = (
  start: ThreadStart,
  told: (message: ThreadMessage) => void,
  died: (error: Error) => void,
) => Promise<Thread> | Thread;

/** What a guest on a thread of its own is made from. */
export interface WorkerParts {
  readonly module: WebAssembly.Module;
  readonly network: Network;
  readonly terminals: Terminals;
  readonly preopens: Readonly<Record<string, string>>;
  readonly files: number;
  readonly connectTimeout: number;
  readonly linger: number;
  readonly wasi: unknown;
  readonly trace?: (line: string) => void;
  readonly spawn: Spawn;
}

/** How often records that found the event ring full are tried again, in milliseconds. */
const RETRY = 1;

/** A guest on a thread of its own. */
export class WorkerGuest {
  readonly #parts: WorkerParts;
  readonly #memory: WebAssembly.Memory = newSharedMemory();
  readonly #mailbox: SharedArrayBuffer = newMailbox();
  #kernel: Kernel | null = null;
  /** What was told before there was a core. */
  readonly #early: ((kernel: Kernel) => void)[] = [];
  #reader: MailboxReader | null = null;
  #thread: Thread | null = null;
  #ring: EventRing | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #settle: (exit: Exit) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  /** Runs the guest to its end. */
  async run(): Promise<Exit> {
    const { module: guest, connectTimeout, files, network, terminals, wasi, trace, spawn, linger } = this.#parts;
    const ended = new Promise<Exit>((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
    });
    const start = async (): Promise<ThreadStart> => ({
      memory: this.#memory,
      mailbox: this.#mailbox,
      guest,
      files,
      connectTimeout,
      capabilities: capabilityBits(network.capabilities),
      terminals: terminals.mask,
      trace: trace !== undefined,
      wasi,
      bell: NEEDS_BELL,
      modules: await modulesFor(true, trace !== undefined),
    });
    try {
      this.#thread = await spawn(await start(), (message) => this.#told(message), this.#fail);
      return await ended;
    } finally {
      // First, since a guest that is killed must not go on while what it sent still leaves.
      await this.#thread?.terminate();
      this.#reader?.drain();
      this.#reader?.close();
      clearTimeout(this.#retry);
      await this.#kernel?.dispose(linger);
    }
  }

  #told(message: ThreadMessage): void {
    switch (message.type) {
      case "ready":
        return this.#ready(message.ring, message.first);
      case "bell":
        return this.#reader?.drain();
      case "trace":
        return this.#parts.trace?.(message.line);
      case "exit":
        return this.#settle(message.exit);
      case "fault":
        return this.#fail(message.error);
    }
  }

  #ready(address: number, first: number): void {
    const memory = new CoreMemory(this.#memory);
    const ring = new EventRing(memory, address);
    const { network, terminals, preopens } = this.#parts;
    terminals.name(first);
    const wake = (): void => {
      Atomics.notify(memory.words, ring.headIndex);
      if (this.#retry === undefined && !ring.flush()) this.#retry = setTimeout(this.#again, RETRY);
    };
    const kernel = new Kernel({ memory, ring, network, terminals, preopens, wake });
    this.#ring = ring;
    this.#kernel = kernel;
    this.#reader = new MailboxReader(this.#mailbox, (op, id, a, b, c) => kernel.request(op, id, a, b, c));
    void this.#reader.run().catch(this.#fail);
    for (const say of this.#early) say(kernel);
    this.#thread?.go();
  }

  readonly #again = (): void => {
    this.#retry = undefined;
    const done = this.#ring?.flush() ?? true;
    Atomics.notify(new Int32Array(this.#memory.buffer), this.#ring?.headIndex ?? 0);
    if (!done) this.#retry = setTimeout(this.#again, RETRY);
  };

  /** Raises a signal in the guest; SIGKILL ends it at once, wherever it is. */
  kill(signal: number): void {
    if (signal === SIGKILL) this.#settle(exitOf(new GuestSignal(SIGKILL)));
    else this.#tell((kernel) => kernel.signal(signal));
  }

  /** Tells the terminal's size. */
  resize(rows: number, columns: number): void {
    this.#tell((kernel) => kernel.window(rows, columns));
  }

  /** Tells the guest something, as soon as there is a core that can hear it. */
  #tell(say: (kernel: Kernel) => void): void {
    if (this.#kernel === null) this.#early.push(say);
    else say(this.#kernel);
  }
}
