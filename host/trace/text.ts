// Values as strace(1) writes them: strings, pointers, flags and constants by name.

/** Bytes of a string that are shown (strace's -s). */
export const SHOWN = 32;

/** A pointer: NULL or hexadecimal. */
export function pointerText(pointer: number): string {
  return pointer === 0 ? "NULL" : `0x${(pointer >>> 0).toString(16)}`;
}

const ESCAPES: Readonly<Record<number, string>> = {
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  34: '\\"',
  92: "\\\\",
};

/** A C string literal without its quotes. Octal escapes, as short as what follows them allows. */
function escaped(bytes: Uint8Array): string {
  let text = "";
  bytes.forEach((byte, i) => {
    const next = bytes[i + 1] ?? 0;
    const isDigitNext = next >= 0x30 && next <= 0x39;
    const known = ESCAPES[byte];
    if (known !== undefined) text += known;
    else if (byte >= 0x20 && byte < 0x7f) text += String.fromCharCode(byte);
    else text += `\\${byte.toString(8).padStart(isDigitNext ? 3 : 1, "0")}`;
  });
  return text;
}

/** A string in quotes, cut after SHOWN bytes; `length` is how long all of it is. */
export function stringText(bytes: Uint8Array, length: number = bytes.length): string {
  return `"${escaped(bytes.subarray(0, SHOWN))}"${length > SHOWN ? "..." : ""}`;
}

/** A name of the file system or of the network in quotes, whole. */
export function nameText(bytes: Uint8Array): string {
  return `"${escaped(bytes)}"`;
}

/** Names by number. */
export type Names = ReadonlyMap<number, string>;

/** The constants of `module` whose name matches; of two with the same number, the first. */
export function namesOf(module: Readonly<Record<string, number>>, pattern: RegExp): Names {
  const names = new Map<number, string>();
  for (const [name, number] of Object.entries(module)) {
    if (pattern.test(name) && !names.has(number)) names.set(number, name);
  }
  return names;
}

/** A constant by name; one that has none is a number with a comment of what it should have been. */
export function constantText(value: number, names: Names, kind: string): string {
  return names.get(value) ?? `${value < 0 ? value : `0x${value.toString(16)}`} /* ${kind}_??? */`;
}

/** Flags joined by |; bits without a name are one hexadecimal number. */
export function flagsText(value: number, names: Names): string {
  if (value === 0) return "0";
  let left = value;
  const found: string[] = [];
  for (const [bits, name] of names) {
    if (bits === 0 || (left & bits) !== bits) continue;
    left &= ~bits;
    found.push(name);
  }
  if (left !== 0) found.push(`0x${(left >>> 0).toString(16)}`);
  return found.join("|");
}
