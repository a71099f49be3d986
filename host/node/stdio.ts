// Standard input, output and error of this process as byte sources and sinks. Owns how they are read and written: input only
// when it is asked for, output completely and in the order in which it was written, on both descriptors together.

import { fstatSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { isatty } from "node:tty";
import { isMainThread } from "node:worker_threads";
import type { Input, Output } from "../options.js";
import { type ByteSink, type ByteSource, sinkFrom, sourceFrom } from "../stream.js";
import { setTerminalRaw } from "./raw-terminal.js";

/** How long to wait before a full descriptor that tells nothing is tried again, in milliseconds. */
const RETRY = 2;
/** Longest time that writes go on without a turn of the event loop, in milliseconds: signals come in turns. */
const SPELL = 20;

/** Bytes of the stage. */
const STAGE = 65536;
/** Where bytes stand for a write: V8 takes some 50 µs and garbage for each write that is straight from a wasm memory. */
const stage = Buffer.alloc(STAGE);

/** The source that an Input option names. */
export function inputFrom(input: Input): ByteSource {
  return input === "inherit" ? new ProcessInput() : sourceFrom(input);
}

/** The sink that an Output option names; `fd` is where "inherit" goes. */
export function outputTo(output: Output, fd: 0 | 1 | 2): ByteSink {
  return output === "inherit" ? new ProcessOutput(fd) : sinkFrom(output);
}

/** process.stdin, pulled. Until the first read it is not touched, so that a guest that reads nothing leaves it alone. */
class ProcessInput implements ByteSource {
  readonly isTerminal: boolean = isatty(0);
  #started = false;
  #failure: Error | null = null;
  #chunks: Uint8Array[] = [];
  #wake: () => void = () => {};

  #start(): void {
    this.#started = true;
    // Node makes an empty stream of a directory.
    if (fstatSync(0).isDirectory()) {
      this.#failure = Object.assign(new Error("standard input is a directory"), { code: "EISDIR" });
    }
    process.stdin.on("data", this.#onData);
    process.stdin.on("end", this.#onChange);
    process.stdin.on("close", this.#onChange);
    process.stdin.on("error", this.#onError);
    // The guest itself keeps the process alive; a read that it has given up shall not.
    (process.stdin as Partial<Socket>).unref?.();
  }

  readonly #onData = (chunk: Uint8Array): void => {
    process.stdin.pause();
    this.#chunks.push(chunk);
    this.#wake();
  };

  readonly #onChange = (): void => this.#wake();

  readonly #onError = (error: Error): void => {
    this.#failure = error;
    this.#wake();
  };

  async read(): Promise<Uint8Array | null> {
    if (!this.#started) this.#start();
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) return chunk;
      const failure = this.#failure ?? process.stdin.errored;
      if (failure !== null) throw failure;
      // An earlier guest may have seen its end already.
      if (process.stdin.readableEnded || process.stdin.destroyed) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        process.stdin.resume();
      });
    }
  }

  setRaw(raw: boolean): void {
    setTerminalRaw(raw);
  }

  output(): ByteSink {
    return new ProcessOutput(0);
  }

  cancel(): void {
    if (!this.#started) return;
    this.#started = false;
    process.stdin.off("data", this.#onData);
    process.stdin.off("end", this.#onChange);
    process.stdin.off("close", this.#onChange);
    process.stdin.off("error", this.#onError);
    process.stdin.pause();
    (process.stdin as Partial<Socket>).ref?.();
    // What nobody has read is the next reader's.
    for (const chunk of this.#chunks.reverse()) process.stdin.unshift(chunk);
    this.#chunks = [];
  }
}

/** What waits behind a descriptor that was full, of both: a program that is held in one write does not get to the next. */
let tail: Promise<void> | null = null;

function inOrder(write: () => Promise<void>): Promise<void> {
  const done = (tail ?? Promise.resolve()).then(write);
  const mine: Promise<void> = done
    .catch(() => {})
    .then(() => {
      if (tail === mine) tail = null;
    });
  tail = mine;
  return done;
}

/** When the present spell of writes without a turn began; negative if there is none. */
let spell = -1;

function isOverdue(): boolean {
  if (spell >= 0) return performance.now() - spell > SPELL;
  spell = performance.now();
  setImmediate(() => {
    spell = -1;
  });
  return false;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** This process's stream for a pipe or socket. Its being there makes the descriptor one that does not block. */
function pipeOf(fd: 0 | 1 | 2): Socket | null {
  const stat = fstatSync(fd);
  if (!isMainThread || fd === 0 || !(stat.isFIFO() || stat.isSocket())) return null;
  const stream: unknown = fd === 1 ? process.stdout : process.stderr;
  return stream instanceof Socket ? stream : null;
}

/** Descriptor 1 or 2, or a terminal that is 0, written at once where it takes it. */
class ProcessOutput implements ByteSink {
  readonly #fd: 0 | 1 | 2;
  readonly #pipe: Socket | null;
  readonly isTerminal: boolean;

  constructor(fd: 0 | 1 | 2) {
    this.#fd = fd;
    this.#pipe = pipeOf(fd);
    this.isTerminal = isatty(fd);
  }

  write(chunk: Uint8Array): void | Promise<void> {
    const rest = tail === null ? this.#put(chunk) : chunk;
    if (rest !== null) {
      const copy = rest.slice();
      return inOrder(() => this.#finish(copy));
    }
    if (isOverdue()) return inOrder(turn);
  }

  /** Writes what goes at once; what is left of it, or null. */
  #put(chunk: Uint8Array): Uint8Array | null {
    let rest = chunk;
    while (rest.length > 0) {
      const length = Math.min(rest.length, STAGE);
      stage.set(rest.subarray(0, length));
      try {
        rest = rest.subarray(writeSync(this.#fd, stage, 0, length));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === "EAGAIN") return rest;
        if (code !== "EINTR") throw error;
      }
    }
    return null;
  }

  async #finish(chunk: Uint8Array): Promise<void> {
    for (let rest = this.#put(chunk); rest !== null; rest = this.#put(rest)) {
      if (this.#pipe !== null) return drain(this.#pipe, rest);
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
    // Who goes on at once when this settles may write again before the queue is empty: here, too, the event loop has its turn.
    if (isOverdue()) await turn();
  }

  close(): void {}
}

/** Lets the event loop write, as the pipe has room. */
function drain(pipe: Socket, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // Who waits hears of the error; without a listener it would end the process too.
    const ignore = (): void => {};
    pipe.on("error", ignore);
    pipe.write(chunk, (error) => {
      if (error) return reject(error);
      pipe.off("error", ignore);
      resolve();
    });
  });
}
