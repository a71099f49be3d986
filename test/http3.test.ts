// HTTP/3's codec, bytes in and values out, and what is malformed, cut short or too much.

import assert from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import { CLOSE_SESSION, readClose, writeClose } from "../host/node/http3/capsule.js";
import { Http3Error } from "../host/node/http3/error.js";
import { FrameSplitter, frame, type Use } from "../host/node/http3/frames.js";
import { decodeHuffman } from "../host/node/http3/huffman.js";
import { decodeFields, encodeFields, type Field } from "../host/node/http3/qpack.js";
import { requestOf } from "../host/node/http3/request.js";
import { readSettings, SETTINGS, writeSettings } from "../host/node/http3/settings.js";
import { joined, peekVarint, readVarint, varint } from "../host/node/http3/varint.js";

const test = suite("HTTP/3");
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));
const hex = (of: Uint8Array): string => Buffer.from(of).toString("hex");

/** Whether it throws an Http3Error with that code. */
function refuses(code: number, run: () => unknown, what: string): void {
  assert.throws(run, (error) => error instanceof Http3Error && error.code === code, what);
}

test("integers are read and written as RFC 9000 has them in its examples", () => {
  for (const [written, value] of [
    ["c2197c5eff14e88c", 151288809941952640],
    ["9d7f3e7d", 494878333],
    ["7bbd", 15293],
    ["25", 37],
    ["4025", 37],
  ] as const) {
    assert.equal(readVarint(bytes(written), 0).value, value, written);
  }
  assert.equal(hex(varint(37)), "25");
  assert.equal(hex(varint(15293)), "7bbd");
  assert.equal(hex(varint(494878333)), "9d7f3e7d");
  assert.throws(() => varint(-1), RangeError);
  assert.throws(() => varint(2 ** 53), RangeError);
});

test("every integer comes back, and one that is cut short is not there", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const written = varint(value);
      assert.deepEqual(peekVarint(written, 0), { value, next: written.length });
      assert.equal(peekVarint(written.subarray(0, -1), 0), null);
    }),
  );
  assert.throws(() => readVarint(bytes("40"), 0), /cut short/);
});

test("Huffman's code is read as RFC 7541 has it in its examples", () => {
  for (const [coded, text] of [
    ["f1e3c2e5f23a6ba0ab90f4ff", "www.example.com"],
    ["a8eb10649cbf", "no-cache"],
    ["25a849e95ba97d7f", "custom-key"],
    ["25a849e95bb8e8b4bf", "custom-value"],
    ["d07abe941054d444a8200595040b8166e082a62d1bff", "Mon, 21 Oct 2013 20:13:21 GMT"],
    ["9d29ad171863c78f0b97c8e9ae82ae43d3", "https://www.example.com"],
    [
      "94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007",
      "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
    ],
  ] as const) {
    assert.equal(Buffer.from(decodeHuffman(bytes(coded))).toString("latin1"), text);
  }
  assert.equal(decodeHuffman(new Uint8Array(0)).length, 0);
});

test("a Huffman code that ends in zeros, is filled up by a byte, or holds the end of the string is refused", () => {
  for (const coded of ["f1e3c2e5f23a6ba0ab90f400", "a8eb10649cbfff", "ffffffff", "00000000001f00"]) {
    refuses(0x200, () => decodeHuffman(bytes(coded)), coded);
  }
});

const FIELDS: readonly Field[] = [
  [":method", "CONNECT"],
  [":path", "/"],
  [":authority", "127.0.0.1:4433"],
  ["origin", "https://example.com"],
  ["sec-webtransport-http3-draft", "draft02"],
  ["x-long", "y".repeat(1000)],
];

test("header fields come back as they were", () => {
  assert.deepEqual(decodeFields(encodeFields(FIELDS), 16384), FIELDS);
});

test("the fields of Chromium's and Firefox's requests are read", () => {
  // Literal names and values in Huffman's code, entries of the static table, and the bit that forbids to index.
  const written =
    "0000d7cf508a089d5c0b8170dc69a659c12f00b95d8749c87a3f89f058d360ea4567b13f2f0e4148b782c69b07522b3d895a74a6b65692c1ca900b0131";
  assert.deepEqual(decodeFields(bytes(written), 16384), [
    [":scheme", "https"],
    [":method", "CONNECT"],
    [":authority", "127.0.0.1:4433"],
    [":path", "/"],
    [":protocol", "webtransport"],
    ["sec-webtransport-http3-draft02", "1"],
  ]);
});

test("fields that refer to a dynamic table, are cut short, or are too many are refused", () => {
  for (const [written, what] of [
    ["0100d7", "a required insert count"],
    ["000080", "an entry of the dynamic table"],
    ["00004001", "a name of the dynamic table"],
    ["000010", "an entry beyond the base"],
    ["00000001", "a name beyond the base"],
    ["0000ff80808080808080808001", "an integer without end"],
    ["0000ff24", "an entry that is not there"],
    ["00005005", "a value that is cut short"],
    ["0000271041", "a name that is cut short"],
    ["00", "no base"],
    ["", "nothing"],
  ] as const) {
    refuses(0x200, () => decodeFields(bytes(written), 16384), what);
  }
  refuses(0x200, () => decodeFields(encodeFields(FIELDS), 500), "more than may be");
});

