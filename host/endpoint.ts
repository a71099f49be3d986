// The byte form of an address, as assembly/shared/endpoint.ts lays it out. Owns reading and writing it, and the numeric text
// of IPv4 and IPv6 (RFC 5952) that goes with it.

import {
  ENDPOINT_ADDRESS,
  ENDPOINT_FAMILY,
  ENDPOINT_LENGTH,
  ENDPOINT_PATH_MAX,
  ENDPOINT_PORT,
  ENDPOINT_SCOPE,
  ENDPOINT_SIZE,
} from "../assembly/shared/endpoint.js";
import { AF_INET, AF_INET6, AF_UNIX } from "../assembly/shared/socket.js";
import type { Address } from "./address.js";

/** The address that an endpoint's bytes stand for; null for no address. Copies what it keeps. */
export function readEndpoint(bytes: Uint8Array): Address | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const family = view.getUint16(ENDPOINT_FAMILY, true);
  const port = view.getUint16(ENDPOINT_PORT, true);
  if (family === AF_INET) {
    const [a, b, c, d] = bytes.subarray(ENDPOINT_ADDRESS, ENDPOINT_ADDRESS + 4);
    return { family: "IPv4", address: `${a}.${b}.${c}.${d}`, port };
  }
  if (family === AF_INET6) {
    const address = formatIPv6(bytes.subarray(ENDPOINT_ADDRESS, ENDPOINT_ADDRESS + 16));
    return { family: "IPv6", address, port, scopeId: view.getUint32(ENDPOINT_SCOPE, true) };
  }
  if (family === AF_UNIX) {
    const length = Math.min(view.getUint32(ENDPOINT_LENGTH, true), ENDPOINT_PATH_MAX);
    return { family: "unix", path: bytes.slice(ENDPOINT_ADDRESS, ENDPOINT_ADDRESS + length) };
  }
  return null;
}

/** Writes an address into `bytes` (ENDPOINT_SIZE of them). Throws RangeError on text that is not numeric. */
export function writeEndpoint(bytes: Uint8Array, address: Address | null): void {
  bytes.fill(0, 0, ENDPOINT_SIZE);
  if (address === null) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (address.family === "unix") {
    const path = address.path.subarray(0, ENDPOINT_PATH_MAX);
    view.setUint16(ENDPOINT_FAMILY, AF_UNIX, true);
    view.setUint32(ENDPOINT_LENGTH, path.length, true);
    bytes.set(path, ENDPOINT_ADDRESS);
    return;
  }
  view.setUint16(ENDPOINT_PORT, address.port, true);
  if (address.family === "IPv4") {
    view.setUint16(ENDPOINT_FAMILY, AF_INET, true);
    bytes.set(parseIPv4(address.address), ENDPOINT_ADDRESS);
    return;
  }
  view.setUint16(ENDPOINT_FAMILY, AF_INET6, true);
  view.setUint32(ENDPOINT_SCOPE, address.scopeId ?? 0, true);
  bytes.set(parseIPv6(address.address), ENDPOINT_ADDRESS);
}

/** The four bytes of dotted decimal. */
export function parseIPv4(text: string): number[] {
  const parts = text.split(".").map(Number);
  const isByte = (part: number): boolean => Number.isInteger(part) && part >= 0 && part <= 255;
  if (parts.length !== 4 || !parts.every(isByte)) throw new RangeError(`"${text}" is not an IPv4 address`);
  return parts;
}

/** The sixteen bytes of RFC 4291 text; a %zone is left out, an IPv4 tail is taken. */
export function parseIPv6(text: string): number[] {
  const [bare = ""] = text.split("%");
  const sides = bare.split("::");
  const [head = "", tail] = sides;
  const left = hextets(head);
  const right = tail === undefined ? [] : hextets(tail);
  const gap = 8 - left.length - right.length;
  const whole = tail === undefined ? gap === 0 : gap >= 1;
  const words = [...left, ...new Array<number>(Math.max(gap, 0)).fill(0), ...right];
  if (sides.length > 2 || !whole || words.some((word) => !(word >= 0 && word <= 0xffff))) {
    throw new RangeError(`"${text}" is not an IPv6 address`);
  }
  return words.flatMap((word) => [word >> 8, word & 0xff]);
}

function hextets(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    if (!part.includes(".")) return /^[0-9a-fA-F]{1,4}$/.test(part) ? [Number.parseInt(part, 16)] : [-1];
    const [a = 0, b = 0, c = 0, d = 0] = parseIPv4(part);
    return [(a << 8) | b, (c << 8) | d];
  });
}

/** RFC 5952: lower case, the longest run of zeros (of two or more) as "::", an IPv4-mapped address with its dots. */
export function formatIPv6(bytes: Uint8Array): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0));
  if (words.slice(0, 5).every((word) => word === 0) && words[5] === 0xffff) {
    return `::ffff:${bytes.subarray(12).join(".")}`;
  }
  let start = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let run = 0;
    while (i + run < 8 && words[i + run] === 0) run++;
    if (run > length) {
      start = i;
      length = run;
    }
  }
  const hex = words.map((word) => word.toString(16));
  if (start < 0) return hex.join(":");
  return `${hex.slice(0, start).join(":")}::${hex.slice(start + length).join(":")}`;
}
