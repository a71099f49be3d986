// Standard input, output and error of this process as byte sources and sinks. Owns how they are read and written: input only
// when it is asked for, output completely and in order before a write is done.

import { writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { Input, Output } from "../options.js";
import { type ByteSink, type ByteSource, sinkFrom, sourceFrom } from "../stream.js";

/** How long to wait before a descriptor that was full is tried again, in milliseconds. */
const RETRY = 2;

/** The source that an Input option names. */
export function inputFrom(input: Input): ByteSource {
  return input === "inherit" ? new ProcessInput() : sourceFrom(input);
}

/** The sink that an Output option names; `fd` is where "inherit" goes. */
export function outputTo(output: Output, fd: 1 | 2): ByteSink {
  return output === "inherit" ? new ProcessOutput(fd) : sinkFrom(output);
}

/** process.stdin, pulled. Until the first read it is not touched, so that a guest that reads nothing leaves it alone. */
class ProcessInput implements ByteSource {
  readonly isTerminal: boolean = isatty(0);
  #started = false;
  #ended = false;
  #failure: Error | null = null;
  #chunks: Uint8Array[] = [];
  #wake: (() => void) | null = null;

  #start(): void {
    this.#started = true;
    process.stdin.on("data", this.#onData);
    process.stdin.on("end", this.#onEnd);
    process.stdin.on("error", this.#onError);
  }

  readonly #onData = (chunk: Uint8Array): void => {
    process.stdin.pause();
    this.#chunks.push(chunk);
    this.#wake?.();
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake?.();
  };

  readonly #onError = (error: Error): void => {
    this.#failure = error;
    this.#wake?.();
  };

  async read(): Promise<Uint8Array | null> {
    if (!this.#started) this.#start();
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) return chunk;
      if (this.#failure !== null) throw this.#failure;
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        process.stdin.resume();
      });
      this.#wake = null;
    }
  }

  cancel(): void {
    if (!this.#started) return;
    this.#started = false;
    process.stdin.off("data", this.#onData);
    process.stdin.off("end", this.#onEnd);
    process.stdin.off("error", this.#onError);
    process.stdin.pause();
    (process.stdin as { unref?: () => void }).unref?.();
  }
}

/** Descriptor 1 or 2, written at once where it takes it. */
class ProcessOutput implements ByteSink {
  readonly #fd: 1 | 2;
  readonly isTerminal: boolean;

  constructor(fd: 1 | 2) {
    this.#fd = fd;
    this.isTerminal = isatty(fd);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    const rest = this.#put(chunk);
    if (rest !== null) return this.#later(rest.slice());
  }

  /** Writes what goes at once; what is left of it, or null. */
  #put(chunk: Uint8Array): Uint8Array | null {
    let rest = chunk;
    while (rest.length > 0) {
      try {
        rest = rest.subarray(writeSync(this.#fd, rest));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        return rest;
      }
    }
    return null;
  }

  async #later(chunk: Uint8Array): Promise<void> {
    for (let rest: Uint8Array | null = chunk; rest !== null; rest = this.#put(rest)) {
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }

  close(): void {}
}
