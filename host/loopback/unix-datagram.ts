// AF_UNIX datagram sockets of a loopback network. Owns their names, who hears whom, and nothing that is under way: that is
// mailbox.ts's, which loses nothing.

import {
  EAFNOSUPPORT,
  EAGAIN,
  ECONNREFUSED,
  EINVAL,
  EMSGSIZE,
  ENOTCONN,
  EOPNOTSUPP,
  EPERM,
  EPIPE,
} from "../../assembly/shared/errno.js";
import { SHUT_RD } from "../../assembly/shared/socket.js";
import type { Address, UnixAddress } from "../address.js";
import type { Fabric } from "./fabric.js";
import { Mailbox } from "./mailbox.js";
import { NOBODY, type Owner, Socket } from "./socket.js";

const UNNAMED = new Uint8Array(0);
/** Longest datagram: Linux's net.core.wmem_default less its own share. */
const MAX_PAYLOAD = 212960;
/** Datagrams that one socket holds unread: one more than Linux's net.unix.max_dgram_qlen. */
const MAX_UNREAD = 11;

/** An AF_UNIX datagram socket. */
export class UnixDatagram extends Socket {
  private readonly fabric: Fabric;
  private path: Uint8Array = UNNAMED;
  private peer: UnixDatagram | null = null;
  private readonly mailbox: Mailbox;
  private isDeaf = false;

  constructor(fabric: Fabric, owner: Owner, id: number, domain: number, type: number) {
    super(owner, id, domain, type, fabric.window);
    this.fabric = fabric;
    this.mailbox = new Mailbox(this, fabric, MAX_UNREAD);
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

  override sendto(pointer: number, length: number, address: Address | null, rights?: number): void {
    const to = length > MAX_PAYLOAD ? EMSGSIZE : this.destination(address);
    if (typeof to === "number") {
      this.owner.events.sent(this.id, to, length);
      return;
    }
    const isForeign = rights !== undefined && to.guest !== this.owner;
    if (to.isDeaf || isForeign) {
      this.owner.events.sent(this.id, to.isDeaf ? EPIPE : EOPNOTSUPP, length);
      return;
    }
    const bytes = this.owner.memory.bytes(pointer, length).slice();
    const isTaken = to.mailbox.deliver({ bytes, from: this.localAddress(), rights }, this);
    this.owner.events.sent(this.id, isTaken ? 0 : EAGAIN, length);
  }

  override receive(_pointer: number, count: number): void {
    this.mailbox.read(count);
  }

  override shutdown(how: number): void {
    if ((how & SHUT_RD) === 0) return;
    this.isDeaf = true;
    this.mailbox.wake();
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

  override close(_reset: boolean): void {
    if (this.path.length > 0) this.fabric.names.release(this.path, this);
    this.path = UNNAMED;
    this.peer = null;
    this.tellClosed();
    this.mailbox.close();
  }
}
