// The bridge's client on Node: the WebSocket of the package ws, since Node has one of its own from 22 on only.

import { bridgeNetwork as make, type BridgeNetworkOptions } from "../../bridge/client/network.js";
import { dialWebSocket, type WebSocketConstructor } from "../../bridge/websocket.js";
import type { Transport } from "../../bridge/transport.js";
import type { Network } from "../../network.js";

/** A network that a bridge serves; see BridgeNetworkOptions. */
export function bridgeNetwork(options: BridgeNetworkOptions): Network {
  const dial = async (again: boolean): Promise<Transport> => {
    const { default: WebSocket } = await import("ws");
    return dialWebSocket(WebSocket as unknown as WebSocketConstructor, options.url, again);
  };
  return make(options.WebSocket === undefined && /^wss?:/i.test(options.url) ? { dial, ...options } : options);
}
