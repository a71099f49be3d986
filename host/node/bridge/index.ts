// `hawser/bridge`: the bridge as a library, for programs that serve it themselves.

export {
  Bridge,
  type BridgeLog,
  type BridgeOptions,
  type Grant,
  type SessionObserver,
} from "../../bridge/server/bridge.js";
export type { BridgeObserver, SessionLimits } from "../../bridge/server/parts.js";
export type { Transport, TransportReceiver } from "../../bridge/transport.js";
export { type WebSocketLike, WebSocketTransport } from "../../bridge/websocket.js";
export type { BridgeConfig } from "./config.js";
export { type Listener, type ListenerOptions, listen } from "./listener.js";
export { Metrics } from "./metrics.js";
export { type RunningBridge, serve } from "./serve.js";
export { type JwtOptions, type KnownToken, judge } from "./tokens.js";
