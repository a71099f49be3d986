// One direction of a stream: what the writer lent, a bounded buffer, and what the reader lent. Owns the copying and the
// flow control; telling who of it is the stream's.
//
//   writer's loans --> window (bounded) --> reader's loan

import type { LentMemory } from "../network.js";

interface WriterLoan {
  readonly memory: LentMemory | null;
  readonly own: Uint8Array | null;
  pointer: number;
  length: number;
}

interface ReaderLoan {
  readonly memory: LentMemory;
  readonly pointer: number;
  readonly capacity: number;
  filled: number;
}

/** The pipe. */
export class Pipe {
  /** The writer sends no more after its loans. */
  ended = false;
  /** Nobody will read. */
  deserted = false;
  private readonly window: number;
  private loans: WriterLoan[] = [];
  private buffer: Uint8Array | null = null;
  private start = 0;
  private held = 0;
  private loan: ReaderLoan | null = null;

  constructor(window: number) {
    this.window = window;
  }

  /** The writer's bytes were all taken. */
  get drained(): boolean {
    return this.loans.length === 0;
  }

  /** There are bytes that the reader was not told of. */
  get unread(): boolean {
    return this.held > 0 || (this.loan !== null && this.loan.filled > 0);
  }

  /** There are bytes in the reader's loan. */
  get ready(): boolean {
    return this.loan !== null && this.loan.filled > 0;
  }

  /** The reader waits, and there is nothing left to come. */
  get atEnd(): boolean {
    return this.loan !== null && this.ended && this.drained && !this.unread;
  }

  /** The writer lends. */
  write(memory: LentMemory, pointer: number, length: number): void {
    if (length > 0) this.loans.push({ memory, own: null, pointer, length });
  }

  /** The reader lends. */
  read(memory: LentMemory, pointer: number, capacity: number): void {
    this.loan = { memory, pointer, capacity, filled: 0 };
  }

  /** Ends the reader's loan: how many bytes it got. */
  takeLoan(): number {
    const filled = this.loan?.filled ?? 0;
    this.loan = null;
    return filled;
  }

  /** Copies what the writer still lends, since its memory is about to go. */
  keep(): void {
    this.loans = this.loans.map((loan) => ({
      memory: null,
      own: source(loan, loan.length).slice(),
      pointer: 0,
      length: loan.length,
    }));
  }

  /** Forgets what the writer lends. */
  drop(): void {
    this.loans = [];
  }

  /** Moves what can move: how many bytes the writer has back. */
  flow(): number {
    this.fillFromBuffer();
    let taken = 0;
    while (true) {
      const first = this.loans[0];
      if (first === undefined) return taken;
      const part = this.takeFrom(first);
      if (part === 0) return taken;
      taken += part;
      first.pointer += part;
      first.length -= part;
      if (first.length === 0) this.loans.shift();
    }
  }

  private fillFromBuffer(): void {
    const { loan, buffer } = this;
    if (loan === null || buffer === null) return;
    while (this.held > 0 && loan.filled < loan.capacity) {
      const part = Math.min(this.held, loan.capacity - loan.filled, buffer.length - this.start);
      loan.memory.bytes(loan.pointer + loan.filled, part).set(buffer.subarray(this.start, this.start + part));
      loan.filled += part;
      this.start = (this.start + part) % buffer.length;
      this.held -= part;
    }
  }

  /** Copies from a loan to the reader's, which has room only once the buffer is empty, else to the buffer: bytes copied. */
  private takeFrom(first: WriterLoan): number {
    const { loan } = this;
    if (loan !== null && loan.filled < loan.capacity) {
      const part = Math.min(first.length, loan.capacity - loan.filled);
      loan.memory.bytes(loan.pointer + loan.filled, part).set(source(first, part));
      loan.filled += part;
      return part;
    }
    if (this.held === this.window) return 0;
    this.buffer ??= new Uint8Array(this.window);
    const end = (this.start + this.held) % this.window;
    const part = Math.min(first.length, this.window - this.held, this.window - end);
    this.buffer.set(source(first, part), end);
    this.held += part;
    return part;
  }
}

function source(loan: WriterLoan, length: number): Uint8Array {
  if (loan.own !== null) return loan.own.subarray(loan.pointer, loan.pointer + length);
  return loan.memory === null ? new Uint8Array(0) : loan.memory.bytes(loan.pointer, length);
}
