// Header fields as HTTP/3 writes them (QPACK, RFC 9204), without a dynamic table: this side announces none, so the peer must use
// none. Owns the codec.

import { Http3Error, QPACK_DECOMPRESSION_FAILED } from "./error.js";
import { decodeHuffman } from "./huffman.js";
import { STATIC_TABLE } from "./static-table.js";
import { joined } from "./varint.js";

/** A header field. Bytes are characters of the same number. */
export type Field = readonly [name: string, value: string];

/** What a field counts beside its bytes (RFC 9114, section 4.2.2). */
const FIELD_OVERHEAD = 32;
const INTEGER_MAX = 2 ** 30;

function wrong(message: string): Http3Error {
  return new Http3Error(QPACK_DECOMPRESSION_FAILED, message);
}

class FieldReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  peek(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw wrong("header fields are cut short");
    return byte;
  }

  /** An integer whose first `bits` bits are the low ones of this byte (RFC 7541, section 5.1). */
  integer(bits: number): number {
    const most = 2 ** bits - 1;
    let value = this.peek() & most;
    this.#at++;
    if (value < most) return value;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.peek();
      this.#at++;
      value += (byte & 0x7f) * weight;
      if (value > INTEGER_MAX || weight > INTEGER_MAX) throw wrong("an integer is too large");
      if (byte < 0x80) return value;
    }
  }

  /** A string whose length's first `bits` bits are in this byte, with the flag for Huffman's code above them. */
  text(bits: number): string {
    const isCoded = (this.peek() & (1 << bits)) !== 0;
    const length = this.integer(bits);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw wrong("header fields are cut short");
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return Buffer.from(isCoded ? decodeHuffman(bytes) : bytes).toString("latin1");
  }
}

function entry(number: number): Field {
  const found = STATIC_TABLE[number];
  if (found === undefined) throw wrong(`there is no entry ${number} in the static table`);
  return found;
}

function fieldOf(reader: FieldReader): Field {
  const first = reader.peek();
  if ((first & 0xc0) === 0xc0) return entry(reader.integer(6));
  if ((first & 0xd0) === 0x50) {
    const [name] = entry(reader.integer(4));
    return [name, reader.text(7)];
  }
  if ((first & 0xe0) === 0x20) {
    const name = reader.text(3);
    return [name, reader.text(7)];
  }
  throw wrong("a field refers to a dynamic table, which has no room");
}

/** The fields of a HEADERS frame. `max`: what they may count together. Throws Http3Error. */
export function decodeFields(bytes: Uint8Array, max: number): readonly Field[] {
  const reader = new FieldReader(bytes);
  if (reader.integer(8) !== 0) throw wrong("fields refer to a dynamic table, which has no room");
  reader.integer(7);
  const fields: Field[] = [];
  let size = 0;
  while (!reader.isAtEnd) {
    const field = fieldOf(reader);
    size += field[0].length + field[1].length + FIELD_OVERHEAD;
    if (size > max) throw wrong(`header fields of more than ${max} bytes`);
    fields.push(field);
  }
  return fields;
}

function integer(flags: number, bits: number, value: number): readonly number[] {
  const most = 2 ** bits - 1;
  if (value < most) return [flags | value];
  const bytes = [flags | most];
  let left = value - most;
  for (; left >= 128; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return [...bytes, left];
}

function text(flags: number, bits: number, value: string): Uint8Array {
  const bytes = Buffer.from(value, "latin1");
  return joined(Uint8Array.from(integer(flags, bits, bytes.length)), bytes);
}

/** Fields as the payload of a HEADERS frame: by number where the static table has them, else as they are. */
export function encodeFields(fields: readonly Field[]): Uint8Array<ArrayBuffer> {
  const lines = fields.map(([name, value]) => {
    const both = STATIC_TABLE.findIndex(([itsName, itsValue]) => itsName === name && itsValue === value);
    if (both >= 0) return Uint8Array.from(integer(0xc0, 6, both));
    const named = STATIC_TABLE.findIndex(([itsName]) => itsName === name);
    if (named >= 0) return joined(Uint8Array.from(integer(0x50, 4, named)), text(0, 7, value));
    return joined(text(0x20, 3, name), text(0, 7, value));
  });
  return joined(Uint8Array.of(0, 0), ...lines);
}
