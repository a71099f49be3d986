// A guest's session at a server of Wisp that does not know PSX: what can be had of it. Owns the degraded mode that
// docs/bridge-protocol.md describes.

import {
  EACCES,
  EAFNOSUPPORT,
  EAGAIN,
  ECONNABORTED,
  ECONNREFUSED,
  ECONNRESET,
  EDESTADDRREQ,
  EHOSTUNREACH,
  EINVAL,
  ENETDOWN,
  ENOENT,
  ENOPROTOOPT,
  EOPNOTSUPP,
  EPIPE,
  ETIMEDOUT,
} from "../../../assembly/shared/errno.js";
import { AF_INET, AF_INET6, AF_UNIX, SHUT_RD, SHUT_WR, SOCK_STREAM } from "../../../assembly/shared/socket.js";
import type { Address, InternetAddress } from "../../address.js";
import type { LentMemory, NetworkEvents, NetworkSession } from "../../network.js";
import { MalformedPacket, PacketReader } from "../protocol/reader.js";
import {
  CLOSE,
  CONNECT,
  CONTINUE,
  DATA,
  KIND_DATAGRAM,
  KIND_STREAM,
  REASON_BLOCKED,
  REASON_CLIENT,
  REASON_IDLE,
  REASON_INVALID,
  REASON_NETWORK,
  REASON_REFUSED,
  REASON_THROTTLED,
  REASON_TIMEOUT,
  REASON_UNREACHABLE,
  REASON_VOLUNTARY,
} from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import type { Transport, TransportReceiver } from "../transport.js";
import { soon } from "./connection.js";
import { Inbox } from "./inbox.js";
import { StandIns } from "./names.js";
import { Outbox } from "./outbox.js";
import type { Started } from "./start.js";

const ERRNOS: Readonly<Record<number, number>> = {
  [REASON_REFUSED]: ECONNREFUSED,
  [REASON_TIMEOUT]: ETIMEDOUT,
  [REASON_IDLE]: ETIMEDOUT,
  [REASON_UNREACHABLE]: EHOSTUNREACH,
  [REASON_BLOCKED]: EACCES,
  [REASON_THROTTLED]: EAGAIN,
  [REASON_INVALID]: EINVAL,
};
/** Bytes waiting on the connection above which a guest is held back. */
const FULL = 1 << 20;

/** Most bytes that wait for a guest that does not read: Wisp cannot ask its server to wait. */
const INBOX_MAX = 64 << 20;
/** Most peers of a datagram socket that may answer; the oldest goes. */
const FLOWS_MAX = 64;

/** A datagram socket's stream to one peer. */
interface Flow {
  readonly stream: number;
  readonly peer: InternetAddress;
}

interface Stock {
  readonly id: number;
  readonly domain: number;
  readonly isStream: boolean;
  /** The stream of a stream; of datagrams there is one for each peer. */
  stream: number;
  readonly flows: Map<string, Flow>;
  peer: InternetAddress | null;
  local: InternetAddress | null;
  isConnected: boolean;
  /** connect() waits for the server's word. */
  isDialling: boolean;
  hasReceived: boolean;
  hasEnded: boolean;
  failure: number;
  /** Packets that the server takes. */
  room: number;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  pointer: number;
  capacity: number;
  isLent: boolean;
  isClosing: boolean;
}

/** A session without PSX. */
export class StockSession implements NetworkSession {
  readonly #events: NetworkEvents;
  readonly #memory: LentMemory;
  readonly #names = new StandIns();
  readonly #sockets = new Map<number, Stock>();
  readonly #streams = new Map<number, Stock>();
  readonly #packets: number;
  readonly #confirms: boolean;
  readonly #hasUdp: boolean;
  readonly #onLost: (reason: string) => void;
  #transport: Transport | null;
  #next = 0;
  #port = 49152;

