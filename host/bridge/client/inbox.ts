// What came for a stream and its guest has not read, in order. Owns the chunks, and the credit that reading them earns.

/** Received bytes. */
export class Inbox {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#length;
  }

  /** Adds what came; it is the inbox's. */
  put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#chunks.push(bytes);
    this.#length += bytes.length;
  }

  /** Moves as much as fits into `into`: how many bytes. */
  take(into: Uint8Array): number {
    let done = 0;
    while (done < into.length) {
      const first = this.#chunks[0];
      if (first === undefined) break;
      const part = first.subarray(0, into.length - done);
      into.set(part, done);
      done += part.length;
      if (part.length === first.length) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(part.length);
    }
    this.#length -= done;
    return done;
  }

  /** Forgets all of it. */
  clear(): void {
    this.#chunks.length = 0;
    this.#length = 0;
  }
}
