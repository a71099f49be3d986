// The model of a TCP socket and of an AF_UNIX stream that the network serves: sections 0 to 4 and 6 of the table.

import {
  EADDRNOTAVAIL,
  EAFNOSUPPORT,
  EAGAIN,
  EALREADY,
  ECONNABORTED,
  ECONNRESET,
  EINPROGRESS,
  EINTR,
  EINVAL,
  EISCONN,
  ENOTCONN,
  EPIPE,
  ETIMEDOUT,
} from "../../assembly/shared/errno.js";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDHUP } from "../../assembly/shared/poll.js";
import { AF_INET, AF_UNIX } from "../../assembly/shared/socket.js";
import { type Expected, Model, READ, type Ready, type Reason, unready, WRITE } from "./model.js";
import type { Name } from "./names.js";

/** TCP_SYNCNT is 6: 1 + 2 + ... + 64 seconds (2.16). */
const ATTEMPT = 127_000;

export class StreamModel extends Model {
  readonly isSocket = true;
  readonly domain: number;
  /** SO_SNDBUF. */
  readonly room: number;
  state: "closed" | "connecting" | "connected" | "listening" = "closed";
  /** What connect(2) remembers: no call, an outcome that no connect() has told, told, or given up by shutdown() (3.18). */
  attempt: "none" | "untold" | "told" | "given up" = "none";
  /** SO_ERROR. */
  error = 0;
  shut = 0;
  /** The peer's FIN. */
  ended = false;
  /** Bytes that came and were not read; bytes that were sent and that the network has not taken. */
  unread = 0;
  outstanding = 0;
  /** Connections that wait for accept(). */
  pending: number[] = [];
  bound = false;
  /** When the attempt is given up. */
  deadline = Infinity;
  /** errno with which the network refused before the attempt began (3.21). */
  refused = 0;
  lingers = false;
  /** The error that an attempt forgets once it has begun. */
  #before = 0;

  constructor(domain: number, room: number) {
    super();
    this.domain = domain;
    this.room = room;
  }

  get isUnix(): boolean {
    return this.domain === AF_UNIX;
  }

  get name(): string {
    const shut = this.shut ? `, shut ${this.shut}` : "";
    return `${this.isUnix ? "unix" : "tcp"}(${this.state}, ${this.attempt}, error ${this.error}${shut}, ${this.unread} in, ${this.outstanding} out)`;
  }

