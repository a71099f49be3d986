// Writing a packet, figure by figure, into bytes that grow. Owns no knowledge of any packet.

import type { Address } from "../../address.js";
import { parseIPv4, parseIPv6 } from "../../endpoint.js";
import { errnoName } from "./errno.js";
import { HEAD } from "./types.js";

const utf8 = new TextEncoder();

/** A packet under way; each method gives itself back. */
export class PacketWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = HEAD;

  /** `room` is a guess of the payload's bytes. */
  constructor(type: number, stream: number, room = 32) {
    this.#bytes = new Uint8Array(HEAD + room);
    this.#view = new DataView(this.#bytes.buffer);
    this.#view.setUint8(0, type);
    this.#view.setUint32(1, stream, true);
  }

  #make(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#at, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return at;
  }

  u8(value: number): this {
    const at = this.#make(1);
    this.#view.setUint8(at, value);
    return this;
  }

  u16(value: number): this {
    const at = this.#make(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#make(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  i32(value: number): this {
    const at = this.#make(4);
    this.#view.setInt32(at, value, true);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#make(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** A text without its length. */
  text(text: string): this {
    return this.bytes(utf8.encode(text));
  }

  /** A text of up to 255 bytes behind its length. */
  shortText(text: string): this {
    const bytes = utf8.encode(text).subarray(0, 255);
    return this.u8(bytes.length).bytes(bytes);
  }

  /** hawser's number of an errno, as its name. */
  errno(errno: number): this {
    return this.shortText(errnoName(errno));
  }

  /** An address, or none. Throws RangeError for text that is no address. */
  address(address: Address | null): this {
    if (address === null) return this.u8(0);
    if (address.family === "unix") return this.u8(1).u16(address.path.length).bytes(address.path);
    if (address.family === "IPv4")
      return this.u8(4)
        .bytes(Uint8Array.from(parseIPv4(address.address)))
        .u16(address.port);
    const scope = address.scopeId ?? 0;
    return this.u8(6)
      .bytes(Uint8Array.from(parseIPv6(address.address)))
      .u16(address.port)
      .u32(scope);
  }

  /** The packet. */
  done(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#at);
  }
}
