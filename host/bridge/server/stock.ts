// A stream of a client that knows Wisp and not PSX: CONNECT with a host's name, DATA, CLOSE. Owns the resolution of the name,
// what comes before the connection stands, and the packets' count in CONTINUE.

import {
  EACCES,
  ECONNREFUSED,
  EHOSTUNREACH,
  EINVAL,
  EMFILE,
  ENETDOWN,
  ENETUNREACH,
  ENOENT,
  ETIMEDOUT,
} from "../../../assembly/shared/errno.js";
import { AF_INET, AF_INET6, AF_UNSPEC, SOCK_DGRAM, SOCK_STREAM } from "../../../assembly/shared/socket.js";
import type { Address } from "../../address.js";
import { errnoName } from "../protocol/errno.js";
import { hex, MalformedPacket, type PacketReader } from "../protocol/reader.js";
import {
  CLOSE,
  CONTINUE,
  DATA,
  KIND_DATAGRAM,
  KIND_STREAM,
  REASON_BLOCKED,
  REASON_INVALID,
  REASON_NETWORK,
  REASON_REFUSED,
  REASON_THROTTLED,
  REASON_TIMEOUT,
  REASON_UNREACHABLE,
  REASON_VOLUNTARY,
} from "../protocol/types.js";
import { PacketWriter } from "../protocol/writer.js";
import { Downstream } from "./downstream.js";
import type { SocketEvents, SocketParts } from "./parts.js";
import { Upstream } from "./upstream.js";

/** Packets that a client may send before it hears CONTINUE. */
export const STOCK_WINDOW = 128;

const REASONS: Readonly<Record<number, number>> = {
  [EACCES]: REASON_BLOCKED,
  [ECONNREFUSED]: REASON_REFUSED,
  [EHOSTUNREACH]: REASON_UNREACHABLE,
  [ENETDOWN]: REASON_UNREACHABLE,
  [ENETUNREACH]: REASON_UNREACHABLE,
  [ENOENT]: REASON_UNREACHABLE,
  [ETIMEDOUT]: REASON_TIMEOUT,
  [EINVAL]: REASON_INVALID,
  [EMFILE]: REASON_THROTTLED,
};

/** Most bytes of a stream that wait for the network: Wisp counts packets, of any size. */
const WAITING_MAX = 64 << 20;
/** Most datagrams of a stream that wait; more are dropped, as a kernel does. */
const DATAGRAMS_MAX = 256;

/** A stream of Wisp. */
export class StockStream implements SocketEvents {
  readonly #parts: SocketParts;
  readonly #id: number;
  readonly #isStream: boolean;
  readonly #port: number;
  readonly #down: Downstream;
  readonly #up: Upstream;
  #state: "resolving" | "dialling" | "open" | "closing" = "resolving";
  #isOpened = false;
  /** What came before the connection stood. */
  #early: Uint8Array[] = [];
  #earlyBytes = 0;
  /** Packets since the last CONTINUE. */
  #packets = 0;
  readonly #datagrams: number[] = [];

  private constructor(parts: SocketParts, id: number, isStream: boolean, port: number) {
    this.#parts = parts;
    this.#id = id;
    this.#isStream = isStream;
    this.#port = port;
    this.#down = new Downstream(parts, id);
    this.#up = new Upstream(parts, id);
  }

