// The network of a guest whose I/O is done by a bridge. Owns the public factory and its checks; the session does the work.

import type { LentMemory, Network, NetworkEvents, NetworkSession } from "../../network.js";
import type { Transport } from "../transport.js";
import { dialWebSocket, type WebSocketConstructor } from "../websocket.js";
import type { CertificateHash, WebTransportConstructor } from "../webtransport.js";
import type { BridgeState } from "./connection.js";
import { BridgeSession } from "./session.js";

/** Options of bridgeNetwork(). */
export interface BridgeNetworkOptions {
  /** The bridge: "wss://host/path", "ws://host:port/", or for WebTransport, where the host has it, "https://host:port/". */
  readonly url: string;
  /** What the bridge asks for; a function is called for each connection. */
  readonly token?: string | (() => string | Promise<string>);
  /** Bytes that may come on a stream and wait for the guest; what a guest that does not read holds. Default 262144. */
  readonly window?: number;
  /** Milliseconds without a packet after which the bridge is asked whether it is there. Default 20000. */
  readonly heartbeat?: number;
  /**
   * Longest that a call of a guest which finds nothing (EAGAIN, a poll of no time) waits for what the bridge could tell by
   * then, in milliseconds. Longer is closer to a kernel, shorter is faster for programs that poll in a loop. Default 50.
   */
  readonly turn?: number;
  /** Hears of the connection: connecting, connected, lost, down. */
  readonly onState?: (state: BridgeState) => void;
  /** The WebSocket to use. Default: the host's own. */
  readonly WebSocket?: WebSocketConstructor;
  /** For WebTransport: the hashes of certificates that nobody vouches for, as `hawser bridge --self-signed` tells its own. */
  readonly serverCertificateHashes?: readonly CertificateHash[];
  /** The WebTransport to use. Default: the host's own. */
  readonly WebTransport?: WebTransportConstructor;
  /** Makes the connection in another way; `again`: not the first of a session. */
  readonly dial?: (again: boolean) => Promise<Transport>;
}

/** How a connection is made, by the URL's scheme. */
function dialOf(options: BridgeNetworkOptions, { protocol }: URL): (again: boolean) => Promise<Transport> {
  const { url } = options;
  const own = globalThis as { WebSocket?: WebSocketConstructor; WebTransport?: WebTransportConstructor };
  if (protocol === "https:") {
    const make = options.WebTransport ?? own.WebTransport;
    if (make === undefined) {
      throw new TypeError(
        `bridgeNetwork: ${JSON.stringify(url)} is for WebTransport, which this host has not; give the bridge's WebSocket, "wss://…"`,
      );
    }
    return async () => {
      const { dialWebTransport } = await import("../webtransport.js");
      return dialWebTransport(make, url, options.serverCertificateHashes);
    };
  }
  if (protocol !== "ws:" && protocol !== "wss:") {
    throw new TypeError(
      `bridgeNetwork: ${JSON.stringify(url)} is no bridge's URL; give "ws://…", "wss://…" or, for WebTransport, "https://…"`,
    );
  }
  const make = options.WebSocket ?? own.WebSocket;
  if (make === undefined) {
    throw new TypeError("bridgeNetwork: this host has no WebSocket: give one, e.g. that of the package ws");
  }
  return (again) => dialWebSocket(make, url, again);
}

/** A network that a bridge serves. Each guest has a session of its own. Throws TypeError for options that make no sense. */
export function bridgeNetwork(options: BridgeNetworkOptions): Network {
  const { url, token = "", window = 256 << 10, heartbeat = 20_000, turn = 50, onState = (): void => {} } = options;
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    throw new TypeError(`bridgeNetwork: ${JSON.stringify(url)} is no URL; give one like "wss://bridge.example/"`);
  }
  if (!Number.isInteger(window) || window < 4096 || window > 16 << 20) {
    throw new RangeError(`bridgeNetwork: window is ${window}; give a whole number from 4096 to ${16 << 20}`);
  }
  const setup = {
    dial: options.dial ?? dialOf(options, parsed),
    token: typeof token === "string" ? (): string => token : token,
    window,
    heartbeat,
    turn,
    onState,
  };
  return {
    name: "bridge",
    capabilities: {
      streams: true,
      datagrams: true,
      unixStreams: true,
      unixDatagrams: false,
      unixSeqpacket: false,
      rights: false,
      listen: true,
      reset: true,
      unixPaths: "file system",
    },
    open(events: NetworkEvents, memory: LentMemory): NetworkSession {
      return new BridgeSession(setup, events, memory);
    },
  };
}
