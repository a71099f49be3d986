// What is wrong with an HTTP/3 connection, and the codes that say so. Owns the numbers (RFC 9114, section 8.1; RFC 9204, section 6;
// RFC 9297; draft-ietf-webtrans-http3-02, section 8).

/** All is well: an end in good order. */
export const NO_ERROR = 0x100;
/** A stream that may not be there. */
export const STREAM_CREATION_ERROR = 0x103;
/** A stream ended that must not. */
export const CLOSED_CRITICAL_STREAM = 0x104;
/** A frame that may not come here. */
export const FRAME_UNEXPECTED = 0x105;
/** More than this side takes. */
export const EXCESSIVE_LOAD = 0x107;
/** A stream's id that makes no sense. */
export const ID_ERROR = 0x108;
/** Settings that make no sense. */
export const SETTINGS_ERROR = 0x109;
/** The control stream begins with something else. */
export const MISSING_SETTINGS = 0x10a;
/** A request that is not wanted. */
export const REQUEST_REJECTED = 0x10b;
/** A request that is not well-formed. */
export const MESSAGE_ERROR = 0x10e;
/** A datagram or capsule that is not as it should be. */
export const DATAGRAM_ERROR = 0x33;
/** Header fields that cannot be read. */
export const QPACK_DECOMPRESSION_FAILED = 0x200;
/** An instruction for a table that has no room. */
export const QPACK_ENCODER_STREAM_ERROR = 0x201;
/** A stream of a session that is not there. */
export const BUFFERED_STREAM_REJECTED = 0x3994bd84;
/** The session of a stream is over. */
export const SESSION_GONE = 0x170d7b68;

/** The peer breaks HTTP/3: the connection ends with `code`, and with the message as its reason. */
export class Http3Error extends Error {
  override readonly name = "Http3Error";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
