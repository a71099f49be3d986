// A guest's session at a bridge that knows PSX. Owns its sockets, its connections one after the other, and lookups.

import { EINVAL, EIO } from "../../../assembly/shared/errno.js";
import { AF_INET, AF_INET6 } from "../../../assembly/shared/socket.js";
import type { Address } from "../../address.js";
import type { LentMemory, NetworkEvents, NetworkSession } from "../../network.js";
import { Link } from "../link.js";
import type { ServerPsx } from "../protocol/info.js";
import { hex, MalformedPacket, type PacketReader } from "../protocol/reader.js";
import { CLOSE, CONTINUE, NAMED, REASON_VOLUNTARY, RESOLVE, RESOLVED, REVERSE, TURN } from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import type { TransportReceiver } from "../transport.js";
import { type ClientSetup, dialWithToken, pauseBefore, soon } from "./connection.js";
import { ClientSocket, type ClientParts, LOST, UNREACHED } from "./socket.js";
import { BridgeError, startConnection, type Started } from "./start.js";

/** Milliseconds in which a server that is told of the end may take it, before the connection is closed. */
const FAREWELL = 100;

/** A session. */
export class PsxSession implements NetworkSession {
  readonly #setup: ClientSetup;
  readonly #events: NetworkEvents;
  readonly #parts: ClientParts;
  #link: Link;
  #psx: ServerPsx;
  #state: "up" | "lost" | "starting" | "down" | "disposed" = "up";
  readonly #sockets = new Map<number, ClientSocket>();
  readonly #streams = new Map<number, ClientSocket>();
  readonly #tokens = new Map<number, ClientSocket>();
  readonly #lookups = new Map<number, (errno: number, packet: PacketReader | null) => void>();
  readonly #turns = new Map<number, ReturnType<typeof setTimeout> | undefined>();
  readonly #held = new Set<ClientSocket>();
  #nextStream = 0;
  #nextToken = 0;
  #nextLookup = 0;

  /** Goes on from a start that found PSX. */
  constructor(setup: ClientSetup, events: NetworkEvents, memory: LentMemory, psx: ServerPsx) {
    this.#setup = setup;
    this.#events = events;
    this.#psx = psx;
    this.#link = this.#newLink();
    this.#parts = {
      events,
      memory,
      window: setup.window,
      serverWindow: () => this.#psx.window,
      send: (packet) => this.#send(packet),
      sendLoosely: (packet) => {
        if (this.#wake()) this.#link.sendLoosely(packet);
      },
      buffered: () => this.#link.buffered,
      hold: (socket) => this.#held.add(socket),
      newStream: (socket) => {
        this.#streams.set(++this.#nextStream, socket);
        return this.#nextStream;
      },
      keep: (socket) => {
        this.#tokens.set(++this.#nextToken, socket);
        return this.#nextToken;
      },
      register: (stream, socket) => this.#streams.set(stream, socket),
      forget: (stream, id) => {
        this.#streams.delete(stream);
        if (id !== 0) this.#sockets.delete(id);
      },
    };
  }

  #newLink(): Link {
    return new Link(
      {
        packet: (packet) => this.#packet(packet),
        datagram: (packet) => this.#streams.get(packet.stream)?.packet(packet),
        drained: () => this.#drained(),
        lost: (reason) => this.#lost(reason),
        broken: (reason) => {
          this.#link.detach()?.close(1002, reason.slice(0, 120));
          this.#die(LOST, new BridgeError(`the bridge broke the protocol: ${reason}`));
        },
      },
      { resumable: this.#psx.grace > 0, heartbeat: this.#setup.heartbeat },
    );
  }

