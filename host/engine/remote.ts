// The jspi engine on a thread of its own, the near side: starts the thread and serves its requests here, where the network and
// the streams are. Owns the memory that stands for the core's: what a request lends is here in pieces until an event gives
// it back.

import { EVENT_ABORTED, EVENT_CLOSED, EVENT_DATA, EVENT_DATAGRAM, EVENT_SENT } from "../../assembly/shared/event.js";
import { REQUEST_RECEIVE, REQUEST_SEND, REQUEST_SENDTO } from "../../assembly/shared/request.js";
import { SIGKILL } from "../../assembly/shared/signal.js";
import { modulesFor } from "../core.js";
import { exitOf, GuestSignal } from "../exit.js";
import { Kernel } from "../kernel.js";
import type { LentMemory, Network } from "../network.js";
import type { Exit } from "../options.js";
import type { Terminals } from "../terminals.js";
import type { FromRemote, RemoteStart, ToRemote } from "./remote-thread.js";

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
  readonly files: number;
  readonly linger: number;
  readonly wasi: unknown;
  readonly trace?: (line: string) => void;
  readonly spawn: RemoteSpawn;
}

/** Bytes of datagrams that may be on their way; more are dropped, as by a full socket buffer. */
const DATAGRAMS = 0x100000;

/** Memory in pieces, at addresses that are given once: no piece touches another. */
class Pieces implements LentMemory {
  readonly #pieces = new Map<number, Uint8Array>();
  #next = 8;

  place(bytes: Uint8Array): number {
    const at = this.#next;
    this.#next += bytes.length + 8;
    this.#pieces.set(at, bytes);
    return at;
  }

  free(at: number): void {
    this.#pieces.delete(at);
  }

  bytes(pointer: number, length: number): Uint8Array {
    const whole = this.#pieces.get(pointer);
    if (whole !== undefined) return whole.subarray(0, length);
    for (const [at, piece] of this.#pieces) {
      if (pointer > at && pointer < at + piece.length) return piece.subarray(pointer - at, pointer - at + length);
    }
    return new Uint8Array(length);
  }
}

/** What one socket or stream has lent. */
interface Lent {
  landing: { readonly at: number; readonly bytes: Uint8Array } | null;
  readonly sends: { readonly at: number; left: number }[];
}

/** The event ring of a core that is elsewhere, and the memory that it lends. */
class Wire {
  readonly memory: Pieces = new Pieces();
  readonly #lent = new Map<number, Lent>();
  readonly #post: (message: ToRemote) => void;
  #datagrams = 0;

  constructor(post: (message: ToRemote) => void) {
    this.#post = post;
  }

  /** Serves a request whose pieces are here. */
  serve({ op, id, values, pieces }: Extract<FromRemote, { type: "request" }>, kernel: Kernel): void {
    const [a, b, c]: number[] = [...values];
    const here = [a ?? 0, b ?? 0, c ?? 0] as [number, number, number];
    const placed = pieces.map(([place, bytes]) => {
      here[place as 0 | 1 | 2] = this.memory.place(bytes);
      return here[place as 0 | 1 | 2];
    });
    if (op === REQUEST_RECEIVE) here[0] = this.#land(id, here[1]);
    const isSend = op === REQUEST_SEND || op === REQUEST_SENDTO;
    // The first piece of a send is lent until it is told of; addresses and names are read in the call.
    if (isSend) this.#lentBy(id).sends.push({ at: here[0], left: here[1] });
    kernel.request(op, id, ...here);
    for (const at of isSend ? placed.slice(1) : placed) this.memory.free(at);
  }

  #lentBy(id: number): Lent {
    let lent = this.#lent.get(id);
    if (lent === undefined) {
      lent = { landing: null, sends: [] };
      this.#lent.set(id, lent);
    }
    return lent;
  }

  #land(id: number, capacity: number): number {
    const lent = this.#lentBy(id);
    if (lent.landing === null || lent.landing.bytes.length < capacity) {
      if (lent.landing !== null) this.memory.free(lent.landing.at);
      const bytes = new Uint8Array(capacity);
      lent.landing = { at: this.memory.place(bytes), bytes };
    }
    return lent.landing.at;
  }

  push(event: number, id: number, a: number, b: number, payload: Uint8Array | null): void {
    const bytes = event === EVENT_DATA ? (this.#lent.get(id)?.landing?.bytes.slice(0, a) ?? null) : payload;
    if (event === EVENT_SENT) this.#sent(id, b);
    else if (event === EVENT_CLOSED || event === EVENT_ABORTED) this.#release(id);
    this.#post({ type: "event", event, id, a, b, payload: bytes });
  }

  offer(event: number, id: number, a: number, b: number, payload: Uint8Array): boolean {
    if (event === EVENT_DATAGRAM && this.#datagrams + payload.length > DATAGRAMS) return false;
    this.#datagrams += payload.length;
    this.push(event, id, a, b, payload);
    return true;
  }

  /** Datagrams have arrived. */
  seen(length: number): void {
    this.#datagrams -= length;
  }

  #sent(id: number, length: number): void {
    const { sends } = this.#lentBy(id);
    let told = length;
    do {
      const [first] = sends;
      if (first === undefined) return;
      const part = Math.min(first.left, told);
      first.left -= part;
      told -= part;
      if (first.left > 0) return;
      this.memory.free(first.at);
      sends.shift();
    } while (told > 0);
  }

  #release(id: number): void {
    const lent = this.#lent.get(id);
    if (lent === undefined) return;
    this.#lent.delete(id);
    if (lent.landing !== null) this.memory.free(lent.landing.at);
    for (const { at } of lent.sends) this.memory.free(at);
  }
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
    const { module: guest, files, network, terminals, wasi, trace, spawn, linger } = this.#parts;
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
    const { network, terminals } = this.#parts;
    terminals.name(first);
    const kernel = new Kernel({ memory: this.#wire.memory, ring: this.#wire, network, terminals, wake: () => {} });
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
