// Reading a packet: each figure is checked to be there before it is read. Owns the one error of packets that are not as they
// should be.

import type { Address } from "../../address.js";
import { formatIPv6 } from "../../endpoint.js";
import { errnoNumber } from "./errno.js";
import { HEAD, PACKET_MAX } from "./types.js";

/** A packet that breaks the protocol; the message says how, with the offending value. */
export class MalformedPacket extends Error {
  override readonly name = "MalformedPacket";
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** A packet's payload, read from front to end. Byte ranges that it gives are views of the packet. */
export class PacketReader {
  readonly type: number;
  readonly stream: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = HEAD;

  /** Throws MalformedPacket for fewer bytes than a head, or too many. */
  constructor(packet: Uint8Array) {
    if (packet.length < HEAD) throw new MalformedPacket(`a packet of ${packet.length} bytes is shorter than its head`);
    if (packet.length > PACKET_MAX) throw new MalformedPacket(`a packet of ${packet.length} bytes, over ${PACKET_MAX}`);
    this.#bytes = packet;
    this.#view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    this.type = this.#view.getUint8(0);
    this.stream = this.#view.getUint32(1, true);
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  #take(length: number): number {
    const at = this.#at;
    if (length > this.left) {
      throw new MalformedPacket(`packet ${hex(this.type)}: ${length} bytes are wanted where ${this.left} are left`);
    }
    this.#at += length;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** So many bytes as something to be read by itself. */
  part(length: number): PacketReader {
    const head = Uint8Array.of(this.type, 0, 0, 0, 0);
    const bytes = this.bytes(length);
    const part = new Uint8Array(HEAD + length);
    part.set(head);
    part.set(bytes, HEAD);
    return new PacketReader(part);
  }

  /** All that is left. */
  rest(): Uint8Array {
    return this.bytes(this.left);
  }

  /** So many bytes as text. */
  text(length: number): string {
    try {
      return utf8.decode(this.bytes(length));
    } catch (error) {
      if (error instanceof MalformedPacket) throw error;
      throw new MalformedPacket(`packet ${hex(this.type)}: a text is not UTF-8`);
    }
  }

  /** An errno by its name: hawser's number for it, EIO for one that it does not know. */
  errno(): number {
    return errnoNumber(this.text(this.u8()));
  }

  /** An address; null for none. */
  address(): Address | null {
    const family = this.u8();
    if (family === 0) return null;
    if (family === 4) {
      const address = this.bytes(4).join(".");
      return { family: "IPv4", address, port: this.u16() };
    }
    if (family === 6) {
      const address = formatIPv6(this.bytes(16));
      return { family: "IPv6", address, port: this.u16(), scopeId: this.u32() };
    }
    if (family === 1) return { family: "unix", path: this.bytes(this.u16()).slice() };
    throw new MalformedPacket(`packet ${hex(this.type)}: ${family} is no family of addresses`);
  }

  /** Checks that nothing is left. */
  end(): void {
    if (this.left > 0) throw new MalformedPacket(`packet ${hex(this.type)}: ${this.left} bytes too many`);
  }
}

/** A byte as the protocol's text writes it. */
export function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
