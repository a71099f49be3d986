// Packets over WebTransport: their framing, and both ends of a session in memory.

import assert from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import { bridgeNetwork } from "../host/bridge/client/network.js";
import { framed, PacketSplitter } from "../host/bridge/frames.js";
import { MalformedPacket } from "../host/bridge/protocol/reader.js";
import { DATAGRAM, PACKET_MAX, PING } from "../host/bridge/protocol/types.js";
import type { BridgeState } from "../host/bridge/client/connection.js";
import { Bridge, type BridgeOptions } from "../host/bridge/server/bridge.js";
import type { Transport, TransportReceiver } from "../host/bridge/transport.js";
import { dialWebTransport, type WebTransportConstructor, WebTransportTransport } from "../host/bridge/webtransport.js";
import { loopbackNetwork } from "../host/loopback.js";
import type { Network } from "../host/network.js";
import { SessionTransport } from "../host/node/bridge/session-transport.js";
import { connectedPair, loopback4, Party, pattern } from "./network.party.js";
import { networkSuite } from "./network.suite.js";
import { WebTransportPair } from "./webtransport-pair.js";

const test = suite("packets over WebTransport");
const LIMIT = 10_000;

async function until(what: string, is: () => boolean): Promise<void> {
  const end = Date.now() + LIMIT;
  while (!is()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test("packets come out as they went in, in whatever pieces they travel", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1 }),
      (packets, sizes) => {
        const all = Buffer.concat(packets.map((packet) => framed(packet)));
        const splitter = new PacketSplitter();
        const got: string[] = [];
        for (let at = 0, n = 0; at < all.length; n++) {
          const end = at + (sizes[n % sizes.length] ?? 1);
          splitter.push(Uint8Array.from(all.subarray(at, end)), (packet) => {
            got.push(Buffer.from(packet).toString("hex"));
          });
          at = end;
        }
        assert.deepEqual(
          got,
          packets.map((packet) => Buffer.from(packet).toString("hex")),
        );
      },
    ),
  );
});

test("a packet that is too long is refused by its length, and one of the longest is taken", () => {
  const head = new Uint8Array(4);
  new DataView(head.buffer).setUint32(0, PACKET_MAX + 1, true);
  assert.throws(() => new PacketSplitter().push(head, () => {}), MalformedPacket);
  const lengths: number[] = [];
  const splitter = new PacketSplitter();
  const longest = framed(pattern(PACKET_MAX));
  for (let at = 0; at < longest.length; at += 1000) {
    splitter.push(longest.slice(at, at + 1000), ({ length }) => lengths.push(length));
  }
  assert.deepEqual(lengths, [PACKET_MAX]);
});

/** A transport's events. */
class Ear implements TransportReceiver {
  readonly packets: string[] = [];
  readonly datagrams: string[] = [];
  drains = 0;
  readonly reasons: string[] = [];
  packet(packet: Uint8Array): void {
    this.packets.push(Buffer.from(packet).toString());
  }
  datagram(packet: Uint8Array): void {
    this.datagrams.push(Buffer.from(packet).toString());
  }
  drained(): void {
    this.drains++;
  }
  lost(reason: string): void {
    this.reasons.push(reason);
  }
}

const text = (of: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(of));

interface Ends {
  readonly pair: WebTransportPair;
  readonly client: Transport;
  readonly server: Transport;
  readonly atClient: Ear;
  readonly atServer: Ear;
  readonly isOver: () => boolean;
}

async function ends(): Promise<Ends> {
  let server: Transport | null = null;
  let isOver = false;
  const pair = new WebTransportPair(
    (session) =>
      new SessionTransport(
        session,
        (transport) => {
          server = transport;
        },
        () => {
          isOver = true;
        },
      ),
  );
  const client = new WebTransportTransport(pair, await pair.createBidirectionalStream());
  assert.ok(server !== null);
  const [atClient, atServer] = [new Ear(), new Ear()];
  client.listen(atClient);
  (server as Transport).listen(atServer);
  return { pair, client, server, atClient, atServer, isOver: () => isOver };
}

