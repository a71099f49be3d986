// A request's header fields as what is asked (RFC 9114, section 4.3; RFC 9220). Owns the checks of pseudo-header fields.

import { Http3Error, MESSAGE_ERROR } from "./error.js";
import type { Field } from "./qpack.js";

/** What a client asks. */
export interface Request {
  readonly method: string;
  /** Host and port as the client has them. */
  readonly authority: string;
  readonly path: string;
  /** The extended CONNECT's, e.g. "webtransport". */
  readonly protocol?: string;
  readonly origin?: string;
}

const PSEUDO: readonly string[] = [":method", ":scheme", ":authority", ":path", ":protocol"];

/** The request that fields make. Throws Http3Error with MESSAGE_ERROR, which is the stream's alone. */
export function requestOf(fields: readonly Field[]): Request {
  const found = new Map<string, string>();
  let isRegular = false;
  for (const [name, value] of fields) {
    if (name !== name.toLowerCase()) throw new Http3Error(MESSAGE_ERROR, `the field ${name} is in upper case`);
    if (name.startsWith(":")) {
      if (isRegular || !PSEUDO.includes(name) || found.has(name)) {
        throw new Http3Error(MESSAGE_ERROR, `the field ${name} may not come here`);
      }
    } else {
      isRegular = true;
      // A page has one origin: who gives two has something in mind.
      if (name === "origin" && found.has(name)) throw new Http3Error(MESSAGE_ERROR, "two origins");
    }
    found.set(name, value);
  }
  const [method, authority, path] = [":method", ":authority", ":path"].map((name) => found.get(name));
  if (method === undefined || authority === undefined || path === undefined || !path.startsWith("/")) {
    throw new Http3Error(MESSAGE_ERROR, "a request without method, authority or path");
  }
  const protocol = found.get(":protocol");
  const origin = found.get("origin");
  return {
    method,
    authority,
    path,
    ...(protocol === undefined ? {} : { protocol }),
    ...(origin === undefined ? {} : { origin }),
  };
}
