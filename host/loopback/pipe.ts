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
  /** Which byte of the pipe its first is. */
  readonly base: number;
  filled: number;
}

/** Descriptors that go with bytes [start, end) of the pipe. */
interface Stretch {
  readonly token: number;
  readonly start: number;
  readonly end: number;
}

/** What a reader's loan comes back with. */
export interface Delivery {
  readonly length: number;
  /** Descriptors that come with the bytes from `offset` on. */
  readonly rights: number | undefined;
  readonly offset: number;
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
  /** Bytes that the writer has lent, and that the reader has had, of all time. */
  private lent = 0;
  private delivered = 0;
  /** What is attached to bytes that the reader was not told of, in their order. */
  private stretches: Stretch[] = [];

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
    if (length === 0) return;
    this.loans.push({ memory, own: null, pointer, length });
    this.lent += length;
  }

  /** Descriptors that go with the next `length` bytes. */
  attach(token: number, length: number): void {
    this.stretches.push({ token, start: this.lent, end: this.lent + length });
  }

  /** Gives up what nobody will read: the tokens. */
  takeRights(): number[] {
    return this.stretches.splice(0).map(({ token }) => token);
  }

  /** The reader lends. */
  read(memory: LentMemory, pointer: number, capacity: number): void {
    this.loan = { memory, pointer, capacity, base: this.delivered, filled: 0 };
  }

  /** Ends the reader's loan: what it got. */
  takeLoan(): Delivery {
    const { base, filled: length } = this.loan ?? { base: 0, filled: 0 };
    this.loan = null;
    this.delivered += length;
    const first = this.stretches[0];
    if (first === undefined || first.start >= this.delivered) return { length, rights: undefined, offset: 0 };
    this.stretches.shift();
    return { length, rights: first.token, offset: first.start - base };
  }

  /** Bytes that still go into a loan: no read goes beyond the end of what descriptors come with. */
  private roomIn(loan: ReaderLoan): number {
    const end = this.stretches[0]?.end ?? Number.POSITIVE_INFINITY;
    return Math.min(loan.capacity, end - loan.base) - loan.filled;
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
    while (this.held > 0 && this.roomIn(loan) > 0) {
      const part = Math.min(this.held, this.roomIn(loan), buffer.length - this.start);
      loan.memory.bytes(loan.pointer + loan.filled, part).set(buffer.subarray(this.start, this.start + part));
      loan.filled += part;
      this.start = (this.start + part) % buffer.length;
      this.held -= part;
    }
  }

  /** Copies from a loan to the reader's, which has room only once the buffer is empty, else to the buffer: bytes copied. */
  private takeFrom(first: WriterLoan): number {
    const { loan } = this;
    const room = loan === null ? 0 : this.roomIn(loan);
    if (loan !== null && room > 0) {
      const part = Math.min(first.length, room);
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
