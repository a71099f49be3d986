// One side of a session over one connection after another: counts packets, keeps those that are not acknowledged, sends them
// again on the next connection, and sees to it that a dead connection is noticed. Owns ACK, PING and PONG; the other packets
// are the session's.

import { hex, MalformedPacket, PacketReader } from "./protocol/reader.js";
import { ACK, DATAGRAM, PACKET_MAX, PING, PONG, RESUMED } from "./protocol/types.js";
import { PacketWriter } from "./protocol/writer.js";
import type { Transport } from "./transport.js";

/** Packets and bytes after which what came is acknowledged, and the longest wait in milliseconds. */
const ACK_PACKETS = 64;
const ACK_BYTES = 128 << 10;
const ACK_DELAY = 500;
/** Milliseconds that what follows datagrams waits for them: those that take longer are lost. */
const LOOSE_DELAY = 500;
/** Most bytes that wait for an acknowledgement; with more the session is given up. */
const UNACKNOWLEDGED_MAX = 16 << 20;

/** Who owns a link. */
export interface LinkOwner {
  /** A packet for the session. May throw MalformedPacket. */
  packet(packet: PacketReader): void;
  /** A DATAGRAM that came by itself: its socket may not be there yet, or any more. May throw MalformedPacket. */
  datagram(packet: PacketReader): void;
  /** The transport has room again. */
  drained(): void;
  /** The connection is gone; the link can be attached to another. */
  lost(reason: string): void;
  /** The peer broke the protocol, or what waits is too much: the session is over. The connection is still there. */
  broken(reason: string): void;
}

/** What a link is made with. */
export interface LinkOptions {
  /** Whether packets are kept for another connection. */
  readonly resumable: boolean;
  /** Milliseconds without a packet after which the peer is asked, and again after which it is given up; 0: never. */
  readonly heartbeat: number;
}

/** Packets that are counted by both sides. */
function isCounted(type: number): boolean {
  return type !== PING && type !== PONG && type !== ACK && type !== RESUMED;
}

/** The session's end of its connections. */
export class Link {
  readonly #owner: LinkOwner;
  readonly #options: LinkOptions;
  #transport: Transport | null = null;
  /** Packets received, modulo 2^32. */
  #received = 0;
  #unsaidPackets = 0;
  #unsaidBytes = 0;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  /** Sent and not acknowledged; the first of them is number #acknowledged. */
  readonly #kept: Uint8Array<ArrayBuffer>[] = [];
  #keptBytes = 0;
  #acknowledged = 0;
  /** Datagrams of this connection, sent and received, and what waits until so many have come. */
  #looselySent = 0;
  #looselyReceived = 0;
  #following: { readonly count: number; readonly run: () => void }[] = [];
  #heard = 0;
  #asked = false;
  #pulse: ReturnType<typeof setInterval> | undefined;

  constructor(owner: LinkOwner, options: LinkOptions) {
    this.#owner = owner;
    this.#options = options;
  }

  /** How many packets have been received: what a RESUMED or a resuming INFO says. */
  get received(): number {
    return this.#received;
  }

  /** Bytes that the network has not taken yet. */
  get buffered(): number {
    return this.#transport?.buffered ?? this.#keptBytes;
  }

  get isAttached(): boolean {
    return this.#transport !== null;
  }

  /** Whether that is the connection of now. */
  isOn(transport: Transport): boolean {
    return this.#transport === transport;
  }