test("packets and datagrams travel both ways", async () => {
  const { client, server, atClient, atServer } = await ends();
  for (const each of ["one", "two", ""]) {
    client.send(text(each));
    server.send(text(each));
  }
  assert.equal(client.sendDatagram(text("loose")), true);
  assert.equal(server.sendDatagram(text("loose")), true);
  await until("all", () => atClient.packets.length + atServer.packets.length === 6);
  await until("datagrams", () => atClient.datagrams.length + atServer.datagrams.length === 2);
  for (const ear of [atClient, atServer])
    assert.deepEqual([ear.packets, ear.datagrams], [["one", "two", ""], ["loose"]]);
  assert.equal(client.buffered, 0);
});

test("what does not fit into a datagram is not sent as one", async () => {
  const { client, server, pair } = await ends();
  assert.equal(client.sendDatagram(new Uint8Array(1025)), false);
  assert.equal(server.sendDatagram(new Uint8Array(1300)), false);
  assert.deepEqual(pair.carried, { up: 0, down: 0 });
});

test("what waits is counted, and who waits for room is told once", async () => {
  const { client, server, pair, atClient, atServer } = await ends();
  pair.hold(true);
  for (let n = 0; n < 10; n++) server.send(pattern(100_000) as Uint8Array<ArrayBuffer>);
  assert.equal(server.buffered, 10 * 100_004);
  pair.hold(false);
  await until("room", () => server.buffered === 0);
  assert.equal(atServer.drains, 1);
  for (let n = 0; n < 10; n++) client.send(pattern(100_000) as Uint8Array<ArrayBuffer>);
  assert.equal(client.buffered, 10 * 100_004);
  await until("room", () => client.buffered === 0);
  assert.equal(atClient.drains, 1);
  await until("the packets", () => atClient.packets.length === 10 && atServer.packets.length === 10);
});

test("the server's last packets come before its end, and its reason after them", async () => {
  const { server, atClient, atServer, pair, isOver } = await ends();
  server.send(text("last words"));
  server.close(1008, "a wrong token");
  await until("the end", () => atClient.reasons.length > 0);
  assert.deepEqual(atClient.packets, ["last words"]);
  assert.deepEqual(atClient.reasons, ["a wrong token"]);
  assert.deepEqual(atServer.reasons, ["a wrong token"]);
  assert.deepEqual(pair.ends, { server: { code: 1008, reason: "a wrong token" } });
  await until("the session's end", isOver);
});

test("the client's last packets come before its end", async () => {
  const { client, atClient, atServer, pair } = await ends();
  client.send(text("last words"));
  client.close(1000, "");
  client.send(text("nothing more"));
  await until("the end", () => atServer.reasons.length > 0);
  assert.deepEqual(atServer.packets, ["last words"]);
  assert.deepEqual(atClient.reasons, ["closed here"]);
  await until("the session's end", () => pair.ends.client !== undefined || pair.ends.server !== undefined);
});

test("a connection that is lost is told at both ends, once", async () => {
  const { pair, atClient, atServer, client, server } = await ends();
  pair.cut("a cable");
  await until("the end", () => atClient.reasons.length > 0 && atServer.reasons.length > 0);
  client.send(text("x"));
  server.send(text("x"));
  client.close(1000, "");
  server.close(1000, "");
  assert.deepEqual([atClient.reasons, atServer.reasons], [["a cable"], ["a cable"]]);
  assert.equal(client.sendDatagram(text("x")), true);
});

test("a packet that is too long ends the session, with a reason", async () => {
  const { pair, client, atServer } = await ends();
  client.send(new Uint8Array(PACKET_MAX + 1));
  await until("the end", () => atServer.reasons.length > 0);
  assert.match(atServer.reasons.join(), /1048577 bytes/);
  await until("the code", () => pair.ends.server !== undefined);
  assert.equal(pair.ends.server?.code, 1009);
  assert.equal(atServer.packets.length, 0);
});

