import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import { ECONNRESET, ENETDOWN } from "../assembly/shared/errno.js";
import { AF_UNIX } from "../assembly/shared/socket.js";
import type { BridgeState } from "../host/bridge/client/connection.js";
import { bridgeNetwork } from "../host/bridge/client/network.js";
import { CLOSE, INFO } from "../host/bridge/protocol/types.js";
import { Bridge, type BridgeOptions } from "../host/bridge/server/bridge.js";
import { loopbackNetwork } from "../host/loopback.js";
import type { Network } from "../host/network.js";
import { nodeNetwork } from "../host/node/network.js";
import { connectedPair, loopback4, Party, pattern, unixAddress } from "./network.party.js";
import { PipeEnd } from "./pipe.js";

const RULES = ["tcp://127.0.0.1:*", "udp://127.0.0.1:*", "listen:tcp://127.0.0.1:*", "listen:udp://127.0.0.1:*"];

interface Stand {
  readonly bridge: Bridge;
  readonly network: Network;
  /** The client's ends of all connections, the newest last. */
  readonly ends: PipeEnd[];
  readonly states: BridgeState[];
}

function stand(options: Partial<BridgeOptions> = {}, token = ""): Stand {
  const bridge = new Bridge({ network: loopbackNetwork(), allow: RULES, ...options });
  const ends: PipeEnd[] = [];
  const states: BridgeState[] = [];
  const network = bridgeNetwork({
    url: "ws://bridge.test/",
    turn: 5000,
    token,
    onState: (state) => states.push(state),
    dial: async () => {
      const [mine, its] = PipeEnd.pair();
      ends.push(mine);
      bridge.accept(its, 2, "test");
      return mine;
    },
  });
  return { bridge, network, ends, states };
}

const test = suite("a bridge's sessions");

test("a connection that is cut in mid-transfer is resumed: nothing is lost and nothing comes twice", async () => {
  const { bridge, network, ends, states } = stand();
  const server = new Party(network);
  const client = new Party(network);
  const { near, far } = await connectedPair(server, client);
  const bytes = pattern(3_000_000);
  const sending = client.sendAll(near, bytes);
  const cutting = (async () => {
    for (let n = 0; n < 5; n++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      for (const end of ends) end.cut("cut by the test");
    }
  })();
  const received = await server.receiveAll(far, bytes.length);
  await Promise.all([sending, cutting]);
  assert.deepEqual(Buffer.compare(received, bytes), 0);
  assert.ok(ends.length > 2, "there was more than one connection for each");
  assert.ok(states.some(({ state }) => state === "lost"));
  assert.equal(bridge.sessions, 2);
  server.dispose();
  client.dispose();
  await bridge.drain(0);
});

test("a token that is missing or wrong is told, and the guest's calls are ENETDOWN", async () => {
  const authenticate = (token: string): { subject: string } | null => (token === "right" ? { subject: "alice" } : null);
  for (const token of ["", "wrong"]) {
    const { bridge, network, states } = stand({ authenticate }, token);
    const client = new Party(network);
    const id = client.open();
    client.session.connect(id, loopback4(9));
    assert.equal((await client.take("failed", id)).errno, ENETDOWN);
    const last = states.at(-1);
    assert.match(last?.state === "down" ? last.error.message : "", /token/);
    assert.equal(bridge.sessions, 0);
  }
  const { bridge, network } = stand({ authenticate }, "right");
  await connectedPair(new Party(network), new Party(network));
  assert.equal(bridge.sessions, 2);
  await bridge.drain(0);
});

