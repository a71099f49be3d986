// The names that property tests give to connect(2), bind(2) and sendto(2): good ones, and each way to be wrong that the table
// has a row for.

import { AF_INET, AF_INET6, AF_UNIX, AF_UNSPEC } from "../../assembly/shared/socket.js";
import type { Address } from "../../host/address.js";
import { type FakeHost, NAME } from "./fake-host.js";

/** A name as a guest may give it. */
export interface Name {
  readonly what: "good" | "other" | "port 0" | "group" | "any" | "bad pointer";
  readonly family: "own" | "other" | "unspec";
  readonly length: number;
}

/** An address of a family that a network would tell. */
export function addressOf(domain: number, port: number): Address {
  if (domain === AF_UNIX) return { family: "unix", path: new Uint8Array([0x2f, 0x61 + (port % 26)]) };
  if (domain === AF_INET6) return { family: "IPv6", address: "::1", port, scopeId: 0 };
  return { family: "IPv4", address: "127.0.0.1", port };
}

/** Bytes of a whole name. */
export function wholeLength(domain: number): number {
  return domain === AF_UNIX ? 5 : domain === AF_INET6 ? 28 : 16;
}

/** The name that `draw` picks, for a socket of that domain. */
export function pickName(domain: number, draw: number): Name {
  const length = wholeLength(domain);
  const good: Name = { what: "good", family: "own", length };
  switch (draw % 16) {
    case 0:
      return { ...good, family: "unspec" };
    case 1:
      return { ...good, family: "other", length: Math.max(length, 16) };
    case 2:
      return { ...good, length: 2 };
    case 3:
      return { ...good, length: 1 };
    case 4:
      return { ...good, length: draw & 16 ? 129 : -1 };
    case 5:
      return { ...good, what: "bad pointer" };
    case 6:
      return domain === AF_UNIX ? good : { ...good, what: "port 0" };
    case 7:
      return domain === AF_UNIX ? good : { ...good, what: "group" };
    case 8:
      return { ...good, what: "other" };
    case 9:
      return domain === AF_UNIX ? good : { ...good, length: length - 5 };
    case 10:
      return { ...good, length: domain === AF_UNIX ? 110 : 128 };
  }
  return good;
}

/** Writes a name into guest memory: its pointer. */
export function putName(host: FakeHost, domain: number, name: Name): number {
  if (name.what === "bad pointer") return 0xfffffff0;
  const view = host.view;
  for (let i = 0; i < 128; i += 8) view.setBigUint64(NAME + i, 0n, true);
  const other = domain === AF_INET ? AF_UNIX : AF_INET;
  view.setUint16(NAME, name.family === "own" ? domain : name.family === "other" ? other : AF_UNSPEC, true);
  if (domain === AF_UNIX) {
    view.setUint8(NAME + 2, 0x2f);
    view.setUint8(NAME + 3, name.what === "other" ? 0x6f : 0x73);
    return NAME;
  }
  view.setUint16(NAME + 2, name.what === "port 0" ? 0 : name.what === "other" ? 81 : 80, false);
  const at = domain === AF_INET ? NAME + 4 : NAME + 8;
  if (name.what === "group") view.setUint8(at, domain === AF_INET ? 224 : 0xff);
  else if (domain === AF_INET) view.setUint32(at, 0x7f000001, false);
  else view.setUint8(at + 15, 1);
  return NAME;
}

/** For the trace. */
export function describe({ family, what, length }: Name): string {
  return `${family} ${what} ${length}`;
}
