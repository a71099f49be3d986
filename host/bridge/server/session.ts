// One client's session: dispatches its packets to sockets, the network's events to the same, and holds the limits. Owns the
// sockets and survives its connections.

import { EACCES, EAGAIN, EMFILE, ENETDOWN } from "../../../assembly/shared/errno.js";
import type { Address } from "../../address.js";
import { Namespace } from "../../namespace.js";
import type { Network, NetworkEvents, NetworkSession } from "../../network.js";
import { Link } from "../link.js";
import { hex, MalformedPacket, type PacketReader } from "../protocol/reader.js";
import {
  CLOSE,
  CONNECT,
  INFO,
  NAMED,
  REASON_INVALID,
  REASON_VOLUNTARY,
  RESOLVE,
  RESOLVED,
  REVERSE,
  SERVER_STREAM,
  SOCKET,
  TURN,
} from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import type { Transport } from "../transport.js";
import { Bucket } from "./bucket.js";
import { Lender } from "./lender.js";
import type { BridgeObserver, SessionLimits, SocketEvents, SocketParts } from "./parts.js";
import { ServerSocket } from "./socket.js";
import { StockStream } from "./stock.js";

/** Milliseconds in which packets for a stream that is gone may still come: they crossed. */
const CROSSING = 1000;
/** Names that a session may ask for at the same time. */
const LOOKUPS_MAX = 64;

/** The current directory of a client, which has none here. */
const NOWHERE = new Uint8Array(0);

/** What a session is made with. */
export interface SessionSetup {
  readonly network: (refused: () => void) => Network;
  readonly limits: SessionLimits;
  readonly observer: BridgeObserver;
  /** The client's window; null: a client of Wisp. */
  readonly clientWindow: number | null;
  readonly heartbeat: number;
  /** The session is over: `fault` says what the client did wrong, null that it is simply gone. */
  readonly over: (fault: string | null) => void;
  /** The connection is gone and the session waits for another. */
  readonly lost: (reason: string) => void;
}

/** A session. */
export class ServerSession {
  readonly #setup: SessionSetup;
  readonly #link: Link;
  readonly #network: NetworkSession;
  readonly #namespace: Namespace | null;
  readonly #parts: SocketParts;
  readonly #sockets = new Map<number, SocketEvents>();
  /** Streams that are gone, and when. */
  readonly #gone = new Map<number, number>();
  #accepted = 0;
  #refused = false;
  #isOver = false;
  #isDraining = false;
  readonly #paused: (() => void)[] = [];
  /** Lookups of Wisp's CONNECT, by operation; PSX's own have the client's number. */
  readonly #lookups = new Map<number, (errno: number, addresses: readonly Address[]) => void>();
  readonly #asked = new Map<number, number>();
  #operations = 0;
  #used = Date.now();
  #idle: ReturnType<typeof setInterval> | undefined;

