// What the guests of one loopback network share: the queue of events, the local addresses, the ports, the connections,
// the AF_UNIX names, the tokens. Owns the state; the rules are in the files of what is stored.

import type { Address } from "../address.js";
import type { Backlog } from "./backlog.js";
import { isBroadcast, isWildcard, keyOf, type Place, parseHost } from "./place.js";
import { Ports } from "./ports.js";
import { Queue } from "./queue.js";
import { broadcastOf, parseRange, sourceOn, type Range, type Route, Routes, type RouteTable } from "./routes.js";
import type { Owner } from "./socket.js";
import type { Stream } from "./stream.js";
import type { Tcp } from "./tcp.js";
import { UnixNames } from "./unix-names.js";

/** What a fabric is made with; LoopbackOptions says what each means. */
export interface FabricOptions {
  readonly addresses: readonly string[];
  readonly window: number;
  readonly ports: readonly [number, number];
  readonly routes: RouteTable;
}

/** Answers for whatever is sent to 127.0.0.0/8, ::1 and the addresses that it was given. */
export class Fabric {
  readonly queue: Queue = new Queue();
  readonly window: number;
  readonly tcp: Ports;
  readonly udp: Ports;
  readonly names: UnixNames = new UnixNames();
  private readonly hosts = new Set<string>();
  private readonly firstHost = new Map<number, string>();
  /** The subnets of its addresses, with the address in each. */
  private readonly links: Range[] = [];
  private readonly broadcasts = new Set<string>();
  private readonly routes: Routes;
  private readonly connections = new Map<string, Tcp>();
  private readonly tokens = new Map<number, Backlog>();
  private lastToken = 0;
  private ticks = 0;
  /** Groups that sockets have joined, and how many. */
  private readonly members = new Map<string, number>();

  constructor(options: FabricOptions) {
    this.window = options.window;
    this.tcp = new Ports(...options.ports);
    this.udp = new Ports(...options.ports);
    for (const text of options.addresses) this.addAddress(text);
    this.routes = new Routes(options.routes, this.links);
    for (const { network, bits } of this.routes.given) {
      const [version, host] = [network.kind() === "ipv4" ? (4 as const) : (6 as const), network.toString()];
      // One that is all of this network's own would never be asked.
      const own = version === 4 && host.startsWith("127.") && bits >= 8;
      if (own || (bits === (version === 4 ? 32 : 128) && this.isLocal({ version, host, port: 0 }))) {
        throw new TypeError(`loopbackNetwork: routes has ${host}/${bits}, which is this network's own`);
      }
    }
  }

  private addAddress(text: string): void {
    const parsed = parseHost(text.replace(/\/.*$/, ""));
    const range = parseRange(text);
    if (parsed === null || range === null || isWildcard(parsed)) {
      throw new TypeError(
        `loopbackNetwork: ${JSON.stringify(text)} is not an IP address; write one like "10.0.0.1" or "10.0.0.1/24"`,
      );
    }
    this.hosts.add(parsed.host);
    if (!this.firstHost.has(parsed.version)) this.firstHost.set(parsed.version, parsed.host);
    if (!text.includes("/")) return;
    this.links.push(range);
    const broadcast = broadcastOf(range);
    if (broadcast !== null) this.broadcasts.add(broadcast);
  }

  /** Whether this network answers for a host. */
  isLocal(place: Place): boolean {
    if (place.version === 4 && place.host.startsWith("127.")) return true;
    return place.host === "::1" || this.hosts.has(place.host);
  }

  /** Whether an address means all hosts: of this machine, of a subnet or anywhere. */
  isBroadcast(place: Place): boolean {
    return isBroadcast(place) || this.broadcasts.has(place.host);
  }

  /** The route to what is not local, or null where none leads. */
  routeTo(to: Place): Route | null {
    return this.routes.find(to);
  }

  /** Whether a local address may not be left with: ip(7), 127.0.0.0/8 and ::1 stay on this host. */
  isConfined(local: Pick<Place, "version" | "host">): boolean {
    return local.host === "::1" || (local.version === 4 && local.host.startsWith("127."));
  }

  /** Whether an interface is named that is here: by an address or, in IPv6, by the index; none and 0 mean any. There is one. */
  isInterface(via: Address | null): boolean {
    if (via === null || via.family === "unix") return true;
    if (via.family === "IPv6") return (via.scopeId ?? 0) <= 1;
    return via.address === "0.0.0.0" || this.isLocal({ version: 4, host: via.address, port: 0 });
  }

  /** The address that a route to `to` starts from. */
  sourceFor(to: Place): string {
    if (this.hosts.has(to.host)) return to.host;
    const loopback = to.version === 4 ? "127.0.0.1" : "::1";
    if (this.isLocal(to) || to.host === "127.255.255.255") return loopback;
    return sourceOn(this.links, to.host) ?? this.firstHost.get(to.version) ?? loopback;
  }

  /** A number that grows with each call. */
  tick(): number {
    return ++this.ticks;
  }

  /** One socket more, or less, is a member of a group. */
  countMember(host: string, change: 1 | -1): void {
    const count = (this.members.get(host) ?? 0) + change;
    if (count > 0) this.members.set(host, count);
    else this.members.delete(host);
  }

  /** Whether this network takes what is sent to a group: a socket is a member, or it is that of all hosts (RFC 1112, RFC 4291). */
  isMember(host: string): boolean {
    return this.members.has(host) || host === "224.0.0.1" || host === "ff01::1" || host === "ff02::1";
  }

  private pair(local: Place, peer: Place): string {
    return `${keyOf(local)} ${keyOf(peer)}`;
  }

  /** The TCP socket with this pair of addresses. */
  connection(local: Place, peer: Place): Tcp | undefined {
    return this.connections.get(this.pair(local, peer));
  }

  /** Notes a pair of addresses. */
  addConnection(socket: Tcp, local: Place, peer: Place): void {
    this.connections.set(this.pair(local, peer), socket);
  }

  /** Forgets it. */
  removeConnection(socket: Tcp, local: Place, peer: Place): void {
    const key = this.pair(local, peer);
    if (this.connections.get(key) === socket) this.connections.delete(key);
  }

  /** A token for a connection that is not adopted yet. */
  newToken(backlog: Backlog): number {
    this.lastToken = (this.lastToken + 1) & 0x7fffffff;
    this.tokens.set(this.lastToken, backlog);
    return this.lastToken;
  }

  /** Forgets a token. */
  dropToken(token: number): void {
    this.tokens.delete(token);
  }

  /** The connection that a token names for this guest. */
  takeToken(token: number, owner: Owner): Stream | undefined {
    const backlog = this.tokens.get(token);
    if (backlog?.isOf(owner) !== true) return undefined;
    this.tokens.delete(token);
    return backlog.take(token);
  }
}
