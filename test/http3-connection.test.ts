// A client's HTTP/3 connection over a QUIC that is played: settings, requests, the session, and every way to break it.

import assert from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import { readClose, writeClose } from "../host/node/http3/capsule.js";
import {
  Http3Connection,
  type Http3Owner,
  isSession,
  type SessionReceiver,
  type WebTransportSession,
} from "../host/node/http3/connection.js";
import { frame } from "../host/node/http3/frames.js";
import { decodeFields, encodeFields, type Field } from "../host/node/http3/qpack.js";
import type { Request } from "../host/node/http3/request.js";
import { readSettings } from "../host/node/http3/settings.js";
import { joined, readVarint, varint } from "../host/node/http3/varint.js";
import type { QuicConnection } from "../host/node/quic/quic.js";

const test = suite("an HTTP/3 connection");
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const NOTHING = new Uint8Array(0);

/** A connection under test, and what it did. */
class Stand implements QuicConnection, Http3Owner, SessionReceiver {
  readonly remote = "192.0.2.1";
  readonly sent = new Map<number, { bytes: Uint8Array; isEnded: boolean }>();
  readonly aborted_: (readonly [number, number])[] = [];
  readonly datagrams: Uint8Array[] = [];
  /** What the session heard. */
  readonly told: string[] = [];
  code: number | null = null;
  status = 200;
  readonly requests: Request[] = [];
  session: WebTransportSession | null = null;
  brokenBy = "";
  isOver = false;
  readonly http3: Http3Connection;

  constructor() {
    this.http3 = new Http3Connection(this, this);
  }

  send(stream: number, more: Uint8Array, isEnd = false): void {
    const { bytes: before, isEnded } = this.sent.get(stream) ?? { bytes: NOTHING, isEnded: false };
    if (isEnded) return;
    this.sent.set(stream, { bytes: joined(before, more), isEnded: isEnd });
  }
  buffered(): number {
    return 0;
  }
  sendDatagram(datagram: Uint8Array): boolean {
    this.datagrams.push(datagram);
    return true;
  }
  abort(stream: number, code: number): void {
    this.aborted_.push([stream, code]);
  }
  close(code: number): void {
    this.code = code;
  }

  judge(request: Request): number {
    this.requests.push(request);
    return isSession(request) ? this.status : 404;
  }
  open(session: WebTransportSession): SessionReceiver {
    this.session = session;
    return this;
  }
  broken(reason: string): void {
    this.brokenBy = reason;
  }
  over(): void {
    this.isOver = true;
  }

  stream(stream: number): boolean {
    this.told.push(`stream ${stream}`);
    return stream < 100;
  }
  data(stream: number, more: Uint8Array, isEnd: boolean): void {
    this.told.push(`data ${stream} ${Buffer.from(more).toString("hex")}${isEnd ? " end" : ""}`);
  }
  aborted(stream: number): void {
    this.told.push(`aborted ${stream}`);
  }
  datagram(datagram: Uint8Array): void {
    this.told.push(`datagram ${Buffer.from(datagram).toString("hex")}`);
  }
  drained(stream: number): void {
    this.told.push(`drained ${stream}`);
  }
  closed(reason: string): void {
    this.told.push(`closed ${reason}`);
  }

  /** The status of the answer on a stream. */
  answer(stream: number): string | undefined {
    const { bytes: all } = this.sent.get(stream) ?? { bytes: NOTHING };
    const length = readVarint(all, 1);
    assert.equal(all[0], 1);
    return decodeFields(all.subarray(length.next, length.next + length.value), 1000).find(
      ([name]) => name === ":status",
    )?.[1];
  }
}

function requestFields(more: readonly Field[] = [], changed: Readonly<Record<string, string>> = {}): Uint8Array {
  const fields: Record<string, string> = {
    ":method": "CONNECT",
    ":protocol": "webtransport",
    ":scheme": "https",
    ":authority": "bridge.test",
    ":path": "/",
    ...changed,
  };
  return frame(1, encodeFields([...Object.entries(fields).filter(([, value]) => value !== ""), ...more]));
}

const CLIENT_CONTROL = joined(varint(0), frame(4, bytes("0801")));

/** One with a session on stream 0. */
function withSession(): Stand {
  const stand = new Stand();
  stand.http3.data(2, CLIENT_CONTROL, false);
  stand.http3.data(0, requestFields(), false);
  assert.equal(stand.answer(0), "200");
  return stand;
}

test("it begins with its settings on its control stream", () => {
  const { bytes: sent, isEnded } = new Stand().sent.get(3) ?? { bytes: NOTHING, isEnded: true };
  assert.equal(isEnded, false);
  assert.deepEqual([...sent.subarray(0, 2)], [0, 4]);
  const settings = readSettings(sent.subarray(3));
  for (const [name, value] of [
    [0x08, 1],
    [0x33, 1],
    [0xffd277, 1],
    [0x2b603742, 1],
    [0x01, 0],
  ] as const) {
    assert.equal(settings.get(name), value);
  }
});

