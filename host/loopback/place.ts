// Where an internet socket is: an IP version, a host and a port, with IPv4-mapped IPv6 addresses as IPv4. Owns the
// translation from and to Address, and the classes of address that a kernel treats apart.

import ipaddr from "ipaddr.js";
import { EAFNOSUPPORT, EINVAL, ENETUNREACH } from "../../assembly/shared/errno.js";
import { AF_INET, AF_INET6 } from "../../assembly/shared/socket.js";
import type { Address, InternetAddress } from "../address.js";

/** A place. `host` is canonical text, so that equal places have equal text. */
export interface Place {
  readonly version: 4 | 6;
  readonly host: string;
  readonly port: number;
}

/** Canonical version and host of numeric text, or null. */
export function parseHost(text: string): Pick<Place, "version" | "host"> | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return { version: 4, host: text };
  const scope = text.indexOf("%");
  const bare = scope < 0 ? text : text.slice(0, scope);
  if (!bare.includes(":") || !ipaddr.IPv6.isValid(bare)) return null;
  const parsed = ipaddr.IPv6.parse(bare);
  if (parsed.isIPv4MappedAddress()) return { version: 4, host: parsed.toIPv4Address().toString() };
  return { version: 6, host: parsed.toString() };
}

/** The place that an address names for a socket of `domain`, or an errno. */
export function placeOf(address: Address, domain: number, onlySix: boolean): Place | number {
  if (address.family === "unix") return EAFNOSUPPORT;
  if (domain === AF_INET ? address.family !== "IPv4" : address.family !== "IPv6") return EAFNOSUPPORT;
  const parsed = parseHost(address.address);
  if (parsed === null) return EINVAL;
  if (domain === AF_INET6 && onlySix && parsed.version === 4) return ENETUNREACH;
  return { ...parsed, port: address.port & 0xffff };
}

/** The address of a place as a socket of `domain` sees it. */
export function addressOf(place: Place, domain: number): InternetAddress {
  if (domain === AF_INET) return { family: "IPv4", address: place.host, port: place.port };
  const address = place.version === 6 ? place.host : `::ffff:${place.host}`;
  return { family: "IPv6", address, port: place.port };
}

/** 0.0.0.0 or ::. */
export function isWildcard(place: Pick<Place, "host">): boolean {
  return place.host === "0.0.0.0" || place.host === "::";
}

/** The wildcard of a domain. */
export function wildcardOf(domain: number): Place {
  return domain === AF_INET ? { version: 4, host: "0.0.0.0", port: 0 } : { version: 6, host: "::", port: 0 };
}

/** 224.0.0.0/4 or ff00::/8. */
export function isMulticast(place: Pick<Place, "version" | "host">): boolean {
  if (place.version === 6) return /^ff[0-9a-f]{2}:/.test(place.host);
  const first = Number.parseInt(place.host, 10);
  return first >= 224 && first <= 239;
}

/** All hosts, or all of 127.0.0.0/8. */
export function isBroadcast(place: Pick<Place, "host">): boolean {
  return place.host === "255.255.255.255" || place.host === "127.255.255.255";
}

/** Text that is equal for equal places. */
export function keyOf(place: Place): string {
  return `${place.host} ${place.port}`;
}
