// A host for core-only tests: a clock that is turned by hand, a network that is a list of requests, and `wait` as the next
// step of a script. Nothing here is asynchronous, so what a test sees is the core alone.

import type { Address } from "../../host/address.js";
import { coreModule, SHARED_PAGES, sharedCoreModule } from "../../host/core.js";
import { readEndpoint, writeEndpoint } from "../../host/endpoint.js";
import { type CoreExports, instantiateCore, joinGuest } from "../../host/link.js";
import { CoreMemory } from "../../host/memory.js";
import type { WasiProvider } from "../../host/options.js";
import { EventRing } from "../../host/ring.js";
import { ENDPOINT_SIZE } from "../../assembly/shared/endpoint.js";
import * as events from "../../assembly/shared/event.js";
import * as requests from "../../assembly/shared/request.js";
import { AF_INET, SOCK_STREAM } from "../../assembly/shared/socket.js";

/** One request of the core. */
export interface Asked {
  readonly op: number;
  readonly id: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

export const LOCAL: Address = { family: "IPv4", address: "127.0.0.1", port: 40000 };
export const PEER: Address = { family: "IPv4", address: "127.0.0.1", port: 80 };

/** Guest memory: where tests put names, lengths and buffers. */
export const NAME = 1024;
export const LENGTH = 1200;
export const BUFFER = 4096;

function sharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ ...SHARED_PAGES, shared: true });
}

/** The core with a fake host. */
export class FakeHost {
  readonly asked: Asked[] = [];
  /** What each wait does, in order; a wait without a step is a test's failure (the core would hang). */
  readonly steps: ((milliseconds: number) => void)[] = [];
  /** What every wait does, instead of steps. */
  waiter: ((milliseconds: number) => void) | null = null;
  /** Calls out of wasm into JavaScript, by name. */
  readonly calls = new Map<string, number>();
  now = 1000;
  guest = new WebAssembly.Memory({ initial: 2 });
  core!: CoreExports & Record<string, (...args: number[]) => number>;
  memory!: CoreMemory;
  ring!: EventRing;
  /** Whether TURN, OPTION, ABORT and CLOSE are answered at once, which most tests have no reason to do themselves. */
  automatic = true;
  /** Called for each request after it was noted: a network's answers. */
  answer: (asked: Asked) => void = () => {};
  /** Id of standard input; those of output and error follow. */
  firstTerminal = 0;
  provider: WasiProvider = { imports: {}, start: () => {} };

  /** `exports` are the guest's. `shared`: the build over shared memory. */
  static async create(
    exports: Record<string, WebAssembly.ExportValue> = {},
    shared = false,
    provider?: WasiProvider,
  ): Promise<FakeHost> {
    const host = new FakeHost();
    if (provider !== undefined) host.provider = provider;
    const memory = exports["memory"];
    if (memory instanceof WebAssembly.Memory) host.guest = memory;
    const imports = {
      request: (op: number, id: number, a: number, b: number, c: number): void => {
        host.#count("request");
        const asked = { op, id, a, b, c };
        host.asked.push(asked);
        if (!host.automatic) return host.answer(asked);
        if (op === requests.REQUEST_TURN) host.tell(events.EVENT_TURNED, id);
        else if (op === requests.REQUEST_OPTION) host.tell(events.EVENT_OPTION, id);
        else if (op === requests.REQUEST_ABORT) host.tell(events.EVENT_ABORTED, id);
        else if (op === requests.REQUEST_CLOSE) host.tell(events.EVENT_CLOSED, id);
        host.answer(asked);
      },
      wait: (milliseconds: number): void => {
        host.#count("wait");
        const step = host.waiter ?? host.steps.shift();
        if (step === undefined) throw new Error(`the core waits (${milliseconds} ms) and the script has ended`);
        step(milliseconds);
      },
      clock: (): number => {
        host.#count("clock");
        return host.now;
      },
    };
    const core = shared
      ? await instantiateCore(await sharedCoreModule(), imports, host.provider, sharedMemory())
      : await instantiateCore(await coreModule(), imports, host.provider);
    host.core = core as FakeHost["core"];
    host.memory = new CoreMemory(core.memory);
    host.ring = new EventRing(host.memory, core.kernel_ring());
    host.firstTerminal = core.kernel_stdio(0);
    await joinGuest(core, { ...exports, memory: host.guest });
    host.calls.clear();
    return host;
  }

