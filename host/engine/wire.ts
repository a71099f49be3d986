// What stands, near the network, for a core that shares no memory with it: its event ring, whose events leave as messages, and its
// memory, which is here in pieces: what a request lends comes with it and is kept until an event gives it back.

import { EVENT_ABORTED, EVENT_CLOSED, EVENT_DATA, EVENT_DATAGRAM, EVENT_SENT } from "../../assembly/shared/event.js";
import { REQUEST_RECEIVE, REQUEST_SEND, REQUEST_SENDTO } from "../../assembly/shared/request.js";
import type { Kernel } from "../kernel.js";
import type { LentMemory } from "../network.js";
import type { FromRemote, ToRemote } from "./remote-thread.js";

/** Bytes of datagrams that may be on their way; more are dropped, as by a full socket buffer. */
const DATAGRAMS = 0x100000;

/** Memory in pieces, at addresses that are given once: no piece touches another. */
class Pieces implements LentMemory {
  readonly #pieces = new Map<number, Uint8Array>();
  #next = 8;

  place(bytes: Uint8Array): number {
    const at = this.#next;
    this.#next += bytes.length + 8;
    this.#pieces.set(at, bytes);
    return at;
  }

  free(at: number): void {
    this.#pieces.delete(at);
  }

  bytes(pointer: number, length: number): Uint8Array {
    const whole = this.#pieces.get(pointer);
    if (whole !== undefined) return whole.subarray(0, length);
    for (const [at, piece] of this.#pieces) {
      if (pointer > at && pointer < at + piece.length) return piece.subarray(pointer - at, pointer - at + length);
    }
    return new Uint8Array(length);
  }
}

/** What one socket or stream has lent. */
interface Lent {
  landing: { readonly at: number; readonly bytes: Uint8Array } | null;
  readonly sends: { readonly at: number; left: number }[];
}

/** The event ring of a core that is elsewhere, and the memory that it lends. */
export class Wire {
  readonly memory: Pieces = new Pieces();
  readonly #lent = new Map<number, Lent>();
  readonly #post: (message: ToRemote) => void;
  #datagrams = 0;

  constructor(post: (message: ToRemote) => void) {
    this.#post = post;
  }

  /** Serves a request whose pieces are here. */
  serve({ op, id, values, pieces }: Extract<FromRemote, { type: "request" }>, kernel: Kernel): void {
    const [a, b, c]: number[] = [...values];
    const here = [a ?? 0, b ?? 0, c ?? 0] as [number, number, number];
    const placed = pieces.map(([place, bytes]) => {
      here[place as 0 | 1 | 2] = this.memory.place(bytes);
      return here[place as 0 | 1 | 2];
    });
    if (op === REQUEST_RECEIVE && here[0] !== 0) here[0] = this.#land(id, here[1]);
    const isSend = op === REQUEST_SEND || op === REQUEST_SENDTO;
    // The first piece of a send is lent until it is told of; addresses and names are read in the call.
    if (isSend) this.#lentBy(id).sends.push({ at: here[0], left: here[1] });
    kernel.request(op, id, ...here);
    for (const at of isSend ? placed.slice(1) : placed) this.memory.free(at);
  }

  #lentBy(id: number): Lent {
    let lent = this.#lent.get(id);
    if (lent === undefined) {
      lent = { landing: null, sends: [] };
      this.#lent.set(id, lent);
    }
    return lent;
  }

  #land(id: number, capacity: number): number {
    const lent = this.#lentBy(id);
    if (lent.landing === null || lent.landing.bytes.length < capacity) {
      if (lent.landing !== null) this.memory.free(lent.landing.at);
      const bytes = new Uint8Array(capacity);
      lent.landing = { at: this.memory.place(bytes), bytes };
    }
    return lent.landing.at;
  }

  push(event: number, id: number, a: number, b: number, payload: Uint8Array | null): void {
    const bytes = event === EVENT_DATA ? (this.#lent.get(id)?.landing?.bytes.slice(0, a) ?? null) : payload;
    if (event === EVENT_SENT) this.#sent(id, b);
    else if (event === EVENT_CLOSED || event === EVENT_ABORTED) this.#release(id);
    this.#post({ type: "event", event, id, a, b, payload: bytes });
  }

  offer(event: number, id: number, a: number, b: number, payload: Uint8Array): boolean {
    if (event === EVENT_DATAGRAM && this.#datagrams + payload.length > DATAGRAMS) return false;
    this.#datagrams += payload.length;
    this.push(event, id, a, b, payload);
    return true;
  }

  /** Datagrams have arrived. */
  seen(length: number): void {
    this.#datagrams -= length;
  }

  #sent(id: number, length: number): void {
    const { sends } = this.#lentBy(id);
    let told = length;
    do {
      const [first] = sends;
      if (first === undefined) return;
      const part = Math.min(first.left, told);
      first.left -= part;
      told -= part;
      if (first.left > 0) return;
      this.memory.free(first.at);
      sends.shift();
    } while (told > 0);
  }

  #release(id: number): void {
    const lent = this.#lent.get(id);
    if (lent === undefined) return;
    this.#lent.delete(id);
    if (lent.landing !== null) this.memory.free(lent.landing.at);
    for (const { at } of lent.sends) this.memory.free(at);
  }
}
