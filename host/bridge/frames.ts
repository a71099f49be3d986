// Packets in a stream of bytes, as WebTransport carries them: each behind its length, a u32. Owns that framing; what is in
// a packet is judged where it is read.

import { MalformedPacket } from "./protocol/reader.js";
import { PACKET_MAX } from "./protocol/types.js";

const LENGTH = 4;

/** A packet behind its length. */
export function framed(packet: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(LENGTH + packet.length);
  new DataView(bytes.buffer).setUint32(0, packet.length, true);
  bytes.set(packet, LENGTH);
  return bytes;
}

/** Takes a stream apart into packets. */
export class PacketSplitter {
  /** What came of a packet that is not all there; its capacity grows with it, and not with what its length says. */
  #held = new Uint8Array(0);
  #filled = 0;

  /**
   * Takes the next bytes, which are the splitter's from then on, and gives the packets that are whole. Throws MalformedPacket
   * for one that is longer than a packet may be; nothing after that makes sense.
   */
  push(bytes: Uint8Array, take: (packet: Uint8Array) => void): void {
    const isHeld = this.#filled > 0;
    const all = isHeld ? this.#append(bytes) : bytes;
    const view = new DataView(all.buffer, all.byteOffset, all.byteLength);
    let at = 0;
    // Nothing is held while packets are handed on: who takes one may throw.
    const held = this.#filled;
    this.#filled = 0;
    while (all.length - at >= LENGTH) {
      const length = view.getUint32(at, true);
      if (length > PACKET_MAX) throw new MalformedPacket(`a packet of ${length} bytes, over ${PACKET_MAX}`);
      if (all.length - at - LENGTH < length) break;
      const start = at + LENGTH;
      at = start + length;
      take(all.subarray(start, at));
    }
    if (isHeld && at === 0) {
      this.#filled = held;
      return;
    }
    this.#held = all.slice(at);
    this.#filled = this.#held.length;
  }

  #append(bytes: Uint8Array): Uint8Array {
    const length = this.#filled + bytes.length;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#held.length));
      larger.set(this.#held.subarray(0, this.#filled));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#filled);
    this.#filled = length;
    return this.#held.subarray(0, length);
  }
}
