// The host's half of the kernel: takes the core's requests to the network or the terminals, and what they tell back into
// the event ring. Owns the translation; who waits for an event, and how, is the engine's.

import * as event from "../assembly/shared/event.js";
import { EIO, EOPNOTSUPP } from "../assembly/shared/errno.js";
import { ENDPOINT_SIZE } from "../assembly/shared/endpoint.js";
import * as requests from "../assembly/shared/request.js";
import type { Address, UnixAddress } from "./address.js";
import { readEndpoint, writeEndpoint } from "./endpoint.js";
import { Namespace } from "./namespace.js";
import type { LentMemory, Network, NetworkEvents, NetworkSession } from "./network.js";
import type { EventRing } from "./ring.js";
import type { Terminals } from "./terminals.js";

/** What the kernel is made of: memory and ring are those of a core, or stand for one that is elsewhere. */
export interface KernelParts {
  readonly memory: LentMemory;
  readonly ring: Pick<EventRing, "push" | "offer">;
  readonly network: Network;
  readonly terminals: Terminals;
  /** Guest path to host path of the directories that the guest was given. */
  readonly preopens: Readonly<Record<string, string>>;
  /** Called after events were written: wakes whoever waits. */
  readonly wake: () => void;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** One guest's requests and events. */
export class Kernel implements NetworkEvents {
  readonly #memory: LentMemory;
  readonly #ring: Pick<EventRing, "push" | "offer">;
  readonly #session: NetworkSession;
  readonly #terminals: Terminals;
  readonly #namespace: Namespace | null;
  readonly #wake: () => void;
  /** Sockets that the network still holds, and whether each is to be closed already. */
  readonly #open = new Map<number, boolean>();
  /** Descriptors that go with the next datagram or record of a socket. */
  readonly #rights = new Map<number, number>();
  #onIdle: (() => void) | null = null;

  constructor(parts: KernelParts) {
    this.#memory = parts.memory;
    this.#ring = parts.ring;
    this.#wake = parts.wake;
    this.#terminals = parts.terminals;
    const { files } = parts.network;
    this.#namespace = files === undefined ? null : new Namespace(files, parts.preopens);
    this.#session = parts.network.open(this, parts.memory);
    parts.terminals.attach(this, parts.memory);
  }

