// Addresses between libuv's socket names and ours.

import type { Address, InternetAddress } from "../../address.js";
import type { SocketName } from "./bindings.js";
import { networkInterfaces } from "node:os";

/** The address of a socket name; the wildcard of `six` where there is none. */
export function addressOf(name: SocketName, six: boolean): InternetAddress {
  const port = name.port ?? 0;
  if (name.address === undefined)
    return six ? { family: "IPv6", address: "::", port } : { family: "IPv4", address: "0.0.0.0", port };
  if (!name.address.includes(":")) return { family: "IPv4", address: name.address, port };
  const [address = "::", zone] = name.address.split("%");
  return { family: "IPv6", address, port, scopeId: zone === undefined ? 0 : scopeOf(zone) };
}

function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone);
  for (const address of networkInterfaces()[zone] ?? []) {
    if (address.family === "IPv6" && address.scopeid > 0) return address.scopeid;
  }
  return 0;
}

/** libuv's text for an address, with its zone. */
export function textOf(address: InternetAddress): string {
  return address.family === "IPv6" && address.scopeId ? `${address.address}%${address.scopeId}` : address.address;
}

/** Whether two addresses are the same. */
export function sameAddress(one: Address, other: Address): boolean {
  if (one.family === "unix" || other.family === "unix") return false;
  return one.address === other.address && one.port === other.port;
}