  constructor(events: NetworkEvents, memory: LentMemory, started: Started, lost: (reason: string) => void) {
    this.#events = events;
    this.#memory = memory;
    this.#transport = started.transport;
    this.#packets = Math.max(started.packets, 1);
    this.#confirms = started.info?.confirms === true;
    this.#hasUdp = started.info === null || started.info.udp;
    this.#onLost = lost;
  }

  /** Who hears of the connection. */
  get receiver(): TransportReceiver {
    return {
      packet: (bytes) => this.#packet(bytes),
      // Wisp has none.
      datagram: () => {},
      drained: () => {
        for (const socket of this.#streams.values()) this.#flush(socket);
      },
      lost: (reason) => this.#lost(reason),
    };
  }

  #lost(reason: string): void {
    if (this.#transport === null) return;
    this.#transport = null;
    const sockets = new Set(this.#streams.values());
    this.#streams.clear();
    for (const socket of sockets) {
      socket.stream = 0;
      socket.flows.clear();
      this.#fail(socket, socket.isConnected ? ECONNRESET : ENETDOWN);
    }
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
    const socket = this.#streams.get(packet.stream);
    // A stream that was closed here may have had more on its way.
    if (socket === undefined) return;
    if (packet.type === DATA) return this.#data(socket, packet);
    if (packet.type === CLOSE) {
      return this.#over(socket, packet.stream, packet.left > 0 ? packet.u8() : REASON_NETWORK);
    }
    if (packet.type !== CONTINUE) return;
    socket.room = packet.u32();
    this.#stands(socket);
    this.#flush(socket);
  }

  #stands(socket: Stock): void {
    if (!socket.isDialling || socket.local === null || socket.peer === null) return;
    socket.isDialling = false;
    socket.isConnected = true;
    this.#events.connected(socket.id, socket.local, socket.peer);
    this.#deliver(socket);
  }

  #data(socket: Stock, packet: PacketReader): void {
    if (!socket.isStream) return this.#datagram(socket, packet.stream, packet.rest());
    this.#stands(socket);
    socket.hasReceived = true;
    const bytes = packet.rest();
    socket.inbox.put(bytes);
    if (socket.inbox.length > INBOX_MAX) {
      this.#hangUp(socket, REASON_CLIENT);
      return this.#fail(socket, ECONNABORTED);
    }
    this.#deliver(socket);
  }

