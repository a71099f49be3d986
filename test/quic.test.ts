// What is our own beside the QUIC library: tokens of Retry packets, what waits on streams, a certificate of one's own.

import assert from "node:assert/strict";
import { createHash, createPrivateKey, X509Certificate } from "node:crypto";
import { suite } from "uvu";
import { makeCertificate } from "../host/node/bridge/certificate.js";
import { Outbox } from "../host/node/quic/outbox.js";
import { configFor, ID, loadQuiche, type QuicheConnection, resetToken } from "../host/node/quic/quiche.js";
import { Tokens } from "../host/node/quic/token.js";

const test = suite("QUIC");
const DAY = 86_400_000;

test("a token is good for who asked, with the id that was given, for ten seconds, and here alone", () => {
  const tokens = new Tokens();
  const [id, original] = [Buffer.alloc(16, 1), Buffer.from("original")];
  const token = tokens.mint("192.0.2.1 5000", id, original, 100_000);
  assert.deepEqual(tokens.check(token, "192.0.2.1 5000", id, 105_000), original);
  assert.equal(tokens.check(token, "192.0.2.1 5001", id, 105_000), null, "another port");
  assert.equal(tokens.check(token, "192.0.2.2 5000", id, 105_000), null, "another address");
  assert.equal(tokens.check(token, "192.0.2.1 5000", Buffer.alloc(16, 2), 105_000), null, "another id");
  assert.equal(tokens.check(token, "192.0.2.1 5000", id, 110_001), null, "too late");
  assert.equal(tokens.check(token, "192.0.2.1 5000", id, 99_999), null, "before its time");
  assert.equal(new Tokens().check(token, "192.0.2.1 5000", id, 105_000), null, "another server");
  for (let at = 0; at < token.length; at++) {
    const changed = Buffer.from(token);
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.equal(tokens.check(changed, "192.0.2.1 5000", id, 105_000), null, `byte ${at} changed`);
    assert.equal(tokens.check(token.subarray(0, at), "192.0.2.1 5000", id, 105_000), null, `cut to ${at}`);
  }
});

test("the token of a reset is the same after a restart, and of one connection alone", () => {
  const [one, two] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
  assert.equal(resetToken("key", one).length, 16);
  assert.deepEqual(resetToken("key", one), resetToken("key", one));
  assert.notDeepEqual(resetToken("key", one), resetToken("key", two));
  assert.notDeepEqual(resetToken("key", one), resetToken("other", one));
});

test("a client may begin with an id of any length that QUIC has", async () => {
  // Where the library is published for.
  if (process.platform !== "linux" || process.arch !== "x64") return;
  const quiche = await loadQuiche();
  const at = { host: "127.0.0.1", port: 5000 };
  for (let length = 8; length <= 20; length++) {
    const id = Buffer.alloc(ID, length);
    const config = configFor(quiche, { ...makeCertificate(), protocol: "h3" }, id);
    const connection: QuicheConnection = quiche.Connection.accept(id, Buffer.alloc(length, 1), at, at, config);
    assert.equal(connection.isClosed(), false, `an id of ${length} bytes`);
  }
});

/** A QUIC that takes so many bytes. */
class Taker {
  readonly got = new Map<number, string>();
  room = 0;
  readonly stopped = new Set<number>();
  readonly take = (stream: number, bytes: Uint8Array, isEnd: boolean): number | null => {
    if (this.stopped.has(stream)) throw new Error("StreamStopped(7)");
    if (this.room === 0) return null;
    const part = bytes.subarray(0, this.room);
    this.room -= part.length;
    const end = isEnd && part.length === bytes.length ? "." : "";
    this.got.set(stream, (this.got.get(stream) ?? "") + Buffer.from(part).toString() + end);
    return part.length;
  };
}

test("what waits goes in order as there is room, and the end behind it, once", () => {
  const outbox = new Outbox();
  const taker = new Taker();
  const went: (readonly [number, number])[] = [];
  const flush = (room: number): void => {
    taker.room = room;
    outbox.flush(taker.take, (stream, before) => went.push([stream, before]));
  };
  outbox.put(4, Buffer.from("hello "), false);
  outbox.put(4, Buffer.from("world"), true);
  outbox.put(4, Buffer.from("no more"), false);
  outbox.put(8, Buffer.from("x"), false);
  flush(0);
  assert.equal(outbox.bytes(4), 11);
  flush(3);
  assert.deepEqual([outbox.bytes(4), outbox.bytes(8)], [8, 1]);
  flush(100);
  flush(100);
  assert.deepEqual(
    [...taker.got],
    [
      [4, "hello world."],
      [8, "x"],
    ],
  );
  assert.deepEqual(went, [
    [4, 11],
    [4, 8],
    [8, 1],
  ]);
  assert.equal(outbox.bytes(4), 0);
});

test("an end without bytes is sent, and a stream that its reader stopped holds nothing", () => {
  const outbox = new Outbox();
  const taker = new Taker();
  taker.room = 10;
  outbox.put(4, new Uint8Array(0), true);
  taker.stopped.add(8);
  outbox.put(8, Buffer.from("unwanted"), false);
  outbox.flush(taker.take, () => {});
  assert.equal(taker.got.get(4), ".");
  assert.equal(outbox.bytes(8), 0);
  outbox.put(12, Buffer.from("gone"), false);
  outbox.drop(12);
  outbox.flush(taker.take, () => {});
  assert.equal(taker.got.has(12), false);
});

test("a certificate of one's own is what a page takes by its hash: P-256, signed by itself, good for thirteen days", () => {
  const now = new Date("2027-03-04T05:06:07Z");
  for (const at of [now, new Date("2051-01-01T00:00:00Z")]) {
    const { cert, key, hash, until } = makeCertificate(at);
    const read = new X509Certificate(cert);
    assert.equal(read.verify(read.publicKey), true);
    assert.equal(read.checkPrivateKey(createPrivateKey(key)), true);
    assert.equal(read.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
    assert.deepEqual(hash, createHash("sha256").update(read.raw).digest());
    const [from, to] = [Date.parse(read.validFrom), Date.parse(read.validTo)];
    assert.equal(to - from, 13 * DAY);
    assert.equal(to, until.getTime());
    assert.equal(from, at.getTime() - DAY);
    assert.match(read.subject, /hawser bridge/);
    assert.equal(read.subjectAltName, "DNS:localhost");
    assert.equal(read.ca, false);
  }
  assert.notEqual(makeCertificate().cert, makeCertificate().cert);
});

test.run();
