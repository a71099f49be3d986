// A guest's session at a server of Wisp that does not know PSX: what can be had of it. Owns the connection and which stream of Wisp's is
// whose; the degraded mode is what docs/bridge-protocol.md describes.

import { EAFNOSUPPORT, ENOENT, ENOPROTOOPT, EOPNOTSUPP } from "../../../assembly/shared/errno.js";
import { AF_INET, AF_INET6, AF_UNIX, SOCK_STREAM } from "../../../assembly/shared/socket.js";
import type { Address, InternetAddress } from "../../address.js";
import type { LentMemory, NetworkEvents, NetworkSession } from "../../network.js";
import { MalformedPacket, PacketReader } from "../protocol/reader.js";
import { CLOSE, CONNECT, CONTINUE, DATA, REASON_NETWORK, REASON_VOLUNTARY } from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import type { Transport, TransportReceiver } from "../transport.js";
import { soon } from "./connection.js";
import { StandIns } from "./names.js";
import type { Started } from "./start.js";
import { StockDatagrams } from "./stock-datagrams.js";
import type { StockParts, StockSocket } from "./stock-socket.js";
import { StockStream } from "./stock-stream.js";

/** Ports that sockets are said to have: the ephemeral ones (RFC 6335). */
const PORT_FIRST = 49_152;
const PORT_LAST = 65_535;

/** A session without PSX. */
export class StockSession implements NetworkSession {
  readonly #events: NetworkEvents;
  readonly #parts: StockParts;
  readonly #names = new StandIns();
  readonly #sockets = new Map<number, StockSocket>();
  /** Whose a stream of Wisp's is. */
  readonly #streams = new Map<number, StockSocket>();
  readonly #onLost: (reason: string) => void;
  #transport: Transport | null;
  #next = 0;
  #port = PORT_FIRST;

  constructor(events: NetworkEvents, memory: LentMemory, started: Started, lost: (reason: string) => void) {
    this.#events = events;
    this.#transport = started.transport;
    this.#onLost = lost;
    this.#parts = {
      events,
      memory,
      packets: Math.max(started.packets, 1),
      confirms: started.info?.confirms === true,
      hasUdp: started.info === null || started.info.udp,
      transport: () => this.#transport,
      local: (domain) => this.#local(domain),
      connect: (socket, kind, to) => this.#connect(socket, kind, to),
      end: (stream, reason) => this.#end(stream, reason),
      forget: (id) => this.#sockets.delete(id),
    };
  }

  /** Who hears of the connection. */
  get receiver(): TransportReceiver {
    return {
      packet: (bytes) => this.#packet(bytes),
      // Wisp has none.
      datagram: () => {},
      drained: () => {
        for (const socket of this.#streams.values()) socket.drained();
      },
      lost: (reason) => this.#lost(reason),
    };
  }

  #lost(reason: string): void {
    if (this.#transport === null) return;
    this.#transport = null;
    const sockets = new Set(this.#streams.values());
    this.#streams.clear();
    for (const socket of sockets) socket.lost();
    this.#onLost(reason);
  }

  #packet(bytes: Uint8Array): void {
    try {
      this.#take(new PacketReader(bytes));
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error;
      this.#transport?.close(1002, error.message.slice(0, 120));
      this.#lost(error.message);
    }
  }

  #take(packet: PacketReader): void {
    const { stream, type } = packet;
    const socket = this.#streams.get(stream);
    // A stream that was closed here may have had more on its way.
    if (socket === undefined) return;
    if (type === DATA) socket.data(stream, packet.rest());
    else if (type === CONTINUE) socket.room(packet.u32());
    else if (type === CLOSE) {
      this.#streams.delete(stream);
      socket.over(stream, packet.left > 0 ? packet.u8() : REASON_NETWORK);
    }
  }

  #local(domain: number): InternetAddress {
    this.#port = this.#port === PORT_LAST ? PORT_FIRST : this.#port + 1;
    return domain === AF_INET6
      ? { family: "IPv6", address: "::", port: this.#port }
      : { family: "IPv4", address: "0.0.0.0", port: this.#port };
  }

  #connect(socket: StockSocket, kind: number, to: InternetAddress): number {
    const stream = ++this.#next;
    this.#streams.set(stream, socket);
    const host = this.#names.nameOf(to.address) ?? to.address;
    this.#transport?.send(new PacketWriter(CONNECT, stream, 64).u8(kind).u16(to.port).text(host).done());
    return stream;
  }

  #end(stream: number, reason: number): void {
    this.#transport?.send(new PacketWriter(CLOSE, stream, 1).u8(reason).done());
    this.#streams.delete(stream);
  }

  open(id: number, domain: number, type: number): void {
    const make = type === SOCK_STREAM ? StockStream : StockDatagrams;
    this.#sockets.set(id, new make(this.#parts, id, domain));
  }

  bind(id: number): void {
    this.#events.bound(id, EOPNOTSUPP, null);
  }

  connect(id: number, address: Address): void {
    if (address.family === "unix") this.#events.failed(id, EAFNOSUPPORT);
    else this.#sockets.get(id)?.connect(address);
  }

  disconnect(id: number): void {
    this.#sockets.get(id)?.disconnect();
  }

  abort(id: number): void {
    this.#sockets.get(id)?.abort();
  }

  listen(id: number): void {
    this.#events.listening(id, EOPNOTSUPP, null);
  }

  /** Nothing comes in here. */
  adopt(): void {}

  receive(id: number, pointer: number, capacity: number): void {
    this.#sockets.get(id)?.receive(pointer, capacity);
  }

  send(id: number, pointer: number, length: number): void {
    this.#sockets.get(id)?.send(pointer, length);
  }

  sendto(id: number, pointer: number, length: number, to: Address | null): void {
    this.#sockets.get(id)?.sendto(pointer, length, to);
  }

  shutdown(id: number, how: number): void {
    this.#sockets.get(id)?.shutdown(how);
  }

  close(id: number, isReset: boolean): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) this.#events.closed(id);
    else socket.close(isReset);
  }

  setOption(id: number): void {
    this.#events.option(id, ENOPROTOOPT);
  }

  setMembership(id: number): void {
    this.#events.option(id, ENOPROTOOPT);
  }

  resolve(operation: number, name: string, family: number): void {
    if (family === AF_INET6 || family === AF_UNIX) return this.#events.resolved(operation, ENOENT, []);
    const address: InternetAddress = { family: "IPv4", address: this.#names.addressOf(name), port: 0 };
    this.#events.resolved(operation, 0, family === AF_INET || family === 0 ? [address] : []);
  }

  reverse(operation: number, address: Address): void {
    const name = address.family === "unix" ? undefined : this.#names.nameOf(address.address);
    this.#events.named(operation, name === undefined ? ENOENT : 0, name ?? "");
  }

  turn(operation: number): void {
    soon(() => this.#events.turned(operation));
  }

  dispose(): void {
    const transport = this.#transport;
    this.#transport = null;
    for (const stream of this.#streams.keys()) {
      transport?.send(new PacketWriter(CLOSE, stream, 1).u8(REASON_VOLUNTARY).done());
    }
    this.#streams.clear();
    this.#sockets.clear();
    transport?.close(1000, "");
  }
}
