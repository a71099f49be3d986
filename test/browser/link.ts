// The ways from a page to the peers of the differential programs: its own loopback network with peers inside, or a bridge in this
// process with the peers of test/peers.ts beside it. Owns the bridge, and what the page is told of it.

import { randomBytes } from "node:crypto";
import { Bridge } from "../../host/bridge/server/bridge.js";
import { makeCertificate } from "../../host/node/bridge/certificate.js";
import { listenWebTransport } from "../../host/node/bridge/webtransport.js";
import { listen } from "../../host/node/bridge/listener.js";
import { nodeNetwork } from "../../host/node/network.js";
import { startPeers, type Peers } from "../peers.js";
import { ALLOW } from "../posix/environment.js";
import type { BridgeOf } from "./page.js";

/** A link that stands. */
export interface Standing {
  /** What the page makes its network with; null: a loopback network of its own, with peers inside. */
  readonly bridge: BridgeOf | null;
  /** Null where they are inside of the page. */
  readonly peers: Peers | null;
  close(): Promise<void>;
}

/** A way from pages to peers: a column of the tests. */
export interface Link {
  /** E.g. "a bridge by WebSocket". */
  readonly name: string;
  /** What differences.txt calls it. */
  readonly network: "loopback" | "page-bridge";
  /** Makes it stand, for pages of an origin. */
  stand(origin: string): Promise<Standing>;
}

const SILENT = { info: () => {}, warn: () => {} };

/** How a bridge listens: for pages of an origin. */
type Door = (
  bridge: Bridge,
  origin: string,
) => Promise<{ readonly url: string; readonly hash?: string; close(): Promise<void> }>;

async function byWebSocket(bridge: Bridge, origin: string): ReturnType<Door> {
  const listener = await listen(bridge, { host: "127.0.0.1", port: 0, path: "/", origins: [origin], log: SILENT });
  return { url: `ws://127.0.0.1:${listener.address.port}/`, close: () => listener.close() };
}

async function byWebTransport(bridge: Bridge, origin: string): ReturnType<Door> {
  const { hash, ...tls } = makeCertificate();
  const at = { host: "127.0.0.1", port: 0, path: "/", origins: [origin], log: SILENT };
  const listener = await listenWebTransport(bridge, { ...at, tls, sessions: 1000 });
  const url = `https://127.0.0.1:${listener.address.port}/`;
  return { url, hash: hash.toString("base64"), close: () => listener.close() };
}

/** A bridge over this machine's network that takes pages of that origin, with a token. */
async function bridgeBy(open: Door, origin: string): Promise<Standing> {
  const token = randomBytes(16).toString("hex");
  const bridge = new Bridge({
    network: nodeNetwork(),
    allow: ALLOW,
    authenticate: (given) => (given === token ? { subject: "page" } : null),
  });
  const peers = await startPeers();
  const { close, ...at } = await open(bridge, origin);
  return {
    bridge: { ...at, token },
    peers,
    close: async () => {
      await bridge.drain(0);
      await close();
      await peers.close();
    },
  };
}

/** All of them. */
export const LINKS: readonly Link[] = [
  {
    name: "loopback",
    network: "loopback",
    stand: async () => ({ bridge: null, peers: null, close: async () => {} }),
  },
  { name: "a bridge by WebSocket", network: "page-bridge", stand: (origin) => bridgeBy(byWebSocket, origin) },
  { name: "a bridge by WebTransport", network: "page-bridge", stand: (origin) => bridgeBy(byWebTransport, origin) },
];
