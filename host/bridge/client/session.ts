// A guest's session before it is known what the bridge can do: the first request makes the connection, what is asked
// meanwhile waits, and then it is PSX's or Wisp's. Owns that choice, and the answers while nothing can be reached.

import { ENOENT } from "../../../assembly/shared/errno.js";
import type { Address } from "../../address.js";
import type { LentMemory, NetworkEvents, NetworkSession } from "../../network.js";
import { type ClientSetup, dialWithToken, soon } from "./connection.js";
import { asBridgeError, PsxSession } from "./psx.js";
import { UNREACHED } from "./socket.js";
import { BridgeError, startConnection } from "./start.js";
import { StockSession } from "./stock.js";

interface Opened {
  readonly domain: number;
  readonly type: number;
  readonly protocol: number;
}

/** A request that waits for the connection. */
interface Waiting {
  /** The socket, or -1. */
  readonly id: number;
  readonly run: (inner: NetworkSession) => void;
  /** Its answer if there is nothing to be reached. */
  readonly refuse: () => void;
}

/** A guest's session. */
export class BridgeSession implements NetworkSession {
  readonly #setup: ClientSetup;
  readonly #events: NetworkEvents;
  readonly #memory: LentMemory;
  #inner: NetworkSession | null = null;
  #isDialling = false;
  #isDisposed = false;
  /** Sockets that are open while there is no inner session. */
  readonly #opened = new Map<number, Opened>();
  #queue: Waiting[] = [];

  constructor(setup: ClientSetup, events: NetworkEvents, memory: LentMemory) {
    this.#setup = setup;
    this.#events = events;
    this.#memory = memory;
  }

  /** Asks now or once there is a connection, which this begins to make. */
  #ask(id: number, run: (inner: NetworkSession) => void, refuse: () => void): void {
    if (this.#inner !== null) return run(this.#inner);
    if (this.#isDisposed) return;
    this.#queue.push({ id, run, refuse });
    if (this.#isDialling) return;
    this.#isDialling = true;
    this.#start().then(
      () => {
        this.#isDialling = false;
      },
      (error: unknown) => {
        this.#isDialling = false;
        if (this.#isDisposed) return;
        this.#setup.onState({ state: "down", error: asBridgeError(error) });
        for (const { refuse } of this.#queue.splice(0)) refuse();
      },
    );
  }

  /** Asks now, or after the requests that wait; there is no answer to wait for. */
  #follow(id: number, run: (inner: NetworkSession) => void): void {
    if (this.#inner !== null) run(this.#inner);
    else if (this.#isDialling) this.#queue.push({ id, run, refuse: () => {} });
  }

  /** What waits for a socket is not wanted any more. */
  #withdraw(id: number): void {
    this.#queue = this.#queue.filter((waiting) => waiting.id !== id);
  }

  async #start(): Promise<void> {
    this.#setup.onState({ state: "connecting" });
    const { transport, token } = await dialWithToken(this.#setup, false);
    if (this.#isDisposed) return transport.close(1000, "");
    const { window } = this.#setup;
    await startConnection(transport, { token, window, resume: null }, (started) => {
      const psx = started.info?.psx ?? null;
      if (psx !== null) {
        const session = new PsxSession(this.#setup, this.#events, this.#memory, psx);
        const receiver = session.begin(started);
        this.#enter(session);
        return receiver;
      }
      const session = new StockSession(this.#events, this.#memory, started, (reason) => {
        this.#inner = null;
        this.#setup.onState({ state: "down", error: new BridgeError(`the connection was lost: ${reason}`) });
      });
      this.#setup.onState({ state: "connected", psx: false });
      this.#enter(session);
      return session.receiver;
    });
  }

  #enter(inner: NetworkSession): void {
    if (this.#isDisposed) return inner.dispose();
    this.#inner = inner;
    for (const [id, { domain, type, protocol }] of this.#opened) inner.open(id, domain, type, protocol);
    for (const { run } of this.#queue.splice(0)) run(inner);
  }

  open(id: number, domain: number, type: number, protocol: number): void {
    this.#opened.set(id, { domain, type, protocol });
    this.#inner?.open(id, domain, type, protocol);
  }

  bind(id: number, address: Address): void {
    this.#ask(
      id,
      (inner) => inner.bind(id, address),
      () => this.#events.bound(id, UNREACHED, null),
    );
  }

  connect(id: number, address: Address): void {
    this.#ask(
      id,
      (inner) => inner.connect(id, address),
      () => this.#events.failed(id, UNREACHED),
    );
  }

  disconnect(id: number): void {
    if (this.#inner === null) this.#events.bound(id, 0, null);
    else this.#inner.disconnect(id);
  }

  abort(id: number): void {
    if (this.#inner !== null) return this.#inner.abort(id);
    this.#withdraw(id);
    this.#events.aborted(id);
  }

  listen(id: number, backlog: number): void {
    this.#ask(
      id,
      (inner) => inner.listen(id, backlog),
      () => this.#events.listening(id, UNREACHED, null),
    );
  }

  adopt(id: number, token: number): void {
    this.#inner?.adopt(id, token);
  }

  receive(id: number, pointer: number, capacity: number): void {
    this.#follow(id, (inner) => inner.receive(id, pointer, capacity));
  }

  send(id: number, pointer: number, length: number): void {
    this.#follow(id, (inner) => inner.send(id, pointer, length));
  }

  sendto(id: number, pointer: number, length: number, to: Address | null): void {
    this.#ask(
      id,
      (inner) => inner.sendto(id, pointer, length, to),
      () => this.#events.sent(id, UNREACHED, length),
    );
  }

  shutdown(id: number, how: number): void {
    this.#follow(id, (inner) => inner.shutdown(id, how));
  }

  close(id: number, reset: boolean): void {
    this.#opened.delete(id);
    if (this.#inner !== null) return this.#inner.close(id, reset);
    this.#withdraw(id);
    this.#events.closed(id);
  }

  setOption(id: number, level: number, name: number, value: number): void {
    this.#ask(
      id,
      (inner) => inner.setOption(id, level, name, value),
      () => this.#events.option(id, UNREACHED),
    );
  }

  setMembership(id: number, join: boolean, group: Address, via: Address | null): void {
    this.#ask(
      id,
      (inner) => inner.setMembership(id, join, group, via),
      () => this.#events.option(id, UNREACHED),
    );
  }

  resolve(operation: number, name: string, family: number): void {
    this.#ask(
      -1,
      (inner) => inner.resolve(operation, name, family),
      () => this.#events.resolved(operation, UNREACHED, []),
    );
  }

  reverse(operation: number, address: Address): void {
    this.#ask(
      -1,
      (inner) => inner.reverse(operation, address),
      () => this.#events.named(operation, ENOENT, ""),
    );
  }

  turn(operation: number): void {
    if (this.#inner !== null) return this.#inner.turn(operation);
    soon(() => {
      if (!this.#isDisposed) this.#events.turned(operation);
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#queue = [];
    this.#inner?.dispose();
  }
}
