// The model of the ends of a socketpair(2): streams, datagrams, records (SOCK_SEQPACKET).

import { ECONNREFUSED, ECONNRESET, EMSGSIZE, ENOTCONN, EPIPE } from "../../assembly/shared/errno.js";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDHUP } from "../../assembly/shared/poll.js";
import { SOCK_DGRAM, SOCK_STREAM } from "../../assembly/shared/socket.js";
import { type Expected, Model, READ, type Ready, type Reason, unready, WRITE } from "./model.js";

/** net.core.wmem_default less what a piece costs. */
const LONGEST = 212960;

export class PairModel extends Model {
  readonly isSocket = true;
  readonly type: number;
  /** How much the other end takes before it is full: bytes of a stream, at least one piece of the others. */
  readonly room: number;
  mate: PairModel | null = null;
  /** A stream's unread bytes. */
  unread = 0;
  /** Numbers and lengths of unread pieces. */
  queue: { readonly number: number; readonly length: number }[] = [];
  error = 0;
  shut = 0;
  /** connect(2)'s association: a datagram's is lost with the first send that finds nobody (6.32). */
  hasPeer = true;

  constructor(type: number, room: number) {
    super();
    this.type = type;
    this.room = room;
  }

  get name(): string {
    const kind = this.type === SOCK_STREAM ? "stream" : this.type === SOCK_DGRAM ? "datagram" : "record";
    const mate = this.mate === null ? ", alone" : "";
    return `pair-${kind}(error ${this.error}, shut ${this.shut}, ${this.unread + this.queue.length} in${mate})`;
  }

  take(): number {
    const error = this.error;
    this.error = 0;
    return error;
  }

  get #isDatagram(): boolean {
    return this.type === SOCK_DGRAM;
  }

  get #hasUnread(): boolean {
    return this.unread > 0 || this.queue.length > 0;
  }

  /** Whether what the other end has not read is too much for more. Null: that is the kernel's own business. */
  get isFull(): boolean | null {
    const mate = this.mate;
    if (mate === null || !mate.#hasUnread) return false;
    if (this.type !== SOCK_STREAM) return null;
    return mate.unread >= this.room ? true : mate.unread * 3 < this.room ? false : null;
  }

  ready(): Ready {
    let must = this.error ? POLLERR : 0;
    let may = 0;
    if (this.#hasUnread) must |= POLLIN;
    if (this.shut & READ) must |= POLLIN | POLLRDHUP;
    if (this.shut === (READ | WRITE)) must |= POLLHUP;
    const full = this.isFull;
    if (full === false) must |= POLLOUT;
    else if (full === null || this.shut & WRITE) may |= POLLOUT;
    return { must, may };
  }

  receiveBlocks(size: number, all: boolean): boolean {
    if (this.#isDatagram) return this.error === 0 && this.queue.length === 0 && !(this.shut & READ);
    if (this.type !== SOCK_STREAM) return !this.#hasUnread && this.error === 0 && !(this.shut & READ);
    return (this.unread === 0 || (all && this.unread < size)) && this.error === 0 && !(this.shut & READ);
  }

  receive(size: number, peek: boolean, reason: Reason): number {
    if (this.unread > 0) {
      const part = Math.min(size, this.unread);
      if (peek) return part;
      this.unread -= part;
      this.received += part;
      return part;
    }
    if (this.error) return -this.take();
    const [first] = this.queue;
    if (first !== undefined) {
      if (!peek) this.queue.shift();
      return Math.min(size, first.length);
    }
    if (this.shut & READ && (reason !== "now" || !this.#isDatagram)) return 0;
    return unready(reason);
  }

  sendBlocks(size: number): boolean {
    if (this.shut & WRITE || this.error !== 0 || this.mate === null || this.#isTooLong(size)) return false;
    if (this.#isDatagram && this.mate.shut & READ) return false;
    // Nobody else reads while this process waits: what does not fit now never will.
    return this.type === SOCK_STREAM ? size > this.room - this.mate.unread : this.isFull !== false;
  }

  #isTooLong(size: number): boolean {
    return this.type !== SOCK_STREAM && size > LONGEST;
  }

  /** What keeps a send from sending, if anything does. */
  #complaint(size: number): number {
    if (this.#isDatagram && !this.hasPeer) return ENOTCONN;
    // unix(7): what is shut is EPIPE at once on a stream, and the error stays; elsewhere the error comes first.
    if (this.type !== SOCK_STREAM && this.error) return this.take();
    if (this.shut & WRITE) return EPIPE;
    if (this.error) return this.take();
    if (this.#isTooLong(size)) return EMSGSIZE;
    if (this.mate === null) return this.#isDatagram ? ECONNREFUSED : EPIPE;
    return this.#isDatagram && this.mate.shut & READ ? EPIPE : 0;
  }

  /** `actual` decides how much a pair takes that is neither empty nor full. */
  settle(size: number, actual: number, quiet: boolean, reason: Reason): Expected {
    const wrong = this.#complaint(size);
    if (wrong === EPIPE && this.type === SOCK_STREAM && !quiet) this.onPipe();
    if (wrong === ECONNREFUSED) this.#forget();
    if (wrong) return -wrong;
    if (size === 0 && this.type === SOCK_STREAM) return 0;
    const full = this.isFull;
    if (actual < 0) return full === false ? size : unready(reason);
    if (this.type !== SOCK_STREAM) return full === true ? [] : size;
    const least = Math.min(size, this.room - (this.mate?.unread ?? 0));
    return actual === least ? actual : [];
  }

  /** 6.32: nobody is there any more, and what was unread goes with the association. */
  #forget(): void {
    this.hasPeer = false;
    this.queue = [];
  }

  /** connect(2) with AF_UNSPEC (6.24, 6.26): what was unread is lost, and the other end is told if it was its peer. */
  dissolve(): void {
    if (!this.hasPeer) return;
    if (this.queue.length > 0 && this.mate?.hasPeer) this.mate.error = ECONNRESET;
    this.#forget();
  }

  send(size: number, done: number, quiet: boolean, reason: Reason): Expected {
    return this.settle(size, done, quiet, reason);
  }

  /** The other end has got `length` bytes. */
  deliver(number: number, length: number): void {
    if (this.mate === null) return;
    if (this.type === SOCK_STREAM) this.mate.unread += length;
    else this.mate.queue.push({ number, length });
  }

  shutdown(how: number): number {
    this.shut |= how;
    if (this.mate !== null && !this.#isDatagram) {
      if (how & READ) this.mate.shut |= WRITE;
      if (how & WRITE) this.mate.shut |= READ;
    }
    return 0;
  }

  override close(): void {
    const mate = this.mate;
    this.mate = null;
    if (mate === null) return;
    mate.mate = null;
    if (this.#isDatagram) return;
    mate.shut = READ | WRITE;
    if (this.#hasUnread) mate.error = ECONNRESET;
  }
}
