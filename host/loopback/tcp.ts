// TCP sockets of a loopback network: addresses, ports, who answers a connection. Owns bind, connect and the lookup of a
// listener; the connection itself is stream.ts's.

import {
  EADDRINUSE,
  EADDRNOTAVAIL,
  ECONNREFUSED,
  EHOSTUNREACH,
  EINVAL,
  ENETUNREACH,
} from "../../assembly/shared/errno.js";
import type { Address } from "../address.js";
import { addressOf, isMulticast, isWildcard, type Place, placeOf, wildcardOf } from "./place.js";
import { type Holder, hears } from "./ports.js";
import { errnoOfRoute } from "./routes.js";
import { NOBODY } from "./socket.js";
import { Stream } from "./stream.js";

/** A TCP socket. */
export class Tcp extends Stream implements Holder {
  local: Place | null = null;
  /** What bind() or listen() named, which outlives a connection. */
  private named: Place | null = null;
  private peer: Place | null = null;
  /** connect() chose the port, which may have others for other peers. */
  isShared = false;
  private attempt = 0;
  /** When a caller was given to this listener last. */
  private served = 0;

  get listening(): boolean {
    return this.state === "listening";
  }

  override localAddress(): Address {
    return addressOf(this.local ?? wildcardOf(this.domain), this.domain);
  }

  override peerAddress(): Address {
    return addressOf(this.peer ?? wildcardOf(this.domain), this.domain);
  }

  override bind(address: Address): void {
    const errno = this.local !== null || this.state !== "idle" ? EINVAL : this.claim(address);
    this.owner.events.bound(this.id, errno, errno === 0 ? this.localAddress() : null);
  }

  private claim(address: Address): number {
    const place = placeOf(address, this.domain, this.onlySix);
    if (typeof place === "number") return place;
    // ip(7): an address of this host, of a group or of all; nobody can be connected through the latter two.
    const { fabric } = this;
    const known = isWildcard(place) || fabric.isLocal(place) || isMulticast(place) || fabric.isBroadcast(place);
    if (!known) return EADDRNOTAVAIL;
    return this.take(place) ? 0 : EADDRINUSE;
  }

  /** Takes an address for good; port 0 means any. */
  private take(place: Place): boolean {
    const { tcp } = this.fabric;
    const port = place.port === 0 ? tcp.choose(place, this) : place.port;
    if (port === 0 || tcp.conflicts({ ...place, port }, this)) return false;
    this.named = { ...place, port };
    this.setLocal(this.named);
    return true;
  }

  private setLocal(local: Place | null): void {
    if (this.local !== null) this.fabric.tcp.remove(this, this.local.port);
    this.local = local;
    if (local !== null) this.fabric.tcp.add(this, local.port);
  }

  protected override prepareListen(): number {
    if (this.local === null) return this.take(wildcardOf(this.domain)) ? 0 : EADDRINUSE;
    return this.fabric.tcp.conflicts(this.local, this) ? EADDRINUSE : 0;
  }

  override connect(address: Address): void {
    if (!this.mayConnect()) return;
    const to = placeOf(address, this.domain, this.onlySix);
    const errno = typeof to === "number" ? to : this.start(to);
    if (errno !== 0) this.owner.events.failed(this.id, errno);
  }

