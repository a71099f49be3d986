// Who may use a bridge: tokens that are written down, and JSON Web Tokens. Owns the judgement of a token.

import { timingSafeEqual, createHash } from "node:crypto";
import { jwtVerify, type JWTPayload } from "jose";
import type { Grant } from "../../bridge/server/bridge.js";

/** A token that is written down. */
export interface KnownToken {
  readonly token: string;
  /** Who it is, for the log. */
  readonly subject: string;
  /** Rules in place of the bridge's. */
  readonly allow?: readonly string[];
}

/** What JSON Web Tokens are checked against. */
export interface JwtOptions {
  /** The shared secret (HS256). */
  readonly secret: string;
  readonly issuer?: string;
  readonly audience?: string;
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

/** The rules in a token's claim "allow". */
function allowOf(payload: JWTPayload): readonly string[] | undefined {
  const { allow } = payload as { allow?: unknown };
  return Array.isArray(allow) && allow.every((rule) => typeof rule === "string") ? allow : undefined;
}

/** Judges tokens: the grant, or null. */
export function judge(
  tokens: readonly KnownToken[],
  jwt: JwtOptions | undefined,
): (token: string) => Promise<Grant | null> {
  const known = tokens.map((each) => ({ ...each, digest: digest(each.token) }));
  return async (token) => {
    if (token === "") return null;
    const given = digest(token);
    const found = known.find((each) => timingSafeEqual(each.digest, given));
    if (found !== undefined) return grant(found.subject, found.allow);
    if (jwt === undefined) return null;
    try {
      const { payload } = await jwtVerify(token, new TextEncoder().encode(jwt.secret), {
        algorithms: ["HS256"],
        ...(jwt.issuer === undefined ? {} : { issuer: jwt.issuer }),
        ...(jwt.audience === undefined ? {} : { audience: jwt.audience }),
      });
      return grant(payload.sub ?? "", allowOf(payload));
    } catch {
      return null;
    }
  };
}

function grant(subject: string, allow: readonly string[] | undefined): Grant {
  return allow === undefined ? { subject } : { subject, allow };
}
