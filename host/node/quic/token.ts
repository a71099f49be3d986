// Tokens of Retry packets, by which a client shows that it is where it says (RFC 9000, section 8.1.2). Owns their form; the server
// remembers nothing of who asked.

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** Milliseconds for which a token is good. */
const VALID = 10_000;
const MAC = 32;
const TIME = 8;

/** Makes and judges tokens. */
export class Tokens {
  readonly #secret: Buffer = randomBytes(32);

  #mac(head: Uint8Array, remote: string, id: Uint8Array): Buffer {
    const mac = createHmac("sha256", this.#secret).update(remote).update("\0").update(Uint8Array.of(id.length));
    return mac.update(id).update(head).digest();
  }

  /** A token for a client at `remote` that is to come back with `id`, and had begun with `original`. */
  mint(remote: string, id: Uint8Array, original: Uint8Array, now: number = Date.now()): Buffer {
    const head = Buffer.alloc(TIME + original.length);
    head.writeBigUInt64BE(BigInt(now));
    head.set(original, TIME);
    return Buffer.concat([this.#mac(head, remote, id), head]);
  }

  /** The id that its client had begun with; null for a token that is not good, here or any more. */
  check(token: Uint8Array, remote: string, id: Uint8Array, now: number = Date.now()): Buffer | null {
    if (token.length < MAC + TIME) return null;
    const head = Buffer.from(token.subarray(MAC));
    if (!timingSafeEqual(token.subarray(0, MAC), this.#mac(head, remote, id))) return null;
    const age = now - Number(head.readBigUInt64BE());
    return age >= 0 && age <= VALID ? head.subarray(TIME) : null;
  }
}
