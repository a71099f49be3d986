// The jspi engine on a thread of its own, the near side: starts the thread and serves its requests here, where the network and
// the streams are. Owns the thread's life; the messages are wire.ts's.

import { SIGKILL } from "../../assembly/shared/signal.js";
import { modulesFor } from "../core.js";
import { exitOf, GuestSignal } from "../exit.js";
import { Kernel } from "../kernel.js";
import type { Network } from "../network.js";
import type { Exit } from "../options.js";
import type { Terminals } from "../terminals.js";
import type { FromRemote, RemoteStart, ToRemote } from "./remote-thread.js";
import { Wire } from "./wire.js";

/** A platform's thread. */
export interface RemoteThread {
  post(message: ToRemote): void;
  /** Ends the thread wherever it is; settles when it is gone. */
  terminate(): Promise<unknown>;
}

/** Starts a thread; `told` gets its messages, `died` what ended it unasked. */
export type RemoteSpawn = (
  start: RemoteStart,
  told: (message: FromRemote) => void,
  died: (error: Error) => void,
) => Promise<RemoteThread>;

/** What a guest on a thread of its own is made from. */
export interface RemoteParts {
  readonly module: WebAssembly.Module;
  readonly network: Network;
  readonly terminals: Terminals;
  readonly preopens: Readonly<Record<string, string>>;
  readonly files: number;
  readonly connectTimeout: number;
  readonly linger: number;
  readonly wasi: unknown;
  readonly trace?: (line: string) => void;
  readonly spawn: RemoteSpawn;
}

/** A guest of the jspi engine on a thread of its own. */
export class RemoteGuest {
  readonly #parts: RemoteParts;
  readonly #wire: Wire = new Wire((message) => this.#thread?.post(message));
  #thread: RemoteThread | null = null;
  #kernel: Kernel | null = null;
  /** What was told before there was a core. */
  readonly #early: ((kernel: Kernel) => void)[] = [];
  #settle: (exit: Exit) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(parts: RemoteParts) {
    this.#parts = parts;
  }

  /** Runs the guest to its end. */
  async run(): Promise<Exit> {
    const { module: guest, connectTimeout, files, network, terminals, wasi, trace, spawn, linger } = this.#parts;
    const ended = new Promise<Exit>((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
    });
    ended.catch(() => {});
    try {
      const traces = trace !== undefined;
      const modules = await modulesFor(false, traces);
      const start: RemoteStart = {
        guest,
        modules,
        files,
        connectTimeout,
        // Of some networks these are getters.
        capabilities: { ...network.capabilities },
        terminals: terminals.mask,
        trace: traces,
        wasi,
      };
      this.#thread = await spawn(start, (message) => this.#told(message), this.#fail);
      return await ended;
    } finally {
      await this.#thread?.terminate();
      await this.#kernel?.dispose(linger);
    }
  }

  #told(message: FromRemote): void {
    switch (message.type) {
      case "ready":
        return this.#ready(message.first);
      case "request":
        if (this.#kernel !== null) this.#wire.serve(message, this.#kernel);
        return;
      case "seen":
        return this.#wire.seen(message.length);
      case "trace":
        return this.#parts.trace?.(message.line);
      case "exit":
        return this.#settle(message.exit);
      case "fault":
        return this.#fail(message.error);
    }
  }

  #ready(first: number): void {
    const { network, preopens, terminals } = this.#parts;
    terminals.name(first);
    const kernel = new Kernel({
      memory: this.#wire.memory,
      ring: this.#wire,
      network,
      preopens,
      terminals,
      wake: () => {},
    });
    this.#kernel = kernel;
    for (const say of this.#early) say(kernel);
  }

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
