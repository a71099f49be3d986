// Standard input, output and error, and the terminal that some of them may be: streams that the core knows by ids of its own
// and that no network serves. Owns the way from lent memory to a byte source or sink and back; what is behind those is the
// platform's.

import * as errnos from "../assembly/shared/errno.js";
import { REQUEST_CLOSE, REQUEST_RECEIVE, REQUEST_SEND, REQUEST_TERMINAL } from "../assembly/shared/request.js";
import type { LentMemory, NetworkEvents } from "./network.js";
import { SendQueue } from "./send-queue.js";
import type { ByteSink, ByteSource } from "./stream.js";

/** The errno of what a sink or source threw: its `code`, else EIO. */
function errnoOf(error: unknown): number {
  const code = (error as { code?: unknown } | null)?.code;
  const found = typeof code === "string" ? (errnos as Record<string, number>)[code] : undefined;
  return found ?? errnos.EIO;
}

/** The terminal's place among the ids: after input, output and error. */
const TERMINAL = 3;
/** In the mask: the terminal has no line discipline of its own. */
const RAW = 8;

/** The streams behind descriptors 0, 1 and 2. */
export class Terminals {
  readonly #source: ByteSource;
  /** By place; those that do not write have none. */
  readonly #sinks: readonly (ByteSink | undefined)[];
  /** Ids that are not sockets': three, and the terminal's where there is one. */
  readonly #places: number;
  #first = -1;
  #events: NetworkEvents | null = null;
  #memory: LentMemory | null = null;
  /** Input that did not fit into the memory that was lent. */
  #rest: Uint8Array | null = null;
  /** What goes to each sink; made with the first send. */
  readonly #queues: (SendQueue | undefined)[] = [];

  constructor(source: ByteSource, sinks: readonly [ByteSink, ByteSink]) {
    this.#source = source;
    const screen = sinks.find(({ isTerminal }) => isTerminal);
    this.#sinks = [undefined, ...sinks, screen ?? (source.isTerminal ? source.output?.() : undefined)];
    this.#places = (this.mask & ~RAW) === 0 ? TERMINAL : TERMINAL + 1;
  }

  /** Which of the three are the terminal: bit 0, 1, 2; and bit 3: it has no line discipline of its own. */
  get mask(): number {
    const [, output, error] = this.#sinks;
    const isRaw = this.#source.isTerminal ? this.#source.setRaw === undefined : true;
    const mask =
      (this.#source.isTerminal ? 1 : 0) | (output?.isTerminal === true ? 2 : 0) | (error?.isTerminal === true ? 4 : 0);
    return mask | (isRaw ? RAW : 0);
  }

  /** Tells the id of standard input; output, error and the terminal follow it. */
  name(first: number): void {
    this.#first = first;
  }

  /** Tells where events go and where lent memory is. */
  attach(events: NetworkEvents, memory: LentMemory): void {
    this.#events = events;
    this.#memory = memory;
  }

  /** Whether `id` is one of them. */
  owns(id: number): boolean {
    return this.#first >= 0 && this.#place(id) >= 0;
  }

  #place(id: number): number {
    const place = id - this.#first;
    return place >= 0 && place < this.#places ? place : -1;
  }

  /** Serves a request on one of them; false if it is none that a stream has. */
  request(op: number, id: number, a: number, b: number): boolean {
    if (op === REQUEST_RECEIVE) this.#read(id, a, b);
    else if (op === REQUEST_SEND) this.#send(id, a, b);
    else if (op === REQUEST_CLOSE) this.#close(id);
    else if (op === REQUEST_TERMINAL) this.#source.setRaw?.(a !== 0);
    else return false;
    return true;
  }

  #read(id: number, pointer: number, capacity: number): void {
    const place = this.#place(id);
    // A poll of output has the core ask for input too, which is not its: nor is there any of a terminal that only shows.
    if (place !== 0 && (place !== TERMINAL || !this.#source.isTerminal)) return;
    if (this.#rest !== null) return this.#land(id, this.#rest, pointer, capacity);
    this.#source.read().then(
      (chunk) => {
        if (chunk === null) this.#events?.end(id);
        else this.#land(id, chunk, pointer, capacity);
      },
      (error: unknown) => this.#events?.failed(id, errnoOf(error)),
    );
  }

  #land(id: number, chunk: Uint8Array, pointer: number, capacity: number): void {
    const part = chunk.subarray(0, capacity);
    this.#rest = chunk.length > part.length ? chunk.subarray(part.length) : null;
    this.#memory?.bytes(pointer, part.length).set(part);
    this.#events?.data(id, part.length);
  }

  #send(id: number, pointer: number, length: number): void {
    const memory = this.#memory;
    const place = this.#place(id);
    const sink = this.#sinks[place];
    if (memory === null) return;
    if (sink === undefined) return this.#events?.failed(id, errnos.EIO);
    this.#queues[place] ??= new SendQueue(sink, {
      sent: (taken) => this.#events?.sent(id, 0, taken),
      failed: (error) => this.#events?.failed(id, errnoOf(error)),
    });
    this.#queues[place].send(memory, pointer, length);
  }

  #close(id: number): void {
    const place = this.#place(id);
    const finish = (): void => {
      if (place === 0 || (place === TERMINAL && this.#source.isTerminal)) this.#source.cancel();
      this.#sinks[place]?.close();
      this.#events?.closed(id);
    };
    const queue = this.#queues[place];
    if (queue === undefined) finish();
    else queue.end(finish);
  }

  /** Lets go of the source and the sinks. */
  dispose(): void {
    this.#events = null;
    this.#source.setRaw?.(false);
    this.#source.cancel();
    for (const sink of this.#sinks) sink?.close();
  }
}