  /**
   * Goes on over a connection whose start is over; the caller hands packets to receive(). `theirs` is how many the peer has
   * received: what it has not is sent again. Throws MalformedPacket if it says more than was sent.
   */
  attach(transport: Transport, theirs: number): void {
    this.#forget(theirs);
    this.#transport = transport;
    this.#heard = Date.now();
    this.#asked = false;
    this.#looselySent = 0;
    this.#looselyReceived = 0;
    for (const packet of this.#kept) transport.send(packet);
    if (!this.#options.resumable) {
      this.#kept.length = 0;
      this.#keptBytes = 0;
    }
    const { heartbeat } = this.#options;
    clearInterval(this.#pulse);
    if (heartbeat > 0) this.#pulse = setInterval(() => this.#beat(), heartbeat);
    unref(this.#pulse);
  }

  /** Lets go of the connection without closing it. */
  detach(): Transport | null {
    const transport = this.#transport;
    this.#transport = null;
    clearInterval(this.#pulse);
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#follow(Number.POSITIVE_INFINITY);
    return transport;
  }

  /** Sends a counted packet: now, and again on the next connection if it must. */
  send(packet: Uint8Array<ArrayBuffer>): void {
    if (this.#options.resumable || this.#transport === null) {
      this.#kept.push(packet);
      this.#keptBytes += packet.length;
      if (this.#keptBytes > UNACKNOWLEDGED_MAX) {
        return this.#owner.broken(`${this.#keptBytes} bytes wait for an acknowledgement, over ${UNACKNOWLEDGED_MAX}`);
      }
    }
    this.#transport?.send(packet);
  }

  /** Sends a packet that may get lost, as a datagram where the connection has those. */
  sendLoosely(packet: Uint8Array<ArrayBuffer>): void {
    if (this.#transport?.hasDatagrams === true && this.#transport.sendDatagram(packet)) this.#looselySent++;
    else this.send(packet);
  }

  /** How many packets have been sent as datagrams on this connection. */
  get looselySent(): number {
    return this.#looselySent;
  }

  /** Calls `run` behind so many packets that come as datagrams: once they are here, or lost. */
  afterLoose(count: number, run: () => void): void {
    if (count <= this.#looselyReceived) return run();
    this.#following.push({ count, run });
    unref(setTimeout(() => this.#follow(count), LOOSE_DELAY));
  }

  /** So many datagrams have come, or are lost. */
  #follow(count: number): void {
    const ready = this.#following.filter((each) => each.count <= count);
    if (ready.length === 0) return;
    this.#following = this.#following.filter((each) => each.count > count);
    if (Number.isFinite(count)) this.#looselyReceived = Math.max(this.#looselyReceived, count);
    for (const { run } of ready) run();
  }

  /** Takes a packet that came on the connection. */
  receive(bytes: Uint8Array): void {
    this.#take(bytes, (packet) => {
      if (isCounted(packet.type)) this.#count(bytes.length);
      if (packet.type === ACK) this.#forget(packet.u32());
      else if (packet.type === PING) this.#answer(packet);
      else if (packet.type !== PONG) this.#owner.packet(packet);
    });
  }

  /** Takes a packet that came as a datagram, which is not counted. */
  receiveLoosely(bytes: Uint8Array): void {
    this.#take(bytes, (packet) => {
      if (packet.type !== DATAGRAM) throw new MalformedPacket(`packet ${hex(packet.type)} came as a datagram`);
      this.#owner.datagram(packet);
    });
    this.#follow(++this.#looselyReceived);
  }

  #take(bytes: Uint8Array, use: (packet: PacketReader) => void): void {
    this.#heard = Date.now();
    this.#asked = false;
    try {
      use(new PacketReader(bytes));
    } catch (error) {
      if (!(error instanceof MalformedPacket)) throw error;
      this.#owner.broken(error.message);
    }
  }

  #count(length: number): void {
    this.#received = (this.#received + 1) >>> 0;
    if (!this.#options.resumable) return;
    this.#unsaidPackets++;
    this.#unsaidBytes += length;
    if (this.#unsaidPackets >= ACK_PACKETS || this.#unsaidBytes >= ACK_BYTES) this.#acknowledge();
    else if (this.#ackTimer === undefined) {
      this.#ackTimer = setTimeout(() => this.#acknowledge(), ACK_DELAY);
      unref(this.#ackTimer);
    }
  }

  #acknowledge(): void {
    clearTimeout(this.#ackTimer);
    this.#ackTimer = undefined;
    this.#unsaidPackets = 0;
    this.#unsaidBytes = 0;
    this.#transport?.send(new PacketWriter(ACK, 0, 4).u32(this.#received).done());
  }

  #answer(ping: PacketReader): void {
    if (ping.left > 64) throw new MalformedPacket(`a PING of ${ping.left} bytes, over 64`);
    this.#transport?.send(new PacketWriter(PONG, 0, ping.left).bytes(ping.rest()).done());
  }

  /** Drops what the peer has: all packets before number `count`. */
  #forget(count: number): void {
    const had = (count - this.#acknowledged) >>> 0;
    if (!this.#options.resumable) return;
    if (had > this.#kept.length) throw new MalformedPacket(`packet ${count} is acknowledged, which was not sent`);
    for (const packet of this.#kept.splice(0, had)) this.#keptBytes -= packet.length;
    this.#acknowledged = count;
  }

  #beat(): void {
    const { heartbeat } = this.#options;
    if (Date.now() - this.#heard < heartbeat) return;
    if (this.#asked) {
      const transport = this.detach();
      transport?.close(1001, "no answer to PING");
      this.#owner.lost(`nothing came for ${(2 * heartbeat) / 1000} s`);
      return;
    }
    this.#asked = true;
    this.#transport?.send(new PacketWriter(PING, 0, 4).u32(this.#received).done());
  }
}

/** Lets Node's event loop end in spite of a timer. */
export function unref(timer: unknown): void {
  (timer as { unref?: () => void } | undefined)?.unref?.();
}

/** Largest payload of DATA that goes into one packet. */
export const DATA_MAX: number = Math.min(PACKET_MAX - 5, 64 << 10);
