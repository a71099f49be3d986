// AF_UNIX datagram sockets of a loopback network. Owns their names and their delivery, which loses nothing: a sender waits
// until the receiver's guest was told of what is under way.

import { EAFNOSUPPORT, ECONNREFUSED, EINVAL, EMSGSIZE, ENOTCONN, EPERM } from "../../assembly/shared/errno.js";
import type { Address, UnixAddress } from "../address.js";
import type { Fabric } from "./fabric.js";
import { NOBODY, type Owner, Socket } from "./socket.js";

const UNNAMED = new Uint8Array(0);
/** Longest datagram: Linux's net.core.wmem_default less its own share. */
const MAX_PAYLOAD = 212960;
/** Datagrams under way to one socket, as Linux's net.unix.max_dgram_qlen. */
const MAX_UNDER_WAY = 10;

interface Letter {
  readonly bytes: Uint8Array;
  readonly from: UnixAddress;
  /** Tells the sender how it went. */
  readonly tell: (errno: number) => void;
}

/** An AF_UNIX datagram socket. */
export class UnixDatagram extends Socket {
  private readonly fabric: Fabric;
  private path: Uint8Array = UNNAMED;
  private peer: UnixDatagram | null = null;
  private underWay = 0;
  private waiting: Letter[] = [];

  constructor(fabric: Fabric, owner: Owner, id: number, domain: number, type: number) {
    super(owner, id, domain, type, fabric.window);
    this.fabric = fabric;
  }

  private localAddress(): UnixAddress {
    return { family: "unix", path: this.path };
  }

  override bind(address: Address): void {
    const errno = this.path.length > 0 ? EINVAL : this.claim(address);
    this.owner.events.bound(this.id, errno, errno === 0 ? this.localAddress() : null);
  }

  private claim(address: Address): number {
    if (address.family !== "unix") return EAFNOSUPPORT;
    const name = this.fabric.names.bind(address.path, this);
    if (typeof name === "number") return name;
    this.path = name;
    return 0;
  }

  /** The socket behind a name that hears this one, or an errno: a connected one hears its peer only (spec 6.30). */
  private find(address: Address): UnixDatagram | number {
    if (address.family !== "unix") return EAFNOSUPPORT;
    const found = this.fabric.names.find(address.path, this.type);
    if (!(found instanceof UnixDatagram)) return typeof found === "number" ? found : ECONNREFUSED;
    return found.peer === null || found.peer === this ? found : EPERM;
  }

  override connect(address: Address): void {
    const found = this.find(address);
    this.peer = typeof found === "number" ? null : found;
    if (typeof found === "number") this.owner.events.failed(this.id, found);
    else this.owner.events.connected(this.id, this.localAddress(), found.localAddress());
  }

  override disconnect(): void {
    this.peer = null;
    this.owner.events.bound(this.id, 0, this.localAddress());
  }

  override sendto(pointer: number, length: number, address: Address | null): void {
    const to = length > MAX_PAYLOAD ? EMSGSIZE : this.destination(address);
    if (typeof to === "number") {
      this.owner.events.sent(this.id, to, length);
      return;
    }
    to.accept({
      bytes: this.owner.memory.bytes(pointer, length).slice(),
      from: this.localAddress(),
      tell: (errno) => this.owner.events.sent(this.id, errno, length),
    });
  }

  private destination(address: Address | null): UnixDatagram | number {
    if (address !== null) return this.find(address);
    const { peer } = this;
    if (peer === null) return ENOTCONN;
    if (peer.owner !== NOBODY) return peer.peer === null || peer.peer === this ? peer : EPERM;
    // The first send to a peer that has closed is ECONNREFUSED, from then on there is no peer (spec 6.32).
    this.peer = null;
    return ECONNREFUSED;
  }

  private accept(letter: Letter): void {
    if (this.underWay >= MAX_UNDER_WAY) {
      this.waiting.push(letter);
      return;
    }
    this.underWay++;
    letter.tell(0);
    this.fabric.queue.push(() => {
      this.underWay--;
      this.owner.events.datagram(this.id, letter.bytes, letter.from);
      const next = this.waiting.shift();
      if (next !== undefined) this.accept(next);
    });
  }

  override close(_reset: boolean): void {
    const { waiting } = this;
    this.waiting = [];
    if (this.path.length > 0) this.fabric.names.release(this.path, this);
    this.path = UNNAMED;
    this.peer = null;
    this.tellClosed();
    for (const letter of waiting) this.fabric.queue.push(() => letter.tell(ECONNREFUSED));
  }
}
