// Bytes that say where they belong: a stream's byte at a position is a function of the stream's key and the position, so that a
// byte which is lost, doubled, or someone else's is seen.

const PERIOD = 251;
const LONGEST = 1 << 18;
const PATTERN = Uint8Array.from({ length: LONGEST + PERIOD }, (_, i) => (i % PERIOD) + 1);

function at(key: number, position: number, length: number): Uint8Array {
  const start = (key + position) % PERIOD;
  return PATTERN.subarray(start, start + length);
}

/** Fills `bytes` with those that a stream has from a position on. */
export function fillBytes(bytes: Uint8Array, key: number, position: number): void {
  bytes.set(at(key, position, bytes.length));
}

/** Whether `bytes` are those that a stream has from a position on. */
export function areBytes(bytes: Uint8Array, key: number, position: number): boolean {
  return Buffer.compare(bytes, at(key, position, bytes.length)) === 0;
}
