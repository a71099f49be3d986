// The broadcast addresses of this machine's networks. Owns what is known of its interfaces, for a moment.

import { networkInterfaces } from "node:os";

/** Milliseconds that what was seen counts. */
const FRESH = 1000;
/** What formatIPv6() writes before an IPv4 address. */
const MAPPED = "::ffff:";

let seen = Number.NEGATIVE_INFINITY;
let addresses: ReadonlySet<string> = new Set();

function numberOf(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function textOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** Whether an IPv4 address, or an IPv6 one that it is mapped to, is the broadcast address of a network that this machine is in. */
export function isBroadcast(address: string): boolean {
  const dotted = address.startsWith(MAPPED) ? address.slice(MAPPED.length) : address;
  // Of the addresses that end otherwise none is, whatever the mask; nor is one of IPv6, which has no dot.
  const dot = dotted.lastIndexOf(".");
  if (dot < 0 || Number(dotted.slice(dot + 1)) % 2 === 0) return false;
  if (performance.now() - seen > FRESH) {
    seen = performance.now();
    addresses = new Set(
      Object.values(networkInterfaces())
        .flatMap((each = []) => each)
        // A network of one or two addresses has no broadcast.
        .filter(({ family, internal, netmask }) => family === "IPv4" && !internal && numberOf(netmask) < 0xfffffffe)
        .map(({ address, netmask }) => textOf((numberOf(address) | ~numberOf(netmask)) >>> 0)),
    );
  }
  return addresses.has(dotted);
}
