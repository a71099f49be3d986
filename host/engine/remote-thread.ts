// The jspi engine on a thread of its own, the far side: guest and core are here and share no memory with the thread that
// started this one, which has the network and the streams. Owns the kernel's requests and events as messages: what a request
// points at goes with it, and the bytes of an event come with it.

import { ENDPOINT_FAMILY, ENDPOINT_SIZE } from "../../assembly/shared/endpoint.js";
import { EVENT_DATA, EVENT_DATAGRAM } from "../../assembly/shared/event.js";
import * as requests from "../../assembly/shared/request.js";
import { AF_UNIX } from "../../assembly/shared/socket.js";
import { adoptModules, type CoreModules } from "../core.js";
import type { CoreMemory } from "../memory.js";
import type { Capabilities } from "../network.js";
import type { Exit, WasiProvider } from "../options.js";
import type { EventRing } from "../ring.js";
import { type GuestKernel, LocalGuest } from "./local.js";

/** What the thread is started with. Structured-cloneable. */
export interface RemoteStart {
  readonly guest: WebAssembly.Module;
  readonly modules: CoreModules;
  readonly files: number;
  readonly connectTimeout: number;
  /** The network's. */
  readonly capabilities: Capabilities;
  /** Which of the standard streams are terminals. */
  readonly terminals: number;
  readonly trace: boolean;
  /** What the platform makes the WASI provider from. */
  readonly wasi: unknown;
}

/** What the thread tells. */
export type FromRemote =
  | { readonly type: "ready"; readonly first: number }
  | {
      readonly type: "request";
      readonly op: number;
      readonly id: number;
      /** a, b and c as the core gave them; those that point stand in `pieces`. */
      readonly values: readonly [number, number, number];
      /** By the value's place: copies of what a, b or c point at. */
      readonly pieces: readonly (readonly [place: number, bytes: Uint8Array])[];
    }
  /** So many bytes of datagrams have been taken out of messages. */
  | { readonly type: "seen"; readonly length: number }
  | { readonly type: "trace"; readonly line: string }
  | { readonly type: "exit"; readonly exit: Exit }
  | { readonly type: "fault"; readonly error: unknown };

/** What the thread is told. */
export interface ToRemote {
  readonly type: "event";
  /** The event's type, id and numbers, as in assembly/shared/event.ts. */
  readonly event: number;
  readonly id: number;
  readonly a: number;
  readonly b: number;
  readonly payload: Uint8Array | null;
}

/**
 * For each request, what its values a, b, c are: a plain number, an address (null where it is 0), or bytes whose length
 * is the next value.
 */
export const REQUEST_VALUES: Readonly<Record<number, readonly ("number" | "address" | "bytes")[]>> = {
  [requests.REQUEST_OPEN]: [],
  [requests.REQUEST_BIND]: ["address", "bytes"],
  [requests.REQUEST_CONNECT]: ["address", "bytes"],
  [requests.REQUEST_DISCONNECT]: [],
  [requests.REQUEST_ABORT]: [],
  [requests.REQUEST_LISTEN]: [],
  [requests.REQUEST_ADOPT]: [],
  [requests.REQUEST_RECEIVE]: [],
  [requests.REQUEST_SEND]: ["bytes"],
  [requests.REQUEST_SENDTO]: ["bytes", "number", "address"],
  [requests.REQUEST_SHUTDOWN]: [],
  [requests.REQUEST_CLOSE]: [],
  [requests.REQUEST_OPTION]: [],
  [requests.REQUEST_RESOLVE]: ["bytes"],
  [requests.REQUEST_REVERSE]: ["address"],
  [requests.REQUEST_TURN]: [],
  [requests.REQUEST_ATTACH]: [],
  [requests.REQUEST_TERMINAL]: [],
  [requests.REQUEST_MEMBERSHIP]: ["number", "address", "address"],
};

/** What the thread's platform brings. */
export interface RemotePlatform {
  readonly start: RemoteStart;
  readonly provider: WasiProvider;
  readonly post: (message: FromRemote) => void;
  /** Has `listener` called for each message, from now on. */
  readonly listen: (listener: (message: ToRemote) => void) => void;
  readonly trace?: (memory: () => WebAssembly.Memory | null, line: (text: string) => void) => WebAssembly.ModuleImports;
}

/** Stands for the kernel on the other thread. */
class RemoteKernel implements GuestKernel {
  readonly #memory: CoreMemory;
  readonly #ring: EventRing;
  readonly #wake: () => void;
  readonly #post: (message: FromRemote) => void;
  /** Where the memory is that receive lent, by socket. */
  readonly #lent = new Map<number, number>();

  constructor(core: { memory: CoreMemory; ring: EventRing; wake: () => void }, post: (message: FromRemote) => void) {
    this.#memory = core.memory;
    this.#ring = core.ring;
    this.#wake = core.wake;
    this.#post = post;
  }

  request(op: number, id: number, a: number, b: number, c: number): void {
    if (op === requests.REQUEST_RECEIVE) this.#lent.set(id, a);
    const values = [a, b, c] as const;
    const pieces: [number, Uint8Array][] = [];
    (REQUEST_VALUES[op] ?? []).forEach((kind, place) => {
      const pointer = values[place] ?? 0;
      if (kind === "number" || (kind === "address" && pointer === 0)) return;
      const length = kind === "address" ? ENDPOINT_SIZE : (values[place + 1] ?? 0);
      pieces.push([place, this.#memory.bytes(pointer, length).slice()]);
    });
    this.#post({ type: "request", op, id, values, pieces });
  }

  /** Hands an event to the core. */
  told({ event, id, a, b, payload }: ToRemote): void {
    if (event === EVENT_DATAGRAM && payload !== null) {
      this.#post({ type: "seen", length: payload.length });
      // A full ring drops datagrams, as a full socket buffer does; AF_UNIX loses none.
      if (payload[ENDPOINT_FAMILY] === AF_UNIX) this.#ring.push(event, id, a, b, payload);
      else if (!this.#ring.offer(event, id, a, b, payload)) return;
    } else if (event === EVENT_DATA) {
      if (payload !== null) this.#memory.bytes(this.#lent.get(id) ?? 0, payload.length).set(payload);
      this.#ring.push(event, id, a, b, null);
    } else {
      this.#ring.push(event, id, a, b, payload);
    }
    this.#wake();
  }

  // The other side raises signals, tells sizes, and lets go of the network.
  signal(): void {}
  window(): void {}
  async dispose(): Promise<void> {}
}

/** Runs a guest on this thread to its end and tells how it ended. */
export async function runRemote(platform: RemotePlatform): Promise<void> {
  const { start, provider, post, listen, trace } = platform;
  try {
    adoptModules(start.modules);
    const line = (text: string): void => post({ type: "trace", line: text });
    const traced = start.trace && trace !== undefined ? { trace: (memory: Memory) => trace(memory, line) } : {};
    const parts = { provider, files: start.files, connectTimeout: start.connectTimeout, linger: 0, ...traced };
    const guest = await LocalGuest.over(parts, {
      capabilities: start.capabilities,
      terminals: start.terminals,
      kernel: (core) => {
        const kernel = new RemoteKernel(core, post);
        post({ type: "ready", first: core.first });
        listen((message) => kernel.told(message));
        return kernel;
      },
    });
    const instance = await WebAssembly.instantiate(start.guest, guest.imports);
    post({ type: "exit", exit: await guest.run(instance) });
  } catch (error) {
    post({ type: "fault", error });
  }
}

type Memory = () => WebAssembly.Memory | null;
