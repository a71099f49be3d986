// One side of a network under test: a session with memory to lend, a record of all it was told, and the checks that hold
// for every event (nothing after closed or dispose, no data without a loan, no byte given back twice). Owns no test.

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { AF_INET, SOCK_DGRAM, SOCK_STREAM } from "../assembly/shared/socket.js";
import type { Address, InternetAddress } from "../host/address.js";
import type { Network, NetworkEvents, NetworkSession } from "../host/network.js";

/** One event as it was told; `id` is the operation for resolved, named and turned. */
export interface Told {
  readonly event: keyof NetworkEvents;
  readonly id: number;
  readonly errno: number;
  readonly local: Address | null;
  readonly peer: Address | null;
  readonly token: number;
  readonly length: number;
  readonly bytes: Uint8Array;
  readonly addresses: readonly Address[];
  readonly name: string;
  /** Descriptors that came, by their token, and the byte that they came with. */
  readonly rights: number | undefined;
  readonly offset: number | undefined;
}

interface Loan {
  readonly pointer: number;
  readonly length: number;
}

const NOTHING = {
  errno: 0,
  local: null,
  peer: null,
  token: 0,
  length: 0,
  addresses: [],
  name: "",
  rights: undefined,
  offset: undefined,
} as const;
const PAGE = 0x10000;
/** What is written over memory that came back, so that a network which still reads it is found out. */
const SCRIBBLE = 0xee;

/** A stream failed where bytes were expected. */
export class StreamFailure extends Error {
  readonly errno: number;
  constructor(errno: number) {
    super(`the stream failed with errno ${errno}`);
    this.errno = errno;
  }
}

/** A guest in the eyes of a network. */
export class Party {
  readonly session: NetworkSession;
  /** What was told and not yet taken. */
  readonly log: Told[] = [];
  /** All that was told, in order. */
  readonly history: Told[] = [];
  /** Broken rules, as sentences. */
  readonly violations: string[] = [];
  private readonly memory = new WebAssembly.Memory({ initial: 4, maximum: 4096 });
  private next = 8;
  private ids = 0;
  private readonly loans = new Map<number, Loan>();
  private readonly sends = new Map<number, Loan[]>();
  private readonly closed = new Set<number>();
  /** Streams that failed since they last connected. */
  private readonly broken = new Map<number, number>();
  private disposed = false;
  private waiters: (() => void)[] = [];

  constructor(network: Network) {
    const tell = (event: keyof NetworkEvents, id: number, more: Partial<Told>): void => {
      const told: Told = { ...NOTHING, bytes: new Uint8Array(0), event, id, ...more };
      if (this.disposed) this.violations.push(`${event}(${id}) was told after dispose()`);
      this.log.push(told);
      this.history.push(told);
      const { waiters } = this;
      this.waiters = [];
      for (const wake of waiters) wake();
    };
    const tellSocket = (event: keyof NetworkEvents, id: number, more: Partial<Told> = {}): void => {
      if (this.closed.has(id)) this.violations.push(`${event}(${id}) was told after closed(${id})`);
      tell(event, id, more);
    };
    const events: NetworkEvents = {
      bound: (id, errno, local) => tellSocket("bound", id, { errno, local }),
      connected: (id, local, peer) => {
        this.broken.delete(id);
        tellSocket("connected", id, { local, peer });
      },
      failed: (id, errno) => {
        this.broken.set(id, errno);
        this.takeBack(id);
        tellSocket("failed", id, { errno });
      },
      aborted: (id) => {
        this.takeBack(id);
        tellSocket("aborted", id);
      },
      listening: (id, errno, local) => tellSocket("listening", id, { errno, local }),
      incoming: (id, token, local, peer) => tellSocket("incoming", id, { token, local, peer }),
      data: (id, length, rights, offset) =>
        tellSocket("data", id, { length, rights, offset, bytes: this.collect(id, length) }),
      end: (id) => {
        if (!this.loans.delete(id)) this.violations.push(`end(${id}) was told without a receive()`);
        tellSocket("end", id);
      },
      datagram: (id, bytes, from, rights) => tellSocket("datagram", id, { rights, bytes: bytes.slice(), peer: from }),
      lost: (rights) => tell("lost", 0, { rights }),
      sent: (id, errno, length) => {
        this.give(id, length);
        tellSocket("sent", id, { errno, length });
      },
      error: (id, errno) => tellSocket("error", id, { errno }),
      closed: (id) => {
        this.takeBack(id);
        tellSocket("closed", id);
        this.closed.add(id);
      },
      option: (id, errno) => tellSocket("option", id, { errno }),
      resolved: (id, errno, addresses) => tell("resolved", id, { errno, addresses }),
      named: (id, errno, name) => tell("named", id, { errno, name }),
      turned: (id) => tell("turned", id, {}),
    };
    this.session = network.open(events, { bytes: (pointer, length) => this.bytes(pointer, length) });
  }

