// The peers of test/peers.ts inside a loopback network: the same habits, over one session of it. Owns the peers and
// nothing about the programs.

import assert from "node:assert/strict";
import { AF_INET, AF_INET6, AF_UNIX, SHUT_WR, SOCK_DGRAM, SOCK_STREAM } from "../assembly/shared/socket.js";
import type { Address } from "../host/address.js";
import type { Network, NetworkEvents, NetworkSession } from "../host/network.js";
import { loopback4, loopback6, portOf, unixAddress } from "./network.party.js";
import type { Peers } from "./peers.js";

/** What a socket of a peer does when it is told something. */
interface Habit {
  bound?(local: Address): void;
  connected?(): void;
  incoming?(token: number): void;
  data?(bytes: Uint8Array): void;
  end?(): void;
  sent?(length: number): void;
  datagram?(bytes: Uint8Array, from: Address): void;
  /** Failed or closed: nothing more is told. */
  gone?(): void;
}

/** Bytes lent for each direction of a socket. */
const BLOCK = 0x10000;
/** A backlog of 1 lets two connections wait, as in Linux. */
const BACKLOG = 1;
const UNIX_PATH = "/run/hawser-echo";

const ignore = (): void => {};

/** One session: its sockets by id, each with a habit and two blocks of memory. */
class Sockets {
  readonly session: NetworkSession;
  private readonly habits = new Map<number, Habit>();
  private readonly blocks = new Map<number, Uint8Array>();
  private ids = 0;

  constructor(network: Network) {
    const habit = (id: number): Habit => this.habits.get(id) ?? {};
    const succeed = (id: number, errno: number, local: Address | null): void => {
      assert.equal(errno, 0, `a peer's bind or listen failed with errno ${errno}`);
      if (local !== null) habit(id).bound?.(local);
    };
    const events: NetworkEvents = {
      bound: succeed,
      listening: succeed,
      connected: (id) => habit(id).connected?.(),
      failed: (id) => this.close(id, false),
      aborted: ignore,
      incoming: (id, token) => habit(id).incoming?.(token),
      data: (id, length) => habit(id).data?.(this.block(id).slice(0, length)),
      end: (id) => habit(id).end?.(),
      datagram: (id, bytes, from) => habit(id).datagram?.(bytes, from),
      lost: ignore,
      sent: (id, _errno, length) => habit(id).sent?.(length),
      error: ignore,
      closed: (id) => {
        this.blocks.delete(id);
      },
      option: ignore,
      resolved: ignore,
      named: ignore,
      turned: ignore,
    };
    this.session = network.open(events, {
      bytes: (pointer, length) => {
        const at = pointer % (2 * BLOCK);
        return this.block(Math.floor(pointer / (2 * BLOCK))).subarray(at, at + length);
      },
    });
  }

  /** Both blocks of a socket: [0, BLOCK) for receiving, the rest for sending. */
  private block(id: number): Uint8Array {
    let block = this.blocks.get(id);
    if (block === undefined) {
      block = new Uint8Array(2 * BLOCK);
      this.blocks.set(id, block);
    }
    return block;
  }

  open(domain: number, type: number, habit: Habit): number {
    const id = this.named(habit);
    this.session.open(id, domain, type, 0);
    return id;
  }

  adopt(token: number, habit: (id: number) => Habit): void {
    const id = ++this.ids;
    this.habits.set(id, habit(id));
    this.session.adopt(id, token);
    this.receive(id);
  }

  private named(habit: Habit): number {
    const id = ++this.ids;
    this.habits.set(id, habit);
    return id;
  }

  receive(id: number): void {
    this.session.receive(id, id * 2 * BLOCK, BLOCK);
  }

  private fill(id: number, bytes: Uint8Array): number {
    this.block(id).set(bytes, BLOCK);
    return id * 2 * BLOCK + BLOCK;
  }

  send(id: number, bytes: Uint8Array): void {
    this.session.send(id, this.fill(id, bytes), bytes.length);
  }

  sendto(id: number, bytes: Uint8Array, to: Address): void {
    this.session.sendto(id, this.fill(id, bytes), bytes.length, to);
  }

  close(id: number, reset: boolean): void {
    const habit = this.habits.get(id);
    if (habit === undefined) return;
    this.habits.delete(id);
    this.session.close(id, reset);
    habit.gone?.();
  }

  /** Where a socket is once it is bound, and listens if it is a stream with a backlog. */
  at(domain: number, type: number, address: Address, habit: Habit, backlog: number | null): Located {
    let local: Address = address;
    const whole: Habit = {
      ...habit,
      bound(told) {
        local = told;
      },
    };
    const id = this.open(domain, type, whole);
    this.session.bind(id, address);
    if (backlog !== null) this.session.listen(id, backlog);
    return { id, address: local };
  }
}

interface Located {
  readonly id: number;
  readonly address: Address;
}