  /** A connected socket hears its peer alone. */
  #datagram(socket: Stock, stream: number, bytes: Uint8Array): void {
    const flow = [...socket.flows.values()].find((each) => each.stream === stream);
    if (flow === undefined || (socket.isConnected && !isSame(flow.peer, socket.peer))) return;
    this.#events.datagram(socket.id, bytes, flow.peer);
  }

  #over(socket: Stock, stream: number, reason: number): void {
    this.#streams.delete(stream);
    if (!socket.isStream) {
      for (const [key, flow] of socket.flows) if (flow.stream === stream) socket.flows.delete(key);
      if (reason === REASON_VOLUNTARY) return;
      return this.#fail(socket, ERRNOS[reason] ?? ECONNREFUSED);
    }
    socket.stream = 0;
    if (reason === REASON_VOLUNTARY) {
      this.#stands(socket);
      socket.hasEnded = true;
      return this.#deliver(socket);
    }
    this.#fail(socket, ERRNOS[reason] ?? (socket.hasReceived ? ECONNRESET : ECONNREFUSED));
  }

  #fail(socket: Stock, errno: number): void {
    if (socket.isClosing) return this.#gone(socket);
    if (!socket.isStream) {
      if (socket.isDialling) this.#events.failed(socket.id, errno);
      else this.#events.error(socket.id, errno);
      socket.isDialling = false;
      return;
    }
    socket.failure = errno;
    if (socket.inbox.length === 0 || !socket.outbox.isEmpty) this.#tellFailure(socket);
  }

  #tellFailure(socket: Stock): void {
    const { failure } = socket;
    reset(socket);
    this.#events.failed(socket.id, failure);
  }

  #deliver(socket: Stock): void {
    if (!socket.isLent || socket.isDialling) return;
    if (socket.inbox.length > 0) {
      socket.isLent = false;
      this.#events.data(socket.id, socket.inbox.take(this.#memory.bytes(socket.pointer, socket.capacity)));
      if (socket.inbox.length === 0 && socket.failure !== 0) this.#tellFailure(socket);
    } else if (socket.hasEnded) {
      socket.isLent = false;
      this.#events.end(socket.id);
    }
  }

  #write(type: number, socket: Stock, room: number): PacketWriter {
    return new PacketWriter(type, socket.stream, room);
  }

  open(id: number, domain: number, type: number): void {
    const isStream = type === SOCK_STREAM;
    const nothing = { peer: null, local: null, isConnected: false, isDialling: false, hasReceived: false };
    const none = { hasEnded: false, failure: 0, room: 0, pointer: 0, capacity: 0, isLent: false, isClosing: false };
    const boxes = { inbox: new Inbox(), outbox: new Outbox(), flows: new Map() };
    this.#sockets.set(id, { id, domain, isStream, stream: 0, ...nothing, ...none, ...boxes });
  }

  bind(id: number): void {
    this.#events.bound(id, EOPNOTSUPP, null);
  }

  connect(id: number, address: Address): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    if (address.family === "unix") return this.#events.failed(id, EAFNOSUPPORT);
    if (!socket.isStream && !this.#hasUdp) return this.#events.failed(id, EOPNOTSUPP);
    this.#dial(socket, address);
    if (this.#transport === null) return this.#events.failed(id, ENETDOWN);
    if (socket.isStream) this.#events.bound(id, 0, socket.local);
    // Stock servers say nothing when a stream is open: from here on it counts as such.
    if (!this.#confirms || !socket.isStream) this.#stands(socket);
  }

  #dial(socket: Stock, address: InternetAddress): void {
    this.#hangUp(socket, REASON_VOLUNTARY);
    reset(socket);
    const any = socket.domain === AF_INET6 ? "::" : "0.0.0.0";
    this.#port = this.#port === 65535 ? 49152 : this.#port + 1;
    socket.local = { family: socket.domain === AF_INET6 ? "IPv6" : "IPv4", address: any, port: this.#port };
    socket.peer = address;
    socket.isDialling = true;
    if (socket.isStream) {
      socket.room = this.#packets;
      socket.stream = this.#connect(socket, address);
    } else this.#flow(socket, address);
  }

  /** Opens a stream: its number. */
  #connect(socket: Stock, address: InternetAddress): number {
    const stream = ++this.#next;
    this.#streams.set(stream, socket);
    const host = this.#names.nameOf(address.address) ?? address.address;
    const kind = socket.isStream ? KIND_STREAM : KIND_DATAGRAM;
    this.#transport?.send(new PacketWriter(CONNECT, stream, 64).u8(kind).u16(address.port).text(host).done());
    return stream;
  }

  /** A datagram socket's stream to that peer. */
  #flow(socket: Stock, peer: InternetAddress): number {
    const key = `${peer.address} ${peer.port}`;
    const known = socket.flows.get(key);
    if (known !== undefined) return known.stream;
    for (const [old, { stream }] of socket.flows) {
      if (socket.flows.size < FLOWS_MAX) break;
      this.#end(stream, REASON_VOLUNTARY);
      socket.flows.delete(old);
    }
    const stream = this.#connect(socket, peer);
    socket.flows.set(key, { stream, peer });
    return stream;
  }

  #end(stream: number, reason: number): void {
    this.#transport?.send(new PacketWriter(CLOSE, stream, 1).u8(reason).done());
    this.#streams.delete(stream);
  }

  disconnect(id: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    this.#hangUp(socket, REASON_VOLUNTARY);
    reset(socket);
    socket.peer = null;
    this.#events.bound(id, 0, null);
  }

  abort(id: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    this.#hangUp(socket, REASON_CLIENT);
    reset(socket);
    this.#events.aborted(id);
  }

  #hangUp(socket: Stock, reason: number): void {
    for (const { stream } of socket.flows.values()) this.#end(stream, reason);
    socket.flows.clear();
    if (socket.stream !== 0) this.#end(socket.stream, reason);
    socket.stream = 0;
  }

  listen(id: number): void {
    this.#events.listening(id, EOPNOTSUPP, null);
  }

  /** Nothing comes in here. */
  adopt(): void {}

  receive(id: number, pointer: number, capacity: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    socket.pointer = pointer;
    socket.capacity = capacity;
    socket.isLent = true;
    this.#deliver(socket);
  }

  send(id: number, pointer: number, length: number): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    if (socket.failure !== 0) return this.#tellFailure(socket);
    // Wisp's CLOSE ends both directions: what is sent now is answered as a kernel's peer would, with a reset (tcp_reset: EPIPE
    // in CLOSE_WAIT).
    if (socket.stream === 0) return this.#fail(socket, EPIPE);
    socket.outbox.put(pointer, length);
    this.#flush(socket);
  }

  #flush(socket: Stock): void {
    const transport = this.#transport;
    if (transport === null || socket.stream === 0) return;
    const done = socket.outbox.flush(
      this.#memory,
      () => (socket.room > 0 && transport.buffered < FULL ? Number.POSITIVE_INFINITY : 0),
      (bytes) => {
        socket.room--;
        transport.send(this.#write(DATA, socket, bytes.length).bytes(bytes).done());
      },
    );
    if (done > 0 && !socket.isClosing) this.#events.sent(socket.id, 0, done);
    if (socket.isClosing && socket.outbox.isEmpty) {
      this.#hangUp(socket, REASON_VOLUNTARY);
      this.#gone(socket);
    }
  }

  sendto(id: number, pointer: number, length: number, to: Address | null): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return;
    if (!this.#hasUdp || to?.family === "unix") return this.#events.sent(id, EOPNOTSUPP, length);
    const peer = to ?? socket.peer;
    if (peer === null) return this.#events.sent(id, EDESTADDRREQ, length);
    if (this.#transport === null) return this.#events.sent(id, ENETDOWN, length);
    // Wisp has no address on a datagram: another peer is another stream.
    const stream = this.#flow(socket, peer);
    this.#transport.send(new PacketWriter(DATA, stream, length).bytes(this.#memory.bytes(pointer, length)).done());
    this.#events.sent(id, 0, length);
  }

  shutdown(id: number, how: number): void {
    const socket = this.#sockets.get(id);
    // There is no half close in Wisp: reading goes on, and the peer hears of the end when the socket closes.
    if (socket !== undefined && how & SHUT_RD && !(how & SHUT_WR)) socket.inbox.clear();
  }

  close(id: number, isReset: boolean): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) return this.#events.closed(id);
    socket.isClosing = true;
    socket.isLent = false;
    if (socket.stream !== 0 && !isReset && !socket.outbox.isEmpty) return;
    this.#hangUp(socket, isReset ? REASON_CLIENT : REASON_VOLUNTARY);
    this.#gone(socket);
  }

  #gone(socket: Stock): void {
    socket.outbox.clear();
    this.#sockets.delete(socket.id);
    this.#events.closed(socket.id);
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

function isSame(one: InternetAddress, other: InternetAddress | null): boolean {
  return other !== null && one.address === other.address && one.port === other.port;
}

function reset(socket: Stock): void {
  socket.isConnected = false;
  socket.isDialling = false;
  socket.hasReceived = false;
  socket.hasEnded = false;
  socket.failure = 0;
  socket.isLent = false;
  socket.inbox.clear();
  socket.outbox.clear();
}
