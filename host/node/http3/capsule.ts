// The capsules of a WebTransport session, on the stream of its CONNECT (draft-ietf-webtrans-http3-02, section 5). Owns the one that
// counts: CLOSE_WEBTRANSPORT_SESSION.

import { DATAGRAM_ERROR, Http3Error } from "./error.js";
import { frame } from "./frames.js";

/** The session is over, with a code and a reason. */
export const CLOSE_SESSION = 0x2843;
/** Most bytes of a reason. */
const REASON_MAX = 1024;
/** Most bytes of such a capsule. */
export const CLOSE_SESSION_MAX: number = 4 + REASON_MAX;

/** How a session ended. */
export interface SessionEnd {
  readonly code: number;
  readonly reason: string;
}

/** The capsule that ends a session. */
export function writeClose({ code, reason }: SessionEnd): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(reason).subarray(0, REASON_MAX);
  const payload = new Uint8Array(4 + text.length);
  new DataView(payload.buffer).setUint32(0, code);
  payload.set(text, 4);
  return frame(CLOSE_SESSION, payload);
}

/** What the payload of one says. Throws Http3Error. */
export function readClose(payload: Uint8Array): SessionEnd {
  if (payload.length < 4 || payload.length > CLOSE_SESSION_MAX) {
    throw new Http3Error(DATAGRAM_ERROR, `CLOSE_WEBTRANSPORT_SESSION has ${payload.length} bytes`);
  }
  const code = new DataView(payload.buffer, payload.byteOffset).getUint32(0);
  return { code, reason: new TextDecoder().decode(payload.subarray(4)) };
}
