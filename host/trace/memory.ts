// Guest memory as the trace reads it: whatever a guest passes for a pointer, reading gives bytes or null and never throws.

/** Reads of a guest's memory; null for what is not wholly inside, and for all of it before there is a guest. */
export class GuestMemory {
  readonly #memory: () => WebAssembly.Memory | null;

  constructor(memory: () => WebAssembly.Memory | null) {
    this.#memory = memory;
  }

  /** A view of `length` bytes at `pointer`, valid until the guest runs on. */
  view(pointer: number, length: number): DataView | null {
    const buffer = this.#memory()?.buffer;
    const start = pointer >>> 0;
    if (buffer === undefined || start === 0 || length < 0 || start + length > buffer.byteLength) return null;
    return new DataView(buffer, start, length);
  }

  /** The same as bytes. */
  bytes(pointer: number, length: number): Uint8Array | null {
    const view = this.view(pointer, length);
    return view && new Uint8Array(view.buffer, view.byteOffset, length);
  }

  i32(pointer: number): number | null {
    return this.view(pointer, 4)?.getInt32(0, true) ?? null;
  }

  u32(pointer: number): number | null {
    return this.view(pointer, 4)?.getUint32(0, true) ?? null;
  }

  u64(pointer: number): bigint | null {
    return this.view(pointer, 8)?.getBigUint64(0, true) ?? null;
  }
}
