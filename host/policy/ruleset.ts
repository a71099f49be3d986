// What a set of rules allows, and the sentence for what it does not. Owns the decision and nothing else: no network, no
// session; the names that were resolved are an argument. The bridge server asks the same questions of it.

import ipaddr from "ipaddr.js";
import type { Address, InternetAddress, UnixAddress } from "../address.js";
import { type Numeric, parseNumeric, specialClass } from "./ranges.js";
import { canonicalName, type HostPattern, type InternetRule, parseRule, printable, type Rule } from "./rule.js";

/** Which name gave an address: only what a resolver said in this session counts (no DNS rebinding). */
export interface Resolutions {
  /** Whether resolving `name` gave `host`, both canonical. */
  gave(name: string, host: string): boolean;
}

/** "tcp", "udp" or "unix". */
export type Protocol = Rule["protocol"];

/** An address as text with its port, fit for a log. */
export function textOf(address: Address): string {
  if (address.family !== "unix") {
    const host = printable(address.address);
    return address.family === "IPv6" ? `[${host}]:${address.port}` : `${host}:${address.port}`;
  }
  const text = new TextDecoder().decode(address.path);
  return printable(text.startsWith("\0") ? `@${text.slice(1)}` : text);
}

/** What a rule is compared with: where a name leads on the host, else the name. */
function judged(address: UnixAddress): Uint8Array {
  return address.place?.path ?? address.path;
}

/** An AF_UNIX name as the guest gave it, with where it leads if that is elsewhere. */
function nameOf(address: UnixAddress): string {
  const [given, led] = [textOf(address), textOf({ family: "unix", path: judged(address) })];
  return given === led ? given : `${given} (${led} on the host)`;
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function inNetwork(address: Numeric, host: HostPattern): boolean {
  if (host.kind === "localhost") {
    const text = address.toString();
    return text === "127.0.0.1" || text === "::1";
  }
  if (host.kind !== "network" || address.kind() !== host.network.kind()) return false;
  return address.match(host.network, host.bits);
}

/** The rules. */
export class RuleSet {
  private readonly rules: readonly Rule[];

  /** Parses them; `canonical` follows the links of the host's paths in them. Throws PolicyError. */
  constructor(rules: readonly string[], canonical?: (path: Uint8Array, listen: boolean) => Uint8Array) {
    this.rules = rules.map(parseRule).map((rule) => {
      const isPath = rule.protocol === "unix" && rule.path !== null && rule.path[0] !== 0;
      return isPath && canonical !== undefined ? { ...rule, path: canonical(rule.path, rule.listen) } : rule;
    });
  }

  private internet(protocol: Protocol, listen: boolean): readonly InternetRule[] {
    return this.rules.filter((rule): rule is InternetRule => {
      return rule.protocol !== "unix" && rule.protocol === protocol && rule.listen === listen;
    });
  }

  private unix(path: Uint8Array, listen: boolean): boolean {
    return this.rules.some((rule) => {
      return rule.protocol === "unix" && rule.listen === listen && (rule.path === null || sameBytes(rule.path, path));
    });
  }

  /** Whether a guest may reach an address: null, or why not. `verb` opens the sentence. */
  reach(verb: string, protocol: Protocol, to: Address, resolutions: Resolutions): string | null {
    if (to.family === "unix") {
      if (protocol === "unix" && this.unix(judged(to), false)) return null;
      return refusal(`${verb} ${nameOf(to)}`, `unix:${textOf({ family: "unix", path: judged(to) })}`);
    }
    const address = parseNumeric(to.address);
    if (address === null) return `${verb} ${textOf(to)} is not allowed: that is no numeric address`;
    const rules = this.internet(protocol, false);
    const special = specialClass(address);
    let name: string | null = null;
    for (const { host, firstPort, lastPort } of rules) {
      const named = host.kind === "name" && resolutions.gave(host.name, address.toString());
      if (named) name = host.name;
      if (to.port < firstPort || to.port > lastPort) continue;
      if (inNetwork(address, host)) return null;
      if (special === null && (host.kind === "any" || named)) return null;
    }
    const what = [name, special].filter((part) => part !== null).join(", ");
    const suggested = name !== null && special === null ? `${name}:${to.port}` : suggestion(address, to);
    return refusal(`${verb} ${textOf(to)}${what === "" ? "" : ` (${what})`}`, `${protocol}://${suggested}`);
  }

  /** Whether a guest may listen at (or hear from anybody at) a local address; port 0 is one that the system chooses. */
  hear(verb: string, protocol: Protocol, local: Address): string | null {
    if (local.family === "unix") {
      if (protocol === "unix" && this.unix(judged(local), true)) return null;
      return refusal(`${verb} ${nameOf(local)}`, `listen:unix:${textOf({ family: "unix", path: judged(local) })}`);
    }
    const address = parseNumeric(local.address);
    if (address === null) return `${verb} ${textOf(local)} is not allowed: that is no numeric address`;
    const allowed = this.internet(protocol, true).some(({ host, firstPort, lastPort }) => {
      return (host.kind === "any" || inNetwork(address, host)) && local.port >= firstPort && local.port <= lastPort;
    });
    if (allowed) return null;
    return refusal(`${verb} ${textOf(local)}`, `listen:${protocol}://${suggestion(address, local)}`);
  }

  /** Whether a guest may ask for the addresses of a name: null, or why not. Numbers and localhost need no resolver. */
  resolve(asked: string): string | null {
    const name = canonicalName(asked);
    // A zone id is left to the resolver, which may send it on as part of a name; so it needs a rule as a name does.
    if (name === "localhost" || (!asked.includes("%") && parseNumeric(asked) !== null)) return null;
    if (this.rules.some((rule) => this.isAbout(rule, name))) return null;
    const shown = printable(name.slice(0, 253));
    return refusal(`resolving ${shown}`, `tcp://${shown}:443`);
  }

  private isAbout(rule: Rule, name: string): boolean {
    if (rule.protocol === "unix" || rule.listen) return false;
    return rule.host.kind === "any" || (rule.host.kind === "name" && rule.host.name === name);
  }

  /** Whether a guest may ask for the name of an address: it may if a rule lets it reach some port there. */
  reverse(asked: Address, resolutions: Resolutions): string | null {
    const address = asked.family === "unix" ? null : parseNumeric(asked.address);
    if (asked.family === "unix" || address === null)
      return `naming ${textOf(asked)} is not allowed: it is no IP address`;
    const special = specialClass(address);
    const allowed = [...this.internet("tcp", false), ...this.internet("udp", false)].some(({ host }) => {
      const named = host.kind === "name" && resolutions.gave(host.name, address.toString());
      return inNetwork(address, host) || (special === null && (host.kind === "any" || named));
    });
    return allowed
      ? null
      : refusal(`naming ${printable(asked.address)}`, `tcp://${suggestion(address, { ...asked, port: 443 })}`);
  }

  /** Whether some rule names that name, so that what it resolves to matters. */
  names(name: string): boolean {
    return this.rules.some((rule) => rule.protocol !== "unix" && rule.host.kind === "name" && rule.host.name === name);
  }
}

function suggestion(address: Numeric, { port }: InternetAddress): string {
  return address instanceof ipaddr.IPv4 ? `${address.toString()}:${port}` : `[${address.toString()}]:${port}`;
}

function refusal(what: string, rule: string): string {
  return `${what} is not allowed; allow it with --allow ${rule}`;
}