  constructor(setup: SessionSetup) {
    this.#setup = setup;
    const { limits, observer } = setup;
    const link = new Link(
      {
        packet: (packet) => this.#packet(packet),
        datagram: (packet) => this.#datagram(packet),
        drained: () => this.drained(),
        lost: (reason) => this.#setup.lost(reason),
        broken: (reason) => this.end(reason),
      },
      {
        resumable: this.isResumable,
        heartbeat: setup.clientWindow === null ? 0 : setup.heartbeat,
      },
    );
    this.#link = link;
    const memory = new Lender();
    const network = setup.network(() => {
      this.#refused = true;
    });
    this.#network = network.open(this.#events(), memory);
    // A client's paths are the bridge's own; it has no directories here.
    this.#namespace = network.files === undefined ? null : new Namespace(network.files, {});
    this.#parts = {
      link,
      network: this.#network,
      memory,
      limits,
      observer,
      dials: new Bucket(limits.dials),
      bytes: new Bucket(limits.rate),
      clientWindow: setup.clientWindow ?? 0,
      locate: (address, isBind, use) => this.#locate(address, isBind, use),
      takeRefusal: () => {
        const refused = this.#refused;
        this.#refused = false;
        return refused;
      },
      pause: (resume, delay) => this.#pause(resume, delay),
      adopt: (token) => this.#adopt(token),
      forget: (id) => this.#forget(id),
    };
    if (limits.idle > 0) this.#idle = setInterval(() => this.#look(limits.idle), 1000);
  }

  #locate(address: Address, isBind: boolean, use: (located: Address) => void): void {
    if (address.family !== "unix" || address.path.length === 0 || address.path[0] === 0) return use(address);
    const place = this.#namespace?.locate(address.path, NOWHERE, isBind);
    use(place === undefined ? address : { ...address, place });
    place?.release();
  }

  /** Packets of the client that have been received. */
  get received(): number {
    return this.#link.received;
  }

  /** Sockets that are open. */
  get sockets(): number {
    return this.#sockets.size;
  }

  get isAttached(): boolean {
    return this.#link.isAttached;
  }

  /** Goes on over a connection; `theirs` is what the client has received. Throws MalformedPacket. */
  attach(transport: Transport, theirs: number): void {
    this.#link.attach(transport, theirs);
    this.drained();
  }

  /** Lets go of the connection. */
  detach(): Transport | null {
    return this.#link.detach();
  }

  /** Takes a packet of a connection; of one that another has replaced nothing counts any more. */
  receive(transport: Transport, bytes: Uint8Array): void {
    if (!this.#isOver && this.#link.isOn(transport)) this.#link.receive(bytes);
  }

  /** Takes a packet that came as a datagram. */
  receiveLoosely(transport: Transport, bytes: Uint8Array): void {
    if (!this.#isOver && this.#link.isOn(transport)) this.#link.receiveLoosely(bytes);
  }

  /** Whether that is its connection of now. */
  isOn(transport: Transport): boolean {
    return this.#link.isOn(transport);
  }

  /** The connection has room again: whoever was held goes on. */
  drained(): void {
    for (const resume of this.#paused.splice(0)) resume();
  }

  /** Whether a lost connection may be followed by another. */
  get isResumable(): boolean {
    return this.#setup.clientWindow !== null && this.#setup.limits.grace > 0;
  }

  /** Opens no socket any more, and ends when the last is gone. */
  drain(): void {
    this.#isDraining = true;
    this.#endIfDrained();
  }

  #endIfDrained(): void {
    if (!this.#isDraining || this.#sockets.size > 0) return;
    // Not in the middle of an event of the network.
    setTimeout(() => {
      if (this.#sockets.size === 0) this.end(null);
    }, 0);
  }

  /** Ends it: everything it held is closed. `fault`: what the client did wrong. */
  end(fault: string | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#idle);
    this.#network.dispose();
    this.#namespace?.close();
    for (let left = this.#sockets.size; left > 0; left--) this.#setup.observer.sockets?.(-1);
    this.#sockets.clear();
    const transport = this.#link.detach();
    // With a word, so that the client does not try to go on with it.
    transport?.send(new PacketWriter(CLOSE, 0, 1).u8(fault === null ? REASON_VOLUNTARY : REASON_INVALID).done());
    transport?.close(fault === null ? 1000 : 1002, (fault ?? "").slice(0, 120));
    this.#setup.over(fault);
  }

  #look(seconds: number): void {
    if (Date.now() - this.#used > seconds * 1000) this.end(null);
  }

  #packet(packet: PacketReader): void {
    this.#used = Date.now();
    const { type, stream } = packet;
    if (type === INFO) throw new MalformedPacket("a second INFO");
    if (stream === 0) return this.#control(packet);
    const socket = this.#sockets.get(stream);
    if (type === SOCKET || type === CONNECT) {
      if (socket !== undefined || this.#gone.has(stream))
        throw new MalformedPacket(`stream ${stream} is there already`);
      if (stream >= SERVER_STREAM) throw new MalformedPacket(`stream ${stream} is the server's to choose`);
      return this.#open(packet);
    }
    if (socket !== undefined) return socket.packet(packet);
    const gone = this.#gone.get(stream);
    if (gone === undefined || Date.now() - gone > CROSSING) {
      throw new MalformedPacket(`packet ${hex(type)} for stream ${stream}, which is not there`);
    }
  }

  /** The socket may be gone, or its SOCKET be on its way: then the datagram is lost, as datagrams may be. */
  #datagram(packet: PacketReader): void {
    this.#used = Date.now();
    this.#sockets.get(packet.stream)?.packet(packet);
  }

  #control(packet: PacketReader): void {
    if (packet.type === CLOSE) return this.end(null);
    if (packet.type === RESOLVE) {
      const operation = packet.u32();
      const family = packet.u8() as 0 | 4 | 6;
      const name = packet.text(packet.left);
      if (this.#asked.size >= LOOKUPS_MAX) {
        this.#link.send(new PacketWriter(RESOLVED, 0, 64).u32(operation).errno(EAGAIN).done());
        return;
      }
      return this.#resolve(name, family === 4 ? 1 : family === 6 ? 2 : 0, operation);
    }
    if (packet.type === REVERSE) {
      const operation = packet.u32();
      const address = packet.address();
      if (address === null) throw new MalformedPacket("REVERSE without an address");
      if (this.#asked.size >= LOOKUPS_MAX) {
        this.#link.send(new PacketWriter(NAMED, 0, 64).u32(operation).errno(EAGAIN).done());
        return;
      }
      return this.#network.reverse(this.#ask(operation), address);
    }
    if (packet.type === TURN) {
      const operation = packet.u32();
      const loose = packet.left > 0 ? packet.u32() : 0;
      return this.#link.afterLoose(loose, () => {
        if (!this.#isOver) this.#network.turn(operation);
      });
    }
    throw new MalformedPacket(`packet ${hex(packet.type)} is none of stream 0`);
  }

  #ask(operation: number): number {
    const mine = ++this.#operations;
    this.#asked.set(mine, operation);
    return mine;
  }

  #resolve(name: string, family: number, operation: number): void {
    this.#network.resolve(this.#ask(operation), name, family);
  }

  #open(packet: PacketReader): void {
    const isFull = this.#sockets.size >= this.#setup.limits.sockets;
    const refusal = this.#isDraining ? ENETDOWN : isFull ? EMFILE : 0;
    const { stream } = packet;
    if (packet.type === SOCKET) {
      if (this.#setup.clientWindow === null) throw new MalformedPacket("SOCKET without PSX");
      this.#sockets.set(stream, ServerSocket.open(this.#parts, packet, refusal));
      this.#setup.observer.sockets?.(1);
      return;
    }
    const made = StockStream.open(this.#parts, packet, refusal, (host, wanted, done) => {
      const mine = ++this.#operations;
      this.#lookups.set(mine, done);
      this.#network.resolve(mine, host, wanted);
    });
    this.#setup.observer.sockets?.(1);
    // It may have ended before open() gave it back.
    if (!this.#gone.has(stream)) this.#sockets.set(stream, made);
  }

  #adopt(token: number): { readonly id: number; readonly start: () => void } | null {
    const id = SERVER_STREAM + ++this.#accepted;
    this.#network.adopt(id, token);
    if (this.#isDraining || this.#sockets.size >= this.#setup.limits.sockets) {
      this.#network.close(id, true);
      return null;
    }
    const socket = ServerSocket.accepted(this.#parts, id);
    this.#sockets.set(id, socket);
    this.#setup.observer.sockets?.(1);
    return { id, start: () => socket.start() };
  }

  #forget(id: number): void {
    if (!this.#sockets.delete(id) && this.#gone.has(id)) return;
    this.#setup.observer.sockets?.(-1);
    const now = Date.now();
    this.#gone.set(id, now);
    for (const [old, when] of this.#gone) {
      if (now - when < CROSSING) break;
      this.#gone.delete(old);
    }
    this.#endIfDrained();
  }

  #pause(resume: () => void, delay: number): void {
    if (delay === 0) this.#paused.push(resume);
    else {
      setTimeout(() => {
        if (!this.#isOver) resume();
      }, delay);
    }
  }

  #events(): NetworkEvents {
    const of = (id: number): SocketEvents | undefined => this.#sockets.get(id);
    return {
      bound: (id, errno, local) => of(id)?.bound(errno, local),
      connected: (id, local, peer) => of(id)?.connected(local, peer),
      failed: (id, errno) => of(id)?.failed(errno),
      aborted: (id) => of(id)?.aborted(),
      listening: (id, errno, local) => of(id)?.listening(errno, local),
      incoming: (id, token, local, peer) => of(id)?.incoming(token, local, peer),
      data: (id, length) => of(id)?.data(length),
      end: (id) => of(id)?.end(),
      datagram: (id, bytes, from) => of(id)?.datagram(bytes, from),
      // No descriptor comes over a bridge, so none is ever lost.
      lost: () => {},
      sent: (id, errno, length) => of(id)?.sent(errno, length),
      error: (id, errno) => of(id)?.error(errno),
      closed: (id) => of(id)?.closed(),
      option: (id, errno) => of(id)?.option(errno),
      resolved: (operation, errno, addresses) => this.#resolved(operation, errno, addresses),
      named: (operation, errno, name) => {
        const asked = this.#asked.get(operation);
        if (!this.#asked.delete(operation) || asked === undefined) return;
        this.#link.send(new PacketWriter(NAMED, 0, 64).u32(asked).errno(errno).text(name).done());
      },
      turned: (operation) => {
        this.#link.send(new PacketWriter(TURN, 0, 8).u32(operation).u32(this.#link.looselySent).done());
      },
    };
  }

  #resolved(operation: number, errno: number, addresses: readonly Address[]): void {
    const lookup = this.#lookups.get(operation);
    if (lookup !== undefined) {
      this.#lookups.delete(operation);
      if (errno === EACCES) this.#refused = false;
      return lookup(errno, addresses);
    }
    const asked = this.#asked.get(operation);
    if (!this.#asked.delete(operation) || asked === undefined) return;
    const packet = new PacketWriter(RESOLVED, 0, 64).u32(asked).errno(errno);
    for (const address of addresses) packet.address(address);
    this.#link.send(packet.done());
  }
}