test("a CONNECT of WebTransport is judged by its path, authority and origin, and opens a session", () => {
  const stand = new Stand();
  stand.http3.data(0, requestFields([["origin", "https://example.com"]], { ":path": "/wisp?x" }), false);
  assert.deepEqual(stand.requests, [
    {
      method: "CONNECT",
      protocol: "webtransport",
      authority: "bridge.test",
      path: "/wisp?x",
      origin: "https://example.com",
    },
  ]);
  assert.equal(stand.answer(0), "200");
  assert.equal(stand.sent.get(0)?.isEnded, false);
  assert.equal(stand.session?.remote, "192.0.2.1");
});

test("what is refused is answered with its status, and ended", () => {
  for (const status of [403, 404, 426, 503, 500]) {
    const stand = new Stand();
    stand.status = status;
    stand.http3.data(0, requestFields(), false);
    assert.equal(stand.answer(0), `${status}`);
    assert.equal(stand.sent.get(0)?.isEnded, true);
    assert.equal(stand.session, null);
  }
  const plain = new Stand();
  plain.http3.data(0, requestFields([], { ":method": "GET", ":protocol": "" }), false);
  plain.http3.data(0, frame(0, bytes("684302 0000")), true);
  assert.equal(plain.answer(0), "404");
  assert.equal(plain.code, null, "what a request has for a body is no capsule");
});

test("a second session on one connection is 429", () => {
  const stand = withSession();
  stand.http3.data(4, requestFields(), false);
  assert.equal(stand.answer(4), "429");
  assert.equal(stand.told.length, 0);
});

test("a stream of the session is its own from the first byte behind its head, in whatever pieces that comes", () => {
  const all = joined(bytes("4041 00"), bytes("aabbcc"));
  for (let size = 1; size <= all.length; size++) {
    const stand = withSession();
    for (let at = 0; at < all.length; at += size) stand.http3.data(4, all.subarray(at, at + size), false);
    stand.http3.data(4, NOTHING, true);
    assert.equal(stand.told[0], "stream 4");
    const got = stand.told.filter((line) => line.startsWith("data")).map((line) => line.split(" ")[2] ?? "");
    assert.equal(got.join("").replace("end", ""), "aabbcc");
    assert.match(stand.told.at(-1) ?? "", /end$/);
  }
  const stand = withSession();
  stand.http3.data(4, bytes("404100"), false);
  stand.session?.send(4, bytes("0102"));
  assert.equal(Buffer.from(stand.sent.get(4)?.bytes ?? NOTHING).toString("hex"), "0102");
  stand.http3.drained(4);
  stand.http3.aborted(4);
  assert.deepEqual(stand.told, ["stream 4", "drained 4", "aborted 4"]);
});

test("a stream of no session, and one that its session does not want, are given up", () => {
  const stand = withSession();
  stand.http3.data(4, bytes("4041 08"), false);
  stand.http3.data(100, bytes("4041 00"), false);
  assert.deepEqual(stand.aborted_, [
    [4, 0x3994bd84],
    [100, 0x3994bd84],
  ]);
  assert.equal(stand.code, null);
  stand.session?.send(100, bytes("01"));
  assert.equal(stand.sent.has(100), false);
});

test("datagrams carry a quarter of the session's id; those of others are dropped", () => {
  const stand = withSession();
  stand.http3.datagram(bytes("00 0102"));
  stand.http3.datagram(bytes("01 0304"));
  assert.deepEqual(stand.told, ["datagram 0102"]);
  stand.session?.sendDatagram(bytes("aa"));
  assert.deepEqual(
    stand.datagrams.map((each) => Buffer.from(each).toString("hex")),
    ["00aa"],
  );
});

test("a session ends with a capsule, of either side", () => {
  const stand = withSession();
  stand.http3.data(4, bytes("404100"), false);
  stand.http3.data(0, frame(0, joined(frame(0x17, bytes("00")), writeClose({ code: 7, reason: "bye" }))), true);
  assert.deepEqual(stand.told, ["stream 4", "closed bye"]);
  assert.equal(stand.sent.get(0)?.isEnded, true);
  assert.deepEqual(stand.aborted_, [[4, 0x170d7b68]]);
  const other = withSession();
  other.session?.close({ code: 1002, reason: "why" });
  assert.deepEqual(other.told, ["closed why"]);
  const { bytes: sent, isEnded } = other.sent.get(0) ?? { bytes: NOTHING, isEnded: false };
  assert.equal(isEnded, true);
  assert.deepEqual(readClose(sent.subarray(-7)), { code: 1002, reason: "why" });
  other.session?.close({ code: 1, reason: "again" });
  assert.equal(other.told.length, 1);
  // The client's own capsule was under way.
  other.http3.data(0, frame(0, writeClose({ code: 0, reason: "" })), true);
  assert.deepEqual([other.brokenBy, other.code, other.told.length], ["", null, 1]);
});

test("a session ends with the stream of its CONNECT, and with the connection", () => {
  const ended = withSession();
  ended.http3.data(0, NOTHING, true);
  const given = withSession();
  given.http3.aborted(0);
  const lost = withSession();
  lost.http3.closed("nothing came for too long");
  for (const stand of [ended, given, lost]) assert.match(stand.told.join(), /^closed /);
  assert.equal(lost.isOver, true);
  lost.http3.data(4, bytes("404100"), false);
  lost.http3.datagram(bytes("00"));
  assert.equal(lost.told.length, 1, "nothing comes after the end");
});

