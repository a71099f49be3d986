// The text of one rule. Owns the grammar and what is said about text that is not in it; what a rule allows is ruleset.ts's.
//
//   rule = ["listen:"] ("tcp://" | "udp://") host ":" port
//        | ["listen:"] "unix:" (path | "@" abstract name | "*")
//   host = name | IPv4 ["/" bits] | "[" IPv6 ["/" bits] "]" | "*"
//   port = number | number "-" number | "*"

import ipaddr from "ipaddr.js";
import { type Numeric, parseNumeric } from "./ranges.js";

/** Text that is no rule. The message says what is wrong with it and gives a right one. */
export class PolicyError extends Error {
  override readonly name: string = "PolicyError";
  /** The offending text. */
  readonly value: string;

  constructor(value: string, problem: string, example: string) {
    const shown = printable(value.length > 80 ? `${value.slice(0, 80)}...` : value);
    super(`rule "${shown}": ${problem}; a right one is ${example}`);
    this.value = value;
  }
}

/** Which hosts a rule is about. */
export type HostPattern =
  | { readonly kind: "any" }
  | { readonly kind: "localhost" }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "network"; readonly network: Numeric; readonly bits: number };

interface Direction {
  readonly text: string;
  /** It allows listening (and hearing from anybody) instead of reaching out. */
  readonly listen: boolean;
}

/** A rule about TCP or UDP. */
export interface InternetRule extends Direction {
  readonly protocol: "tcp" | "udp";
  readonly host: HostPattern;
  readonly firstPort: number;
  readonly lastPort: number;
}

/** A rule about AF_UNIX names; no path means any. */
export interface UnixRule extends Direction {
  readonly protocol: "unix";
  readonly path: Uint8Array | null;
}

/** A rule. */
export type Rule = InternetRule | UnixRule;

const MAX_LENGTH = 1024;
const MAX_NAME = 253;
const EXAMPLE = "tcp://example.com:443";

/** Shows control and other non-ASCII characters as escapes, so that no text can forge a line of a log. */
export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Lower case, without the final dot of a fully qualified name. */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** Parses a rule. Throws PolicyError. */
export function parseRule(text: unknown): Rule {
  if (typeof text !== "string") throw new PolicyError(String(text), "a rule is a string", `"${EXAMPLE}"`);
  if (text.length > MAX_LENGTH) {
    throw new PolicyError(text, `it is ${text.length} characters long, more than ${MAX_LENGTH}`, EXAMPLE);
  }
  const listen = text.startsWith("listen:");
  const rest = listen ? text.slice("listen:".length) : text;
  if (rest.startsWith("unix:")) return { text, listen, protocol: "unix", path: parsePath(text, rest.slice(5)) };
  for (const protocol of ["tcp", "udp"] as const) {
    if (rest.startsWith(`${protocol}://`)) return parseInternet(text, listen, protocol, rest.slice(6));
  }
  throw new PolicyError(text, "it begins with none of tcp://, udp://, unix:, listen:", EXAMPLE);
}

function parsePath(text: string, path: string): Uint8Array | null {
  if (path === "*") return null;
  const example = "unix:/run/postgresql/.s.PGSQL.5432";
  if (path === "" || path === "@") throw new PolicyError(text, "it names no path", example);
  if (path.includes("\0")) throw new PolicyError(text, "a path has no NUL in it", example);
  if (path.startsWith("//")) throw new PolicyError(text, "unix: takes a path as it is, without //", example);
  const bytes = new TextEncoder().encode(path);
  if (path.startsWith("@") && bytes.length > 108) {
    throw new PolicyError(text, "an abstract name has at most 107 bytes", "unix:@name");
  }
  if (path.startsWith("@")) bytes[0] = 0;
  return bytes;
}

