// Running a guest on this thread: the jspi engine put together from core, kernel and guest. Owns the order in which they
// come to life and go.

import { capabilityBits } from "../capabilities.js";
import { type CoreExports, adoptPreopens, guestImports, instantiateCore, interpose, joinGuest } from "../link.js";
import { coreModule } from "../core.js";
import { exitOf, GuestSignal } from "../exit.js";
import { Kernel } from "../kernel.js";
import { CoreMemory } from "../memory.js";
import type { Capabilities, Network } from "../network.js";
import type { Exit, WasiProvider } from "../options.js";
import { EventRing } from "../ring.js";
import type { Terminals } from "../terminals.js";
import { SIGKILL } from "../../assembly/shared/signal.js";
import { Suspension } from "./jspi.js";
import { Threads } from "./threads.js";

/** What serves the core's requests: a Kernel, or what stands for one on another thread. */
export interface GuestKernel {
  request(op: number, id: number, a: number, b: number, c: number): void;
  signal(number: number): void;
  window(rows: number, columns: number): void;
  dispose(milliseconds: number): Promise<void>;
}

/** Who brings the kernel. */
export interface KernelHost {
  /** The network's. */
  readonly capabilities: Capabilities;
  /** Which of the standard streams are terminals. */
  readonly terminals: number;
  /** Makes it for a core; `first` is the id of standard input. */
  kernel(core: { memory: CoreMemory; ring: EventRing; first: number; wake: () => void }): GuestKernel;
}

/** What a guest on this thread is made from, but for its kernel. */
export interface GuestParts {
  readonly provider: WasiProvider;
  readonly files: number;
  /** Milliseconds; Infinity: no limit. */
  readonly connectTimeout: number;
  /** Milliseconds that what the guest had sent may take to leave after it has ended. */
  readonly linger: number;
  /** The trace's imports, if a trace is wanted; `memory` gives the guest's memory once there is one. */
  readonly trace?: (memory: () => WebAssembly.Memory | null) => WebAssembly.ModuleImports;
}

/** The same with network and streams on this thread too. */
export interface LocalParts extends GuestParts {
  readonly network: Network;
  readonly terminals: Terminals;
  /** Guest path to host path. */
  readonly preopens: Readonly<Record<string, string>>;
}

/** A core with its kernel on this thread, ready for a guest to be linked to it. */
export class LocalGuest {
  readonly #parts: GuestParts;
  readonly #suspension: Suspension;
  readonly #threads: Threads;
  readonly #core: CoreExports;
  readonly #kernel: GuestKernel;
  readonly #face: CoreExports;
  readonly #setMemory: (memory: WebAssembly.Memory) => void;

  private constructor(
    parts: GuestParts,
    suspension: Suspension,
    threads: Threads,
    core: CoreExports,
    kernel: GuestKernel,
    face: CoreExports,
    setMemory: (memory: WebAssembly.Memory) => void,
  ) {
    this.#parts = parts;
    this.#suspension = suspension;
    this.#threads = threads;
    this.#core = core;
    this.#kernel = kernel;
    this.#face = face;
    this.#setMemory = setMemory;
  }

  /** Makes core and kernel. */
  static create(parts: LocalParts): Promise<LocalGuest> {
    const { network, preopens, terminals } = parts;
    return LocalGuest.over(parts, {
      capabilities: network.capabilities,
      terminals: terminals.mask,
      kernel: ({ first, ...core }) => {
        terminals.name(first);
        return new Kernel({ ...core, network, preopens, terminals });
      },
    });
  }

  /** Makes the core over a kernel that `host` brings. */
  static async over(parts: GuestParts, host: KernelHost): Promise<LocalGuest> {
    const suspension = new Suspension();
    const threads = new Threads(suspension);
    let kernel: GuestKernel | null = null;
    const core = await instantiateCore(
      await coreModule(),
      {
        request: (op, id, a, b, c) => {
          suspension.check();
          if (!threads.request(op, a)) kernel?.request(op, id, a, b, c);
        },
        wait: suspension.wait,
        clock: (id) => (id === 0 ? Date.now() : performance.now()),
      },
      parts.provider,
    );
    const memory = new CoreMemory(core.memory);
    const ring = new EventRing(memory, core.kernel_ring());
    suspension.watch(ring);
    core.kernel_setfiles(parts.files);
    core.kernel_setconnecttimeout(parts.connectTimeout);
    core.kernel_setcapabilities(capabilityBits(host.capabilities));
    const first = core.kernel_stdio(host.terminals);
    kernel = host.kernel({ memory, ring, first, wake: suspension.wake });
    let guestMemory: WebAssembly.Memory | null = null;
    const face =
      parts.trace === undefined
        ? core
        : await interpose(
            core,
            parts.trace(() => guestMemory),
          );
    return new LocalGuest(parts, suspension, threads, core, kernel, face, (made) => {
      guestMemory = made;
    });
  }

  /** What the guest imports. */
  get imports(): WebAssembly.Imports {
    return guestImports(this.#face, this.#parts.provider) as unknown as WebAssembly.Imports;
  }

  /** Runs the entry of an instance that was linked to `imports`, to its end. */
  async run(instance: WebAssembly.Instance): Promise<Exit> {
    try {
      const memory = await joinGuest(this.#core, instance.exports);
      this.#threads.join(this.#core, instance.exports);
      this.#setMemory(memory);
      this.#parts.provider.start({ exports: { memory } });
      adoptPreopens(this.#core, this.#parts.provider, memory);
      return await this.#enter(instance.exports);
    } finally {
      await this.#kernel.dispose(this.#parts.linger);
      this.#suspension.dispose();
    }
  }

  async #enter(guest: WebAssembly.Exports): Promise<Exit> {
    const entry = guest["_start"];
    if (typeof entry !== "function") {
      throw new TypeError('the guest exports no function "_start": it is a library, not a command');
    }
    try {
      await this.#threads.untilOneEnds(this.#suspension.run(entry));
      this.#suspension.forget();
    } catch (error) {
      this.#suspension.forget();
      const exit = exitOf(error);
      if (exit.signal !== undefined) await this.#closeAfter();
      return exit;
    }
    return this.#finish(0);
  }

  /** The entry returned: exit(2) does the rest. */
  async #finish(status: number): Promise<Exit> {
    try {
      await this.#suspension.run(this.#core.proc_exit, status);
    } catch (error) {
      return exitOf(error);
    }
    return { status };
  }

  /** A signal or trap ended the guest: its descriptors are closed for it, as a kernel does. */
  async #closeAfter(): Promise<void> {
    if (this.#suspension.isKilled) return;
    try {
      await this.#suspension.run(this.#core["kernel_close"]);
    } catch (error) {
      exitOf(error);
    }
  }

  /** Lets go of core and network when no guest is to be run after all. */
  abandon(): void {
    void this.#kernel.dispose(0);
    this.#suspension.dispose();
  }

  /** Raises a signal in the guest; SIGKILL ends it at once. */
  kill(signal: number): void {
    if (signal === SIGKILL) this.#suspension.kill(new GuestSignal(SIGKILL));
    else this.#kernel.signal(signal);
  }

  /** Tells the terminal's size. */
  resize(rows: number, columns: number): void {
    this.#kernel.window(rows, columns);
  }
}