  /** Who hears of a connection from now on. */
  begin(started: Started): TransportReceiver {
    const link = this.#link;
    const { transport } = started;
    this.#state = "up";
    link.attach(transport, started.resumed ?? 0);
    this.#setup.onState({ state: "connected", psx: true });
    soon(() => this.#drained());
    return {
      packet: (packet) => {
        if (link.isOn(transport)) link.receive(packet);
      },
      datagram: (packet) => {
        if (link.isOn(transport)) link.receiveLoosely(packet);
      },
      drained: () => this.#drained(),
      lost: (reason) => {
        if (!link.isOn(transport)) return;
        link.detach();
        if (this.#link === link) this.#lost(reason);
      },
    };
  }

  #drained(): void {
    const held = [...this.#held];
    this.#held.clear();
    for (const socket of held) socket.resume();
  }

  /** Sends a packet, or keeps it for the connection that is being made. */
  #send(packet: Uint8Array<ArrayBuffer>): void {
    if (this.#wake()) this.#link.send(packet);
  }

  /** Starts afresh if the session is over. False where nothing can be sent any more. */
  #wake(): boolean {
    if (this.#state === "disposed") return false;
    if (this.#state === "down") {
      this.#state = "starting";
      this.#link = this.#newLink();
      void this.#again();
    }
    return true;
  }

  /** A connection for a new session: what is sent meanwhile waits in the link. */
  async #again(): Promise<void> {
    this.#setup.onState({ state: "connecting" });
    try {
      await this.#connect(null);
    } catch (error) {
      this.#die(UNREACHED, asBridgeError(error));
    }
  }

  async #connect(resume: { readonly session: Uint8Array; readonly received: number } | null): Promise<void> {
    const { transport, token } = await dialWithToken(this.#setup, true);
    if (this.#state === "disposed") return transport.close(1000, "");
    await startConnection(transport, { token, window: this.#setup.window, resume }, (started) => {
      const psx = started.info?.psx ?? null;
      if (psx === null) {
        transport.close(1000, "");
        this.#die(UNREACHED, new BridgeError("the bridge has become a stock server of Wisp", true));
        return { packet: () => {}, datagram: () => {}, drained: () => {}, lost: () => {} };
      }
      if (started.resumed === null) this.#psx = psx;
      if (resume !== null && started.resumed === null) {
        this.#die(LOST, new BridgeError("the bridge has forgotten the session"), "starting");
      }
      return this.begin(started);
    });
  }

  /** The connection is gone: tries to go on with the session for as long as the server keeps it. */
  #lost(reason: string): void {
    if (this.#state !== "up") return;
    this.#state = "lost";
    this.#setup.onState({ state: "lost", reason });
    void this.#resume(reason);
  }

  async #resume(reason: string): Promise<void> {
    const until = Date.now() + this.#psx.grace * 1000;
    const link = this.#link;
    let failure = new BridgeError(`the connection to the bridge was lost: ${reason}`);
    for (let attempt = 0; Date.now() < until && this.#state === "lost"; attempt++) {
      await new Promise<void>((resolve) => setTimeout(resolve, pauseBefore(attempt)));
      if (this.#state !== "lost" || this.#link !== link) return;
      try {
        await this.#connect({ session: this.#psx.session, received: link.received });
        return;
      } catch (error) {
        failure = asBridgeError(error);
        if (failure.isFinal) break;
      }
    }
    if (this.#state === "lost" && this.#link === link) this.#die(LOST, failure);
  }

  /** The session is over: everybody is told. The next request begins another, unless that one is `starting` already. */
  #die(errno: number, error: BridgeError, next: "down" | "starting" = "down"): void {
    if (this.#state === "disposed") return;
    this.#state = next;
    this.#link.detach()?.close(1000, "");
    if (next === "starting") this.#link = this.#newLink();
    this.#setup.onState({ state: "down", error });
    const lookups = [...this.#lookups.values()];
    this.#lookups.clear();
    this.#tokens.clear();
    const streams = new Set(this.#streams.values());
    this.#streams.clear();
    for (const operation of [...this.#turns.keys()]) this.#turned(operation);
    for (const lookup of lookups) lookup(errno, null);
    for (const socket of streams) socket.lose(errno);
  }

  #packet(packet: PacketReader): void {
    if (packet.stream !== 0) {
      const socket = this.#streams.get(packet.stream);
      if (socket === undefined) throw new MalformedPacket(`a packet for stream ${packet.stream}, which is not there`);
      return socket.packet(packet);
    }
    if (packet.type === CONTINUE) return;
    if (packet.type === TURN) {
      const operation = packet.u32();
      return this.#link.afterLoose(packet.left > 0 ? packet.u32() : 0, () => this.#turned(operation));
    }
    if (packet.type === RESOLVED || packet.type === NAMED) {
      const operation = packet.u32();
      const lookup = this.#lookups.get(operation);
      this.#lookups.delete(operation);
      return lookup?.(packet.errno(), packet);
    }
    if (packet.type === CLOSE) {
      const reason = packet.left > 0 ? packet.u8() : 0;
      return this.#die(LOST, new BridgeError(`the bridge ended the session with reason ${hex(reason)}`));
    }
    throw new MalformedPacket(`packet ${hex(packet.type)} is none of stream 0`);
  }

  open(id: number, domain: number, type: number): void {
    this.#sockets.set(id, ClientSocket.open(this.#parts, id, domain, type));
  }

  bind(id: number, address: Address): void {
    this.#sockets.get(id)?.bind(address);
  }

  connect(id: number, address: Address): void {
    this.#sockets.get(id)?.connect(address);
  }

  disconnect(id: number): void {
    this.#sockets.get(id)?.disconnect();
  }

  abort(id: number): void {
    this.#sockets.get(id)?.abort();
  }

  listen(id: number, backlog: number): void {
    this.#sockets.get(id)?.listen(backlog);
  }

  adopt(id: number, token: number): void {
    const socket = this.#tokens.get(token);
    if (socket === undefined) return;
    this.#tokens.delete(token);
    for (const listener of this.#sockets.values()) listener.adopted(socket);
    this.#sockets.set(id, socket);
    socket.adopt(id);
  }

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

  close(id: number, reset: boolean): void {
    const socket = this.#sockets.get(id);
    if (socket === undefined) this.#events.closed(id);
    else socket.close(reset);
  }

  setOption(id: number, level: number, name: number, value: number): void {
    this.#sockets.get(id)?.setOption(level, name, value);
  }

  setMembership(id: number, join: boolean, group: Address, via: Address | null): void {
    this.#sockets.get(id)?.setMembership(join, group, via);
  }

  #lookUp(done: (errno: number, packet: PacketReader | null) => void): number {
    this.#lookups.set(++this.#nextLookup, done);
    return this.#nextLookup;
  }

  resolve(operation: number, name: string, family: number): void {
    const asked = this.#lookUp((errno, packet) => {
      const addresses: Address[] = [];
      while (packet !== null && packet.left > 0) {
        const address = packet.address();
        if (address !== null) addresses.push(address);
      }
      this.#events.resolved(operation, errno, addresses);
    });
    const wanted = family === AF_INET ? 4 : family === AF_INET6 ? 6 : 0;
    this.#send(new PacketWriter(RESOLVE, 0, 64).u32(asked).u8(wanted).text(name).done());
  }

  reverse(operation: number, address: Address): void {
    if (address.family === "unix") return this.#events.named(operation, EINVAL, "");
    const asked = this.#lookUp((errno, packet) => {
      const name = packet === null ? "" : packet.text(packet.left);
      this.#events.named(operation, packet === null ? EIO : errno, name);
    });
    this.#send(new PacketWriter(REVERSE, 0, 64).u32(asked).address(address).done());
  }

  turn(operation: number): void {
    if (this.#state !== "up") {
      this.#turns.set(operation, undefined);
      return soon(() => this.#turned(operation));
    }
    const limit = setTimeout(() => this.#turned(operation), this.#setup.turn);
    this.#turns.set(operation, limit);
    this.#send(new PacketWriter(TURN, 0, 8).u32(operation).u32(this.#link.looselySent).done());
  }

  /** The server has told what it could, or takes too long. */
  #turned(operation: number): void {
    const limit = this.#turns.get(operation);
    clearTimeout(limit);
    if (this.#turns.delete(operation) && this.#state !== "disposed") this.#events.turned(operation);
  }

  dispose(): void {
    if (this.#state === "up") this.#link.send(new PacketWriter(CLOSE, 0, 1).u8(REASON_VOLUNTARY).done());
    this.#state = "disposed";
    const transport = this.#link.detach();
    if (transport !== null) setTimeout(() => transport.close(1000, ""), FAREWELL);
    this.#sockets.clear();
    this.#streams.clear();
    this.#lookups.clear();
    for (const limit of this.#turns.values()) clearTimeout(limit);
    this.#turns.clear();
  }
}

/** Whatever was thrown, as the reason why a bridge cannot be used. */
export function asBridgeError(error: unknown): BridgeError {
  if (error instanceof BridgeError) return error;
  return new BridgeError(error instanceof Error ? error.message : String(error));
}