  /** Opens what CONNECT asks for; `resolve` gives the addresses of a name, or an errno. */
  static open(
    parts: SocketParts,
    packet: PacketReader,
    refusal: number,
    resolve: (name: string, family: number, done: (errno: number, addresses: readonly Address[]) => void) => void,
  ): StockStream {
    const kind = packet.u8();
    const port = packet.u16();
    const host = packet.text(packet.left).replace(/^\[(.*)\]$/, "$1");
    if (kind !== KIND_STREAM && kind !== KIND_DATAGRAM)
      throw new MalformedPacket(`CONNECT: ${kind} is no kind of stream`);
    const stream = new StockStream(parts, packet.stream, kind === KIND_STREAM, port);
    if (refusal !== 0) stream.#end(REASONS[refusal] ?? REASON_THROTTLED);
    else if (host === "" || port === 0) stream.#end(REASON_INVALID);
    else if (!parts.dials.tryTake()) stream.#end(REASON_THROTTLED);
    else resolve(host, AF_UNSPEC, (errno, addresses) => stream.#resolved(errno, addresses));
    return stream;
  }

  #resolved(errno: number, addresses: readonly Address[]): void {
    if (this.#state === "closing") return;
    const address = addresses.find(({ family }) => family === "IPv4") ?? addresses[0];
    if (errno !== 0 || address === undefined || address.family === "unix")
      return this.#end(REASONS[errno] ?? REASON_UNREACHABLE);
    const domain = address.family === "IPv4" ? AF_INET : AF_INET6;
    this.#parts.network.open(this.#id, domain, this.#isStream ? SOCK_STREAM : SOCK_DGRAM, 0);
    this.#isOpened = true;
    this.#state = "dialling";
    this.#parts.network.connect(this.#id, { ...address, port: this.#port });
  }

  packet(packet: PacketReader): void {
    if (this.#state === "closing") return;
    if (packet.type === DATA) return this.#data(packet.rest());
    if (packet.type === CLOSE) return this.#close(packet.left > 0 && packet.u8() === REASON_NETWORK);
    throw new MalformedPacket(`packet ${hex(packet.type)} is none that a client of Wisp sends`);
  }

  #data(bytes: Uint8Array): void {
    if (this.#isStream) {
      this.#packets++;
      if (this.#packets > 4 * STOCK_WINDOW) throw new MalformedPacket("DATA beyond the window");
      if (this.#earlyBytes + this.#up.waiting + bytes.length > WAITING_MAX) return this.#end(REASON_THROTTLED);
    } else if (this.#early.length + this.#datagrams.length >= DATAGRAMS_MAX) {
      return;
    }
    if (this.#state !== "open") {
      this.#early.push(bytes);
      this.#earlyBytes += bytes.length;
    } else if (this.#isStream) this.#up.send(bytes);
    else this.#datagram(bytes);
  }

  #datagram(bytes: Uint8Array): void {
    const pointer = this.#parts.memory.lend(bytes);
    this.#datagrams.push(pointer);
    this.#parts.observer.bytes?.("up", bytes.length);
    this.#parts.network.sendto(this.#id, pointer, bytes.length, null);
  }

  #close(reset: boolean): void {
    this.#state = "closing";
    this.#down.close();
    if (this.#isOpened) this.#parts.network.close(this.#id, reset);
    else this.#parts.forget(this.#id);
  }

  /** Tells the client why it is over, and lets go of the socket. */
  #end(reason: number): void {
    if (this.#state === "closing") return;
    this.#parts.link.send(new PacketWriter(CLOSE, this.#id, 1).u8(reason).done());
    this.#close(false);
  }

  connected(): void {
    this.#parts.observer.dialled?.("opened");
    this.#state = "open";
    if (this.#isStream) this.#down.open(Number.POSITIVE_INFINITY);
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    for (const bytes of early) this.#isStream ? this.#up.send(bytes) : this.#datagram(bytes);
    if (this.#isStream) this.#continue();
  }

  #continue(): void {
    this.#packets = 0;
    this.#parts.link.send(new PacketWriter(CONTINUE, this.#id, 4).u32(STOCK_WINDOW).done());
  }

  failed(errno: number): void {
    const wasOpen = this.#state === "open";
    this.#down.close();
    this.#up.clear();
    this.#parts.takeRefusal();
    if (!wasOpen) this.#parts.observer.dialled?.(errnoName(errno));
    this.#end(wasOpen ? REASON_NETWORK : (REASONS[errno] ?? REASON_NETWORK));
  }

  data(length: number): void {
    this.#down.data(length);
  }

  end(): void {
    this.#end(REASON_VOLUNTARY);
  }

  datagram(bytes: Uint8Array): void {
    this.#parts.observer.bytes?.("down", bytes.length);
    this.#parts.link.send(new PacketWriter(DATA, this.#id, bytes.length).bytes(bytes).done());
  }

  sent(_errno: number, length: number): void {
    if (this.#isStream) {
      this.#up.sent(length);
      if (this.#packets >= STOCK_WINDOW / 2 && this.#up.waiting === 0 && this.#state === "open") this.#continue();
      return;
    }
    const pointer = this.#datagrams.shift();
    if (pointer !== undefined) this.#parts.memory.free(pointer);
  }

  closed(): void {
    this.#down.close();
    this.#up.clear();
    for (const pointer of this.#datagrams) this.#parts.memory.free(pointer);
    this.#parts.forget(this.#id);
  }

  /** ICMP's errors have no word in Wisp. */
  error(): void {}
  bound(): void {}
  aborted(): void {}
  listening(): void {}
  incoming(): void {}
  option(): void {}
}
