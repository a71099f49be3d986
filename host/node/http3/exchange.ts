// A client's bidirectional stream before it is known what it is: a request, whose fields come first, or a stream of a session. Owns
// what came of it until then; behind an answered CONNECT come capsules.

import { CLOSE_SESSION, CLOSE_SESSION_MAX, readClose, type SessionEnd } from "./capsule.js";
import { FRAME_UNEXPECTED, Http3Error, ID_ERROR } from "./error.js";
import {
  FRAME_DATA,
  FRAME_GOAWAY,
  FRAME_HEADERS,
  FRAME_SETTINGS,
  FRAME_WEBTRANSPORT_STREAM,
  FRAMES_RESERVED,
  FrameSplitter,
  type Use,
} from "./frames.js";
import { decodeFields } from "./qpack.js";
import { type Request, requestOf } from "./request.js";
import { FIELDS_MAX } from "./settings.js";
import { joined, peekVarint } from "./varint.js";

/** Who hears of what a stream is. */
export interface ExchangeOwner {
  /** It is a request. Whether capsules come behind it. */
  request(request: Request): boolean;
  /** It is a stream of that session, and these are its first bytes. */
  stream(session: number, bytes: Uint8Array): void;
  /** The client ends the session of this CONNECT. */
  ended(end: SessionEnd): void;
}

/** One stream. */
export class Exchange {
  readonly #owner: ExchangeOwner;
  /** What came before the first frame's type was all there; null once it was. */
  #early: Uint8Array | null = new Uint8Array(0);
  #hasFields = false;
  #hasCapsules = false;
  readonly #capsules = new FrameSplitter(
    {
      begin: (type) => (type === CLOSE_SESSION ? "take" : "skip"),
      frame: (_, payload) => this.#owner.ended(readClose(payload)),
    },
    CLOSE_SESSION_MAX,
  );
  readonly #frames = new FrameSplitter(
    {
      begin: (type) => this.#begin(type),
      frame: (_, payload) => {
        this.#hasFields = true;
        this.#hasCapsules = this.#owner.request(requestOf(decodeFields(payload, FIELDS_MAX)));
      },
      flow: (bytes) => {
        if (this.#hasCapsules) this.#capsules.push(bytes);
      },
    },
    FIELDS_MAX,
  );

  constructor(owner: ExchangeOwner) {
    this.#owner = owner;
  }

  /** Takes the next bytes. Throws Http3Error. */
  push(bytes: Uint8Array): void {
    if (this.#early === null) return this.#frames.push(bytes);
    const all = joined(this.#early, bytes);
    const type = peekVarint(all, 0);
    const session = type?.value === FRAME_WEBTRANSPORT_STREAM ? peekVarint(all, type.next) : null;
    if (type === null || (type.value === FRAME_WEBTRANSPORT_STREAM && session === null)) {
      this.#early = all;
      return;
    }
    this.#early = null;
    if (session === null) return this.#frames.push(all);
    if (session.value % 4 !== 0) throw new Http3Error(ID_ERROR, `${session.value} is no session's id`);
    this.#owner.stream(session.value, all.subarray(session.next));
  }

  #begin(type: number): Use {
    const isOutOfPlace = [FRAME_SETTINGS, FRAME_GOAWAY, FRAME_WEBTRANSPORT_STREAM, ...FRAMES_RESERVED].includes(type);
    // Trailers, a second HEADERS, are nothing that a CONNECT has.
    const isOutOfOrder = type === FRAME_DATA ? !this.#hasFields : type === FRAME_HEADERS && this.#hasFields;
    if (isOutOfPlace || isOutOfOrder) {
      throw new Http3Error(FRAME_UNEXPECTED, `a frame of type ${type} where none may be`);
    }
    return type === FRAME_HEADERS ? "take" : type === FRAME_DATA ? "flow" : "skip";
  }
}
