// Where a guest's datagrams go at a bridge: the first to each place is answered, so that its errno is known; those behind it travel as
// datagrams may. Owns the places that are known to be good, and what waits for its answer.

import type { Address } from "../../address.js";
import { MalformedPacket } from "../protocol/reader.js";

/** Places that are remembered as good. */
const MAX = 256;

/** A datagram that has no answer yet. */
interface Asked {
  /** Bytes. */
  readonly length: number;
  readonly place: string;
}

/** The name of a place; null: where the socket is connected to. */
function placeOf(to: Address | null): string {
  if (to === null) return "";
  return to.family === "unix" ? `unix ${to.path}` : `${to.address} ${to.port}`;
}

/** The places that one socket sends to. */
export class Destinations {
  readonly #asked: Asked[] = [];
  readonly #good = new Set<string>();

  /** Whether what goes there needs no answer. */
  isGood(to: Address | null): boolean {
    return this.#good.has(placeOf(to));
  }

  /** A datagram of so many bytes goes there, and is to be answered. */
  ask(to: Address | null, length: number): void {
    this.#asked.push({ length, place: placeOf(to) });
  }

  /** The oldest was answered: its length. Throws MalformedPacket if there is none. */
  answered(errno: number): number {
    const asked = this.#asked.shift();
    if (asked === undefined) throw new MalformedPacket("SENT without a DATAGRAM");
    if (errno !== 0 || this.#good.size >= MAX) this.#good.clear();
    // Not before: what goes as a datagram might overtake the one that was to be answered.
    if (errno === 0) this.#good.add(asked.place);
    return asked.length;
  }

  /** Nothing is known to be good any more. */
  doubt(): void {
    this.#good.clear();
  }

  /** Nobody answers any more: the lengths of what waited. */
  giveUp(): readonly number[] {
    return this.#asked.splice(0).map(({ length }) => length);
  }
}
