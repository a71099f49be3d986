// The names of a loopback network: localhost, numbers, and what its options list. Owns the table and the order of answers.

import { AF_INET, AF_INET6 } from "../../assembly/shared/socket.js";
import type { Address, InternetAddress } from "../address.js";
import { parseHost } from "./place.js";

/** Names to addresses. */
export type HostTable = Readonly<Record<string, string | readonly string[]>>;

function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

function internet(version: 4 | 6, address: string): InternetAddress {
  return { family: version === 4 ? "IPv4" : "IPv6", address, port: 0 };
}

const LOCALHOST: readonly InternetAddress[] = [internet(6, "::1"), internet(4, "127.0.0.1")];

/** The table. */
export class Hosts {
  private readonly addresses = new Map<string, readonly InternetAddress[]>();
  private readonly names = new Map<string, string>();

  constructor(table: HostTable) {
    for (const [name, value] of Object.entries(table)) {
      const list = (typeof value === "string" ? [value] : value).map((text) => {
        const parsed = parseHost(text);
        if (parsed !== null) return internet(parsed.version, parsed.host);
        throw new TypeError(
          `loopbackNetwork: host ${JSON.stringify(name)} has ${JSON.stringify(text)}, which is not an IP address; write one like "10.0.0.1"`,
        );
      });
      this.addresses.set(canonical(name), list);
      for (const { address } of list) if (!this.names.has(address)) this.names.set(address, canonical(name));
    }
  }

  /** The addresses of a name in one family or (AF_UNSPEC) in all; none if there is no such name. */
  resolve(name: string, family: number): readonly Address[] {
    return this.lookup(name).filter((address) => {
      if (family === AF_INET) return address.family === "IPv4";
      return family === AF_INET6 ? address.family === "IPv6" : true;
    });
  }

  private lookup(name: string): readonly InternetAddress[] {
    const numeric = parseHost(name);
    if (numeric !== null) return [internet(numeric.version, numeric.host)];
    const key = canonical(name);
    const listed = this.addresses.get(key);
    if (listed !== undefined) return listed;
    // RFC 6761, 6.3: these names are always loopback.
    return key === "localhost" || key.endsWith(".localhost") ? LOCALHOST : [];
  }

  /** The name of an address, or null. */
  reverse(address: Address): string | null {
    if (address.family === "unix") return null;
    const parsed = parseHost(address.address);
    if (parsed === null) return null;
    const listed = this.names.get(parsed.host);
    if (listed !== undefined) return listed;
    return parsed.host === "::1" || (parsed.version === 4 && parsed.host.startsWith("127.")) ? "localhost" : null;
  }
}
