// A network in memory: TCP, UDP and AF_UNIX between the guests that share it, and nothing real touched. Owns the public
// factory; the parts are in loopback/. It is deterministic: no timer, no chance, one queue for all events.

import { Fabric } from "./loopback/fabric.js";
import { Hosts } from "./loopback/hosts.js";
import { LoopbackSession } from "./loopback/session.js";
import type { Route, RouteTable } from "./loopback/routes.js";
import type { LentMemory, Network, NetworkEvents, NetworkSession } from "./network.js";

export type { Route, RouteTable };

/** Options of loopbackNetwork(). */
export interface LoopbackOptions {
  /**
   * Addresses that the network answers for besides 127.0.0.0/8 and ::1, e.g. "10.0.0.1", or with their subnet "10.0.0.1/24":
   * then its last address is its broadcast address, and the others are of hosts that are not there (EHOSTUNREACH).
   */
  readonly addresses?: readonly string[];
  /** Host names and their addresses, e.g. { "db.test": "10.0.0.1" }. "localhost" is always there. */
  readonly hosts?: Readonly<Record<string, string | readonly string[]>>;
  /** Bytes that a stream holds for a reader that lends no memory. Default 65536. */
  readonly window?: number;
  /** First and last port that is given where a guest asks for any. Default 32768 to 60999. */
  readonly ports?: readonly [number, number];
  /**
   * What becomes of what is sent elsewhere, by address or range: the errno that connect(2) and sendto(2) give at once, or
   * "silent" (nothing ever comes back; ETIMEDOUT in the end) or "absent" (EHOSTUNREACH after the attempt began); datagrams to either are lost. The longest
   * prefix counts; without any it is ENETUNREACH. E.g. { "10.5.0.0/16": "EHOSTUNREACH", "203.0.113.0/24": "silent" }.
   */
  readonly routes?: RouteTable;
}

/** A loopback network, and the one thing that can be done to it from outside. */
export interface LoopbackNetwork extends Network {
  /** Removes the name of an AF_UNIX socket, as unlink(2) does; says whether it was there. */
  unlink(path: string): boolean;
}

/** Makes a network of its own. Throws TypeError or RangeError, with the offending value, for options that make no sense. */
export function loopbackNetwork(options: LoopbackOptions = {}): LoopbackNetwork {
  const { addresses = [], hosts = {}, window = 0x10000, ports = [32768, 60999], routes = {} } = options;
  if (!Number.isInteger(window) || window < 1 || window > 0x1000000) {
    throw new RangeError(`loopbackNetwork: window is ${window}; give a whole number from 1 to 16777216`);
  }
  const [first, last] = ports;
  if (!Number.isInteger(first) || !Number.isInteger(last) || first < 1 || last > 65535 || first > last) {
    throw new RangeError(`loopbackNetwork: ports are ${first} to ${last}; give two ports like [32768, 60999]`);
  }
  const fabric = new Fabric({ addresses, window, ports, routes });
  const table = new Hosts(hosts);
  return {
    name: "loopback",
    capabilities: {
      streams: true,
      datagrams: true,
      unixStreams: true,
      unixDatagrams: true,
      unixSeqpacket: true,
      rights: true,
      listen: true,
      reset: true,
      unixPaths: "names",
    },
    open(events: NetworkEvents, memory: LentMemory): NetworkSession {
      return new LoopbackSession(fabric, table, events, memory);
    },
    unlink: (path: string): boolean => fabric.names.unlink(path),
  };
}
