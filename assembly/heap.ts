// Memory for the core: blocks of a power of two, each size with its own free list, cut from slabs. Nothing is collected;
// what is freed is used again for the same size. Owns no meaning of any block.

const MIN_SHIFT: u32 = 6; // 64 bytes
const MAX_SHIFT: u32 = 24; // 16 MiB
const SLAB: usize = 0x10000;

const free: usize = memory.data((MAX_SHIFT + 1) * 4);
let slab: usize = 0;
let slabEnd: usize = 0;

function shiftOf(size: usize): u32 {
  if (size <= <usize>1 << MIN_SHIFT) return MIN_SHIFT;
  return 32 - clz<u32>(<u32>size - 1);
}

function cut(size: usize): usize {
  if (size >= SLAB) return heap.alloc(size);
  if (slab + size > slabEnd) {
    slab = heap.alloc(SLAB);
    slabEnd = slab + SLAB;
  }
  const block = slab;
  slab += size;
  return block;
}

/** A block of at least `size` bytes, its content unspecified; 0 if `size` is beyond 16 MiB. */
export function allocate(size: usize): usize {
  const shift = shiftOf(size);
  if (shift > MAX_SHIFT) return 0;
  const list = free + (<usize>shift << 2);
  const block = load<u32>(list);
  if (block == 0) return cut(<usize>1 << shift);
  store<u32>(list, load<u32>(block));
  return block;
}

/** Like allocate(), all zero. */
export function allocateZeroed(size: usize): usize {
  const block = allocate(size);
  if (block != 0) memory.fill(block, 0, size);
  return block;
}

/** Gives back a block that allocate() made for the same `size`. */
export function release(block: usize, size: usize): void {
  if (block == 0) return;
  const list = free + (<usize>shiftOf(size) << 2);
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}
