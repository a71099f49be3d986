// A session behind the policy: each request that names an address is judged before the network hears of it. Owns what has
// to be remembered for that: which names gave which addresses, and where each socket is bound.

import { EACCES, EOPNOTSUPP } from "../../assembly/shared/errno.js";
import { AF_INET, AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from "../../assembly/shared/socket.js";
import type { Address } from "../address.js";
import type { LentMemory, Network, NetworkEvents, NetworkSession } from "../network.js";
import type { AuditEvent } from "../options.js";
import { parseNumeric } from "./ranges.js";
import { canonicalName } from "./rule.js";
import { type Protocol, type Resolutions, type RuleSet, textOf } from "./ruleset.js";

/** Addresses kept of one name; the oldest go first. */
const MAX_ADDRESSES = 256;
/** Verdicts kept about sources of datagrams. */
const MAX_VERDICTS = 1024;

interface Guarded {
  readonly protocol: Protocol;
  readonly domain: number;
  readonly stream: boolean;
  /** It has connections: no datagrams from strangers. */
  readonly connects: boolean;
  /** What bind() asked for; null: nothing. What a connection made of it later does not count, since listen() goes back to it. */
  asked: Address | null;
  /** What `asked` was before the bind() that is under way. */
  before: { readonly asked: Address | null; readonly hearsAll: boolean } | null;
  /** A rule lets this datagram socket hear from anybody. */
  hearsAll: boolean;
}

function isUnnamed(address: Address): boolean {
  return address.family === "unix" ? address.path.length === 0 : address.port === 0;
}

/** What listen() binds a socket to that has no address. */
function wildcardOf(domain: number): Address {
  if (domain === AF_INET) return { family: "IPv4", address: "0.0.0.0", port: 0 };
  return { family: "IPv6", address: "::", port: 0 };
}

/** The addresses that names gave in one session. */
class Resolved implements Resolutions {
  private readonly hosts = new Map<string, Set<string>>();

  gave(name: string, host: string): boolean {
    return this.hosts.get(name)?.has(host) === true;
  }

  add(name: string, host: string): void {
    const hosts = this.hosts.get(name) ?? new Set<string>();
    this.hosts.set(name, hosts);
    hosts.delete(host);
    hosts.add(host);
    for (const oldest of hosts) {
      if (hosts.size <= MAX_ADDRESSES) return;
      hosts.delete(oldest);
    }
  }
}

/** The session. */
export class PolicySession implements NetworkSession {
  private readonly rules: RuleSet;
  private readonly audit: (event: AuditEvent) => void;
  private readonly events: NetworkEvents;
  private readonly inner: NetworkSession;
  private readonly resolved = new Resolved();
  private readonly sockets = new Map<number, Guarded>();
  /** Names under way whose addresses will matter. */
  private readonly lookups = new Map<number, string>();
  private readonly sources = new Map<string, boolean>();

  constructor(
    network: Network,
    rules: RuleSet,
    audit: (event: AuditEvent) => void,
    events: NetworkEvents,
    memory: LentMemory,
  ) {
    this.rules = rules;
    this.audit = audit;
    this.events = events;
    this.inner = network.open(this.guard(events), memory);
  }

  /** The events of the network, with an eye on those that matter for later judgements. */
  private guard(events: NetworkEvents): NetworkEvents {
    return {
      bound: (id, errno, local) => {
        this.onBound(id, errno);
        events.bound(id, errno, local);
      },
      connected: (id, local, peer) => events.connected(id, local, peer),
      failed: (id, errno) => events.failed(id, errno),
      aborted: (id) => events.aborted(id),
      listening: (id, errno, local) => events.listening(id, errno, local),
      incoming: (id, token, local, peer) => events.incoming(id, token, local, peer),
      data: (id, length, rights, offset) => events.data(id, length, rights, offset),
      end: (id) => events.end(id),
      datagram: (id, bytes, from, rights) => {
        if (this.mayHear(id, from)) events.datagram(id, bytes, from, rights);
        else if (rights !== undefined) events.lost(rights);
      },
      lost: (rights) => events.lost(rights),
      sent: (id, errno, length) => events.sent(id, errno, length),
      error: (id, errno) => events.error(id, errno),
      closed: (id) => {
        this.sockets.delete(id);
        events.closed(id);
      },
      option: (id, errno) => events.option(id, errno),
      resolved: (operation, errno, addresses) => {
        this.onResolved(operation, addresses);
        events.resolved(operation, errno, addresses);
      },
      named: (operation, errno, name) => events.named(operation, errno, name),
      turned: (operation) => events.turned(operation),
    };
  }

  /** A bind() that failed leaves the socket as it was. */
  private onBound(id: number, errno: number): void {
    const socket = this.sockets.get(id);
    if (socket === undefined || socket.before === null) return;
    if (errno !== 0) Object.assign(socket, socket.before);
    socket.before = null;
  }

  private onResolved(operation: number, addresses: readonly Address[]): void {
    const name = this.lookups.get(operation);
    this.lookups.delete(operation);
    if (name === undefined) return;
    for (const address of addresses) {
      const parsed = address.family === "unix" ? null : parseNumeric(address.address);
      if (parsed !== null) this.resolved.add(name, parsed.toString());
    }
    this.sources.clear();
  }

  /** Datagrams that nobody asked for are dropped without a word, as a firewall does. */
  private mayHear(id: number, from: Address): boolean {
    const socket = this.sockets.get(id);
    if (socket === undefined) return false;
    if (socket.hearsAll) return true;
    const key = `${socket.protocol} ${textOf(from)}`;
    const known = this.sources.get(key);
    if (known !== undefined) return known;
    if (this.sources.size >= MAX_VERDICTS) this.sources.clear();
    const verdict = this.rules.reach("hearing", socket.protocol, from, this.resolved) === null;
    this.sources.set(key, verdict);
    return verdict;
  }

  private refuse(operation: AuditEvent["operation"], protocol: Protocol, target: string, reason: string): void {
    this.audit({ operation, protocol, target, reason });
  }

  open(id: number, domain: number, type: number, protocol: number): void {
    const stream = type === SOCK_STREAM;
    const kind: Protocol = domain === AF_UNIX ? "unix" : stream ? "tcp" : "udp";
    // A connection hears its peer alone, whom connect() or listen() has judged: records of SOCK_SEQPACKET too.
    const connects = type !== SOCK_DGRAM;
    this.sockets.set(id, { protocol: kind, domain, stream, connects, asked: null, before: null, hearsAll: connects });
    this.inner.open(id, domain, type, protocol);
  }

  bind(id: number, address: Address): void {
    const socket = this.sockets.get(id);
    if (socket === undefined) return;
    const unnamed = isUnnamed(address);
    // A TCP address alone touches nothing: listen() is judged. A path is a file, and a datagram port hears at once.
    const judged = !(socket.stream && socket.protocol === "tcp");
    const reason = judged ? this.rules.hear("binding", socket.protocol, address) : null;
    if (reason !== null && !unnamed) {
      this.refuse("bind", socket.protocol, textOf(address), reason);
      this.events.bound(id, EACCES, null);
      return;
    }
    socket.before = { asked: socket.asked, hearsAll: socket.hearsAll };
    socket.hearsAll = socket.connects || (judged && reason === null);
    socket.asked = address;
    this.inner.bind(id, address);
  }

  connect(id: number, address: Address): void {
    const socket = this.sockets.get(id);
    if (socket === undefined) return;
    const reason = this.rules.reach("connecting to", socket.protocol, address, this.resolved);
    if (reason === null) {
      this.inner.connect(id, address);
      return;
    }
    this.refuse("connect", socket.protocol, textOf(address), reason);
    this.events.failed(id, EACCES);
  }

  disconnect(id: number): void {
    this.inner.disconnect(id);
  }

  abort(id: number): void {
    this.inner.abort(id);
  }

  listen(id: number, backlog: number): void {
    const socket = this.sockets.get(id);
    if (socket === undefined) return;
    const local = socket.asked ?? wildcardOf(socket.domain);
    // An AF_UNIX name was judged when it was bound; without one the network itself refuses.
    const judged = socket.protocol !== "unix";
    const reason = judged ? this.rules.hear("listening at", socket.protocol, local) : null;
    if (reason === null) {
      this.inner.listen(id, backlog);
      return;
    }
    this.refuse("listen", socket.protocol, textOf(local), reason);
    this.events.listening(id, EACCES, null);
  }

  adopt(id: number, token: number): void {
    this.sockets.set(id, {
      protocol: "tcp",
      domain: AF_INET,
      stream: true,
      connects: true,
      asked: null,
      before: null,
      hearsAll: true,
    });
    this.inner.adopt(id, token);
  }

  receive(id: number, pointer: number, capacity: number): void {
    this.inner.receive(id, pointer, capacity);
  }

  send(id: number, pointer: number, length: number): void {
    this.inner.send(id, pointer, length);
  }

  attach(id: number, token: number, length: number): void {
    if (this.inner.attach === undefined) this.events.option(id, EOPNOTSUPP);
    else this.inner.attach(id, token, length);
  }

  sendto(id: number, pointer: number, length: number, to: Address | null, rights?: number): void {
    const socket = this.sockets.get(id);
    if (socket === undefined) return;
    // Without an address it goes to the peer, which connect() has judged.
    const reason = to === null ? null : this.rules.reach("sending to", socket.protocol, to, this.resolved);
    if (reason === null || to === null) {
      this.inner.sendto(id, pointer, length, to, rights);
      return;
    }
    this.refuse("sendto", socket.protocol, textOf(to), reason);
    this.events.sent(id, EACCES, length);
  }

  shutdown(id: number, how: number): void {
    this.inner.shutdown(id, how);
  }

  close(id: number, reset: boolean): void {
    this.inner.close(id, reset);
  }

  setOption(id: number, level: number, name: number, value: number): void {
    this.inner.setOption(id, level, name, value);
  }

  setMembership(id: number, join: boolean, group: Address, via: Address | null): void {
    const socket = this.sockets.get(id);
    if (socket === undefined) return;
    const port = socket.asked === null || socket.asked.family === "unix" ? 0 : socket.asked.port;
    const target = group.family === "unix" ? group : { ...group, port };
    const reason = join ? this.rules.hear("joining", socket.protocol, target) : null;
    if (reason === null) {
      this.inner.setMembership(id, join, group, via);
      return;
    }
    this.refuse("bind", socket.protocol, textOf(target), reason);
    this.events.option(id, EACCES);
  }

  resolve(operation: number, name: string, family: number): void {
    const reason = this.rules.resolve(name);
    if (reason !== null) {
      this.refuse("resolve", "tcp", textOf({ family: "unix", path: new TextEncoder().encode(name) }), reason);
      this.events.resolved(operation, EACCES, []);
      return;
    }
    const canonical = canonicalName(name);
    if (this.rules.names(canonical)) this.lookups.set(operation, canonical);
    this.inner.resolve(operation, name, family);
  }

  reverse(operation: number, address: Address): void {
    const reason = this.rules.reverse(address, this.resolved);
    if (reason === null) {
      this.inner.reverse(operation, address);
      return;
    }
    this.refuse("resolve", "tcp", textOf(address), reason);
    this.events.named(operation, EACCES, "");
  }

  turn(operation: number): void {
    this.inner.turn(operation);
  }

  dispose(): void {
    this.sockets.clear();
    this.lookups.clear();
    this.inner.dispose();
  }
}
