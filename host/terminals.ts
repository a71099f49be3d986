// Standard input, output and error: the three streams that the core knows by ids of its own and that no network serves.
// Owns the way from lent memory to a byte source or sink and back; what is behind those is the platform's.

import * as errnos from "../assembly/shared/errno.js";
import { REQUEST_CLOSE, REQUEST_RECEIVE, REQUEST_SEND } from "../assembly/shared/request.js";
import type { LentMemory, NetworkEvents } from "./network.js";
import { SendQueue } from "./send-queue.js";
import type { ByteSink, ByteSource } from "./stream.js";

/** The errno of what a sink or source threw: its `code`, else EIO. */
function errnoOf(error: unknown): number {
  const code = (error as { code?: unknown } | null)?.code;
  const found = typeof code === "string" ? (errnos as Record<string, number>)[code] : undefined;
  return found ?? errnos.EIO;
}

/** The streams behind descriptors 0, 1 and 2. */
export class Terminals {
  readonly #source: ByteSource;
  readonly #sinks: readonly [ByteSink, ByteSink];
  #first = -1;
  #events: NetworkEvents | null = null;
  #memory: LentMemory | null = null;
  /** Input that did not fit into the memory that was lent. */
  #rest: Uint8Array | null = null;
  /** What goes to output and error; made with the first send, which tells the id. */
  readonly #queues: [SendQueue | null, SendQueue | null] = [null, null];

  constructor(source: ByteSource, sinks: readonly [ByteSink, ByteSink]) {
    this.#source = source;
    this.#sinks = sinks;
  }

  /** Which of the three is a terminal: bit 0, 1, 2. */
  get mask(): number {
    const [output, error] = this.#sinks;
    return (this.#source.isTerminal ? 1 : 0) | (output.isTerminal ? 2 : 0) | (error.isTerminal ? 4 : 0);
  }

  /** Tells the id of standard input; output and error follow it. */
  name(first: number): void {
    this.#first = first;
  }

  /** Tells where events go and where lent memory is. */
  attach(events: NetworkEvents, memory: LentMemory): void {
    this.#events = events;
    this.#memory = memory;
  }

  /** Whether `id` is one of the three. */
  owns(id: number): boolean {
    return this.#first >= 0 && this.#index(id) >= 0;
  }

  #index(id: number): number {
    for (let i = 0; i < 3; i++) if (id === this.#first + i * 0x1) return i;
    return -1;
  }

  /** Serves a request on one of the three; false if it is none that a stream has. */
  request(op: number, id: number, a: number, b: number): boolean {
    const index = this.#index(id);
    if (op === REQUEST_RECEIVE) this.#read(id, a, b);
    else if (op === REQUEST_SEND) this.#send(id, index, a, b);
    else if (op === REQUEST_CLOSE) this.#close(id, index);
    else return false;
    return true;
  }

  #read(id: number, pointer: number, capacity: number): void {
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

  #send(id: number, index: number, pointer: number, length: number): void {
    const memory = this.#memory;
    if (memory === null) return;
    const made = this.#queues[index === 2 ? 1 : 0];
    const queue = made ?? this.#newQueue(id, index === 2 ? 1 : 0);
    queue.send(memory, pointer, length);
  }

  #newQueue(id: number, slot: 0 | 1): SendQueue {
    const queue = new SendQueue(this.#sinks[slot], {
      sent: (length) => this.#events?.sent(id, 0, length),
      failed: (error) => this.#events?.failed(id, errnoOf(error)),
    });
    this.#queues[slot] = queue;
    return queue;
  }

  #close(id: number, index: number): void {
    if (index === 0) {
      this.#source.cancel();
      this.#events?.closed(id);
      return;
    }
    const slot = index === 2 ? 1 : 0;
    const finish = (): void => {
      this.#sinks[slot].close();
      this.#events?.closed(id);
    };
    const queue = this.#queues[slot];
    if (queue === null) finish();
    else queue.end(finish);
  }

  /** Lets go of the source and the sinks. */
  dispose(): void {
    this.#events = null;
    this.#source.cancel();
    for (const sink of this.#sinks) sink.close();
  }
}