  /** Begins an attempt: 0, or the errno that connect(2) gives at once. */
  private start(asked: Place): number {
    const { fabric } = this;
    const host = asked.version === 4 ? "127.0.0.1" : "::1";
    const to = isWildcard(asked) ? { ...asked, host } : asked;
    // The manual page: EINVAL, whatever the routes say (2.25).
    if (isMulticast(to) || fabric.isBroadcast(to)) return EINVAL;
    const route = fabric.isLocal(to) ? "local" : fabric.routeTo(to);
    const errno = route === "local" ? 0 : errnoOfRoute(route);
    if (errno !== 0) return errno;
    const source = { version: to.version, host: fabric.sourceFor(to) };
    const { named } = this;
    let local: Place;
    if (named === null) {
      // Never the port that is called, or a client whose server is not there yet could reach itself.
      const port = fabric.tcp.choose({ ...source, port: 0 }, this, to.port, (local) => {
        return fabric.connection(local, to) === undefined;
      });
      if (port === 0) return EADDRNOTAVAIL;
      local = { ...source, port };
    } else if (isWildcard(named)) local = { ...source, port: named.port };
    else if (named.version === to.version) local = named;
    else return ENETUNREACH;
    if (route !== "local" && named !== null && fabric.isConfined(named)) return EINVAL;
    if (fabric.connection(local, to) !== undefined) return EADDRINUSE;
    this.setLocal(local);
    this.isShared = named === null;
    this.peer = to;
    fabric.addConnection(this, local, to);
    this.setState("connecting");
    this.owner.events.bound(this.id, 0, this.localAddress());
    const attempt = ++this.attempt;
    if (route === "silent") return 0;
    fabric.queue.push(() => {
      if (!this.attempts(attempt)) return;
      if (route === "local") this.arrive(attempt, local, to);
      else this.fail(EHOSTUNREACH);
    });
    return 0;
  }

  private attempts(attempt: number): boolean {
    return this.state === "connecting" && this.attempt === attempt;
  }

  /** The first segment reaches the other side. */
  private arrive(attempt: number, local: Place, to: Place): void {
    const other = this.fabric.connection(to, local);
    if (other?.state === "connecting") {
      // Both call each other, or one calls itself (RFC 9293, 3.5: simultaneous open).
      this.join(other);
      this.established();
      if (other !== this) other.established();
      return;
    }
    const listener = listenerAt(this.fabric.tcp.at(to.port), to);
    if (listener === undefined || listener.backlog === null) {
      this.fail(ECONNREFUSED);
      return;
    }
    listener.served = this.fabric.tick();
    listener.backlog.offer({
      stream: this,
      wants: () => this.attempts(attempt),
      accepted: () => this.established(),
      refused: (errno) => this.fail(errno),
    });
  }

  override embryo(client: Stream): Stream {
    const stream = new Tcp(this.fabric, NOBODY, 0, this.domain, this.type);
    stream.window = this.window;
    stream.reuse = this.reuse;
    stream.reusePort = this.reusePort;
    stream.onlySix = this.onlySix;
    if (client instanceof Tcp && client.local !== null && client.peer !== null) {
      stream.setLocal(client.peer);
      stream.peer = client.local;
      this.fabric.addConnection(stream, client.peer, client.local);
    }
    return stream;
  }

  protected override releaseConnection(): void {
    if (this.local !== null && this.peer !== null) this.fabric.removeConnection(this, this.local, this.peer);
    this.peer = null;
    this.isShared = false;
    if (this.local !== this.named) this.setLocal(this.named);
  }

  protected override releaseName(): void {
    this.named = null;
    this.setLocal(null);
  }

  /**
   * Whether this listener goes before another for callers of `to`: one bound to the very address before one bound to a
   * wildcard; those that share an address by SO_REUSEPORT take turns, the oldest first.
   */
  goesBefore(other: Tcp, to: Place): boolean {
    const rank = this.rank(to) - other.rank(to);
    return rank > 0 || (rank === 0 && this.served <= other.served);
  }

  private rank(to: Place): number {
    if (this.local === null) return 0;
    return (isWildcard(this.local) ? 0 : 2) + (this.local.version === to.version ? 1 : 0);
  }
}

/** Who listens at a place; `holders` come newest first. */
function listenerAt(holders: readonly Holder[], to: Place): Tcp | undefined {
  let best: Tcp | undefined;
  for (const holder of holders) {
    if (!(holder instanceof Tcp) || !holder.listening || holder.local === null) continue;
    if (!hears(holder.local, holder.onlySix, to)) continue;
    if (best === undefined || holder.goesBefore(best, to)) best = holder;
  }
  return best;
}
