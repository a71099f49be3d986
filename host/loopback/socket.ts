// What every socket of a loopback network has: its guest, its id, its options, and an errno for each request that its kind
// does not serve. Owns no address and no data.

import { EOPNOTSUPP } from "../../assembly/shared/errno.js";
import type { Address } from "../address.js";
import type { LentMemory, NetworkEvents } from "../network.js";

/** A guest, as its sockets see it. */
export interface Owner {
  readonly events: NetworkEvents;
  readonly memory: LentMemory;
}

const ignore = (): void => {};

/** Tells nothing: what a socket that is closed, or not yet adopted, has for events. */
export const NOBODY: Owner = {
  events: {
    bound: ignore,
    connected: ignore,
    failed: ignore,
    aborted: ignore,
    listening: ignore,
    incoming: ignore,
    data: ignore,
    lost: ignore,
    end: ignore,
    datagram: ignore,
    sent: ignore,
    error: ignore,
    closed: ignore,
    option: ignore,
    resolved: ignore,
    named: ignore,
    turned: ignore,
  },
  memory: { bytes: () => new Uint8Array(0) },
};

/** A socket. Its methods are the requests of NetworkSession; this class refuses all of them but close(). */
export class Socket {
  owner: Owner;
  /** Whose it is, will be once it is accepted, or was until it was closed. */
  guest: Owner;
  id: number;
  readonly domain: number;
  readonly type: number;
  /** SO_REUSEADDR. */
  reuse = false;
  /** SO_REUSEPORT. */
  reusePort = false;
  /** SO_BROADCAST. */
  broadcast = false;
  /** IPV6_V6ONLY. */
  onlySix = false;
  /** IP_MULTICAST_LOOP, IPV6_MULTICAST_LOOP. */
  multicastLoop = true;
  /** SO_RCVBUF: bytes held for a reader that lends nothing. */
  window: number;
  /** Why this kind of socket does not do what it is asked. */
  protected readonly refusal: number;

  constructor(owner: Owner, id: number, domain: number, type: number, window: number, refusal: number = EOPNOTSUPP) {
    this.owner = owner;
    this.guest = owner;
    this.id = id;
    this.domain = domain;
    this.type = type;
    this.window = window;
    this.refusal = refusal;
  }

  bind(_address: Address): void {
    this.owner.events.bound(this.id, this.refusal, null);
  }

  connect(_address: Address): void {
    this.owner.events.failed(this.id, this.refusal);
  }

  disconnect(): void {
    this.owner.events.bound(this.id, this.refusal, null);
  }

  abort(): void {
    this.owner.events.aborted(this.id);
  }

  listen(_backlog: number): void {
    this.owner.events.listening(this.id, this.refusal, null);
  }

  receive(_pointer: number, _capacity: number): void {
    this.owner.events.failed(this.id, this.refusal);
  }

  send(_pointer: number, _length: number): void {
    this.owner.events.failed(this.id, this.refusal);
  }

  attach(_token: number, _length: number): void {
    this.owner.events.option(this.id, this.refusal);
  }

  sendto(_pointer: number, length: number, _to: Address | null, _rights?: number): void {
    this.owner.events.sent(this.id, this.refusal, length);
  }

  shutdown(_how: number): void {}

  joinGroup(_join: boolean, _group: Address, _via: Address | null): void {
    this.owner.events.option(this.id, this.refusal);
  }

  close(_reset: boolean): void {
    this.tellClosed();
  }

  /** The last thing that is told of this id. */
  protected tellClosed(): void {
    const { owner, id } = this;
    this.owner = NOBODY;
    owner.events.closed(id);
  }
}