  private bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, pointer, length);
  }

  /** Memory is never used twice, and it grows (and moves) as it is needed. */
  private allocate(length: number): number {
    const pointer = this.next;
    this.next += (length + 15) & ~7;
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return pointer;
  }

  private collect(id: number, length: number): Uint8Array {
    const loan = this.loans.get(id);
    this.loans.delete(id);
    if (loan === undefined) {
      this.violations.push(`data(${id}, ${length}) was told without a receive()`);
      return new Uint8Array(0);
    }
    if (length < 1 || length > loan.length) this.violations.push(`data(${id}, ${length}) of a loan of ${loan.length}`);
    if (this.bytes(loan.pointer + loan.length, 1)[0] !== 0) this.violations.push(`data(${id}) wrote beyond the loan`);
    const bytes = this.bytes(loan.pointer, length).slice();
    this.bytes(loan.pointer, loan.length).fill(SCRIBBLE);
    return bytes;
  }

  private give(id: number, length: number): void {
    const sends = this.sends.get(id) ?? [];
    let left = length;
    while (left > 0) {
      const first = sends.shift();
      if (first === undefined) {
        this.violations.push(`sent(${id}) gave back ${left} bytes more than were lent`);
        return;
      }
      const part = Math.min(left, first.length);
      this.bytes(first.pointer, part).fill(SCRIBBLE);
      left -= part;
      if (part < first.length) sends.unshift({ pointer: first.pointer + part, length: first.length - part });
    }
  }

  private takeBack(id: number): void {
    this.loans.delete(id);
    this.sends.delete(id);
  }

  /** Opens a socket; TCP over IPv4 unless said otherwise. */
  open(domain: number = AF_INET, type: number = SOCK_STREAM): number {
    const id = ++this.ids;
    this.session.open(id, domain, type, 0);
    return id;
  }

  /** Opens a UDP socket bound to an address. */
  async datagramSocket(address: Address, domain: number = AF_INET): Promise<{ id: number; address: Address }> {
    const id = this.open(domain, SOCK_DGRAM);
    return { id, address: await this.bind(id, address) };
  }

  /** Binds and tells where. */
  async bind(id: number, address: Address): Promise<Address> {
    this.session.bind(id, address);
    const told = await this.take("bound", id);
    assert.equal(told.errno, 0, `bind failed with errno ${told.errno}`);
    assert.ok(told.local);
    return told.local;
  }

  /** Opens a stream socket that listens. */
  async listener(address: Address, domain: number = AF_INET, backlog = 16): Promise<{ id: number; address: Address }> {
    const id = this.open(domain);
    await this.bind(id, address);
    this.session.listen(id, backlog);
    const told = await this.take("listening", id);
    assert.equal(told.errno, 0, `listen failed with errno ${told.errno}`);
    assert.ok(told.local);
    return { id, address: told.local };
  }

  /** Waits for a connection and adopts it. */
  async accept(listener: number): Promise<{ id: number; local: Address; peer: Address }> {
    const { token, local, peer } = await this.take("incoming", listener);
    assert.ok(local && peer);
    const id = ++this.ids;
    this.session.adopt(id, token);
    return { id, local, peer };
  }

  /** A number for adopt() or open() by hand. */
  newId(): number {
    return ++this.ids;
  }

  /** Forgets that an id was closed, so that it may be opened again. */
  reuse(id: number): void {
    this.closed.delete(id);
  }

  /** The first event of that name and id, taken from the record; waits at most `limit` ms. */
  async take(event: keyof NetworkEvents, id: number, limit = 5000): Promise<Told> {
    return await this.takeFirst([event], id, limit);
  }

  /** The first event of one of these names. */
  async takeFirst(names: readonly (keyof NetworkEvents)[], id: number, limit = 5000): Promise<Told> {
    const until = Date.now() + limit;
    while (true) {
      const index = this.log.findIndex((told) => told.id === id && names.includes(told.event));
      const found = this.log[index];
      if (found !== undefined) {
        this.log.splice(index, 1);
        return found;
      }
      const left = until - Date.now();
      const seen = this.history.slice(-8).map((told) => `${told.event}(${told.id}, ${told.errno})`);
      if (left <= 0) {
        throw new Error(
          `no ${names.join(" or ")}(${id}) within ${limit} ms; last told: ${seen.join(" ") || "nothing"}`,
        );
      }
      const timer = new AbortController();
      await Promise.race([
        new Promise<void>((resolve) => {
          this.waiters.push(resolve);
        }),
        delay(left, undefined, { signal: timer.signal }).catch(() => {}),
      ]);
      timer.abort();
    }
  }

  /** Events of that name and id that were told and not taken. */
  told(event: keyof NetworkEvents, id: number): readonly Told[] {
    return this.log.filter((told) => told.event === event && told.id === id);
  }

  /** Asks that descriptors go with what is sent next: the errno. */
  async attach(id: number, token: number, length: number): Promise<number> {
    this.session.attach?.(id, token, length);
    return (await this.take("option", id)).errno;
  }

  /** Takes away and counts the bytes of every sent(id) so far. */
  sentBytes(id: number): number {
    let sum = 0;
    for (const told of this.told("sent", id)) {
      sum += told.length;
      this.log.splice(this.log.indexOf(told), 1);
    }
    return sum;
  }

  /** One turn of the network. */
  async turn(): Promise<void> {
    const operation = ++this.ids;
    this.session.turn(operation);
    await this.take("turned", operation);
  }

  /** Lends memory for receiving; the byte behind it stays 0. */
  lend(id: number, capacity: number): void {
    const loan = { pointer: this.allocate(capacity + 1), length: capacity };
    this.loans.set(id, loan);
    this.session.receive(id, loan.pointer, capacity);
  }

  /** Receives once: bytes, or null at the end. */
  async receive(id: number, capacity: number = PAGE): Promise<Uint8Array | null> {
    if (!this.loans.has(id)) this.lend(id, capacity);
    const told = await this.takeFirst(["data", "end", "failed"], id);
    if (told.event === "failed") throw new StreamFailure(told.errno);
    return told.event === "data" ? told.bytes : null;
  }

  /** Receives exactly that many bytes. */
  async receiveAll(id: number, total: number, capacity: number = PAGE): Promise<Uint8Array> {
    const all = new Uint8Array(total);
    let filled = 0;
    while (filled < total) {
      const bytes = await this.receive(id, Math.min(capacity, total - filled));
      assert.ok(bytes, `the stream ended after ${filled} of ${total} bytes`);
      all.set(bytes, filled);
      filled += bytes.length;
    }
    return all;
  }

  /** Receives until the end. */
  async receiveToEnd(id: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    for (let bytes = await this.receive(id); bytes !== null; bytes = await this.receive(id)) parts.push(bytes);
    return Buffer.concat(parts);
  }

  /** Lends bytes to be sent; does not wait. */
  send(id: number, bytes: Uint8Array | string): void {
    const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    const loan = { pointer: this.allocate(data.length), length: data.length };
    this.bytes(loan.pointer, loan.length).set(data);
    const sends = this.sends.get(id);
    if (sends === undefined) this.sends.set(id, [loan]);
    else sends.push(loan);
    this.session.send(id, loan.pointer, loan.length);
  }

  /** Sends and waits until every byte lent for this id came back. */
  async sendAll(id: number, bytes: Uint8Array | string): Promise<void> {
    if (!this.broken.has(id)) this.send(id, bytes);
    while ((this.sends.get(id) ?? []).length > 0) await this.takeFirst(["sent", "failed"], id);
    const errno = this.broken.get(id);
    if (errno !== undefined) throw new StreamFailure(errno);
    this.sentBytes(id);
  }

  /** Sends one datagram and tells its errno. */
  async sendTo(id: number, bytes: Uint8Array | string, to: Address | null, rights?: number): Promise<number> {
    const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    const pointer = this.allocate(data.length);
    this.bytes(pointer, data.length).set(data);
    this.sends.set(id, [{ pointer, length: data.length }]);
    this.session.sendto(id, pointer, data.length, to, rights);
    const told = await this.take("sent", id);
    assert.equal(told.length, data.length, "a datagram comes back whole");
    this.sends.delete(id);
    return told.errno;
  }

  /** The next datagram as text, and who sent it. */
  async datagram(id: number): Promise<{ text: string; from: Address }> {
    const told = await this.take("datagram", id);
    assert.ok(told.peer);
    return { text: new TextDecoder().decode(told.bytes), from: told.peer };
  }

  /** Resolves a name: errno and addresses. */
  async resolve(name: string, family: number): Promise<Told> {
    const operation = ++this.ids;
    this.session.resolve(operation, name, family);
    return await this.take("resolved", operation, 15000);
  }

  /** Closes and waits for it. */
  async close(id: number, reset = false): Promise<void> {
    this.session.close(id, reset);
    await this.take("closed", id);
  }

  /** The guest is gone, and its memory with it. */
  dispose(): void {
    if (this.disposed) return;
    this.session.dispose();
    this.disposed = true;
    new Uint8Array(this.memory.buffer).fill(SCRIBBLE);
  }
}

