// A stream of HTTP/3 taken apart into frames or capsules, which have one form: type, length, payload (RFC 9114, section 7.1; RFC 9297,
// section 3.2). Owns what came of one that is not all there, and the limit of that.

import { EXCESSIVE_LOAD, Http3Error } from "./error.js";
import { joined, peekVarint, varint } from "./varint.js";

/** Frame types. */
export const FRAME_DATA = 0x00;
/** Header fields of a request or an answer. */
export const FRAME_HEADERS = 0x01;
/** What a side can do, first on its control stream. */
export const FRAME_SETTINGS = 0x04;
/** No more requests. */
export const FRAME_GOAWAY = 0x07;
/** A stream of a WebTransport session: its id follows, and then the stream's own bytes. */
export const FRAME_WEBTRANSPORT_STREAM = 0x41;
/** Frames that HTTP/2 had and HTTP/3 must not have (RFC 9114, section 7.2.8). */
export const FRAMES_RESERVED: readonly number[] = [0x02, 0x06, 0x08, 0x09];

/** A frame as bytes. */
export function frame(type: number, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return joined(varint(type), varint(payload.length), payload);
}

/** What is done with a frame that begins: "take" it whole, "skip" it, or let its payload "flow" as it comes. */
export type Use = "take" | "skip" | "flow";

/** Who reads frames. */
export interface FrameReader {
  /** A frame begins. May throw Http3Error. */
  begin(type: number, length: number): Use;
  /** A frame that is taken; its payload is the reader's. */
  frame(type: number, payload: Uint8Array): void;
  /** Some of the payload of one that flows. */
  flow?(bytes: Uint8Array): void;
}

/** Takes frames out of the bytes of one stream. */
export class FrameSplitter {
  readonly #reader: FrameReader;
  readonly #max: number;
  #held: Uint8Array = new Uint8Array(0);
  #use: Use = "take";
  /** Payload of the frame that skips or flows which is still to come. */
  #left = 0;

  /** `max` is the longest frame that is taken. */
  constructor(reader: FrameReader, max: number) {
    this.#reader = reader;
    this.#max = max;
  }

  /** Whether a frame has begun and is not all there. */
  get isAmid(): boolean {
    return this.#held.length > 0 || this.#left > 0;
  }

  /** Takes the next bytes. Throws Http3Error. */
  push(bytes: Uint8Array): void {
    let rest = this.#held.length === 0 ? bytes : joined(this.#held, bytes);
    this.#held = new Uint8Array(0);
    while (rest.length > 0) {
      if (this.#left > 0) {
        const part = rest.subarray(0, this.#left);
        this.#left -= part.length;
        rest = rest.subarray(part.length);
        if (this.#use === "flow") this.#reader.flow?.(part);
        continue;
      }
      const next = this.#frame(rest);
      if (next === null) {
        this.#held = rest.slice();
        return;
      }
      rest = rest.subarray(next);
    }
  }

  /** Reads one that begins here: how many bytes it took; null if more have to come first. */
  #frame(bytes: Uint8Array): number | null {
    const type = peekVarint(bytes, 0);
    const length = type === null ? null : peekVarint(bytes, type.next);
    if (type === null || length === null) return null;
    const use = this.#reader.begin(type.value, length.value);
    if (use !== "take") {
      this.#use = use;
      this.#left = length.value;
      return length.next;
    }
    if (length.value > this.#max) {
      throw new Http3Error(EXCESSIVE_LOAD, `a frame of ${length.value} bytes, over ${this.#max}`);
    }
    const end = length.next + length.value;
    if (end > bytes.length) return null;
    this.#reader.frame(type.value, bytes.slice(length.next, end));
    return end;
  }
}
