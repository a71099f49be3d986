// A guest's socket at a bridge that knows PSX: requests become packets, packets become events. Owns what waits for an answer,
// both windows, and what is needed to open the socket anew when its session is gone.

import { ECONNABORTED, ECONNRESET, ENETDOWN, ENOPROTOOPT } from "../../../assembly/shared/errno.js";
import { AF_INET, AF_UNIX, SHUT_RD, SHUT_WR, SOCK_SEQPACKET, SOCK_STREAM } from "../../../assembly/shared/socket.js";
import type { Address } from "../../address.js";
import type { LentMemory, NetworkEvents } from "../../network.js";
import { optionName } from "../protocol/options.js";
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
  REASON_NETWORK,
  REASON_VOLUNTARY,
  SENT,
  SHUT,
  SHUT_ACK,
  SOCKET,
} from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import { Destinations } from "./destinations.js";
import { Intake } from "./intake.js";
import { Outbox } from "./outbox.js";
import { SocketOptions } from "./socket-options.js";

/** Bytes waiting on the connection above which a guest is held back. */
const FULL = 1 << 20;

/** What the sockets of one session share. */
export interface ClientParts {
  readonly events: NetworkEvents;
  readonly memory: LentMemory;
  /** Our window: bytes that may come on a new stream. */
  readonly window: number;
  /** The server's window for what we send. */
  readonly serverWindow: () => number;
  readonly send: (packet: Uint8Array<ArrayBuffer>) => void;
  readonly sendLoosely: (packet: Uint8Array<ArrayBuffer>) => void;
  /** Bytes that the connection has not taken. */
  readonly buffered: () => number;
  /** Has the socket's resume() called when the connection has room. */
  readonly hold: (socket: ClientSocket) => void;
  /** A stream id that was never used. */
  readonly newStream: (socket: ClientSocket) => number;
  /** A connection came: its token, under which it is adopted. */
  readonly keep: (socket: ClientSocket) => number;
  /** Packets of the server go to that socket. */
  readonly register: (stream: number, socket: ClientSocket) => void;
  readonly forget: (stream: number, id: number) => void;
}

const UNNAMED: Address = { family: "unix", path: new Uint8Array(0) };

/** How a socket is opened. */
interface Kind {
  readonly domain: number;
  readonly type: number;
}

/** A socket. */
export class ClientSocket {
  readonly #parts: ClientParts;
  readonly #kind: Kind;
  /** 0 until it is adopted. */
  #id: number;
  #stream: number;
  /** Its session is gone: the server does not know it. */
  #isLost = false;
  #isStream: boolean;
  /** What is under way. */
  #pending: "none" | "bind" | "dial" | "dialled" | "disconnect" | "listen" | "abort" = "none";
  #isConnected = false;
  #isListening = false;
  readonly #intake: Intake;
  readonly #outbox = new Outbox();
  /** An errno that is told once what came before it was read. */
  #failure = 0;
  /** Bytes that we may send. */
  #room = 0;
  /** SHUT and CLOSE wait until the outbox is empty. */
  #shutting = 0;
  #closing: "no" | "waiting" | "told" = "no";
  readonly #options = new SocketOptions();
  #bindTo: Address | null = null;
  readonly #destinations = new Destinations();
  /** Connections that came and were not adopted. */
  readonly #tokens = new Set<ClientSocket>();

  private constructor(parts: ClientParts, id: number, stream: number, kind: Kind) {
    this.#parts = parts;
    this.#id = id;
    this.#stream = stream;
    this.#kind = kind;
    this.#isStream = kind.type === SOCK_STREAM;
    this.#intake = new Intake(parts.memory, parts.window, {
      data: (length) => parts.events.data(this.#id, length),
      end: () => parts.events.end(this.#id),
      credit: (bytes) => {
        if (!this.#isLost) this.#send(this.#write(CREDIT, 4).u32(bytes));
      },
    });
  }

  /** A new socket of the guest. */
  static open(parts: ClientParts, id: number, domain: number, type: number): ClientSocket {
    const socket = new ClientSocket(parts, id, 0, { domain, type });
    socket.#open();
    return socket;
  }

  #open(): void {
    const { domain, type } = this.#kind;
    this.#stream = this.#parts.newStream(this);
    const family = domain === AF_UNIX ? 1 : domain === AF_INET ? 4 : 6;
    const kind = this.#isStream ? KIND_STREAM : type === SOCK_SEQPACKET ? KIND_SEQPACKET : KIND_DATAGRAM;
    this.#send(this.#write(SOCKET).u8(family).u8(kind));
  }

