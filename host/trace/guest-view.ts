// Guest memory as the trace reads it. Owns the bounds: a pointer that leads nowhere gives null, never an exception.

/** Reads a guest's memory, as it is at the moment of each read. */
export class GuestView {
  readonly #memory: () => WebAssembly.Memory | null;

  constructor(memory: () => WebAssembly.Memory | null) {
    this.#memory = memory;
  }

  /** A copy of [pointer, pointer + length), or null if that is not all inside the memory. */
  bytes(pointer: number, length: number): Uint8Array | null {
    const buffer = this.#memory()?.buffer;
    const start = pointer >>> 0;
    if (buffer === undefined || length < 0 || start + length > buffer.byteLength) return null;
    return new Uint8Array(buffer, start, length).slice();
  }

  #view(pointer: number, length: number): DataView | null {
    const bytes = this.bytes(pointer, length);
    return bytes === null ? null : new DataView(bytes.buffer);
  }

  u16(pointer: number): number | null {
    return this.#view(pointer, 2)?.getUint16(0, true) ?? null;
  }

  i32(pointer: number): number | null {
    return this.#view(pointer, 4)?.getInt32(0, true) ?? null;
  }

  u32(pointer: number): number | null {
    return this.#view(pointer, 4)?.getUint32(0, true) ?? null;
  }

  i64(pointer: number): bigint | null {
    return this.#view(pointer, 8)?.getBigInt64(0, true) ?? null;
  }
}
