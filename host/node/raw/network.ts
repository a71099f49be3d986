// The network over raw handles: TCP, UDP and AF_UNIX streams of this machine.

import { lookup, lookupService } from "node:dns";
import { EAFNOSUPPORT, EAGAIN, EINVAL, EIO, ENOENT, EOPNOTSUPP } from "../../../assembly/shared/errno.js";
import { AF_INET, AF_INET6, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from "../../../assembly/shared/socket.js";
import type { Address } from "../../address.js";
import type { LentMemory, Network, NetworkEvents, NetworkSession } from "../../network.js";
import type { Bindings, StreamHandle, TcpHandle } from "./bindings.js";
import { RawDatagram } from "./datagram.js";
import { hostFiles } from "./files.js";
import { RawStream, type SessionParts } from "./stream.js";

/** A network over `bindings`. */
export function rawNetwork(bindings: Bindings): Network {
  return {
    name: "node",
    capabilities: {
      streams: true,
      datagrams: true,
      unixStreams: true,
      unixDatagrams: false,
      unixSeqpacket: false,
      rights: false,
      listen: true,
      reset: true,
      unixPaths: "file system",
    },
    files: hostFiles,
    open: (events, memory) => new RawSession(bindings, events, memory),
  };
}

/** How often half-closed streams are looked at while nobody asks, in milliseconds. */
const PROBE_INTERVAL = 25;

class RawSession implements NetworkSession {
  readonly #events: NetworkEvents;
  readonly #parts: SessionParts;
  readonly #streams = new Map<number, RawStream>();
  readonly #datagrams = new Map<number, RawDatagram>();
  readonly #kept = new Map<number, { handle: StreamHandle; domain: number; owner: RawStream }>();
  readonly #ended = new Set<RawStream>();
  #probing: NodeJS.Timeout | undefined;
  #tokens = 0;
  #disposed = false;

  constructor(bindings: Bindings, events: NetworkEvents, memory: LentMemory) {
    const streams = this.#streams;
    const datagrams = this.#datagrams;
    this.#events = events;
    this.#parts = {
      bindings,
      events,
      memory,
      watch: (stream) => this.#watchEnded(stream),
      unwatch: (stream) => this.#ended.delete(stream),
      forget: (id) => {
        streams.delete(id);
        datagrams.delete(id);
      },
      keep: (handle, owner) => {
        const token = ++this.#tokens;
        this.#kept.set(token, { handle, domain: "setNoDelay" in handle ? AF_INET : AF_UNIX, owner });
        return token;
      },
      drop: (token) => {
        const kept = this.#kept.get(token);
        this.#kept.delete(token);
        if (kept === undefined) return;
        if (kept.domain === AF_UNIX || (kept.handle as TcpHandle).reset() !== 0) kept.handle.close();
      },
    };
  }

  open(id: number, domain: number, type: number): void {
    if (type === SOCK_STREAM) this.#streams.set(id, new RawStream(this.#parts, id, domain, null));
    else if (type === SOCK_DGRAM && domain !== AF_UNIX) {
      this.#datagrams.set(id, new RawDatagram(this.#parts, id, domain));
    }
  }

  bind(id: number, address: Address): void {
    const socket = this.#streams.get(id) ?? this.#datagrams.get(id);
    if (socket === undefined) this.#events.bound(id, EOPNOTSUPP, null);
    else socket.bind(address);
  }

  connect(id: number, address: Address): void {
    const socket = this.#streams.get(id) ?? this.#datagrams.get(id);
    if (socket === undefined) this.#events.failed(id, EOPNOTSUPP);
    else socket.connect(address);
  }

  disconnect(id: number): void {
    const socket = this.#datagrams.get(id);
    if (socket === undefined) this.#events.bound(id, 0, null);
    else socket.disconnect();
  }

  abort(id: number): void {
    const socket = this.#streams.get(id);
    if (socket === undefined) this.#events.aborted(id);
    else socket.abort();
  }

  listen(id: number, backlog: number): void {
    const socket = this.#streams.get(id);
    if (socket === undefined) this.#events.listening(id, EOPNOTSUPP, null);
    else socket.listen(backlog);
  }

  adopt(id: number, token: number): void {
    const kept = this.#kept.get(token);
    this.#kept.delete(token);
    kept?.owner.adopted(token);
    this.#streams.set(id, new RawStream(this.#parts, id, kept?.domain ?? AF_INET, kept?.handle ?? null));
    if (kept === undefined) this.#events.failed(id, EINVAL);
  }

  receive(id: number, pointer: number, capacity: number): void {
    this.#streams.get(id)?.receive(pointer, capacity);
  }

  send(id: number, pointer: number, length: number): void {
    this.#streams.get(id)?.send(pointer, length);
  }

  sendto(id: number, pointer: number, length: number, to: Address | null): void {
    const socket = this.#datagrams.get(id);
    if (socket === undefined) this.#events.sent(id, EOPNOTSUPP, 0);
    else socket.sendto(pointer, length, to);
  }

  shutdown(id: number, how: number): void {
    this.#streams.get(id)?.shutdown(how);
  }

  close(id: number, reset: boolean): void {
    const stream = this.#streams.get(id);
    const datagram = this.#datagrams.get(id);
    if (stream !== undefined) stream.close(reset);
    else if (datagram !== undefined) datagram.close();
    else this.#events.closed(id);
  }

  setOption(id: number, level: number, name: number, value: number): void {
    const socket = this.#streams.get(id) ?? this.#datagrams.get(id);
    if (socket === undefined) this.#events.option(id, EOPNOTSUPP);
    else socket.setOption(level, name, value);
  }

  setMembership(id: number, join: boolean, group: Address, via: Address | null): void {
    const socket = this.#datagrams.get(id);
    if (socket === undefined) this.#events.option(id, EAFNOSUPPORT);
    else socket.setMembership(join, group, via);
  }

  resolve(operation: number, name: string, family: number): void {
    const wanted = family === AF_INET ? 4 : family === AF_INET6 ? 6 : 0;
    lookup(name, { all: true, family: wanted, verbatim: true }, (error, found) => {
      if (this.#disposed) return;
      if (error !== null) return this.#events.resolved(operation, lookupErrno(error), []);
      const addresses = found.map(
        ({ address, family }): Address => ({ family: family === 6 ? "IPv6" : "IPv4", address, port: 0 }),
      );
      this.#events.resolved(operation, 0, addresses);
    });
  }

  reverse(operation: number, address: Address): void {
    if (address.family === "unix") return this.#events.named(operation, EINVAL, "");
    lookupService(address.address, address.port, (error, name) => {
      if (!this.#disposed) this.#events.named(operation, error === null ? 0 : lookupErrno(error), name ?? "");
    });
  }

  turn(operation: number): void {
    // From the poll phase one setImmediate comes before the next poll: the second one is behind it.
    setImmediate(() => {
      setImmediate(() => {
        if (this.#disposed) return;
        for (const stream of this.#ended) stream.probe();
        this.#events.turned(operation);
      });
    });
  }

  /** Looks at half-closed streams now and then, since no event tells when they break. */
  #watchEnded(stream: RawStream): void {
    this.#ended.add(stream);
    this.#probing ??= setInterval(() => {
      for (const ended of this.#ended) ended.probe();
      if (this.#ended.size > 0) return;
      clearInterval(this.#probing);
      this.#probing = undefined;
    }, PROBE_INTERVAL).unref();
  }

  dispose(): void {
    this.#disposed = true;
    clearInterval(this.#probing);
    for (const stream of this.#streams.values()) stream.dispose();
    for (const datagram of this.#datagrams.values()) datagram.dispose();
    for (const { handle } of this.#kept.values()) handle.close();
    this.#streams.clear();
    this.#datagrams.clear();
    this.#kept.clear();
  }
}

/** getaddrinfo's failures as the errnos that RESOLVED knows. */
function lookupErrno(error: NodeJS.ErrnoException): number {
  if (error.code === "ENOTFOUND" || error.code === "ENODATA" || error.code === "EAI_NODATA") return ENOENT;
  return error.code === "EAI_AGAIN" ? EAGAIN : EIO;
}
