// AF_UNIX SOCK_SEQPACKET sockets of a loopback network: the connections of unix-stream.ts, with records in place of bytes.
// Owns the records' way; ends and breaks go the stream's way, in which no byte ever is.

import { EAGAIN, EMSGSIZE, EOPNOTSUPP, EPIPE } from "../../assembly/shared/errno.js";
import { SHUT_RD } from "../../assembly/shared/socket.js";
import type { Address } from "../address.js";
import type { Fabric } from "./fabric.js";
import { Mailbox } from "./mailbox.js";
import { NOBODY, type Owner } from "./socket.js";
import { UnixStream } from "./unix-stream.js";

/** Longest record, as of a datagram. */
const MAX_PAYLOAD = 212960;

/** An AF_UNIX socket of records. */
export class UnixRecord extends UnixStream {
  private readonly mailbox: Mailbox;
  private isDeaf = false;

  constructor(fabric: Fabric, owner: Owner, id: number, domain: number, type: number) {
    super(fabric, owner, id, domain, type);
    this.mailbox = new Mailbox(this, fabric, Number.POSITIVE_INFINITY);
  }

  protected override newConnection(): UnixStream {
    return new UnixRecord(this.fabric, NOBODY, 0, this.domain, this.type);
  }

  override sendto(pointer: number, length: number, _to: Address | null, rights?: number): void {
    // The core asks for nothing of a connection that it knows is broken.
    this.settleBreak();
    const errno = length > MAX_PAYLOAD ? EMSGSIZE : this.pass(pointer, length, rights);
    this.owner.events.sent(this.id, errno, length);
  }

  private pass(pointer: number, length: number, rights: number | undefined): number {
    // The core knows what was never connected: this one was, until a moment ago.
    if (this.state !== "connected") return EPIPE;
    const mate = this.other;
    if (!(mate instanceof UnixRecord) || mate.isDeaf || mate.state !== "connected") return EPIPE;
    if (rights !== undefined && mate.guest !== this.owner) return EOPNOTSUPP;
    const bytes = this.owner.memory.bytes(pointer, length).slice();
    return mate.mailbox.deliver({ bytes, from: this.localAddress(), rights }, this) ? 0 : EAGAIN;
  }

  override adopt(owner: Owner, id: number): void {
    super.adopt(owner, id);
    this.mailbox.adopted();
  }

  override receive(pointer: number, capacity: number): void {
    if (capacity === 0) super.receive(pointer, 0);
    else this.mailbox.read(capacity);
  }

  override shutdown(how: number): void {
    if ((how & SHUT_RD) !== 0) {
      this.isDeaf = true;
      this.mailbox.wake();
    }
    super.shutdown(how);
  }

  override close(reset: boolean): void {
    super.close(reset || this.mailbox.hasUnread);
    this.mailbox.close();
  }
}
