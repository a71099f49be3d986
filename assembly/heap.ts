// Memory for the core: blocks of a power of two, each size with its own free list, cut from slabs. Nothing is collected;
// what is freed is used again for the same size. Owns no meaning of any block.

const MIN_SHIFT: u32 = 6; // 64 bytes
const MAX_SHIFT: u32 = 24; // 16 MiB
const SLAB: usize = 0x10000;

/** The core never grows beyond 2 GiB (the shared build declares that maximum)... */
const MAX_PAGES: i32 = 32768;
/** ...and keeps the last of it for small records, so that a large buffer is what is refused first. */
const RESERVED_PAGES: i32 = 64;

const free: usize = memory.data((MAX_SHIFT + 1) * 4);
let slab: usize = 0;
let slabEnd: usize = 0;
/** Bytes of all blocks that were ever cut. */
let total: usize = 0;

function shiftOf(size: usize): u32 {
  if (size <= (<usize>1) << MIN_SHIFT) return MIN_SHIFT;
  return 32 - clz<u32>(<u32>size - 1);
}

/** New memory at the end, or 0. */
function grow(size: usize, reserve: bool): usize {
  const pages = <i32>((size + 0xffff) >> 16);
  const limit = reserve ? MAX_PAGES - RESERVED_PAGES : MAX_PAGES;
  if (memory.size() + pages > limit) return 0;
  const before = memory.grow(pages);
  return before < 0 ? 0 : (<usize>before) << 16;
}

function cut(size: usize): usize {
  const block = size >= SLAB ? grow(size, true) : cutSmall(size);
  if (block != 0) total += size;
  return block;
}

function cutSmall(size: usize): usize {
  if (slab + size > slabEnd) {
    slab = grow(SLAB, false);
    if (slab == 0) return 0;
    slabEnd = slab + SLAB;
  }
  const block = slab;
  slab += size;
  return block;
}

/** A block of at least `size` bytes, its content unspecified; 0 if there is no room. */
export function allocate(size: usize): usize {
  const shift = shiftOf(size);
  if (shift > MAX_SHIFT) return 0;
  const list = free + ((<usize>shift) << 2);
  const block = load<u32>(list);
  if (block == 0) return cut((<usize>1) << shift);
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
  const list = free + ((<usize>shiftOf(size)) << 2);
  store<u32>(block, load<u32>(list));
  store<u32>(list, <u32>block);
}

/** Bytes of the blocks that are in use; -1 if a block stands in a free list twice. For tests: it walks all that is free. */
export function kernel_heap(): i32 {
  let left = total;
  for (let shift = MIN_SHIFT; shift <= MAX_SHIFT; shift++) {
    const size = (<usize>1) << shift;
    for (let block = load<u32>(free + ((<usize>shift) << 2)); block != 0; block = load<u32>(block)) {
      if (left < size) return -1;
      left -= size;
    }
  }
  return <i32>left;
}