/** An IPv4 address of this host, port 0 by default. */
export function loopback4(port = 0): InternetAddress {
  return { family: "IPv4", address: "127.0.0.1", port };
}

/** The same over IPv6. */
export function loopback6(port = 0): InternetAddress {
  return { family: "IPv6", address: "::1", port };
}

/** The port of an internet address. */
export function portOf(address: Address | null): number {
  assert.ok(address !== null && address.family !== "unix", "an internet address");
  return address.port;
}

/** An AF_UNIX name from text. */
export function unixAddress(path: string): Address {
  return { family: "unix", path: new TextEncoder().encode(path) };
}

/** Bytes with a pattern that shows a lost, doubled or moved piece. */
export function pattern(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = 1;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    bytes[index] = state >>> 16;
  }
  return bytes;
}

/** One party with a connected pair of TCP streams, over a listener that is closed again. */
export async function connectedPair(
  server: Party,
  client: Party,
  address: Address = loopback4(),
  domain: number = AF_INET,
): Promise<{ near: number; far: number }> {
  const listener = await server.listener(address, domain);
  const near = client.open(domain);
  client.session.connect(near, listener.address);
  await client.take("connected", near);
  const { id: far } = await server.accept(listener.id);
  await server.close(listener.id);
  return { near, far };
}

/** Checks what must hold for every event that a party was told, and that it is told nothing once it is gone. */
export async function dismiss(...parties: readonly Party[]): Promise<void> {
  for (const party of parties) party.dispose();
  await delay(5);
  for (const party of parties) assert.deepEqual(party.violations, []);
}
