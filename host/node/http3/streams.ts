// The client's unidirectional streams (RFC 9114, section 6.2; RFC 9204, section 4.2): control, QPACK's two, and those that are not
// wanted. Owns which of them there are, and what is checked on each.

import {
  CLOSED_CRITICAL_STREAM,
  FRAME_UNEXPECTED,
  Http3Error,
  MISSING_SETTINGS,
  QPACK_ENCODER_STREAM_ERROR,
  STREAM_CREATION_ERROR,
} from "./error.js";
import {
  FRAME_DATA,
  FRAME_HEADERS,
  FRAME_SETTINGS,
  FRAME_WEBTRANSPORT_STREAM,
  FRAMES_RESERVED,
  FrameSplitter,
  type Use,
} from "./frames.js";
import { readSettings } from "./settings.js";
import { joined, peekVarint } from "./varint.js";

const CONTROL = 0x00;
const PUSH = 0x01;
const ENCODER = 0x02;
const DECODER = 0x03;
/** Longest frame of the control stream that is read. */
const CONTROL_MAX = 4096;
/** QPACK's only instruction that means something here: a table of no bytes (RFC 9204, section 4.3.1). */
const CAPACITY_ZERO = 0x20;

/** The first two bits of a stream's id (RFC 9000, section 2.1). */
export const isUnidirectional = (stream: number): boolean => stream % 4 >= 2;

/** All of a client's unidirectional streams. */
export class ClientStreams {
  readonly #settled: () => void;
  /** Of streams whose type is not all there yet, what came. */
  readonly #early = new Map<number, Uint8Array>();
  readonly #critical = new Map<number, number>();
  #hasSettings = false;
  readonly #control = new FrameSplitter(
    {
      begin: (type) => this.#begin(type),
      frame: (_, payload) => {
        readSettings(payload);
        this.#hasSettings = true;
        this.#settled();
      },
    },
    CONTROL_MAX,
  );

  /** `settled` is called once the client's settings have come. */
  constructor(settled: () => void) {
    this.#settled = settled;
  }

  /** Bytes came on one. False if it is not wanted: then it should be given up. Throws Http3Error. */
  data(stream: number, bytes: Uint8Array, isEnd: boolean): boolean {
    let type = this.#critical.get(stream);
    let rest = bytes;
    if (type === undefined) {
      const all = joined(this.#early.get(stream) ?? new Uint8Array(0), bytes);
      const found = peekVarint(all, 0);
      this.#early.delete(stream);
      if (found === null) {
        if (!isEnd) this.#early.set(stream, all);
        return true;
      }
      type = found.value;
      rest = all.subarray(found.next);
      if (type === PUSH) throw new Http3Error(STREAM_CREATION_ERROR, "a client pushes nothing");
      if (type > DECODER) return false;
      if ([...this.#critical.values()].includes(type)) {
        throw new Http3Error(STREAM_CREATION_ERROR, `a second stream of type ${type}`);
      }
      this.#critical.set(stream, type);
    }
    if (type === CONTROL) this.#control.push(rest);
    // What a decoder says of a table that has no room matters to nobody.
    if (type === ENCODER && rest.some((byte) => byte !== CAPACITY_ZERO)) {
      throw new Http3Error(QPACK_ENCODER_STREAM_ERROR, "QPACK's table has no room");
    }
    if (isEnd) this.aborted(stream);
    return true;
  }

  /** One has ended, or was given up. Throws Http3Error for one that must not. */
  aborted(stream: number): void {
    this.#early.delete(stream);
    if (this.#critical.has(stream)) throw new Http3Error(CLOSED_CRITICAL_STREAM, "a stream ended that must not");
  }

  #begin(type: number): Use {
    if (!this.#hasSettings && type !== FRAME_SETTINGS) throw new Http3Error(MISSING_SETTINGS, "no SETTINGS came first");
    const isElsewhere = type === FRAME_DATA || type === FRAME_HEADERS || type === FRAME_WEBTRANSPORT_STREAM;
    const isAgain = this.#hasSettings && type === FRAME_SETTINGS;
    if (isElsewhere || isAgain || FRAMES_RESERVED.includes(type)) {
      throw new Http3Error(FRAME_UNEXPECTED, `a frame of type ${type} on the control stream`);
    }
    return type === FRAME_SETTINGS ? "take" : "skip";
  }
}