test("a reader that stops holds one window, and its neighbour is not held", async () => {
  const { bridge, network } = stand();
  const server = new Party(network);
  const client = new Party(network);
  const slow = await connectedPair(server, client);
  const quick = await connectedPair(server, client);
  const bytes = pattern(4_000_000);
  let isSent = false;
  const sending = client.sendAll(slow.near, bytes).then(() => {
    isSent = true;
  });
  const some = pattern(1_000_000);
  const [received] = await Promise.all([server.receiveAll(quick.far, some.length), client.sendAll(quick.near, some)]);
  assert.equal(Buffer.compare(received, some), 0);
  assert.equal(isSent, false);
  // Two windows of the bridge, one of the reader and the network's own 64 KiB.
  assert.ok(client.sentBytes(slow.near) <= 3 * (256 << 10) + (64 << 10) + (64 << 10), `${client.sentBytes(slow.near)}`);
  const all = await server.receiveAll(slow.far, bytes.length);
  await sending;
  assert.equal(Buffer.compare(all, bytes), 0);
  await bridge.drain(0);
});

test("a connection to a path that nobody accepts is reset with the listener, whatever was sent on it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "hawser-"));
  const { bridge, network } = stand({ network: nodeNetwork(), allow: ["unix:*", "listen:unix:*"] });
  const server = new Party(network);
  const client = new Party(network);
  const listener = await server.listener(unixAddress(join(directory, "socket")), AF_UNIX);
  const id = client.open(AF_UNIX);
  client.session.connect(id, listener.address);
  await client.take("connected", id);
  await client.sendAll(id, "unread");
  await server.take("incoming", listener.id);
  // Long enough for a bridge that reads ahead.
  for (let turns = 0; turns < 5; turns++) await server.turn();
  await server.close(listener.id);
  client.lend(id, 16);
  assert.equal((await client.takeFirst(["failed", "end"], id)).errno, ECONNRESET);
  const second = await server.listener(unixAddress(join(directory, "another")), AF_UNIX);
  const near = client.open(AF_UNIX);
  client.session.connect(near, second.address);
  await client.take("connected", near);
  await client.sendAll(near, "read");
  const { id: far } = await server.accept(second.id);
  assert.equal(new TextDecoder().decode(await server.receiveAll(far, 4)), "read");
  await bridge.drain(0);
  rmSync(directory, { recursive: true, force: true });
});

test("whatever a client sends ends its own session at most, and is answered with CLOSE", async () => {
  const { bridge, network } = stand();
  const other = new Party(network);
  const { near, far } = await connectedPair(other, other);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 }),
      fc.boolean(),
      async (packets, starts) => {
        const [mine, its] = PipeEnd.pair();
        const heard: number[] = [];
        let isLost = false;
        mine.listen({
          packet: (packet) => heard.push(packet[0] ?? 0),
          datagram: () => {},
          drained: () => {},
          lost: () => {
            isLost = true;
          },
        });
        bridge.accept(its, 2, "fuzz");
        if (starts) {
          // A good start, with PSX in a window of 64 KiB, so that what follows reaches a session.
          const psx = [0x50, 0x53, 0x58, 1, 0, 0, 1, 0, 0, 0, 0];
          mine.send(Uint8Array.from([INFO, 0, 0, 0, 0, 2, 0, 0xe5, psx.length, 0, 0, 0, ...psx]));
          await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
        }
        for (const packet of packets) mine.send(packet.slice() as Uint8Array<ArrayBuffer>);
        await new Promise((resolve) => setImmediate(() => setImmediate(() => setImmediate(resolve))));
        if (isLost) assert.ok(heard.includes(CLOSE) || heard.length <= 1, `${heard}`);
        mine.close(1000, "");
      },
    ),
    { numRuns: 300, seed: 4711 },
  );
  await other.sendAll(near, "still here");
  assert.equal(new TextDecoder().decode(await other.receiveAll(far, 10)), "still here");
  await bridge.drain(0);
});

test("a bridge that drains lets nobody in and ends what is left", async () => {
  const { bridge, network } = stand();
  const client = new Party(network);
  const { near } = await connectedPair(client, client);
  await bridge.drain(20);
  assert.equal(bridge.sessions, 0);
  assert.notEqual((await client.take("failed", near)).errno, 0);
  assert.equal(bridge.isFull, true);
});

test.run();