  /** The core's one import for everything that it asks (assembly/shared/request.ts). Never throws for hostile numbers. */
  request(op: number, id: number, a: number, b: number, c: number): void {
    if (this.#terminals.owns(id) && this.#terminals.request(op, id, a, b)) return;
    const session = this.#session;
    switch (op) {
      case requests.REQUEST_RECEIVE:
        return session.receive(id, a, b);
      case requests.REQUEST_SEND:
        return session.send(id, a, b);
      case requests.REQUEST_SENDTO:
        return session.sendto(id, a, b, c === 0 ? null : this.#address(c), this.#takeRights(id));
      case requests.REQUEST_OPEN:
        this.#open.set(id, false);
        return session.open(id, a, b, c);
      case requests.REQUEST_ADOPT:
        this.#open.set(id, false);
        return session.adopt(id, a);
      case requests.REQUEST_TURN:
        return session.turn(id);
      case requests.REQUEST_RESOLVE:
        return session.resolve(id, decoder.decode(this.#memory.bytes(a, b).slice()), c);
      case requests.REQUEST_LISTEN:
        return session.listen(id, a);
      case requests.REQUEST_DISCONNECT:
        return session.disconnect(id);
      case requests.REQUEST_ABORT:
        return session.abort(id);
      case requests.REQUEST_SHUTDOWN:
        return session.shutdown(id, a);
      case requests.REQUEST_CLOSE:
        this.#open.set(id, true);
        return session.close(id, a !== 0);
      case requests.REQUEST_ATTACH:
        return this.#attach(id, a, b);
      case requests.REQUEST_OPTION:
        return session.setOption(id, a, b, c);
    }
    this.#addressed(op, id, a, b, c);
  }

  /** The requests that carry an address and are not on the way of bytes. */
  #addressed(op: number, id: number, a: number, b: number, c: number): void {
    const session = this.#session;
    if (op === requests.REQUEST_MEMBERSHIP) {
      const group = this.#address(b);
      if (group === null) return this.option(id, EIO);
      return session.setMembership(id, a !== 0, group, c === 0 ? null : this.#address(c));
    }
    const address = this.#address(a);
    if (address === null) return;
    if (op === requests.REQUEST_REVERSE) session.reverse(id, address);
    else if (address.family === "unix") this.#named(op, id, address, this.#memory.bytes(b, c));
    else if (op === requests.REQUEST_BIND) session.bind(id, address);
    else if (op === requests.REQUEST_CONNECT) session.connect(id, address);
  }

  /** BIND or CONNECT with an AF_UNIX name; `from` is the guest's current directory. */
  #named(op: number, id: number, address: UnixAddress, from: Uint8Array): void {
    const isBind = op === requests.REQUEST_BIND;
    const isPath = address.path.length > 0 && address.path[0] !== 0;
    const place = isPath ? this.#namespace?.locate(address.path, from, isBind) : undefined;
    const located = place === undefined ? address : { ...address, place };
    // What the guest could find out with open(2) needs no rule to be told.
    if (place?.inPreopen === true && place.errno !== 0) {
      if (isBind) this.bound(id, place.errno, null);
      else this.failed(id, place.errno);
    } else if (isBind) this.#session.bind(id, located);
    else this.#session.connect(id, located);
    place?.release();
  }

  #address(pointer: number): Address | null {
    return readEndpoint(this.#memory.bytes(pointer, ENDPOINT_SIZE));
  }

  #attach(id: number, token: number, length: number): void {
    const session = this.#session;
    if (length === 0) this.#rights.set(id, token);
    else if (session.attach === undefined) this.option(id, EOPNOTSUPP);
    else session.attach(id, token, length);
  }

  #takeRights(id: number): number | undefined {
    if (this.#rights.size === 0) return undefined;
    const token = this.#rights.get(id);
    this.#rights.delete(id);
    return token;
  }

  #tell(type: number, id: number, a: number, b: number, payload: Uint8Array | null): void {
    this.#ring.push(type, id, a, b, payload);
    this.#wake();
  }

  /** Raises a signal in the guest. */
  signal(number: number): void {
    this.#tell(event.EVENT_SIGNAL, 0, number, 0, null);
  }

  /** Tells the terminal's size. */
  window(rows: number, columns: number): void {
    this.#tell(event.EVENT_WINDOW, 0, rows, columns, null);
  }

  /**
   * Settles when the network holds no socket of this guest any more, or after `milliseconds`; then lets go of the rest. What a
   * guest that was killed had open is closed, as a kernel closes it.
   */
  async dispose(milliseconds: number): Promise<void> {
    for (const [id, isClosing] of [...this.#open]) if (!isClosing) this.request(requests.REQUEST_CLOSE, id, 0, 0, 0);
    if (this.#open.size > 0 && milliseconds > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#onIdle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#session.dispose();
    this.#namespace?.close();
    this.#terminals.dispose();
  }

  bound(id: number, errno: number, local: Address | null): void {
    this.#tell(event.EVENT_BOUND, id, errno, 0, local === null ? null : endpoints(local));
  }

  connected(id: number, local: Address, peer: Address): void {
    this.#tell(event.EVENT_CONNECTED, id, 0, 0, endpoints(local, peer));
  }

  failed(id: number, errno: number): void {
    this.#tell(event.EVENT_FAILED, id, errno, 0, null);
  }

  aborted(id: number): void {
    this.#tell(event.EVENT_ABORTED, id, 0, 0, null);
  }

  listening(id: number, errno: number, local: Address | null): void {
    this.#tell(event.EVENT_LISTENING, id, errno, 0, local === null ? null : endpoints(local));
  }

  incoming(id: number, token: number, local: Address, peer: Address): void {
    this.#tell(event.EVENT_INCOMING, id, token, 0, endpoints(local, peer));
  }

  data(id: number, length: number, rights?: number, offset: number = 0): void {
    if (rights !== undefined) this.#tell(event.EVENT_RIGHTS, id, rights, offset, null);
    this.#tell(event.EVENT_DATA, id, length, 0, null);
  }

  end(id: number): void {
    this.#tell(event.EVENT_END, id, 0, 0, null);
  }

  datagram(id: number, bytes: Uint8Array, from: Address, rights?: number): void {
    if (rights !== undefined) this.#tell(event.EVENT_RIGHTS, id, rights, 0, null);
    const payload = new Uint8Array(ENDPOINT_SIZE + bytes.length);
    writeEndpoint(payload, from);
    payload.set(bytes, ENDPOINT_SIZE);
    // Of AF_UNIX none is lost: the network bounds what is under way.
    if (from.family === "unix") return this.#tell(event.EVENT_DATAGRAM, id, 0, 0, payload);
    // A full ring drops the others, as a full socket buffer does.
    if (this.#ring.offer(event.EVENT_DATAGRAM, id, 0, 0, payload)) this.#wake();
  }

  lost(rights: number): void {
    this.#tell(event.EVENT_RIGHTS, 0, rights, 0, null);
  }

  sent(id: number, errno: number, length: number): void {
    this.#tell(event.EVENT_SENT, id, errno, length, null);
  }

  error(id: number, errno: number): void {
    this.#tell(event.EVENT_ERROR, id, errno, 0, null);
  }

  closed(id: number): void {
    this.#tell(event.EVENT_CLOSED, id, 0, 0, null);
    if (this.#open.delete(id) && this.#open.size === 0) this.#onIdle?.();
  }

  option(id: number, errno: number): void {
    this.#tell(event.EVENT_OPTION, id, errno, 0, null);
  }

  resolved(operation: number, errno: number, addresses: readonly Address[]): void {
    this.#tell(event.EVENT_RESOLVED, operation, errno, 0, endpoints(...addresses.slice(0, 64)));
  }

  named(operation: number, errno: number, name: string): void {
    this.#tell(event.EVENT_NAMED, operation, errno, 0, encoder.encode(name).slice(0, 255));
  }

  turned(operation: number): void {
    this.#tell(event.EVENT_TURNED, operation, 0, 0, null);
  }
}

function endpoints(...addresses: readonly Address[]): Uint8Array {
  const bytes = new Uint8Array(ENDPOINT_SIZE * addresses.length);
  addresses.forEach((address, i) => {
    writeEndpoint(bytes.subarray(i * ENDPOINT_SIZE), address);
  });
  return bytes;
}