test("GOAWAY names the first request that is not served", () => {
  const stand = withSession();
  stand.http3.goAway();
  assert.deepEqual([...(stand.sent.get(3)?.bytes.subarray(-3) ?? [])], [7, 1, 4]);
});

const BREACHES: readonly (readonly [what: string, code: number, stream: number, bytes: Uint8Array, end?: boolean])[] = [
  ["DATA before HEADERS", 0x105, 0, frame(0, bytes("01"))],
  ["SETTINGS on a request's stream", 0x105, 0, frame(4, NOTHING)],
  ["a frame that HTTP/2 had", 0x105, 0, frame(2, NOTHING)],
  ["a stream's head amid a request", 0x105, 0, joined(requestFields(), bytes("404100"))],
  ["HEADERS twice", 0x105, 0, joined(requestFields(), requestFields())],
  ["HEADERS that are too long", 0x107, 0, joined(varint(1), varint(20_000))],
  ["fields of a dynamic table", 0x200, 0, frame(1, bytes("0200 80"))],
  ["a session's id that is none", 0x108, 4, bytes("4041 01")],
  ["a control stream without settings", 0x10a, 2, joined(varint(0), frame(7, bytes("00")))],
  ["settings twice", 0x105, 2, joined(CLIENT_CONTROL, frame(4, NOTHING))],
  ["settings of HTTP/2", 0x109, 2, joined(varint(0), frame(4, bytes("0201")))],
  ["settings that are too long", 0x107, 2, joined(varint(0), varint(4), varint(5000))],
  ["HEADERS on the control stream", 0x105, 2, joined(CLIENT_CONTROL, requestFields())],
  ["the end of the control stream", 0x104, 2, CLIENT_CONTROL, true],
  ["a push", 0x103, 2, varint(1)],
  ["an entry for QPACK's table", 0x201, 2, joined(varint(2), bytes("4a"))],
  ["the end of QPACK's stream", 0x104, 2, varint(2), true],
  ["a capsule that is cut short", 0x33, 0, joined(requestFields(), frame(0, frame(0x2843, bytes("0000"))))],
  ["a capsule that is too long", 0x107, 0, joined(requestFields(), frame(0, joined(varint(0x2843), varint(4000))))],
];

for (const [what, code, stream, written, end = false] of BREACHES) {
  test(`${what} ends the connection with 0x${code.toString(16)}`, () => {
    const stand = new Stand();
    stand.http3.data(stream, written, end);
    assert.equal(stand.code, code);
    assert.notEqual(stand.brokenBy, "");
    assert.equal(stand.isOver, true);
  });
}

test("a second control stream and a datagram without an id end the connection", () => {
  const stand = withSession();
  stand.http3.data(6, CLIENT_CONTROL, false);
  assert.equal(stand.code, 0x103);
  assert.match(stand.told.join(), /^closed /);
  const other = withSession();
  other.http3.datagram(NOTHING);
  assert.equal(other.code, 0x33);
});

test("a request that is not well-formed costs its stream alone", () => {
  const stand = withSession();
  stand.http3.data(4, requestFields([], { ":path": "" }), false);
  assert.deepEqual(stand.aborted_, [[4, 0x10e]]);
  assert.equal(stand.code, null);
});

test("streams of unknown types are given up, and QPACK's may say what means nothing", () => {
  const stand = withSession();
  stand.http3.data(6, bytes("21"), false);
  stand.http3.data(10, bytes("4054 00"), false);
  assert.deepEqual(
    stand.aborted_.map(([stream]) => stream),
    [6, 10],
  );
  stand.http3.data(14, bytes("02 20"), false);
  stand.http3.data(18, bytes("03 44 81"), false);
  stand.http3.aborted(6);
  assert.equal(stand.code, null);
});

test("requests without end are refused one by one", () => {
  const stand = new Stand();
  stand.status = 404;
  for (let n = 0; n < 100; n++) stand.http3.data(4 * n, requestFields(), true);
  assert.equal(stand.requests.length, 64);
  assert.equal(stand.aborted_.length, 36);
});

test("whatever comes, on whatever stream, nothing is thrown", () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 30 }),
    fc.constantFrom(CLIENT_CONTROL, requestFields(), bytes("404100"), frame(0, writeClose({ code: 0, reason: "" }))),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 11 }), piece, fc.integer({ min: 0, max: 9 }))), (steps) => {
      const stand = new Stand();
      for (const [stream, written, how] of steps) {
        const id = stream % 4 === 1 || stream % 4 === 3 ? stream - 1 : stream;
        if (how === 9) stand.http3.aborted(id);
        else if (how === 8) stand.http3.datagram(written);
        else stand.http3.data(id, written, how === 7);
      }
      const heard = stand.told.filter((line) => line.startsWith("closed"));
      assert.ok(heard.length <= (stand.session === null ? 0 : 10));
    }),
    { numRuns: 3000 },
  );
});

test.run();
