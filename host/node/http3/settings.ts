// SETTINGS, the first frame of either side's control stream (RFC 9114, section 7.2.4). Owns the numbers and the checks.

import { Http3Error, SETTINGS_ERROR } from "./error.js";
import { joined, peekVarint, varint } from "./varint.js";

/** Bytes of header fields, as RFC 9114 counts them, that a request may have. */
export const FIELDS_MAX: number = 16 << 10;

const QPACK_MAX_TABLE_CAPACITY = 0x01;
const MAX_FIELD_SECTION_SIZE = 0x06;
const QPACK_BLOCKED_STREAMS = 0x07;
const ENABLE_CONNECT_PROTOCOL = 0x08;
/** HTTP datagrams (RFC 9297), and the number that a draft of it had, which browsers look for. */
const H3_DATAGRAM = 0x33;
const H3_DATAGRAM_DRAFT = 0xffd277;
/** draft-ietf-webtrans-http3-02, which browsers speak. */
const ENABLE_WEBTRANSPORT = 0x2b603742;
/** Settings that HTTP/2 had and HTTP/3 must not have. */
const RESERVED: readonly number[] = [0x00, 0x02, 0x03, 0x04, 0x05];

/** This server's. */
export const SETTINGS: ReadonlyMap<number, number> = new Map([
  [QPACK_MAX_TABLE_CAPACITY, 0],
  [MAX_FIELD_SECTION_SIZE, FIELDS_MAX],
  [QPACK_BLOCKED_STREAMS, 0],
  [ENABLE_CONNECT_PROTOCOL, 1],
  [H3_DATAGRAM, 1],
  [H3_DATAGRAM_DRAFT, 1],
  [ENABLE_WEBTRANSPORT, 1],
]);

/** The payload of a frame with those settings. */
export function writeSettings(settings: ReadonlyMap<number, number>): Uint8Array<ArrayBuffer> {
  return joined(...[...settings].flatMap(([name, value]) => [varint(name), varint(value)]));
}

/** The settings in a frame's payload. Throws Http3Error. */
export function readSettings(payload: Uint8Array): ReadonlyMap<number, number> {
  const settings = new Map<number, number>();
  for (let at = 0; at < payload.length; ) {
    const name = peekVarint(payload, at);
    const value = name === null ? null : peekVarint(payload, name.next);
    if (name === null || value === null) throw new Http3Error(SETTINGS_ERROR, "SETTINGS are cut short");
    if (RESERVED.includes(name.value)) throw new Http3Error(SETTINGS_ERROR, `setting ${name.value} is HTTP/2's`);
    if (settings.has(name.value)) throw new Http3Error(SETTINGS_ERROR, `setting ${name.value} is there twice`);
    settings.set(name.value, value.value);
    at = value.next;
  }
  return settings;
}
