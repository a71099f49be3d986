// The Huffman code of HTTP's header fields (RFC 7541, appendix B), decoded. It is a canonical code: the lengths say all.

import { Http3Error, QPACK_DECOMPRESSION_FAILED } from "./error.js";

/** Bits of each symbol's code, 0 to 255 and the end of the string. */
// biome-ignore format: sixteen in a row
const LENGTHS: readonly number[] = [
  13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
  28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
  6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
  5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
  13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
  7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
  15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
  6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
  20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
  24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
  22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
  21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
  26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
  19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
  20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
  26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
  30,
];
const END = 256;
const LONGEST = 30;

/** By length: the first code, and its symbol's place in SYMBOLS. */
const FIRST: number[] = [];
const PLACE: number[] = [];
/** Symbols in the order of their codes. */
const SYMBOLS: number[] = [];

for (let length = 0, code = 0; length <= LONGEST; length++, code *= 2) {
  FIRST[length] = code;
  PLACE[length] = SYMBOLS.length;
  for (const [symbol, each] of LENGTHS.entries()) if (each === length) SYMBOLS.push(symbol);
  code += SYMBOLS.length - (PLACE[length] ?? 0);
}

function wrong(message: string): Http3Error {
  return new Http3Error(QPACK_DECOMPRESSION_FAILED, message);
}

/** The bytes that a string's code stands for. Throws Http3Error. */
export function decodeHuffman(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  // No code is shorter than five bits.
  const decoded = new Uint8Array(Math.ceil((bytes.length * 8) / 5));
  let count = 0;
  let code = 0;
  let length = 0;
  for (let at = 0; at < bytes.length * 8; at++) {
    code = code * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    length++;
    const place = code - (FIRST[length] ?? 0) + (PLACE[length] ?? 0);
    if (length > LONGEST) throw wrong("a Huffman code that is none");
    if (place >= (PLACE[length + 1] ?? SYMBOLS.length)) continue;
    const symbol = SYMBOLS[place] ?? END;
    if (symbol === END) throw wrong("a string's end within a string");
    decoded[count++] = symbol;
    code = 0;
    length = 0;
  }
  if (length > 7 || code !== 2 ** length - 1) throw wrong("a string that is not filled up with ones");
  return decoded.slice(0, count);
}
