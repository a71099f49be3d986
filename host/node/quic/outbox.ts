// What waits to be sent on the streams of one connection, since QUIC has no room for it. Owns the bytes and their order.

interface Stream {
  readonly waiting: Uint8Array[];
  bytes: number;
  /** The end has been said. */
  isEnded: boolean;
}

/** Takes bytes: how many; null: none for now. Throws if the stream takes nothing any more. */
export type SendOn = (stream: number, bytes: Uint8Array, isEnd: boolean) => number | null;

const NOTHING = new Uint8Array(0);

/** Bytes that wait, by stream. */
export class Outbox {
  readonly #streams = new Map<number, Stream>();

  /** Adds bytes, behind those that are there. Nothing may follow the end. */
  put(stream: number, bytes: Uint8Array, isEnd: boolean): void {
    const found = this.#streams.get(stream) ?? { waiting: [], bytes: 0, isEnded: false };
    this.#streams.set(stream, found);
    if (found.isEnded) return;
    if (bytes.length > 0) found.waiting.push(bytes);
    found.bytes += bytes.length;
    found.isEnded = isEnd;
  }

  /** Bytes of a stream that wait. */
  bytes(stream: number): number {
    return this.#streams.get(stream)?.bytes ?? 0;
  }

  /** What waits for a stream is not sent. */
  drop(stream: number): void {
    this.#streams.delete(stream);
  }

  /** Sends what is taken. `went` hears of streams from which bytes went, with how many waited before. */
  flush(send: SendOn, went: (stream: number, before: number) => void): void {
    for (const [id, stream] of this.#streams) {
      const before = stream.bytes;
      try {
        this.#flush(id, stream, send);
      } catch {
        // The client has stopped the stream, or there is no such any more.
        this.drop(id);
      }
      if (stream.bytes < before) went(id, before);
    }
  }

  #flush(id: number, stream: Stream, send: SendOn): void {
    for (let first = stream.waiting[0]; first !== undefined; first = stream.waiting[0]) {
      const isLast = stream.isEnded && stream.waiting.length === 1;
      const taken = send(id, first, isLast);
      if (taken === null) return;
      stream.bytes -= taken;
      if (taken < first.length) {
        stream.waiting[0] = first.subarray(taken);
        return;
      }
      stream.waiting.shift();
      if (isLast) return this.drop(id);
    }
    if (!stream.isEnded || send(id, NOTHING, true) !== null) this.drop(id);
  }
}
