// Addresses that stand for names, for servers that resolve nothing: 198.18.0.0/15 (RFC 2544, never routed). Owns the table.

/** First of the addresses, as a number. */
const BASE = (198 << 24) | (18 << 16);
const SIZE = 1 << 17;

function textOf(number: number): string {
  const value = (BASE + number) >>> 0;
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join(".");
}

/** Names and their addresses. */
export class StandIns {
  readonly #addresses = new Map<string, string>();
  readonly #names = new Map<string, string>();
  #next = 1;

  /** The address that stands for a name; the same for the same name. The oldest goes when there are too many. */
  addressOf(name: string): string {
    const key = name.toLowerCase();
    const known = this.#addresses.get(key);
    if (known !== undefined) return known;
    const address = textOf(this.#next);
    this.#next = (this.#next % (SIZE - 2)) + 1;
    const replaced = this.#names.get(address);
    if (replaced !== undefined) this.#addresses.delete(replaced);
    this.#names.set(address, key);
    this.#addresses.set(key, address);
    return address;
  }

  /** The name that an address stands for. */
  nameOf(address: string): string | undefined {
    return this.#names.get(address);
  }
}
