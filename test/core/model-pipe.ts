// The model of a pipe's ends and of standard input and output.

import { EBADF, EPIPE } from "../../assembly/shared/errno.js";
import { POLLERR, POLLHUP, POLLIN, POLLOUT } from "../../assembly/shared/poll.js";
import { type Expected, Model, type Ready, type Reason, unready } from "./model.js";

/** pipe(7): 16 pages. */
const CAPACITY = 65536;
const PIPE_BUF = 4096;

/** What both ends share. */
export class PipeModel {
  unread = 0;
  /** Where the next byte to be read and to be written stands in all that went through. */
  read = 0;
  written = 0;
  hasReader = true;
  hasWriter = true;
}

export class PipeEnd extends Model {
  readonly isSocket = false;
  readonly pipe: PipeModel;
  readonly writes: boolean;

  constructor(pipe: PipeModel, writes: boolean) {
    super();
    this.pipe = pipe;
    this.writes = writes;
  }

  get name(): string {
    return `pipe-${this.writes ? "write" : "read"}(${this.pipe.unread} in)`;
  }

  ready(): Ready {
    const { pipe } = this;
    if (!this.writes) return { must: (pipe.unread > 0 ? POLLIN : 0) | (pipe.hasWriter ? 0 : POLLHUP), may: 0 };
    const room = CAPACITY - pipe.unread;
    return {
      must: (room >= PIPE_BUF ? POLLOUT : 0) | (pipe.hasReader ? 0 : POLLERR),
      may: room > 0 ? POLLOUT : 0,
    };
  }

  receiveBlocks(size: number): boolean {
    return !this.writes && size > 0 && this.pipe.unread === 0 && this.pipe.hasWriter;
  }

  receive(size: number, _peek: boolean, reason: Reason): number {
    if (this.writes) return -EBADF;
    const { pipe } = this;
    if (size === 0 || (pipe.unread === 0 && !pipe.hasWriter)) return 0;
    if (pipe.unread === 0) return unready(reason);
    const part = Math.min(size, pipe.unread);
    pipe.unread -= part;
    pipe.read += part;
    return part;
  }

  /** A write of no more than PIPE_BUF is all or nothing (POSIX write). */
  #isFullFor(size: number): boolean {
    const room = CAPACITY - this.pipe.unread;
    return size <= PIPE_BUF ? room < size : room === 0;
  }

  sendBlocks(size: number): boolean {
    return (
      this.writes && size > 0 && this.pipe.hasReader && (this.#isFullFor(size) || CAPACITY - this.pipe.unread < size)
    );
  }

  send(size: number, _done: number, _quiet: boolean, reason: Reason): Expected {
    if (!this.writes) return -EBADF;
    const { pipe } = this;
    if (size === 0) return 0;
    if (!pipe.hasReader) {
      this.onPipe();
      return -EPIPE;
    }
    if (this.#isFullFor(size)) return unready(reason);
    const part = Math.min(size, CAPACITY - pipe.unread);
    pipe.unread += part;
    pipe.written += part;
    return part;
  }

  override close(): void {
    if (this.writes) this.pipe.hasWriter = false;
    else this.pipe.hasReader = false;
  }
}

/** Standard input, output and error: streams in both directions that are no sockets. */
export class TerminalModel extends Model {
  readonly isSocket = false;
  readonly index: number;
  readonly room: number;
  unread = 0;
  outstanding = 0;

  constructor(index: number, room: number) {
    super();
    this.index = index;
    this.room = room;
  }

  get name(): string {
    return `terminal${this.index}(${this.unread} in, ${this.outstanding} out)`;
  }

  ready(): Ready {
    const room = this.room - this.outstanding;
    return {
      must: (this.unread > 0 ? POLLIN : 0) | (room * 3 >= this.room ? POLLOUT : 0),
      may: room > 0 ? POLLOUT : 0,
    };
  }

  receiveBlocks(size: number): boolean {
    return size > 0 && this.unread === 0;
  }

  receive(size: number, _peek: boolean, reason: Reason): number {
    if (size === 0) return 0;
    if (this.unread === 0) return unready(reason);
    const part = Math.min(size, this.unread);
    this.unread -= part;
    this.received += part;
    return part;
  }

  sendBlocks(size: number, done: number): boolean {
    return done < size && this.outstanding >= this.room;
  }

  send(size: number, done: number, _quiet: boolean, reason: Reason): Expected {
    if (done > 0) return done === size || this.outstanding >= this.room ? done : [];
    return size === 0 ? 0 : this.outstanding >= this.room ? unready(reason) : [];
  }
}