function parseInternet(text: string, listen: boolean, protocol: "tcp" | "udp", rest: string): InternetRule {
  const example = `${listen ? "listen:" : ""}${protocol}://${listen ? "127.0.0.1:8080" : "example.com:443"}`;
  const bracket = rest.startsWith("[") ? rest.indexOf("]") : -1;
  if (rest.startsWith("[") && bracket < 0) throw new PolicyError(text, "a ] is missing", `${protocol}://[::1]:443`);
  const colon = bracket < 0 ? rest.lastIndexOf(":") : bracket + 1;
  if (colon < 0 || rest[colon] !== ":") throw new PolicyError(text, "it has no port", example);
  const [firstPort, lastPort] = parsePort(text, rest.slice(colon + 1), listen, example);
  const inner = rest.slice(bracket < 0 ? 0 : 1, bracket < 0 ? colon : bracket);
  const host = bracket < 0 ? parseHost(text, inner, example) : parseNetwork(text, inner, 6);
  if (listen && host.kind === "name") {
    throw new PolicyError(text, "a guest listens on an address, not on a name", "listen:tcp://127.0.0.1:8080");
  }
  return { text, listen, protocol, host, firstPort, lastPort };
}

function parsePort(text: string, port: string, listen: boolean, example: string): [number, number] {
  // Port 0 stands for "a port that the system chooses", which only a listener can ask for.
  const least = listen ? 0 : 1;
  if (port === "*") return [least, 65535];
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(port);
  const first = Number(match?.[1] ?? Number.NaN);
  const last = match?.[2] === undefined ? first : Number(match[2]);
  if (match === null || first > 65535 || last > 65535 || first < least) {
    throw new PolicyError(text, `"${printable(port)}" is not a port, a range of ports or *`, example);
  }
  if (first > last) throw new PolicyError(text, `the range ${first}-${last} is empty`, "tcp://example.com:8000-8010");
  return [first, last];
}

function parseHost(text: string, host: string, example: string): HostPattern {
  if (host === "*") return { kind: "any" };
  if (host === "") throw new PolicyError(text, "it has no host", example);
  if (host.includes(":")) throw new PolicyError(text, "an IPv6 address stands in brackets", "tcp://[2001:db8::1]:443");
  if (host.includes("/")) return parseNetwork(text, host, 4);
  const name = canonicalName(host);
  // What a resolver could take for a number must be one that is read in one way only (127.1, 0x7f000001, 017700000001).
  if (/(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(name)) return parseNetwork(text, host, 4);
  if (name.length > MAX_NAME) throw new PolicyError(text, `a name has at most ${MAX_NAME} characters`, example);
  if (!/^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/.test(name)) {
    const problem = `"${printable(host.slice(0, 80))}" is not a host name (a name beyond ASCII is written as xn--...)`;
    throw new PolicyError(text, problem, example);
  }
  // RFC 6761, 6.3: localhost is always loopback, whatever a resolver says.
  return name === "localhost" ? { kind: "localhost" } : { kind: "name", name };
}

function parseNetwork(text: string, host: string, version: 4 | 6): HostPattern {
  const example = version === 4 ? "tcp://10.0.0.0/8:5432" : "tcp://[fd00::/8]:5432";
  const slash = host.indexOf("/");
  const address = slash < 0 ? host : host.slice(0, slash);
  if (address.includes("%")) throw new PolicyError(text, "a rule has no zone id", "tcp://[fe80::1]:443");
  const valid = version === 4 ? !address.includes(":") : address.includes(":");
  const network = valid ? parseNumeric(address) : null;
  if (network === null) {
    throw new PolicyError(text, `"${printable(address.slice(0, 80))}" is not an IPv${version} address`, example);
  }
  // A mapped address or prefix is about IPv4: the first 96 bits are the mapping.
  const offset = version === 6 && network instanceof ipaddr.IPv4 ? 96 : 0;
  const most = network instanceof ipaddr.IPv4 ? 32 : 128;
  if (slash < 0) return { kind: "network", network, bits: most };
  const digits = host.slice(slash + 1);
  const bits = /^\d{1,3}$/.test(digits) ? Number(digits) - offset : -1;
  if (bits < 0 || bits > most) {
    throw new PolicyError(text, `"/${printable(digits.slice(0, 20))}" is not a prefix length of that address`, example);
  }
  if (hasHostBits(network, bits)) {
    throw new PolicyError(text, `${address} has bits set beyond the /${digits}`, example);
  }
  return { kind: "network", network, bits };
}

function hasHostBits(address: Numeric, bits: number): boolean {
  return address.toByteArray().some((byte, index) => {
    const kept = Math.min(Math.max(bits - index * 8, 0), 8);
    return (byte & (0xff >> kept)) !== 0;
  });
}
