// UDP sockets of a loopback network: bind, associate, send, and who hears a datagram, groups and broadcast included. Owns
// no queue of datagrams beyond what is under way to a guest; that is bounded, and what does not fit is lost.

import {
  EACCES,
  EADDRINUSE,
  EADDRNOTAVAIL,
  ECONNREFUSED,
  EDESTADDRREQ,
  EINVAL,
  EMSGSIZE,
  ENETUNREACH,
  ENODEV,
} from "../../assembly/shared/errno.js";
import { AF_INET, AF_INET6 } from "../../assembly/shared/socket.js";
import type { Address } from "../address.js";
import type { Fabric } from "./fabric.js";
import { addressOf, isMulticast, isWildcard, keyOf, type Place, placeOf, wildcardOf } from "./place.js";
import { type Holder, hears } from "./ports.js";
import { errnoOfRoute } from "./routes.js";
import { type Owner, Socket } from "./socket.js";

/** Longest payload of UDP over IPv4 (RFC 768: 65535 - 8 - 20). */
const MAX_PAYLOAD = 65507;
/** Bytes under way to one socket, as Linux's net.core.rmem_default. */
const MAX_UNDER_WAY = 212992;
/** What a datagram counts for beyond its bytes, so that empty ones are bounded too. */
const OVERHEAD = 256;

/** A UDP socket. */
export class Udp extends Socket implements Holder {
  readonly listening = false;
  readonly isShared = false;
  local: Place | null = null;
  private readonly fabric: Fabric;
  /** What bind() named: the address (null: any) and whether it named the port. */
  private namedHost: Place | null = null;
  private namedPort = false;
  private peer: Place | null = null;
  private underWay = 0;
  private readonly groups = new Set<string>();

  constructor(fabric: Fabric, owner: Owner, id: number, domain: number, type: number) {
    super(owner, id, domain, type, fabric.window);
    this.fabric = fabric;
  }

  private localAddress(): Address {
    return addressOf(this.local ?? this.namedHost ?? wildcardOf(this.domain), this.domain);
  }

  private tellBound(errno: number): void {
    this.owner.events.bound(this.id, errno, errno === 0 ? this.localAddress() : null);
  }

  private setLocal(local: Place | null): void {
    if (this.local !== null) this.fabric.udp.remove(this, this.local.port);
    this.local = local;
    if (local !== null) this.fabric.udp.add(this, local.port);
  }

  override bind(address: Address): void {
    this.tellBound(this.local !== null ? EINVAL : this.claim(address));
  }

  private claim(address: Address): number {
    const place = placeOf(address, this.domain, this.onlySix);
    if (typeof place === "number") return place;
    const known =
      isWildcard(place) || this.fabric.isLocal(place) || isMulticast(place) || this.fabric.isBroadcast(place);
    if (!known) return EADDRNOTAVAIL;
    const errno = this.take(place, EADDRINUSE);
    if (errno !== 0) return errno;
    this.namedHost = isWildcard(place) ? null : { ...place, port: 0 };
    this.namedPort = place.port !== 0;
    return 0;
  }

  private take(place: Place, exhausted: number): number {
    const { udp } = this.fabric;
    const port = place.port === 0 ? udp.choose(place, this) : place.port;
    if (port === 0) return exhausted;
    if (udp.conflicts({ ...place, port }, this)) return EADDRINUSE;
    this.setLocal({ ...place, port });
    return 0;
  }

  /** Where a datagram to `asked` goes, or the errno of a route that is not there. */
  private route(asked: Place): Place | number {
    const host = asked.version === 4 ? "127.0.0.1" : "::1";
    const to = isWildcard(asked) ? { ...asked, host } : asked;
    const { fabric } = this;
    const toAll = fabric.isBroadcast(to);
    const errno = fabric.isLocal(to) ? 0 : this.routeErrno(to, toAll);
    if (errno !== 0) return errno;
    return toAll && !this.broadcast ? EACCES : to;
  }

  private routeErrno(to: Place, toAll: boolean): number {
    const { fabric } = this;
    const unbounded = isMulticast(to) || to.host === "255.255.255.255";
    // The broadcast address of a subnet is that subnet's.
    if (toAll && !unbounded) return 0;
    const route = fabric.routeTo(to);
    // Groups and all hosts need no route, but one may be there and fail.
    if (unbounded) return route === null ? 0 : errnoOfRoute(route);
    const errno = errnoOfRoute(route);
    return errno === 0 && this.namedHost !== null && fabric.isConfined(this.namedHost) ? EINVAL : errno;
  }

  override connect(address: Address): void {
    const asked = placeOf(address, this.domain, this.onlySix);
    const to = typeof asked === "number" ? asked : this.route(asked);
    const errno = typeof to === "number" ? to : this.associate(to);
    if (errno !== 0) {
      // The manual: an invalid address dissolves the association that was there (spec 5.12).
      this.peer = null;
      this.owner.events.failed(this.id, errno);
      return;
    }
    this.owner.events.connected(
      this.id,
      this.localAddress(),
      addressOf(this.peer ?? wildcardOf(this.domain), this.domain),
    );
  }

