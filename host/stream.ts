// Byte sources and sinks: what standard input, output and error are made of.

import type { Input, Output } from "./options.js";

/** A byte source: one outstanding read at a time. */
export interface ByteSource {
  /** The next chunk, not empty; null at end of file. */
  read(): Promise<Uint8Array | null>;
  /** Gives the source up; a pending read may stay pending. */
  cancel(): void;
  readonly isTerminal: boolean;
  /** Of a terminal that has a line discipline of its own: switches it off, or sets again what was found. */
  setRaw?(raw: boolean): void;
  /** Of a terminal: its output, for where neither standard output nor error is it. */
  output?(): ByteSink;
}

/** A byte sink. */
export interface ByteSink {
  /**
   * Takes a chunk, at once or by the time the promise settles. The chunk is valid until then. Throws or rejects with an
   * error whose `code` is an errno's name, e.g. EPIPE.
   */
  write(chunk: Uint8Array): void | Promise<void>;
  close(): void;
  readonly isTerminal: boolean;
}

const encoder = new TextEncoder();

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  if (chunk.length > 0) yield chunk;
}

/** A source that reads bytes, text (as UTF-8) or an iterable; "ignore" is end of file at once. */
export function sourceFrom(input: Exclude<Input, "inherit">): ByteSource {
  let bytes: AsyncIterable<Uint8Array>;
  if (input === "ignore") bytes = once(new Uint8Array(0));
  else if (typeof input === "string") bytes = once(encoder.encode(input));
  else bytes = input instanceof Uint8Array ? once(input) : input;
  const iterator = bytes[Symbol.asyncIterator]();
  return {
    isTerminal: false,
    read: async () => {
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) return null;
        if (value.length > 0) return value;
      }
    },
    cancel: () => {
      iterator.return?.()?.then(undefined, () => {});
    },
  };
}

/** A sink that hands copies of its chunks to a function; "ignore" drops them. */
export function sinkFrom(output: Exclude<Output, "inherit">): ByteSink {
  return {
    isTerminal: false,
    write: output === "ignore" ? () => {} : (chunk) => output(chunk.slice()),
    close: () => {},
  };
}
