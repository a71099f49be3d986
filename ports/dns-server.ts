// A name server for tests: a small zone over UDP and TCP on one port, with an answer too large for a datagram, a name that is
// not there, one that is refused, and one that nobody answers for (RFC 1035).

import { createSocket, type Socket as Datagrams } from "node:dgram";
import { createServer } from "node:net";
import { atEnd, once } from "../test/system/place.js";

const TYPES: Readonly<Record<string, number>> = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28 };

/** Records: owner, type, data in presentation form. */
const ZONE: readonly (readonly [name: string, type: string, data: string])[] = [
  ["www.example", "A", "192.0.2.7"],
  ["www.example", "A", "192.0.2.8"],
  ["www.example", "AAAA", "2001:db8:0:0:0:0:0:7"],
  ["alias.example", "CNAME", "www.example"],
  ["example", "MX", "10 mail.example"],
  ["example", "NS", "ns.example"],
  ["example", "TXT", "hello world"],
  ["7.2.0.192.in-addr.arpa", "PTR", "www.example"],
  ...Array.from({ length: 60 }, (_, i): [string, string, string] => ["large.example", "TXT", `${i} `.repeat(20)]),
];

const TTL = 300;
const LIMIT = 512;

function nameBytes(name: string): Buffer {
  const labels = name.split(".").filter((label) => label !== "");
  return Buffer.concat([
    ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}

function dataBytes(type: string, data: string): Buffer {
  if (type === "A") return Buffer.from(data.split(".").map(Number));
  if (type === "AAAA")
    return Buffer.from(
      data.split(":").flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]),
    );
  if (type === "TXT") return Buffer.from([data.length, ...Buffer.from(data)]);
  if (type === "MX") {
    const [preference = "0", host = ""] = data.split(" ");
    return Buffer.concat([Buffer.from([0, Number(preference)]), nameBytes(host)]);
  }
  return nameBytes(data);
}

function recordBytes([name, type, data]: (typeof ZONE)[number]): Buffer {
  const content = dataBytes(type, data);
  const middle = Buffer.alloc(10);
  middle.writeUInt16BE(TYPES[type] ?? 0, 0);
  middle.writeUInt16BE(1, 2);
  middle.writeUInt32BE(TTL, 4);
  middle.writeUInt16BE(content.length, 8);
  return Buffer.concat([nameBytes(name), middle, content]);
}

/** The answer to a query; undefined for what is left unanswered. `limit`: the most bytes that it may have. */
function answerTo(query: Buffer, limit: number): Buffer | undefined {
  let at = 12;
  const labels: string[] = [];
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const question = query.subarray(12, at + 5);
  const name = labels.join(".").toLowerCase();
  if (name === "silent.example") return undefined;
  const there = ZONE.filter(([owner]) => owner === name);
  const alias = there.find(([, kind]) => kind === "CNAME");
  const records =
    alias === undefined
      ? there.filter(([, kind]) => TYPES[kind] === type)
      : [alias, ...ZONE.filter(([owner, kind]) => owner === alias[2] && TYPES[kind] === type)];
  const code = name === "refused.example" ? 5 : there.length === 0 ? 3 : 0;
  const answers = Buffer.concat(records.map(recordBytes));
  const fits = 12 + question.length + answers.length <= limit;
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head[2] = 0x84 | (fits ? 0 : 2) | ((query[2] ?? 0) & 1);
  head[3] = 0x80 | code;
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(fits ? records.length : 0, 6);
  return Buffer.concat([head, question, ...(fits ? [answers] : [])]);
}

/** Starts the server: its port on 127.0.0.1. */
export const nameServer: () => Promise<number> = once(async () => {
  for (;;) {
    const streams = createServer((socket) => {
      let heard = Buffer.alloc(0);
      socket.on("error", () => socket.destroy());
      socket.on("data", (chunk) => {
        heard = Buffer.concat([heard, chunk]);
        while (heard.length >= 2 && heard.length >= 2 + heard.readUInt16BE(0)) {
          const answer = answerTo(heard.subarray(2, 2 + heard.readUInt16BE(0)), 65535);
          heard = heard.subarray(2 + heard.readUInt16BE(0));
          if (answer === undefined) continue;
          socket.write(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 255]), answer]));
        }
      });
    });
    await new Promise<void>((done) => streams.listen(0, "127.0.0.1", done));
    const { port } = streams.address() as { port: number };
    const datagrams: Datagrams = createSocket("udp4");
    datagrams.on("message", (query, { port: from, address }) => {
      const answer = answerTo(query, LIMIT);
      if (answer !== undefined) datagrams.send(answer, from, address);
    });
    const bound = await new Promise<boolean>((done) => {
      datagrams.once("error", () => done(false));
      datagrams.bind(port, "127.0.0.1", () => done(true));
    });
    atEnd(() => {
      streams.close();
      if (bound) datagrams.close();
    });
    if (bound) return port;
  }
});
