// The bridge's other door on Node: WebTransport over HTTP/3. Owns what is refused before a session stands, as the door for WebSockets does
// (listener.ts), and hands every session to the bridge.

import type { Bridge } from "../../bridge/server/bridge.js";
import { unref } from "../../bridge/link.js";
import { Http3Connection, isSession } from "../http3/connection.js";
import type { Request } from "../http3/request.js";
import type { QuicConnection, QuicReceiver } from "../quic/quic.js";
import { loadQuiche } from "../quic/quiche.js";
import { serveQuic } from "../quic/server.js";
import { isOriginAllowed, type Listener, type ListenerOptions } from "./listener.js";
import { SessionTransport } from "./session-transport.js";

/** Milliseconds in which a client must have a session and its stream. */
const START_LIMIT = 10_000;
/** Milliseconds in which a client may end its connection when its session is over. */
const FAREWELL = 500;
/** Connections beside those that sessions need: they begin, or end. */
const SPARE = 256;

/** How it is made; TLS is a must, and there are no pings but QUIC's own. */
export interface WebTransportOptions extends Omit<ListenerOptions, "tls" | "heartbeat"> {
  /** PEM. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** Sessions that the bridge takes; so many connections and a few more may be there. */
  readonly sessions: number;
}

/** The path of a request; "" for what is no URL. */
function pathOf(request: Request): string {
  try {
    return new URL(`http://bridge${request.path}`).pathname;
  } catch {
    return "";
  }
}

/** One client's connection. */
function serveConnection(
  bridge: Bridge,
  { path, origins, log }: WebTransportOptions,
  connection: QuicConnection,
  over: () => void,
): Http3Connection {
  const from = connection.remote;
  const judge = (request: Request): number => {
    const at = pathOf(request);
    if (at === "/healthz" && !isSession(request)) return bridge.isFull ? 503 : 200;
    if (at !== path) return 404;
    // As HTTP/1.1 has it for what is no WebSocket.
    if (!isSession(request)) return 426;
    if (!isOriginAllowed(request.origin, request.authority, origins)) {
      log.warn({ from, origin: request.origin }, "turned away: the origin is not allowed");
      bridge.turnedAway("origin");
      return 403;
    }
    if (bridge.isFull) {
      log.warn({ from }, "turned away: too many sessions");
      bridge.turnedAway("full");
      return 503;
    }
    return 200;
  };
  const http3 = new Http3Connection(connection, {
    judge,
    open: (session) =>
      new SessionTransport(
        session,
        (transport) => {
          clearTimeout(late);
          bridge.accept(transport, 2, from);
        },
        () => unref(setTimeout(() => http3.close("the session is over"), FAREWELL)),
      ),
    over,
    broken: (reason) => {
      log.warn({ from }, `turned away: ${reason}`);
      bridge.turnedAway("malformed");
    },
  });
  const late = setTimeout(() => {
    if (http3.isOver) return;
    bridge.turnedAway("late");
    http3.close("no session came");
  }, START_LIMIT);
  unref(late);
  return http3;
}

/** Starts to listen. Rejects with the system's error, or with NoQuic where the library is missing. */
export async function listenWebTransport(bridge: Bridge, options: WebTransportOptions): Promise<Listener> {
  const { host, port, tls, sessions, log } = options;
  const quiche = await loadQuiche();
  const connections = new Set<Http3Connection>();
  const server = await serveQuic(quiche, {
    host,
    port,
    ...tls,
    protocol: "h3",
    connections: sessions + SPARE,
    accept: (connection): QuicReceiver => {
      const http3 = serveConnection(bridge, options, connection, () => connections.delete(http3));
      connections.add(http3);
      return http3;
    },
    refused: (from) => {
      log.warn({ from }, "turned away: too many connections");
      bridge.turnedAway("full");
    },
    failed: (from, message) => {
      log.warn({ from, message }, "turned away: no connection could be made");
      bridge.turnedAway("fault");
    },
  });
  return {
    address: server.address,
    stop: () => {
      server.stop();
      for (const http3 of connections) http3.goAway();
    },
    close: () => server.close(),
  };
}
