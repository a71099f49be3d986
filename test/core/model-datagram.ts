// The model of a UDP socket: section 5 of the table.

import {
  EADDRNOTAVAIL,
  EAFNOSUPPORT,
  EDESTADDRREQ,
  EINVAL,
  EMSGSIZE,
  ENOTCONN,
  EPIPE,
} from "../../assembly/shared/errno.js";
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLRDHUP } from "../../assembly/shared/poll.js";
import { type Expected, Model, READ, type Ready, type Reason, unready, WRITE } from "./model.js";
import type { Name } from "./names.js";

/** RFC 768 over IPv4. */
const LONGEST = 65507;

export class DatagramModel extends Model {
  readonly isSocket = true;
  readonly domain: number;
  /** The peer, by its port; 0 without an association. */
  peer = 0;
  error = 0;
  shut = 0;
  bound = false;
  /** A local port was chosen by bind(), connect() or the first send. */
  hasPort = false;
  /** Numbers and lengths of what came and was not read. */
  queue: { readonly number: number; readonly length: number }[] = [];

  constructor(domain: number) {
    super();
    this.domain = domain;
  }

  get name(): string {
    return `udp(peer ${this.peer}, error ${this.error}, shut ${this.shut}, ${this.queue.length} in)`;
  }

  take(): number {
    const error = this.error;
    this.error = 0;
    return error;
  }

  /** Rows 1.5 to 1.10, 5.12, 5.16: what is wrong with a name. */
  complaint(name: Name, portless: number): number {
    if (name.length < (this.domain === 1 ? 16 : 24)) return EINVAL;
    if (name.family !== "own") return EAFNOSUPPORT;
    return name.what === "port 0" ? portless : 0;
  }

  /** connect(2): its result, or null if the network is asked. */
  connect(name: Name): number | null {
    if (name.family === "unspec") {
      this.peer = 0;
      return 0;
    }
    const wrong = this.complaint(name, EADDRNOTAVAIL);
    // The manual: an invalid address dissolves the association (5.12, 5.14).
    if (wrong) this.peer = 0;
    return wrong ? -wrong : null;
  }

  /** A datagram came from `port` (5.4). */
  datagram(number: number, length: number, port: number): void {
    if (this.peer === 0 || this.peer === port) this.queue.push({ number, length });
  }

  /** ICMP said something (5.17, 5.19). */
  failed(errno: number): void {
    if (this.peer !== 0) this.error = errno;
  }

  ready(): Ready {
    let must = POLLOUT | (this.error ? POLLERR : 0);
    if (this.queue.length > 0) must |= POLLIN;
    if (this.shut & READ) must |= POLLIN | POLLRDHUP;
    if (this.shut === (READ | WRITE)) must |= POLLHUP;
    return { must, may: 0 };
  }

  receiveBlocks(): boolean {
    return this.error === 0 && this.queue.length === 0 && !(this.shut & READ);
  }

  receive(size: number, peek: boolean, reason: Reason): number {
    if (this.error) return -this.take();
    const [first] = this.queue;
    if (first === undefined) {
      // 5.27: a blocking receive does not wait for what cannot come, one that does not block says EAGAIN.
      return this.shut & READ && reason !== "now" ? 0 : unready(reason);
    }
    if (!peek) this.queue.shift();
    return Math.min(size, first.length);
  }

  sendBlocks(): boolean {
    return false;
  }

  /** sendto(2) up to the network: its result, or null if the network is asked. */
  sendTo(size: number, name: Name | null): number | null {
    if (size > LONGEST) return -EMSGSIZE;
    if (name !== null) {
      const wrong = this.complaint(name, EINVAL);
      if (wrong) return -wrong;
    } else if (this.peer === 0) return -EDESTADDRREQ;
    if (this.error) return -this.take();
    return this.shut & WRITE ? -EPIPE : null;
  }

  send(size: number): Expected {
    return this.sendTo(size, null) ?? size;
  }

  shutdown(how: number): number {
    this.shut |= how;
    return this.peer !== 0 ? 0 : -ENOTCONN;
  }
}
