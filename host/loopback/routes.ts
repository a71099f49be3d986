// What becomes of what is sent to addresses that a loopback network does not answer for. Owns the table of routes and the
// longest prefix; what a verdict means for a socket is tcp.ts's and udp.ts's.

import ipaddr from "ipaddr.js";
import { EACCES, EHOSTUNREACH, EINVAL, ENETUNREACH } from "../../assembly/shared/errno.js";
import type { Place } from "./place.js";

/**
 * What a route does, as in ip-route(8). Four fail at once: "ENETUNREACH" (no route), "EHOSTUNREACH" (unreachable), "EACCES"
 * (prohibit) and "EINVAL" (blackhole). Two lead somewhere: "silent" swallows what is sent, so that an attempt stays pending
 * until it is given up (ETIMEDOUT), and behind "absent" no host answers, so that an attempt fails with EHOSTUNREACH after it began.
 * A datagram to either is lost.
 */
export type Route = "ENETUNREACH" | "EHOSTUNREACH" | "EACCES" | "EINVAL" | "silent" | "absent";

/** Routes by destination: an address or a range, e.g. { "10.5.0.0/16": "EHOSTUNREACH", "203.0.113.9": "silent" }. */
export type RouteTable = Readonly<Record<string, Route>>;

const ERRNOS: Readonly<Record<Route, number>> = { ENETUNREACH, EHOSTUNREACH, EACCES, EINVAL, silent: 0, absent: 0 };

type Numeric = ipaddr.IPv4 | ipaddr.IPv6;

/** A range of addresses; IPv4-mapped ones are IPv4. */
export interface Range {
  readonly network: Numeric;
  readonly bits: number;
}

interface Entry extends Range {
  readonly route: Route;
}

function numericOf(text: string): Numeric | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(":") && !text.includes("%") && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}

/** The range that "10.0.0.1" or "10.0.0.0/8" names, with an address in it that need not be its first; null for other text. */
export function parseRange(text: string): Range | null {
  const [host = "", length, ...more] = text.split("/");
  const network = numericOf(host);
  if (network === null || more.length > 0) return null;
  const size = network.kind() === "ipv4" ? 32 : 128;
  const bits = length === undefined ? size : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (bits < 0 || bits > size) return null;
  if (!(network instanceof ipaddr.IPv6) || !network.isIPv4MappedAddress()) return { network, bits };
  return bits < 96 ? null : { network: network.toIPv4Address(), bits: bits - 96 };
}

/** The first address of a range, e.g. 10.9.0.0 of 10.9.0.1/24. */
function firstOf({ network, bits }: Range): Numeric {
  const text = `${network.toString()}/${bits}`;
  return network.kind() === "ipv4"
    ? ipaddr.IPv4.networkAddressFromCIDR(text)
    : ipaddr.IPv6.networkAddressFromCIDR(text);
}

function entryOf(text: string, route: Route): Entry {
  const say = (what: string): string => `loopbackNetwork: routes has ${JSON.stringify(text)}, ${what}`;
  const range = parseRange(text);
  if (range === null) throw new TypeError(say('which is no address or range; write one like "10.5.0.0/16"'));
  if (!Object.hasOwn(ERRNOS, route)) {
    throw new TypeError(say(`which is ${JSON.stringify(route)}; give one of ${Object.keys(ERRNOS).join(", ")}`));
  }
  const first = firstOf(range).toString();
  if (first !== range.network.toString())
    throw new TypeError(say(`which begins at ${first}; write "${first}/${range.bits}"`));
  return { ...range, route };
}

/** The table. */
export class Routes {
  /** What was given, for those who know what makes no sense. */
  readonly given: readonly Range[];
  /** Those with longer prefixes first. */
  private readonly entries: readonly Entry[];

  /** `links` are subnets that this network is on; nobody else is on them. Throws TypeError for a table that makes no sense. */
  constructor(table: RouteTable, links: readonly Range[]) {
    const given = Object.entries(table).map(([text, route]) => entryOf(text, route));
    for (const { network, bits } of given) {
      const twice = given.filter((other) => other.bits === bits && other.network.toString() === network.toString());
      if (twice.length > 1) throw new TypeError(`loopbackNetwork: routes has ${network.toString()}/${bits} twice`);
    }
    this.given = given;
    const linked = links.map((link): Entry => ({ ...link, route: "absent" }));
    // A sort is stable: what was given goes before a link of the same length.
    this.entries = [...given, ...linked].sort((one, other) => other.bits - one.bits);
  }

  /** The route to an address that is not local, or null where none leads. */
  find(place: Pick<Place, "host">): Route | null {
    if (this.entries.length === 0) return null;
    const address = ipaddr.parse(place.host);
    for (const { network, bits, route } of this.entries) {
      if (matches(address, { network, bits })) return route;
    }
    return null;
  }
}

function matches(address: Numeric, { network, bits }: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

/** The address of ours that is on the subnet of `host`, or null. */
export function sourceOn(links: readonly Range[], host: string): string | null {
  const address = ipaddr.parse(host);
  return links.find((link) => matches(address, link))?.network.toString() ?? null;
}

/** The errno of a route that fails at once; 0 for one that leads somewhere. */
export function errnoOfRoute(route: Route | null): number {
  return route === null ? ENETUNREACH : ERRNOS[route];
}

/** The broadcast address of an IPv4 subnet (RFC 919); null where there is none: in IPv6 and below four addresses (RFC 3021). */
export function broadcastOf({ network, bits }: Range): string | null {
  if (network.kind() !== "ipv4" || bits > 30) return null;
  return ipaddr.IPv4.broadcastAddressFromCIDR(`${network.toString()}/${bits}`).toString();
}
