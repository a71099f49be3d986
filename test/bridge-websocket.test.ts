// Dialling a bridge by WebSocket while it comes and goes. A page is not told why an attempt failed, so that one that finds nobody
// looks like one at a server that knows no subprotocol.

import assert from "node:assert/strict";
import { type AddressInfo, createServer } from "node:net";
import { suite } from "uvu";
import WebSocket from "ws";
import { ENETDOWN } from "../assembly/shared/errno.js";
import type { BridgeState } from "../host/bridge/client/connection.js";
import { bridgeNetwork } from "../host/bridge/client/network.js";
import { Bridge } from "../host/bridge/server/bridge.js";
import type { WebSocketConstructor } from "../host/bridge/websocket.js";
import { loopbackNetwork } from "../host/loopback.js";
import { listen } from "../host/node/bridge/listener.js";
import { connectedPair, loopback4, Party } from "./network.party.js";

const TOKEN = "of-this-test";

interface Stand {
  readonly party: Party;
  readonly states: BridgeState[];
  /** The next so many attempts find nobody. */
  misses(count: number): void;
  /** The newest attempt. */
  last(): WebSocket;
  /** Who was turned away, by the bridge's own words. */
  readonly refusals: string[];
  close(): Promise<void>;
}

async function nobody(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `ws://127.0.0.1:${port}/`;
}

async function stand(token: () => string = () => TOKEN): Promise<Stand> {
  const refusals: string[] = [];
  const log = { info: () => {}, warn: (_: unknown, message: string) => void refusals.push(message) };
  const bridge = new Bridge({
    network: loopbackNetwork(),
    allow: ["tcp://127.0.0.1:*", "listen:tcp://127.0.0.1:*"],
    authenticate: (given) => (given === TOKEN ? { subject: "test" } : null),
    log,
  });
  const listener = await listen(bridge, { host: "127.0.0.1", port: 0, path: "/", origins: [], log });
  const elsewhere = await nobody();
  let missing = 0;
  const attempts: WebSocket[] = [];
  class Missing extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(missing > 0 ? elsewhere : url, protocols);
      missing = Math.max(0, missing - 1);
      attempts.push(this);
    }
  }
  const states: BridgeState[] = [];
  const network = bridgeNetwork({
    url: `ws://127.0.0.1:${listener.address.port}/`,
    token,
    WebSocket: Missing as unknown as WebSocketConstructor,
    onState: (state) => states.push(state),
  });
  const party = new Party(network);
  return {
    party,
    states,
    misses: (count) => {
      missing = count;
    },
    last: () => attempts.at(-1) as WebSocket,
    refusals,
    close: async () => {
      party.dispose();
      await bridge.drain(0);
      await listener.close();
    },
  };
}

const test = suite("dialling a bridge");

test("a bridge that comes up between two attempts is asked in its own version, with the token", async () => {
  const { party, states, misses, refusals, close } = await stand();
  misses(1);
  await connectedPair(party, party);
  assert.deepEqual(states, [{ state: "connecting" }, { state: "connected", psx: true }]);
  // The attempt between, which it takes for a client of Wisp's first version.
  assert.deepEqual(refusals, ["turned away: no token"]);
  await close();
});

test("a bridge that is back between two attempts has the session go on", async () => {
  const { party, states, misses, last, refusals, close } = await stand();
  const { near, far } = await connectedPair(party, party);
  misses(1);
  last().terminate();
  await party.sendAll(near, "still here");
  assert.equal(new TextDecoder().decode(await party.receiveAll(far, 10)), "still here");
  assert.deepEqual(
    states.map(({ state }) => state),
    ["connecting", "connected", "lost", "connected"],
  );
  assert.deepEqual(refusals, []);
  await close();
});

test("where no token can be had no connection is left open", async () => {
  const { party, states, last, close } = await stand(() => {
    throw new Error("the token's server is down");
  });
  const id = party.open();
  party.session.connect(id, loopback4(9));
  assert.equal((await party.take("failed", id)).errno, ENETDOWN);
  const down = states.at(-1);
  assert.equal(down?.state === "down" ? down.error.message : "", "the token's server is down");
  assert.ok(last().readyState >= WebSocket.CLOSING, `state ${last().readyState}`);
  await close();
});

test.run();