/** Starts all peers. They live as long as the network. */
export function startLoopbackPeers(network: Network): Peers {
  const sockets = new Sockets(network);
  const listening = (address: Address, habit: (id: number) => Habit): Address => {
    const domain = address.family === "unix" ? AF_UNIX : address.family === "IPv4" ? AF_INET : AF_INET6;
    const incoming = (token: number): void => sockets.adopt(token, habit);
    return sockets.at(domain, SOCK_STREAM, address, { incoming }, 128).address;
  };
  const port = (habit: (id: number) => Habit): number => portOf(listening(loopback4(), habit));
  listening(unixAddress(UNIX_PATH), (id) => echoing(sockets, id));
  return {
    echo: port((id) => echoing(sockets, id)),
    echo6: portOf(listening(loopback6(), (id) => echoing(sockets, id))),
    silent: portOf(silentListener(sockets, loopback4()).address),
    late: port((id) => controlLate(sockets, id)),
    lateUnix: port((id) => controlLateUnix(sockets, id)),
    files: null,
    reset: port((id) => ({ data: () => sockets.close(id, true), end: () => sockets.close(id, false) })),
    fin: port((id) => finishing(sockets, id)),
    refused: portOf(sockets.at(AF_INET, SOCK_STREAM, loopback4(), {}, null).address),
    udpEcho: udpEcho(sockets),
    udpRefused: refusedUdpPort(sockets),
    unix: UNIX_PATH,
    close: async () => sockets.session.dispose(),
  };
}

/** What was lent for sending comes back whole before more is read. */
function echoing(sockets: Sockets, id: number): Habit {
  let lent = 0;
  return {
    data(bytes) {
      lent = bytes.length;
      sockets.send(id, bytes);
    },
    sent(length) {
      lent -= length;
      if (lent === 0) sockets.receive(id);
    },
    end: () => sockets.close(id, false),
  };
}

function finishing(sockets: Sockets, id: number): Habit {
  queueMicrotask(() => {
    sockets.send(id, new TextEncoder().encode("f"));
    sockets.session.shutdown(id, SHUT_WR);
  });
  return { data: () => sockets.receive(id), end: () => sockets.close(id, false) };
}

function udpEcho(sockets: Sockets): number {
  const habit: Habit = { datagram: (bytes, from) => sockets.sendto(echo.id, bytes, from) };
  const echo = sockets.at(AF_INET, SOCK_DGRAM, loopback4(), habit, null);
  return portOf(echo.address);
}

/** A socket that is connected elsewhere holds its port but takes nothing from others. */
function refusedUdpPort(sockets: Sockets): number {
  const elsewhere = sockets.at(AF_INET, SOCK_DGRAM, loopback4(), {}, null);
  const refused = sockets.at(AF_INET, SOCK_DGRAM, loopback4(), {}, null);
  sockets.session.connect(refused.id, elsewhere.address);
  return portOf(refused.address);
}

interface SilentListener {
  readonly address: Address;
  /** Has it accept and echo. */
  open(): void;
  close(): void;
}

/** A listener whose queue is filled by connections of its own. */
function silentListener(sockets: Sockets, at: Address, full: () => void = ignore): SilentListener {
  const domain = at.family === "unix" ? AF_UNIX : AF_INET;
  const waiting: number[] = [];
  let open = false;
  const incoming = (token: number): void => {
    if (open) sockets.adopt(token, (id) => echoing(sockets, id));
    else waiting.push(token);
  };
  const listener = sockets.at(domain, SOCK_STREAM, at, { incoming }, BACKLOG);
  let connected = 0;
  const fillers = Array.from({ length: BACKLOG + 1 }, () => {
    const filler = sockets.open(domain, SOCK_STREAM, {
      connected: () => {
        if (++connected > BACKLOG) full();
      },
    });
    sockets.session.connect(filler, listener.address);
    return filler;
  });
  const empty = (): void => {
    for (const filler of fillers) sockets.close(filler, false);
  };
  return {
    address: listener.address,
    open() {
      empty();
      open = true;
      for (const token of waiting) incoming(token);
    },
    close() {
      empty();
      sockets.close(listener.id, false);
    },
  };
}

/** One control connection of a late listener. */
function controlLate(sockets: Sockets, id: number): Habit {
  let timer: NodeJS.Timeout | undefined;
  const listener = silentListener(sockets, loopback4(), () => {
    const port = portOf(listener.address);
    sockets.send(id, Uint8Array.of(port >> 8, port & 0xff));
  });
  return {
    data(bytes) {
      timer = setTimeout(() => listener.open(), 10 * (bytes[0] ?? 0));
      sockets.receive(id);
    },
    end: () => sockets.close(id, false),
    gone() {
      clearTimeout(timer);
      listener.close();
    },
  };
}

let paths = 0;

/** One control connection of a late listener on a path. */
function controlLateUnix(sockets: Sockets, id: number): Habit {
  let timer: NodeJS.Timeout | undefined;
  const path = `/run/hawser-late-${++paths}`;
  const listener = silentListener(sockets, unixAddress(path));
  queueMicrotask(() => sockets.send(id, new TextEncoder().encode(String.fromCharCode(path.length) + path)));
  return {
    data(bytes) {
      const act = bytes[0] === 0x63 ? listener.close : listener.open;
      timer = setTimeout(act, 10 * (bytes[1] ?? 0));
      sockets.receive(id);
    },
    end: () => sockets.close(id, false),
    gone() {
      clearTimeout(timer);
      listener.close();
    },
  };
}
