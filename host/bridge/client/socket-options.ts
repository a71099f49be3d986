// Options of a guest's socket at a bridge. Owns what was set, so that it can be set anew, and which answers the guest waits for.

/** The options of one socket, by the names that they have in PSX. */
export class SocketOptions {
  readonly #values = new Map<string, number>();
  readonly #asked: boolean[] = [];

  /** Remembers one that the guest sets. */
  keep(name: string, value: number): void {
    this.#values.set(name, value);
  }

  /** What is to be set at a server that knows nothing of it. */
  get kept(): Iterable<readonly [name: string, value: number]> {
    return this.#values;
  }

  /** An answer will come. `isGuests`: the guest waits for it. */
  ask(isGuests: boolean): void {
    this.#asked.push(isGuests);
  }

  /** An answer came: whether the guest waits for it. */
  answered(): boolean {
    return this.#asked.shift() === true;
  }

  /** No answer comes any more: how many the guest waits for. */
  giveUp(): number {
    return this.#asked.splice(0).filter(Boolean).length;
  }
}
