// A guest of a page whose streams, signals and files are a process's elsewhere, which stands for it: `hosted`. It runs in the browser.

import { bridgeNetwork, type Directory, directory, type FileTree, type Guest, start, tree } from "hawser/browser";
import {
  ENDED,
  type End,
  ERROR,
  FILE,
  fileFrame,
  fileOf,
  frame,
  GONE,
  INPUT,
  INPUT_END,
  OUTPUT,
  type Setup,
  SIGNAL,
  START,
  TAKEN,
  textOf,
  WINDOW,
} from "./frames.js";
import type { Way } from "./page.js";

/** Standard input as it comes: each chunk is told as taken when the guest's stream takes it. */
class Input {
  readonly #chunks: Uint8Array[] = [];
  #ended = false;
  #wake: () => void = () => {};

  put(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  async *chunks(taken: (bytes: number) => void): AsyncGenerator<Uint8Array> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        taken(chunk.length);
        yield chunk;
      } else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** Files by their paths, "/data/" the first part of which is a directory's name for the guest. */
type Flat = Map<string, Uint8Array>;

function grow(into: Record<string, unknown>, path: string, content: Uint8Array): void {
  const [first = "", ...rest] = path.split("/");
  if (first === "") return;
  if (rest.length === 0) into[first] = content;
  else {
    into[first] ??= {};
    grow(into[first] as Record<string, unknown>, rest.join("/"), content);
  }
}

function flatten(from: FileTree, prefix: string, flat: Flat): void {
  for (const [name, entry] of Object.entries(from)) {
    if (entry instanceof Uint8Array) flat.set(`${prefix}${name}`, entry);
    else if (typeof entry !== "string") {
      flat.set(`${prefix}${name}/`, new Uint8Array(0));
      flatten(entry, `${prefix}${name}/`, flat);
    }
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  if (one?.length !== other.length) return false;
  for (let i = 0; i < other.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

/** One guest. */
class Hosted {
  readonly #socket: WebSocket;
  readonly #program: string;
  readonly #way: Way;
  readonly #input = new Input();
  readonly #given: Flat = new Map();
  #untaken = 0;
  #wake: () => void = () => {};
  #guest: Guest | null = null;
  #directories: readonly (readonly [string, Directory])[] = [];

  constructor(socket: WebSocket, program: string, way: Way) {
    [this.#socket, this.#program, this.#way] = [socket, program, way];
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.#receive(new Uint8Array(data));
    socket.onclose = () => this.#guest?.kill("SIGKILL");
  }

  #receive(bytes: Uint8Array): void {
    const [kind, body] = [bytes[0], bytes.subarray(1)];
    if (kind === INPUT) this.#input.put(body);
    else if (kind === INPUT_END) this.#input.end();
    else if (kind === SIGNAL) this.#guest?.kill(textOf(body));
    else if (kind === START) void this.#run(JSON.parse(textOf(body)));
    else if (kind === FILE) {
      const { path, content } = fileOf(body);
      this.#given.set(path, content);
    } else if (kind === TAKEN) {
      this.#untaken -= Number(textOf(body));
      this.#wake();
    }
  }

  async #send(kind: number, chunk: Uint8Array): Promise<void> {
    this.#untaken += chunk.length;
    this.#socket.send(frame(kind, chunk));
    while (this.#untaken > WINDOW) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async #run(setup: Setup): Promise<void> {
    const end: End = await this.#untilEnd(setup).catch((error: unknown) => ({ status: 125, note: `${error}\n` }));
    this.#giveBack();
    this.#socket.send(frame(ENDED, JSON.stringify(end)));
  }

  async #untilEnd({ directories, bridge, ...options }: Setup): Promise<End> {
    this.#directories = directories.map((name) => {
      const files: Record<string, unknown> = {};
      for (const [path, content] of this.#given) {
        if (path.startsWith(`${name}/`)) grow(files, path.slice(name.length + 1), content);
      }
      return [name, directory(files as FileTree)];
    });
    this.#guest = await start(this.#program, {
      ...options,
      ...this.#way,
      name: this.#program.slice(this.#program.lastIndexOf("/") + 1).replace(/\.wasm$/, ""),
      preopens: Object.fromEntries(this.#directories),
      network: bridgeNetwork(bridge),
      stdin: this.#input.chunks((bytes) => this.#socket.send(frame(TAKEN, `${bytes}`))),
      stdout: (chunk) => this.#send(OUTPUT, chunk),
      stderr: (chunk) => this.#send(ERROR, chunk),
    });
    const { status, signal, trap } = await this.#guest.exited;
    return { status, note: trap === undefined ? "" : `ended by ${signal}: ${trap}\n` };
  }

  /** Tells what is in the directories that was not given, and what was given and is not there. */
  #giveBack(): void {
    const left: Flat = new Map();
    for (const [name, each] of this.#directories) flatten(tree(each), `${name}/`, left);
    for (const [path, content] of left) {
      if (!isSame(this.#given.get(path), content)) this.#socket.send(fileFrame(path, content));
    }
    for (const path of this.#given.keys()) if (!left.has(path)) this.#socket.send(frame(GONE, path));
  }
}

/** Connects to `url` and runs the program there for as long as it wants; settles once it is connected. */
export function hosted(url: string, program: string, way: Way): Promise<void> {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  new Hosted(socket, program, way);
  return new Promise((resolve, reject) => {
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error(`${url} is not there`));
  });
}