test("no bridge, and a constructor that refuses, are told with the URL", async () => {
  class Refused {
    readonly ready = Promise.reject(new Error("Opening handshake failed."));
    readonly closed = this.ready;
    closes = 0;
    close(): void {
      this.closes++;
    }
  }
  await assert.rejects(
    dialWebTransport(Refused as unknown as WebTransportConstructor, "https://b.test/", undefined),
    /BridgeError: no bridge answers at https:\/\/b\.test\/ \(Opening handshake failed\.\).*--webtransport/,
  );
  const thrower = function (this: unknown): void {
    throw new SyntaxError("a fragment");
  };
  await assert.rejects(
    dialWebTransport(thrower as unknown as WebTransportConstructor, "https://b.test/#x", []),
    /BridgeError: https:\/\/b\.test\/#x: a fragment/,
  );
});

test("an attempt to connect that has no end is followed by another one", async () => {
  let made = 0;
  class Stalls extends WebTransportPair {
    constructor() {
      super(
        (session) =>
          new SessionTransport(
            session,
            () => {},
            () => {},
          ),
      );
      if (++made === 1) Object.defineProperty(this, "ready", { value: new Promise(() => {}) });
    }
  }
  const transport = await dialWebTransport(Stalls as unknown as WebTransportConstructor, "https://b.test/", []);
  assert.equal(made, 2);
  transport.close(1000, "");
});

