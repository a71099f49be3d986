// A socket of a PSX client: its packets as requests to the network, what the network tells as packets. Owns the windows.

import { EAGAIN, ENOENT, ENOPROTOOPT } from "../../../assembly/shared/errno.js";
import {
  AF_INET,
  AF_INET6,
  AF_UNIX,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
} from "../../../assembly/shared/socket.js";
import type { Address } from "../../address.js";
import { errnoName } from "../protocol/errno.js";
import { optionNumber } from "../protocol/options.js";
import { hex, MalformedPacket, type PacketReader } from "../protocol/reader.js";
import {
  ABORT,
  ACCEPT,
  BIND,
  BOUND,
  CLOSE,
  CREDIT,
  DATA,
  DATAGRAM,
  DIAL,
  DISCONNECT,
  ERROR,
  FAIL,
  FLAG_ANSWER,
  KIND_DATAGRAM,
  KIND_SEQPACKET,
  KIND_STREAM,
  LISTEN,
  LISTENING,
  MEMBERSHIP,
  OPENED,
  OPTION,
  PHASE_CONNECT,
  PHASE_NAME,
  PHASE_POLICY,
  PHASE_STREAM,
  REASON_NETWORK,
  REASON_VOLUNTARY,
  SENT,
  SHUT,
  SHUT_ACK,
} from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import { Downstream } from "./downstream.js";
import type { SocketEvents, SocketParts } from "./parts.js";
import { Upstream } from "./upstream.js";

const FAMILIES: Readonly<Record<number, number>> = { 4: AF_INET, 6: AF_INET6, 1: AF_UNIX };
const KINDS: Readonly<Record<number, number>> = {
  [KIND_STREAM]: SOCK_STREAM,
  [KIND_DATAGRAM]: SOCK_DGRAM,
  [KIND_SEQPACKET]: SOCK_SEQPACKET,
};
const SLASH = 0x2f;
/** Most datagrams of a socket that wait for the network. */
const DATAGRAMS_MAX = 256;

/** A client has no current directory here: its paths are absolute, or lead nowhere. */
function isRelative(address: Address): boolean {
  if (address.family !== "unix") return false;
  const [first] = address.path;
  return first !== undefined && first !== 0 && first !== SLASH;
}

/** A socket. */
export class ServerSocket implements SocketEvents {
  readonly #parts: SocketParts;
  readonly #id: number;
  readonly #isStream: boolean;
  readonly #down: Downstream;
  readonly #up: Upstream;
  /** The errno of every attempt: the session has no room for this socket, or drains; 0: none. */
  readonly #refusal: number;
  #state: "idle" | "dialling" | "open" | "closing" = "idle";
  /** Of what the client may send: bytes received and not given back as credit, and those of them that are taken. */
  #used = 0;
  #owed = 0;
  #isShut = false;
  /** A connection that came, and of which the client has said nothing yet. */
  #isNew = false;
  readonly #datagrams: { readonly pointer: number; readonly answer: boolean }[] = [];

  private constructor(parts: SocketParts, id: number, isStream: boolean, refusal: number) {
    this.#parts = parts;
    this.#id = id;
    this.#isStream = isStream;
    this.#refusal = refusal;
    this.#down = new Downstream(parts, id);
    this.#up = new Upstream(parts, id);
  }

  /** Opens what a SOCKET packet asks for. */
  static open(parts: SocketParts, packet: PacketReader, refusal: number): ServerSocket {
    const family = packet.u8();
    const kind = packet.u8();
    packet.end();
    const domain = FAMILIES[family];
    const type = KINDS[kind];
    if (domain === undefined || type === undefined) {
      throw new MalformedPacket(`SOCKET: family ${family} and kind ${kind} are none that are known here`);
    }
    if (refusal === 0) parts.network.open(packet.stream, domain, type, 0);
    return new ServerSocket(parts, packet.stream, kind === KIND_STREAM, refusal);
  }

  /** A connection that came to a listener; start() tells its client's window. */
  static accepted(parts: SocketParts, id: number): ServerSocket {
    const socket = new ServerSocket(parts, id, true, 0);
    socket.#state = "open";
    socket.#isNew = true;
    return socket;
  }