  #count(name: string): void {
    this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
  }

  /** Calls into JavaScript since the last look. */
  get callsOut(): number {
    let sum = 0;
    for (const count of this.calls.values()) sum += count;
    this.calls.clear();
    return sum;
  }

  /** Writes an event. */
  tell(type: number, id: number, a = 0, b = 0, ...addresses: Address[]): void {
    const payload = new Uint8Array(ENDPOINT_SIZE * addresses.length);
    addresses.forEach((address, i) => {
      writeEndpoint(payload.subarray(i * ENDPOINT_SIZE), address);
    });
    this.ring.push(type, id, a, b, addresses.length === 0 ? null : payload);
  }

  /** Tells of a datagram. */
  tellDatagram(id: number, from: Address, bytes: Uint8Array): void {
    const payload = new Uint8Array(ENDPOINT_SIZE + bytes.length);
    writeEndpoint(payload, from);
    payload.set(bytes, ENDPOINT_SIZE);
    this.ring.push(events.EVENT_DATAGRAM, id, 0, 0, payload);
  }

  /** The last request of a kind. */
  last(op: number): Asked {
    const found = this.asked.filter((asked) => asked.op === op).at(-1);
    if (found === undefined) throw new Error(`the core made no request ${op}`);
    return found;
  }

  /** The address that a request's `a` points at. */
  addressOf(asked: Asked): Address | null {
    return this.addressAt(asked.a);
  }

  /** The address at an endpoint in core memory. */
  addressAt(pointer: number): Address | null {
    return readEndpoint(this.memory.bytes(pointer, ENDPOINT_SIZE));
  }

  /** Guest memory. */
  get view(): DataView {
    return new DataView(this.guest.buffer);
  }

  /** Writes a sockaddr_in into guest memory at NAME. */
  putName(port = 80, address = [127, 0, 0, 1], family = AF_INET): void {
    const view = this.view;
    view.setUint16(NAME, family, true);
    view.setUint16(NAME + 2, port, false);
    address.forEach((byte, i) => {
      view.setUint8(NAME + 4 + i, byte);
    });
  }

  /** A TCP socket: its descriptor. */
  tcp(flags = 0): number {
    return this.core["socket"]!(AF_INET, SOCK_STREAM | flags, 0);
  }

  /** A connected TCP socket: its descriptor and id. */
  connected(): { fd: number; id: number } {
    const fd = this.tcp();
    this.putName();
    const before = this.answer;
    this.answer = ({ op, id }) => {
      if (op === requests.REQUEST_CONNECT) this.tell(events.EVENT_CONNECTED, id, 0, 0, LOCAL, PEER);
    };
    const result = this.core["connect"]!(fd, NAME, 16);
    this.answer = before;
    if (result !== 0) throw new Error(`connect gave ${result}`);
    return { fd, id: this.last(requests.REQUEST_CONNECT).id };
  }

  /** Delivers stream bytes for a socket that has lent its receive buffer. */
  arrive(id: number, text: string): void {
    const lent = this.asked.filter((asked) => asked.op === requests.REQUEST_RECEIVE && asked.id === id).at(-1);
    if (lent === undefined) throw new Error("the socket has lent no memory");
    const bytes = new TextEncoder().encode(text);
    this.memory.bytes(lent.a, bytes.length).set(bytes);
    this.tell(events.EVENT_DATA, id, bytes.length);
  }

  /** Guest memory as text. */
  text(at: number, length: number): string {
    return new TextDecoder().decode(new Uint8Array(this.guest.buffer, at, length));
  }
}
