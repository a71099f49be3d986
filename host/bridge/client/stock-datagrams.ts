// A datagram socket at a server of Wisp, which has no address on a datagram: for each peer there is a stream of Wisp's. Owns those.

import { ECONNREFUSED, ECONNRESET, EDESTADDRREQ, ENETDOWN, EOPNOTSUPP } from "../../../assembly/shared/errno.js";
import type { Address, InternetAddress } from "../../address.js";
import { DATA, KIND_DATAGRAM, REASON_CLIENT, REASON_VOLUNTARY } from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import { errnoOfReason, type StockParts, type StockSocket } from "./stock-socket.js";

/** Most peers that may answer; the oldest goes. */
const FLOWS_MAX = 64;

/** The stream to one peer. */
interface Flow {
  readonly stream: number;
  readonly peer: InternetAddress;
}

const nameOf = ({ address, port }: InternetAddress): string => `${address} ${port}`;

/** A datagram socket. */
export class StockDatagrams implements StockSocket {
  readonly #parts: StockParts;
  readonly #id: number;
  readonly #domain: number;
  /** By the peer's name, the oldest first. */
  readonly #flows = new Map<string, Flow>();
  /** Where connect() has been. */
  #peer: InternetAddress | null = null;

  constructor(parts: StockParts, id: number, domain: number) {
    this.#parts = parts;
    this.#id = id;
    this.#domain = domain;
  }

  connect(to: InternetAddress): void {
    const { events, hasUdp, local, transport } = this.#parts;
    if (!hasUdp) return events.failed(this.#id, EOPNOTSUPP);
    this.#hangUp(REASON_VOLUNTARY);
    if (transport() === null) return events.failed(this.#id, ENETDOWN);
    this.#peer = to;
    this.#flow(to);
    events.connected(this.#id, local(this.#domain), to);
  }

  /** The stream to that peer. */
  #flow(peer: InternetAddress): number {
    const known = this.#flows.get(nameOf(peer));
    if (known !== undefined) return known.stream;
    for (const [oldest, { stream }] of this.#flows) {
      if (this.#flows.size < FLOWS_MAX) break;
      this.#parts.end(stream, REASON_VOLUNTARY);
      this.#flows.delete(oldest);
    }
    const stream = this.#parts.connect(this, KIND_DATAGRAM, peer);
    this.#flows.set(nameOf(peer), { stream, peer });
    return stream;
  }

  /** A connected socket hears its peer alone. */
  data(stream: number, bytes: Uint8Array): void {
    const flow = [...this.#flows.values()].find((each) => each.stream === stream);
    if (flow === undefined || (this.#peer !== null && nameOf(flow.peer) !== nameOf(this.#peer))) return;
    this.#parts.events.datagram(this.#id, bytes, flow.peer);
  }

  over(stream: number, reason: number): void {
    for (const [name, flow] of this.#flows) if (flow.stream === stream) this.#flows.delete(name);
    if (reason !== REASON_VOLUNTARY) this.#parts.events.error(this.#id, errnoOfReason(reason) ?? ECONNREFUSED);
  }

  lost(): void {
    this.#flows.clear();
    this.#parts.events.error(this.#id, this.#peer === null ? ENETDOWN : ECONNRESET);
  }

  sendto(pointer: number, length: number, to: Address | null): void {
    const { events, hasUdp, memory } = this.#parts;
    const transport = this.#parts.transport();
    if (!hasUdp || to?.family === "unix") return events.sent(this.#id, EOPNOTSUPP, length);
    const peer = to ?? this.#peer;
    if (peer === null) return events.sent(this.#id, EDESTADDRREQ, length);
    if (transport === null) return events.sent(this.#id, ENETDOWN, length);
    const stream = this.#flow(peer);
    transport.send(new PacketWriter(DATA, stream, length).bytes(memory.bytes(pointer, length)).done());
    events.sent(this.#id, 0, length);
  }

  send(pointer: number, length: number): void {
    this.sendto(pointer, length, null);
  }

  disconnect(): void {
    this.#hangUp(REASON_VOLUNTARY);
    this.#peer = null;
    this.#parts.events.bound(this.#id, 0, null);
  }

  abort(): void {
    this.#hangUp(REASON_CLIENT);
    this.#peer = null;
    this.#parts.events.aborted(this.#id);
  }

  close(isReset: boolean): void {
    this.#hangUp(isReset ? REASON_CLIENT : REASON_VOLUNTARY);
    this.#parts.forget(this.#id);
    this.#parts.events.closed(this.#id);
  }

  #hangUp(reason: number): void {
    for (const { stream } of this.#flows.values()) this.#parts.end(stream, reason);
    this.#flows.clear();
  }

  /** Datagrams are told as they come, and nothing of them is held back or shut down. */
  receive(): void {}
  shutdown(): void {}
  room(): void {}
  drained(): void {}
}