  /** A socket that may connect anew (2.8, 3.15). */
  #fresh(): void {
    this.state = "closed";
    this.attempt = "none";
    this.shut = 0;
    this.ended = false;
    this.unread = 0;
    this.pending = [];
  }

  /** The one error, once. */
  take(): number {
    const error = this.error;
    this.error = 0;
    return error;
  }

  /** What both sides have ended is gone for the kernel, unless its last packets are under way: who can tell? */
  get isOver(): boolean {
    return !this.isUnix && this.state === "connected" && this.ended && (this.shut & WRITE) !== 0;
  }

  /** connect(2) up to its wait: its result, or null if an attempt begins. */
  connect(name: Name, now: number): Expected | null {
    if (name.family === "unspec" && !this.isUnix) {
      // 2.31 to 2.33, 3.7, 3.19.
      const quiet = this.isOver && this.outstanding === 0;
      if (this.state === "connecting" || (this.state === "connected" && !quiet)) this.error = ECONNRESET;
      this.#fresh();
      return 0;
    }
    const wrong = this.#complaint(name);
    // On AF_UNIX the kernel looks at the name first (6.19); POSIX wants EISCONN, and says nothing of the order.
    const either = (errno: number): Expected => (this.isUnix && wrong ? [-errno, -wrong] : -errno);
    if (this.state === "listening") return either(this.isUnix ? EINVAL : EISCONN);
    if (this.attempt === "told") return either(EISCONN);
    if (this.attempt === "given up") return -EINVAL;
    if (this.attempt === "untold") {
      if (this.state === "connecting") return -EALREADY;
      if (this.state === "closed") return -this.#outcome();
      this.attempt = "told";
      return -EISCONN;
    }
    if (wrong) return -wrong;
    this.state = "connecting";
    this.attempt = "untold";
    this.#before = this.take();
    this.refused = 0;
    this.deadline = this.isUnix ? Infinity : now + ATTEMPT;
    return null;
  }

  #complaint(name: Name): number {
    if (name.family === "unspec") return EINVAL;
    if (name.length < (this.domain === AF_INET ? 16 : this.isUnix ? 3 : 24)) return EINVAL;
    if (name.family !== "own") return EAFNOSUPPORT;
    if (name.what === "group") return EINVAL;
    return name.what === "port 0" ? EADDRNOTAVAIL : 0;
  }

  /** What connect() tells of an attempt that has failed (3.14, 3.15). */
  #outcome(): number {
    const error = this.take();
    this.#fresh();
    return error || ECONNABORTED;
  }

  get connectBlocks(): boolean {
    return this.state === "connecting";
  }

  /** What connect(2) gives once it need not wait, or did not. */
  connectResult(reason: Reason): number {
    if (this.refused) return -this.refused;
    if (!this.isUnix && reason === "now") return -EINPROGRESS;
    if (this.state === "connected") {
      this.attempt = "told";
      return 0;
    }
    if (this.state === "closed") return -this.#outcome();
    if (!this.isUnix) return reason === "signal" ? -EINTR : -EINPROGRESS;
    // 6.16 to 6.18: nothing continues.
    this.#fresh();
    return reason === "signal" ? -EINTR : -EAGAIN;
  }

  /** The network has connected. */
  connected(): void {
    this.state = "connected";
    this.deadline = Infinity;
  }

  /** The network has refused before anything began. */
  refuse(errno: number): void {
    this.state = "closed";
    this.attempt = "none";
    this.refused = errno;
    this.error = this.#before;
    this.deadline = Infinity;
  }

  /** An attempt or a connection broke. */
  failed(errno: number): void {
    this.deadline = Infinity;
    this.outstanding = 0;
    this.shut = READ | WRITE;
    if (this.state === "connecting") {
      this.state = "closed";
      this.error = errno;
    } else if (this.isUnix) {
      if (!this.ended) this.error = errno;
    } else {
      this.state = "closed";
      this.error = errno === ECONNRESET && this.ended ? EPIPE : errno;
    }
  }

  /** Time passes: an attempt ends with ETIMEDOUT. */
  tick(now: number): void {
    if (this.state === "connecting" && now >= this.deadline) this.failed(ETIMEDOUT);
  }

  ready(): Ready {
    if (this.state === "listening") {
      const shut = this.isUnix && this.shut & READ ? POLLIN | POLLRDHUP : 0;
      return { must: (this.pending.length > 0 ? POLLIN : 0) | shut, may: this.isUnix && this.shut === 3 ? POLLHUP : 0 };
    }
    let must = this.error ? POLLERR : 0;
    let may = 0;
    if (this.shut === (READ | WRITE) || this.state === "closed") must |= POLLHUP;
    if (this.shut & READ) must |= POLLIN | POLLRDHUP;
    if (this.state === "connecting") return { must, may };
    if (this.unread > 0) must |= POLLIN;
    if (this.shut & WRITE || this.state === "closed" || (this.room - this.outstanding) * 3 >= this.room)
      must |= POLLOUT;
    else if (this.outstanding < this.room) may |= POLLOUT;
    return { must, may };
  }

  get #isDry(): boolean {
    return this.ended || this.error !== 0 || (this.shut & READ) !== 0 || this.state === "closed";
  }

  receiveBlocks(size: number, all: boolean): boolean {
    if (this.state === "listening" || (this.isUnix && this.state === "closed")) return false;
    return (this.unread === 0 || (all && this.unread < size)) && !this.#isDry;
  }

  receive(size: number, peek: boolean, reason: Reason): number {
    if (this.state === "listening") return this.isUnix ? -EINVAL : -ENOTCONN;
    if (this.isUnix && this.state === "closed") return -EINVAL;
    if (this.unread > 0) {
      const part = Math.min(size, this.unread);
      if (peek) return part;
      this.unread -= part;
      this.received += part;
      return part;
    }
    if (this.ended) return 0;
    if (this.error) return -this.take();
    if (this.shut & READ) return 0;
    return this.state === "closed" ? -ENOTCONN : unready(reason);
  }

  /** Whether nothing can be sent. */
  get #isDumb(): boolean {
    return this.state !== "connected" || this.error !== 0 || (this.shut & WRITE) !== 0;
  }

  sendBlocks(size: number, done: number): boolean {
    if (this.state === "connecting") return true;
    return !this.#isDumb && done < size && this.outstanding >= this.room;
  }

  send(size: number, done: number, quiet: boolean, reason: Reason): Expected {
    if (done > 0) return done === size || this.#isDumb || this.outstanding >= this.room ? done : [];
    if (this.state === "connecting") return unready(reason);
    if (this.isUnix && this.state !== "connected") return -ENOTCONN;
    if (!this.#isDumb) return size === 0 ? 0 : this.outstanding >= this.room ? unready(reason) : [];
    // unix(7): what is shut is EPIPE at once, and the error stays for who receives.
    const error = this.isUnix && this.shut & WRITE ? 0 : this.take();
    if (error && error !== EPIPE) return -error;
    if (!quiet) this.onPipe();
    return -EPIPE;
  }

  shutdown(how: number): Expected {
    if (this.isUnix) {
      this.shut |= how;
      return 0;
    }
    if (this.attempt === "untold") {
      this.attempt = this.state === "connected" ? "told" : "given up";
    }
    if (this.state === "closed") {
      this.shut |= how;
      return -ENOTCONN;
    }
    if (this.state === "connecting") {
      // 3.6: aborted at once, then connectable.
      this.#fresh();
      this.error = ECONNRESET;
      return 0;
    }
    if (this.state === "listening") {
      if (how & READ) this.#fresh();
      return 0;
    }
    const over = this.isOver;
    this.shut |= how;
    return over ? [0, -ENOTCONN] : 0;
  }

  /** listen(2): its result, or null if the network is asked. */
  listen(): Expected | null {
    if (this.isUnix && !this.bound) return -EINVAL;
    if (this.state === "listening") return null;
    return this.state === "closed" && this.attempt === "none" ? null : -EINVAL;
  }

  /** The network's answer. */
  listens(): void {
    this.state = "listening";
  }

  get acceptBlocks(): boolean {
    return this.state === "listening" && this.pending.length === 0 && !(this.isUnix && this.shut & READ);
  }

  /** What accept(2) gives that has nothing to accept. */
  acceptResult(reason: Reason): Expected {
    if (this.state !== "listening") return -EINVAL;
    if (this.isUnix && this.shut & READ) return [-EINVAL, -EAGAIN];
    return unready(reason);
  }

  /** getpeername(2): whether there is one; null where the kernel's own timing says. */
  get hasPeer(): boolean | null {
    return this.isOver ? null : this.state === "connected";
  }
}
