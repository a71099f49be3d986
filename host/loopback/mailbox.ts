// What one AF_UNIX socket has been sent in pieces and its guest has not read: datagrams, or records of SOCK_SEQPACKET. Owns
// the bound, and who is told when there is room again.

import type { Address } from "../address.js";
import type { Fabric } from "./fabric.js";
import { NOBODY, type Socket } from "./socket.js";

/** Bytes of a mailbox: Linux's net.core.wmem_default. */
const BYTES = 212992;
/** What a piece counts beside its bytes. */
const OVERHEAD = 256;

/** A datagram or record. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly from: Address;
  /** Descriptors that come with it. */
  readonly rights: number | undefined;
}

/** A mailbox. */
export class Mailbox {
  private readonly owner: Socket;
  private readonly fabric: Fabric;
  private readonly most: number;
  /** Bytes of each piece that is not read, in order. */
  private readonly sizes: number[] = [];
  private total = 0;
  /** What came before a guest had adopted the socket. */
  private readonly held: Piece[] = [];
  /** Senders that found no room. */
  private waiting = new Set<Socket>();

  /** `most` pieces at the same time. */
  constructor(owner: Socket, fabric: Fabric, most: number) {
    this.owner = owner;
    this.fabric = fabric;
    this.most = most;
  }

  /** Delivers a piece: false if there is no room, of which the sender is told once there is. */
  deliver(piece: Piece, sender: Socket): boolean {
    const size = piece.bytes.length + OVERHEAD;
    if (this.sizes.length >= this.most || this.total >= BYTES) {
      this.waiting.add(sender);
      return false;
    }
    this.sizes.push(size);
    this.total += size;
    if (this.owner.owner === NOBODY) this.held.push(piece);
    else this.tell(piece);
    return true;
  }

  private tell({ bytes, from, rights }: Piece): void {
    this.fabric.queue.push(() => {
      const { owner, id, guest } = this.owner;
      if (owner === NOBODY && rights !== undefined) guest.events.lost(rights);
      owner.events.datagram(id, bytes, from, rights);
    });
  }

  /** The socket has a guest now. */
  adopted(): void {
    for (const piece of this.held.splice(0)) this.tell(piece);
  }

  /** Whether pieces wait to be read. */
  get hasUnread(): boolean {
    return this.sizes.length > 0;
  }

  /** The guest has read so many pieces. */
  read(count: number): void {
    for (const size of this.sizes.splice(0, count)) this.total -= size;
    if (this.sizes.length < this.most && this.total * 2 <= BYTES) this.wake();
  }

  /** Nobody will read any more. */
  close(): void {
    for (const piece of this.held.splice(0)) this.tell(piece);
    this.wake();
  }

  /** Whoever waits may try again: there is room, or nobody to read any more. */
  wake(): void {
    const { waiting } = this;
    this.waiting = new Set();
    for (const sender of waiting) this.fabric.queue.push(() => sender.owner.events.error(sender.id, 0));
  }
}
