// Weak symbols: makes every function and variable that an object defines give way to another definition of its name, as
// those of an archive do. Owns the little it reads of the "linking" section (tool-conventions/Linking.md, version 2).

const LINKING = "linking";
const SYMBOL_TABLE = 8;
const FUNCTION = 0;
const DATA = 1;
const SECTION = 3;
const WEAK = 0x01;
const LOCAL = 0x02;
const UNDEFINED = 0x10;
const EXPLICIT_NAME = 0x40;

class Reader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const value = this.bytes[this.at++];
    if (value === undefined) throw new RangeError(`the object ends at ${this.bytes.length}, inside of a symbol`);
    return value;
  }

  /** An unsigned LEB128. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const part = this.byte();
      value += (part & 0x7f) * 2 ** shift;
      if (part < 0x80) return value;
    }
  }

  name(): string {
    const length = this.number();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

/** Makes the global symbols that `object` defines weak, in place. Result: how many there are. */
export function weaken(object: Uint8Array): number {
  const reader = new Reader(object, 8);
  while (reader.at < object.length) {
    const section = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (section === 0 && reader.name() === LINKING) return weakenLinking(reader, end);
    reader.at = end;
  }
  throw new RangeError("this is no relocatable object: it has no linking section");
}

function weakenLinking(reader: Reader, end: number): number {
  if (reader.number() !== 2) throw new RangeError("this object's linking section is not of version 2");
  while (reader.at < end) {
    const kind = reader.byte();
    const size = reader.number();
    if (kind === SYMBOL_TABLE) return weakenSymbols(reader);
    reader.at += size;
  }
  throw new RangeError("this object has no symbols");
}

function weakenSymbols(reader: Reader): number {
  let weakened = 0;
  for (let count = reader.number(); count > 0; count--) {
    const kind = reader.byte();
    const at = reader.at;
    const flags = reader.number();
    const isDefined = (flags & UNDEFINED) === 0;
    if (isDefined && (flags & LOCAL) === 0 && (kind === FUNCTION || kind === DATA)) {
      // The lowest bit of the number's first byte: its length stays.
      reader.bytes[at] = (reader.bytes[at] as number) | WEAK;
      weakened++;
    }
    if (kind === DATA) {
      reader.name();
      for (let field = 0; isDefined && field < 3; field++) reader.number();
    } else {
      reader.number();
      if (kind !== SECTION && (isDefined || (flags & EXPLICIT_NAME) !== 0)) reader.name();
    }
  }
  return weakened;
}