test("whatever the bytes are, fields are read or refused", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (random) => {
      try {
        decodeFields(random, 16384);
      } catch (error) {
        assert.ok(error instanceof Http3Error, String(error));
      }
    }),
    { numRuns: 5000 },
  );
});

test("a request is what its pseudo-header fields say, which come once and first", () => {
  const connect: readonly Field[] = [
    [":method", "CONNECT"],
    [":protocol", "webtransport"],
    [":scheme", "https"],
    [":authority", "h:1"],
    [":path", "/a?b"],
  ];
  assert.deepEqual(requestOf([...connect, ["origin", "https://x"]]), {
    method: "CONNECT",
    protocol: "webtransport",
    authority: "h:1",
    path: "/a?b",
    origin: "https://x",
  });
  const wrong: readonly (readonly Field[])[] = [
    connect.slice(1),
    connect.slice(0, 4),
    [...connect, [":path", "/"]],
    [...connect, [":status", "200"]],
    [["x", "y"], ...connect],
    [...connect, ["Origin", "x"]],
    [...connect, ["origin", "a"], ["origin", "b"]],
    [...connect.slice(0, 4), [":path", "*"]],
  ];
  for (const fields of wrong) refuses(0x10e, () => requestOf(fields), JSON.stringify(fields));
});

test("settings come back as they were; those of HTTP/2, one twice and half a one are refused", () => {
  assert.deepEqual([...readSettings(writeSettings(SETTINGS))], [...SETTINGS]);
  assert.equal(readSettings(new Uint8Array(0)).size, 0);
  for (const written of ["0201", "0300", "0400", "0500", "08010801", "08", "80"]) {
    refuses(0x109, () => readSettings(bytes(written)), written);
  }
});

interface Taken {
  readonly frames: (readonly [number, string])[];
  flowed: string;
}

function splitter(use: (type: number) => Use, max = 100): { readonly taken: Taken; readonly splitter: FrameSplitter } {
  const taken: Taken = { frames: [], flowed: "" };
  return {
    taken,
    splitter: new FrameSplitter(
      {
        begin: (type) => use(type),
        frame: (type, payload) => taken.frames.push([type, hex(payload)]),
        flow: (part) => {
          taken.flowed += hex(part);
        },
      },
      max,
    ),
  };
}

test("frames are the same in whatever pieces they come", () => {
  const all = joined(
    frame(1, bytes("010203")),
    frame(0x1f, bytes("ffffffff")),
    frame(0, bytes("aabb")),
    frame(1, bytes("")),
    frame(0, bytes("cc")),
  );
  for (let size = 1; size <= all.length; size++) {
    const { taken, splitter: split } = splitter((type) => (type === 1 ? "take" : type === 0 ? "flow" : "skip"));
    for (let at = 0; at < all.length; at += size) split.push(all.subarray(at, at + size));
    assert.deepEqual(
      taken,
      {
        frames: [
          [1, "010203"],
          [1, ""],
        ],
        flowed: "aabbcc",
      },
      `in pieces of ${size}`,
    );
    assert.equal(split.isAmid, false);
  }
});

test("a frame that is longer than it may be is refused by its length, one that is skipped is not held", () => {
  const { splitter: split } = splitter(() => "take", 10);
  refuses(0x107, () => split.push(joined(varint(1), varint(11))), "too long");
  const { taken, splitter: skipping } = splitter((type) => (type === 1 ? "take" : "skip"), 10);
  skipping.push(joined(varint(9), varint(1 << 20)));
  for (let n = 0; n < 16; n++) skipping.push(new Uint8Array(1 << 16));
  skipping.push(frame(1, bytes("07")));
  assert.deepEqual(taken.frames, [[1, "07"]]);
  const { splitter: cut } = splitter(() => "take");
  cut.push(bytes("0105aa"));
  assert.equal(cut.isAmid, true);
});

test("the capsule that ends a session has a code and a reason, cut to what it may be", () => {
  const end = { code: 1002, reason: "a packet \u00fcber 1 MiB" };
  const written = writeClose(end);
  const type = readVarint(written, 0);
  const length = readVarint(written, type.next);
  assert.equal(type.value, CLOSE_SESSION);
  assert.deepEqual(readClose(written.subarray(length.next)), end);
  assert.equal(length.value, written.length - length.next);
  refuses(0x33, () => readClose(bytes("000000")), "no code");
  refuses(0x33, () => readClose(new Uint8Array(1029)), "too long");
  assert.ok(writeClose({ code: 0, reason: "x".repeat(5000) }).length < 1040);
});

test.run();