  /** Opens it anew in another session, with its options and the address that was asked for. */
  #revive(): void {
    if (!this.#isLost) return;
    this.#isLost = false;
    this.#open();
    for (const [name, value] of this.#options.kept) this.#setOption(name, value, false);
    if (this.#bindTo !== null) this.#send(this.#write(BIND).address(this.#bindTo));
  }

  #write(type: number, room = 32): PacketWriter {
    return new PacketWriter(type, this.#stream, room);
  }

  #send(packet: PacketWriter): void {
    this.#parts.send(packet.done());
  }

  bind(address: Address): void {
    this.#revive();
    this.#bindTo = address;
    this.#pending = "bind";
    this.#send(this.#write(BIND, 64).address(address));
  }

  connect(address: Address): void {
    this.#revive();
    this.#pending = "dial";
    this.#reset();
    this.#destinations.doubt();
    this.#send(this.#write(DIAL, 64).address(address));
  }

  disconnect(): void {
    this.#revive();
    this.#pending = "disconnect";
    this.#destinations.doubt();
    this.#send(this.#write(DISCONNECT, 0));
  }

  abort(): void {
    this.#reset();
    this.#isListening = false;
    this.#dropTokens();
    if (this.#isLost) return this.#parts.events.aborted(this.#id);
    this.#pending = "abort";
    this.#send(this.#write(ABORT, 0));
  }

  listen(backlog: number): void {
    this.#revive();
    this.#pending = "listen";
    this.#send(this.#write(LISTEN, 4).u32(backlog));
  }

  /** Gives an accepted connection to the guest. */
  adopt(id: number): void {
    this.#id = id;
    // Has the server read from it.
    if (this.#kind.domain === AF_UNIX && !this.#isLost) this.#send(this.#write(CREDIT, 4).u32(0));
    if (this.#failure !== 0 && !this.#intake.hasBytes) this.#tellFailure();
  }

  /** Nobody adopts it. */
  drop(): void {
    this.#send(this.#write(CLOSE, 1).u8(REASON_NETWORK));
    this.#closing = "told";
  }

  receive(pointer: number, capacity: number): void {
    this.#intake.lend(pointer, capacity);
    this.#deliver();
  }

  #deliver(): void {
    if (this.#id !== 0 && this.#intake.deliver() && this.#failure !== 0) this.#tellFailure();
  }

  send(pointer: number, length: number): void {
    if (this.#failure !== 0) return this.#tellFailure();
    this.#outbox.put(pointer, length);
    this.#flush();
  }

  /** Sends what may go now; called again when the window or the connection opens. */
  #flush(): void {
    const { buffered, events, hold, memory } = this.#parts;
    let isFull = false;
    const done = this.#outbox.flush(
      memory,
      () => {
        isFull = buffered() > FULL;
        return isFull ? 0 : this.#room;
      },
      (bytes) => {
        this.#room -= bytes.length;
        this.#send(this.#write(DATA, bytes.length).bytes(bytes));
      },
    );
    if (isFull) hold(this);
    if (done > 0 && this.#closing === "no") events.sent(this.#id, 0, done);
    if (this.#outbox.isEmpty) this.#flushed();
  }

  /** The connection has room again. */
  resume(): void {
    this.#flush();
  }

  #flushed(): void {
    if (this.#shutting !== 0) {
      this.#send(this.#write(SHUT, 1).u8(this.#shutting));
      this.#shutting = 0;
    }
    if (this.#closing === "waiting") this.#tellClose(false);
  }

  sendto(pointer: number, length: number, to: Address | null): void {
    this.#revive();
    const { buffered, events, memory } = this.#parts;
    const isGood = this.#destinations.isGood(to) && buffered() < FULL;
    const packet = this.#write(DATAGRAM, length + 40)
      .u8(isGood ? 0 : FLAG_ANSWER)
      .address(to)
      .bytes(memory.bytes(pointer, length))
      .done();
    if (isGood) {
      this.#parts.sendLoosely(packet);
      return events.sent(this.#id, 0, length);
    }
    this.#destinations.ask(to, length);
    this.#parts.send(packet);
  }

  shutdown(how: number): void {
    if (this.#isLost || how === 0) return;
    if (how & SHUT_WR && !this.#outbox.isEmpty) {
      this.#shutting |= how;
      return;
    }
    this.#send(this.#write(SHUT, 1).u8(how));
    if (how & SHUT_RD) this.#intake.drop();
  }

  close(reset: boolean): void {
    this.#dropTokens();
    this.#intake.withdraw();
    if (this.#isLost) return this.#finish();
    if (reset || this.#outbox.isEmpty) this.#tellClose(reset);
    else this.#closing = "waiting";
  }

  #tellClose(reset: boolean): void {
    this.#closing = "told";
    this.#send(this.#write(CLOSE, 1).u8(reset ? REASON_NETWORK : REASON_VOLUNTARY));
  }

  #finish(): void {
    this.#outbox.clear();
    this.#intake.drop();
    this.#parts.forget(this.#stream, this.#id);
    if (this.#id !== 0) this.#parts.events.closed(this.#id);
  }

  setOption(level: number, name: number, value: number): void {
    const option = optionName(level, name);
    if (option === undefined) return this.#parts.events.option(this.#id, ENOPROTOOPT);
    this.#revive();
    this.#options.keep(option, value);
    this.#setOption(option, value, true);
  }

  #setOption(option: string, value: number, isAsked: boolean): void {
    this.#options.ask(isAsked);
    this.#send(this.#write(OPTION).shortText(option).i32(value));
  }

  setMembership(join: boolean, group: Address, via: Address | null): void {
    this.#revive();
    this.#options.ask(true);
    this.#send(
      this.#write(MEMBERSHIP, 64)
        .u8(join ? 1 : 0)
        .address(group)
        .address(via),
    );
  }

  /** Forgets the connection that was. */
  #reset(): void {
    this.#isConnected = false;
    this.#intake.reset();
    this.#outbox.clear();
    this.#failure = 0;
    this.#room = 0;
    this.#shutting = 0;
  }

  /** A packet of the server for this socket. Throws MalformedPacket. */
  packet(packet: PacketReader): void {
    const { events } = this.#parts;
    if (packet.type === CLOSE) return this.#finish();
    if (this.#closing === "told") return;
    switch (packet.type) {
      case DATA:
        return this.#data(packet.rest());
      case CREDIT:
        this.#room += packet.u32();
        return this.#flush();
      case SHUT:
        packet.u8();
        this.#send(this.#write(SHUT_ACK, 1).u8(SHUT_WR));
        this.#intake.end();
        return this.#deliver();
      case SHUT_ACK:
        return;
      case DATAGRAM: {
        packet.u8();
        const from = packet.address();
        if (from === null) throw new MalformedPacket("a DATAGRAM from nowhere");
        return events.datagram(this.#id, packet.rest(), from);
      }
      case SENT:
        return this.#onSent(packet.errno());
      case ERROR:
        this.#destinations.doubt();
        return events.error(this.#id, packet.errno());
      case BOUND:
        return this.#onBound(packet.errno(), packet.address());
      case OPENED:
        return this.#onOpened(packet.address(), packet.address());
      case FAIL:
        packet.u8();
        return this.#onFail(packet.errno());
      case ABORT:
        if (this.#pending === "abort") this.#pending = "none";
        return events.aborted(this.#id);
      case LISTENING: {
        const errno = packet.errno();
        this.#pending = "none";
        this.#isListening = errno === 0;
        return events.listening(this.#id, errno, packet.address());
      }
      case ACCEPT:
        return this.#onAccept(packet);
      case OPTION: {
        const errno = packet.errno();
        if (this.#options.answered()) events.option(this.#id, errno);
        return;
      }
    }
    throw new MalformedPacket(`packet ${hex(packet.type)} is none that a server sends`);
  }

  #data(bytes: Uint8Array): void {
    if (!this.#isConnected) return;
    if (!this.#intake.put(bytes)) throw new MalformedPacket("DATA beyond our window");
    this.#deliver();
  }

  #onSent(errno: number): void {
    this.#parts.events.sent(this.#id, errno, this.#destinations.answered(errno));
  }

  #onBound(errno: number, local: Address | null): void {
    // After a revival the guest waits for nothing.
    if (this.#pending === "none" || this.#pending === "listen") return;
    if (this.#pending === "bind" && errno !== 0) this.#bindTo = null;
    this.#pending = this.#pending === "dial" ? "dialled" : "none";
    this.#parts.events.bound(this.#id, errno, local);
  }

  #onOpened(local: Address | null, peer: Address | null): void {
    this.#pending = "none";
    this.#isConnected = true;
    this.#room = this.#parts.serverWindow();
    this.#parts.events.connected(this.#id, local ?? UNNAMED, peer ?? UNNAMED);
    this.#deliver();
  }

  #onFail(errno: number): void {
    if (this.#pending === "abort") return;
    this.#pending = "none";
    this.#failure = errno === 0 ? ECONNRESET : errno;
    // What came before it is told first: bytes, and an end.
    if (this.#isConnected && this.#intake.isBehind && this.#outbox.isEmpty) return;
    if (this.#id !== 0) this.#tellFailure();
  }

  #tellFailure(): void {
    const errno = this.#failure;
    this.#reset();
    if (this.#closing === "waiting") this.#tellClose(false);
    else this.#parts.events.failed(this.#id, errno);
  }

  #onAccept(packet: PacketReader): void {
    const stream = packet.u32();
    const local = packet.address();
    const peer = packet.address();
    const accepted = new ClientSocket(this.#parts, 0, stream, this.#kind);
    accepted.#isConnected = true;
    accepted.#room = this.#parts.serverWindow();
    this.#parts.register(stream, accepted);
    this.#tokens.add(accepted);
    const token = this.#parts.keep(accepted);
    this.#parts.events.incoming(this.#id, token, local ?? UNNAMED, peer ?? UNNAMED);
  }

  /** One of its connections was adopted. */
  adopted(socket: ClientSocket): void {
    this.#tokens.delete(socket);
  }

  #dropTokens(): void {
    for (const socket of this.#tokens) socket.drop();
    this.#tokens.clear();
  }

  /**
   * The session is gone, with all that the server knew: whoever waits is told `errno`, or ECONNRESET where a connection
   * stood. The socket stays and may be used in another session.
   */
  lose(errno: number): void {
    const { events } = this.#parts;
    const pending = this.#pending;
    const wasUp = this.#isConnected || this.#isListening;
    this.#isLost = true;
    this.#pending = "none";
    this.#isListening = false;
    if (this.#closing !== "no" || this.#id === 0) return this.#finish();
    for (const length of this.#destinations.giveUp()) events.sent(this.#id, errno, length);
    for (let waits = this.#options.giveUp(); waits > 0; waits--) events.option(this.#id, errno);
    if (pending === "bind" || pending === "disconnect") events.bound(this.#id, errno, null);
    else if (pending === "listen") events.listening(this.#id, errno, null);
    else if (pending === "abort") events.aborted(this.#id);
    else if (pending === "dial" || pending === "dialled") this.#onFail(errno);
    else if (!this.#isStream) {
      if (wasUp) events.error(this.#id, ECONNRESET);
    } else if (wasUp) this.#onFail(ECONNRESET);
  }
}

/** The errno for calls where no bridge can be reached. */
export const UNREACHED: number = ENETDOWN;
/** The errno for calls that were under way when a session was lost. */
export const LOST: number = ECONNABORTED;