test("an https: URL is for WebTransport, which the host must have", async () => {
  assert.throws(
    () => bridgeNetwork({ url: "https://b.test/" }),
    /TypeError: bridgeNetwork: .*WebTransport, which this host has not/,
  );
  assert.throws(() => bridgeNetwork({ url: "ftp://b.test/" }), /no bridge's URL/);
  assert.equal(bridgeNetwork({ url: "https://b.test/", WebTransport: WebTransportPair as never }).name, "bridge");
});

interface Stand {
  readonly bridge: Bridge;
  readonly network: Network;
  readonly pairs: WebTransportPair[];
  readonly states: BridgeState[];
}

const EVERYTHING = [
  "tcp://0.0.0.0/0:*",
  "tcp://[::/0]:*",
  "udp://0.0.0.0/0:*",
  "udp://[::/0]:*",
  "tcp://*:80",
  "unix:*",
  "listen:tcp://0.0.0.0/0:*",
  "listen:tcp://[::/0]:*",
  "listen:udp://0.0.0.0/0:*",
  "listen:udp://[::/0]:*",
  "listen:unix:*",
];

let names = 0;

const RULES = ["tcp://127.0.0.1:*", "udp://127.0.0.1:*", "listen:tcp://127.0.0.1:*", "listen:udp://127.0.0.1:*"];

function stand(options: Partial<BridgeOptions> = {}): Stand {
  const bridge = new Bridge({ network: loopbackNetwork(), allow: RULES, ...options });
  const pairs: WebTransportPair[] = [];
  const states: BridgeState[] = [];
  class Page extends WebTransportPair {
    constructor() {
      super(
        (session) =>
          new SessionTransport(
            session,
            (transport) => bridge.accept(transport, 2, "test"),
            () => {},
          ),
      );
      pairs.push(this);
    }
  }
  const network = bridgeNetwork({
    url: "https://bridge.test/",
    turn: 5000,
    WebTransport: Page as unknown as WebTransportConstructor,
    onState: (state) => states.push(state),
  });
  return { bridge, network, pairs, states };
}

test("a connection that is cut in mid-transfer is resumed: nothing is lost and nothing comes twice", async () => {
  const { bridge, network, pairs, states } = stand();
  const server = new Party(network);
  const client = new Party(network);
  const { near, far } = await connectedPair(server, client);
  const bytes = pattern(3_000_000);
  const sending = client.sendAll(near, bytes);
  const cutting = (async () => {
    for (let n = 0; n < 5; n++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      for (const pair of pairs) pair.cut("cut by the test");
    }
  })();
  const received = await server.receiveAll(far, bytes.length);
  await Promise.all([sending, cutting]);
  assert.equal(Buffer.compare(received, bytes), 0);
  assert.ok(pairs.length > 2, "there was more than one connection for each");
  assert.ok(states.some(({ state }) => state === "lost"));
  assert.equal(bridge.sessions, 2);
  server.dispose();
  client.dispose();
  await bridge.drain(0);
});

test("datagrams travel as datagrams once their first one has come, and as packets where they are too long", async () => {
  const { bridge, network, pairs } = stand();
  const [a, b] = [new Party(network), new Party(network)];
  const to = await b.datagramSocket(loopback4());
  const from = await a.datagramSocket(loopback4());
  const long = "x".repeat(5000);
  for (const each of ["first", "second", "third", long]) {
    assert.equal(await a.sendTo(from.id, each, to.address), 0);
    assert.deepEqual(await b.datagram(to.id), { text: each, from: from.address });
  }
  assert.deepEqual(
    pairs.map(({ carried }) => carried),
    [
      { up: 0, down: 3 },
      { up: 2, down: 0 },
    ],
  );
  await bridge.drain(0);
});

test("a call that looks sees the datagrams that were sent before, and is not held for ever by those that are lost", async () => {
  const { bridge, network, pairs } = stand();
  const [a, b] = [new Party(network), new Party(network)];
  const to = await b.datagramSocket(loopback4());
  const from = await a.datagramSocket(loopback4());
  await a.sendTo(from.id, "first", to.address);
  await b.datagram(to.id);
  for (let n = 0; n < 20; n++) {
    // To the server, whose network carries them at once, and from there: each overtaken by the question, if it could be.
    await a.sendTo(from.id, `${n}`, to.address);
    await a.turn();
    await b.turn();
    assert.deepEqual(
      b.log.filter(({ event }) => event === "datagram").map(({ bytes }) => Buffer.from(bytes).toString()),
      [`${n}`],
    );
    b.log.length = 0;
  }
  for (const pair of pairs) pair.losesDatagrams = true;
  await a.sendTo(from.id, "lost", to.address);
  const before = Date.now();
  await a.turn();
  await a.turn();
  assert.ok(Date.now() - before < 4000, "what is lost is waited for once, and not for long");
  assert.equal(a.violations.length + b.violations.length, 0);
  await bridge.drain(0);
});

test("a datagram for a socket that is not there is dropped; any other packet that came as one ends the session", async () => {
  const { bridge, network, pairs, states } = stand();
  const client = new Party(network);
  const { near, far } = await connectedPair(client, client);
  const page = pairs[0] as WebTransportPair;
  page.intrude(Uint8Array.from([DATAGRAM, 99, 0, 0, 0, 0, 0, 1]));
  await client.sendAll(near, "still here");
  assert.equal(new TextDecoder().decode(await client.receiveAll(far, 10)), "still here");
  for (const packet of [[PING, 0, 0, 0, 0], [DATAGRAM, 1], []]) {
    const other = stand();
    const party = new Party(other.network);
    await connectedPair(party, party);
    other.pairs[0]?.intrude(Uint8Array.from(packet));
    await until("the session's end", () => other.states.at(-1)?.state === "down");
    assert.equal(other.bridge.sessions, 0);
  }
  assert.equal(states.at(-1)?.state, "connected");
  await bridge.drain(0);
});

test.run();

networkSuite(
  "bridge over WebTransport",
  () => {
    const { bridge, network } = stand({ allow: EVERYTHING });
    const names = { ...network, capabilities: { ...network.capabilities, unixPaths: "names" as const } };
    return { network: names, dispose: () => bridge.drain(0) };
  },
  {
    capabilities: {
      ...loopbackNetwork().capabilities,
      unixDatagrams: false,
      unixSeqpacket: false,
      rights: false,
    },
    ipv6: true,
    unixName: () => ({ family: "unix", path: new TextEncoder().encode(`/name-${++names}`) }),
    except: {
      "a datagram that was sent is told before turned":
        "the question is another guest's, and overtakes the datagram on a connection of its own; a guest's own does not",
    },
  },
);
