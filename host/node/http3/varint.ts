// QUIC's integers of variable length (RFC 9000, section 16). Owns the codec; nothing of what they mean.

/** What is read ends too early. */
export class Truncated extends Error {
  override readonly name = "Truncated";
}

/** An integer and where the bytes behind it begin. */
export interface Varint {
  readonly value: number;
  readonly next: number;
}

/** Bytes that an integer with that first byte has. */
export function varintLength(first: number): number {
  return 1 << (first >> 6);
}

/** The integer at `at`; null if it is not all there. Beyond 2^53 the value is inexact, and larger than any that is used. */
export function peekVarint(bytes: Uint8Array, at: number): Varint | null {
  const first = bytes[at];
  if (first === undefined) return null;
  const next = at + varintLength(first);
  if (next > bytes.length) return null;
  let value = first & 0x3f;
  for (let i = at + 1; i < next; i++) value = value * 256 + (bytes[i] ?? 0);
  return { value, next };
}

/** The integer at `at`. Throws Truncated. */
export function readVarint(bytes: Uint8Array, at: number): Varint {
  const found = peekVarint(bytes, at);
  if (found === null) throw new Truncated("an integer is cut short");
  return found;
}

/** An integer as bytes, in the shortest way. Throws RangeError beyond 2^53 - 1. */
export function varint(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no integer that can be written`);
  const length = value < 0x40 ? 1 : value < 0x4000 ? 2 : value < 0x40000000 ? 4 : 8;
  const bytes = new Uint8Array(length);
  let left = value;
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = left % 256;
    left = Math.floor(left / 256);
  }
  bytes[0] = (bytes[0] ?? 0) | (Math.log2(length) << 6);
  return bytes;
}

/** All of them, one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