  private associate(to: Place): number {
    const host = this.namedHost?.host ?? this.fabric.sourceFor(to);
    if (this.namedHost !== null && this.namedHost.version !== to.version) return ENETUNREACH;
    const place = { version: to.version, host };
    if (this.local === null) {
      const errno = this.take({ ...place, port: 0 }, EADDRNOTAVAIL);
      if (errno !== 0) return errno;
    } else this.setLocal({ ...place, port: this.local.port });
    this.peer = to;
    return 0;
  }

  /** The address stays if bind() named one, and so does the port; all others go (spec 5.9, 5.10). */
  override disconnect(): void {
    this.peer = null;
    const host = this.namedHost ?? wildcardOf(this.domain);
    this.setLocal(this.namedPort && this.local !== null ? { ...host, port: this.local.port } : null);
    this.tellBound(0);
  }

  override sendto(pointer: number, length: number, address: Address | null): void {
    this.owner.events.sent(this.id, this.transmit(pointer, length, address), length);
  }

  private transmit(pointer: number, length: number, address: Address | null): number {
    if (length > MAX_PAYLOAD) return EMSGSIZE;
    let to: Place | number;
    if (address !== null) {
      const asked = placeOf(address, this.domain, this.onlySix);
      to = typeof asked === "number" ? asked : this.route(asked);
    } else to = this.peer ?? EDESTADDRREQ;
    if (typeof to === "number") return to;
    if (to.port === 0) return EINVAL;
    if (this.local === null) {
      const errno = this.take({ ...(this.namedHost ?? wildcardOf(this.domain)), port: 0 }, EADDRNOTAVAIL);
      if (errno !== 0) return errno;
      this.tellBound(0);
    }
    this.deliver(to, this.owner.memory.bytes(pointer, length).slice());
    return 0;
  }

  private deliver(to: Place, bytes: Uint8Array): void {
    const { local } = this;
    if (local === null) return;
    const from = isWildcard(local) ? { version: to.version, host: this.fabric.sourceFor(to), port: local.port } : local;
    const isMine = this.peer !== null && keyOf(this.peer) === keyOf(to);
    const many = isMulticast(to) || this.fabric.isBroadcast(to);
    // Lost, also where nobody is: of ICMP's errors udp(7) tells only the fatal ones, and host unreachable is none.
    if (!many && !this.fabric.isLocal(to)) return;
    const hearers = this.hearers(to, from);
    for (const hearer of hearers) hearer.hear(bytes, from);
    if (hearers.length === 0 && isMine && !many) {
      this.fabric.queue.push(() => this.owner.events.error(this.id, ECONNREFUSED));
    }
  }

  /** Who hears a datagram: of a group or broadcast all, else one. */
  private hearers(to: Place, from: Place): readonly Udp[] {
    const willing = this.fabric.udp.at(to.port).filter((holder): holder is Udp => {
      if (!(holder instanceof Udp) || holder.local === null || !hears(holder.local, holder.onlySix, to)) return false;
      return holder.peer === null || keyOf(holder.peer) === keyOf(from);
    });
    // ip(7), IP_MULTICAST_ALL: a socket hears every group that any socket of this host has joined.
    if (isMulticast(to)) return this.multicastLoop && this.fabric.isMember(to.host) ? willing : [];
    if (this.fabric.isBroadcast(to)) return willing;
    const best = Math.max(...willing.map((socket) => socket.rank()));
    const [first, ...others] = willing.filter((socket) => socket.rank() === best);
    if (first === undefined) return [];
    if (!first.reusePort || first.peer !== null) return [first];
    const sharers = [first, ...others.filter((socket) => socket.reusePort)];
    return sharers.slice(hashOf(`${keyOf(from)} ${keyOf(to)}`) % sharers.length).slice(0, 1);
  }

  /** How closely this socket is meant: by its peer, by its address, by its family. */
  private rank(): number {
    if (this.local === null) return -1;
    return (this.peer === null ? 0 : 4) + (isWildcard(this.local) ? 0 : 2) + (this.local.version === 6 ? 0 : 1);
  }

  private hear(bytes: Uint8Array, from: Place): void {
    const cost = bytes.length + OVERHEAD;
    if (this.underWay + cost > MAX_UNDER_WAY) return;
    this.underWay += cost;
    this.fabric.queue.push(() => {
      this.underWay -= cost;
      this.owner.events.datagram(this.id, bytes, addressOf(from, this.domain));
    });
  }

  override joinGroup(join: boolean, group: Address, via: Address | null): void {
    this.owner.events.option(this.id, this.changeMembership(join, group, via));
  }

  private changeMembership(join: boolean, group: Address, via: Address | null): number {
    const domain = group.family === "IPv4" ? AF_INET : AF_INET6;
    const place = placeOf(group, domain, false);
    if (typeof place === "number") return place;
    if (!isMulticast(place)) return EINVAL;
    if (!this.fabric.isInterface(via)) return ENODEV;
    const { host } = place;
    if (this.groups.has(host) === join) return join ? EADDRINUSE : EADDRNOTAVAIL;
    if (join) this.groups.add(host);
    else this.groups.delete(host);
    this.fabric.countMember(host, join ? 1 : -1);
    return 0;
  }

  override close(_reset: boolean): void {
    for (const host of this.groups) this.fabric.countMember(host, -1);
    this.groups.clear();
    this.setLocal(null);
    this.tellClosed();
  }
}

/** A number that depends on all of a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}