  /** Begins to read from an accepted connection. */
  start(): void {
    this.#isNew = false;
    this.#down.open(this.#parts.clientWindow);
  }

  #send(packet: PacketWriter): void {
    this.#parts.link.send(packet.done());
  }

  #write(type: number, room = 32): PacketWriter {
    return new PacketWriter(type, this.#id, room);
  }

  #fail(phase: number, errno: number): void {
    this.#send(this.#write(FAIL).u8(phase).errno(errno));
  }

  packet(packet: PacketReader): void {
    if (this.#state === "closing") return;
    if (this.#isNew && packet.type !== CLOSE) this.start();
    const { network } = this.#parts;
    switch (packet.type) {
      case DATA:
        return this.#data(packet.rest());
      case CREDIT:
        return this.#down.give(packet.u32());
      case DATAGRAM:
        return this.#datagram(packet);
      case DIAL:
        return this.#dial(packet.address());
      case BIND:
        return this.#bind(packet.address());
      case SHUT:
        return this.#shut(packet.u8());
      case SHUT_ACK:
        return;
      case CLOSE:
        return this.#close(packet.u8() === REASON_NETWORK);
      case LISTEN:
        if (this.#refusal !== 0) return this.listening(this.#refusal, null);
        return network.listen(this.#id, packet.u32());
      case ABORT:
        if (this.#refusal !== 0) return this.aborted();
        return network.abort(this.#id);
      case DISCONNECT:
        if (this.#refusal !== 0) return this.bound(0, null);
        return network.disconnect(this.#id);
      case OPTION:
        return this.#option(packet);
      case MEMBERSHIP:
        return this.#membership(packet);
    }
    throw new MalformedPacket(`packet ${hex(packet.type)} is none that a client sends`);
  }

  #dial(address: Address | null): void {
    if (address === null) throw new MalformedPacket("DIAL without an address");
    if (this.#refusal !== 0) return this.#fail(PHASE_POLICY, this.#refusal);
    if (!this.#parts.dials.tryTake()) return this.#fail(PHASE_POLICY, EAGAIN);
    if (isRelative(address)) return this.#fail(PHASE_NAME, ENOENT);
    if (this.#isStream) this.#state = "dialling";
    this.#isShut = false;
    this.#parts.locate(address, false, (located) => this.#parts.network.connect(this.#id, located));
  }

  #bind(address: Address | null): void {
    if (address === null) throw new MalformedPacket("BIND without an address");
    if (this.#refusal !== 0) return this.bound(this.#refusal, null);
    if (isRelative(address)) return this.bound(ENOENT, null);
    this.#parts.locate(address, true, (located) => this.#parts.network.bind(this.#id, located));
  }

  #data(bytes: Uint8Array): void {
    if (!this.#isStream) throw new MalformedPacket("DATA for a socket that is no stream");
    // The attempt or the connection may have failed while this was on its way.
    if (this.#state !== "open") return;
    if (this.#isShut) throw new MalformedPacket("DATA behind a SHUT for sending");
    this.#used += bytes.length;
    const { window } = this.#parts.limits;
    if (this.#used > window) throw new MalformedPacket(`${this.#used} bytes are sent into a window of ${window}`);
    this.#up.send(bytes);
  }

  #shut(how: number): void {
    if (how < 1 || how > 3) throw new MalformedPacket(`SHUT: ${how} is not 1, 2 or 3`);
    if (this.#refusal === 0) this.#parts.network.shutdown(this.#id, how);
    if (how & 2) this.#isShut = true;
    this.#send(this.#write(SHUT_ACK).u8(how));
  }

  #close(reset: boolean): void {
    this.#state = "closing";
    this.#down.close();
    if (this.#refusal !== 0) this.closed();
    else this.#parts.network.close(this.#id, reset);
  }

  #datagram(packet: PacketReader): void {
    if (this.#isStream) throw new MalformedPacket("DATAGRAM for a stream");
    const answer = (packet.u8() & FLAG_ANSWER) !== 0;
    const to = packet.address();
    const bytes = packet.rest();
    const { memory, network, observer } = this.#parts;
    if (this.#refusal !== 0 || this.#datagrams.length >= DATAGRAMS_MAX) {
      if (answer) this.#send(this.#write(SENT).errno(this.#refusal === 0 ? EAGAIN : this.#refusal));
      return;
    }
    const pointer = memory.lend(bytes);
    this.#datagrams.push({ pointer, answer });
    observer.bytes?.("up", bytes.length);
    network.sendto(this.#id, pointer, bytes.length, to);
  }

  #option(packet: PacketReader): void {
    const option = optionNumber(packet.text(packet.u8()));
    const value = packet.i32();
    packet.end();
    if (option === undefined || this.#refusal !== 0) return this.option(ENOPROTOOPT);
    this.#parts.network.setOption(this.#id, option.level, option.name, value);
  }

  #membership(packet: PacketReader): void {
    const join = packet.u8() === 1;
    const group = packet.address();
    const via = packet.address();
    packet.end();
    if (group === null) throw new MalformedPacket("MEMBERSHIP without a group");
    if (this.#refusal !== 0) return this.option(this.#refusal);
    this.#parts.network.setMembership(this.#id, join, group, via);
  }

  bound(errno: number, local: Address | null): void {
    this.#send(this.#write(BOUND).errno(errno).address(local));
  }

  connected(local: Address, peer: Address): void {
    this.#parts.observer.dialled?.("opened");
    this.#send(this.#write(OPENED, 64).address(local).address(peer));
    if (!this.#isStream) return;
    this.#state = "open";
    this.#used = 0;
    this.#owed = 0;
    this.#down.open(this.#parts.clientWindow);
  }

  failed(errno: number): void {
    const wasOpen = this.#state === "open";
    this.#down.close();
    this.#up.clear();
    if (this.#state === "closing") return;
    this.#state = "idle";
    const refused = this.#parts.takeRefusal();
    if (!wasOpen) this.#parts.observer.dialled?.(errnoName(errno));
    this.#fail(wasOpen ? PHASE_STREAM : refused ? PHASE_POLICY : PHASE_CONNECT, errno);
  }

  aborted(): void {
    this.#down.close();
    this.#up.clear();
    this.#state = "idle";
    this.#send(this.#write(ABORT, 0));
  }

  listening(errno: number, local: Address | null): void {
    this.#send(this.#write(LISTENING).errno(errno).address(local));
  }

  incoming(token: number, local: Address, peer: Address): void {
    const accepted = this.#parts.adopt(token);
    if (accepted === null) return;
    this.#send(this.#write(ACCEPT, 64).u32(accepted.id).address(local).address(peer));
    // A pipe cannot be reset but by closing it with bytes unread: so they stay there until its client has accepted it.
    if (local.family !== "unix") accepted.start();
  }

  data(length: number): void {
    this.#down.data(length);
  }

  end(): void {
    this.#down.close();
    this.#send(this.#write(SHUT).u8(2));
  }

  datagram(bytes: Uint8Array, from: Address): void {
    this.#parts.observer.bytes?.("down", bytes.length);
    const packet = this.#write(DATAGRAM, bytes.length + 32)
      .u8(0)
      .address(from)
      .bytes(bytes);
    this.#parts.link.sendLoosely(packet.done());
  }

  sent(errno: number, length: number): void {
    if (this.#isStream) return this.#sentBytes(length);
    const datagram = this.#datagrams.shift();
    if (datagram === undefined) return;
    this.#parts.memory.free(datagram.pointer);
    if (datagram.answer) this.#send(this.#write(SENT).errno(errno));
    else if (errno !== 0) this.error(errno);
  }

  #sentBytes(length: number): void {
    this.#up.sent(length);
    this.#owed += length;
    if (this.#state !== "open" || this.#owed * 2 < this.#parts.limits.window) return;
    this.#used -= this.#owed;
    this.#send(this.#write(CREDIT, 4).u32(this.#owed));
    this.#owed = 0;
  }

  error(errno: number): void {
    this.#send(this.#write(ERROR).errno(errno));
  }

  closed(): void {
    this.#down.close();
    this.#up.clear();
    for (const { pointer } of this.#datagrams) this.#parts.memory.free(pointer);
    this.#datagrams.length = 0;
    this.#send(this.#write(CLOSE, 1).u8(REASON_VOLUNTARY));
    this.#parts.forget(this.#id);
  }

  option(errno: number): void {
    this.#send(this.#write(OPTION).errno(errno));
  }
}
