// The bridge's door on Node: HTTP(S) with WebSocket upgrades. Owns what HTTP refuses (another path, an origin that may not, a
// full or draining bridge) and hands every open WebSocket to the bridge.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { PACKET_MAX, SUBPROTOCOL } from "../../bridge/protocol/types.js";
import type { Bridge, BridgeLog } from "../../bridge/server/bridge.js";
import { type WebSocketLike, WebSocketTransport } from "../../bridge/websocket.js";

/** How a listener is made. */
export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  /** The path of the WebSocket; others are 404. */
  readonly path: string;
  /** Origins of pages that may come, e.g. "https://example.com"; "*" is any. Pages of the bridge's own host may always. */
  readonly origins: readonly string[];
  /** PEM; with both it speaks TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly log: BridgeLog;
  /** Milliseconds without a byte after which a client is asked, and again after which it is cut off. Default 30000. */
  readonly heartbeat?: number;
}

/** A listener. */
export interface Listener {
  readonly address: AddressInfo;
  /** Ends listening; connections that stand are the bridge's. */
  stop(): void;
  /** Ends listening, and, a moment after, every connection. */
  close(): Promise<void>;
}

/** Milliseconds in which a client may take the last packets. */
const FAREWELL = 500;

const TEXT = { "Content-Type": "text/plain; charset=utf-8" };

/** Whether a page of that origin may connect. Programs send none. */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  origins: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (origins.includes("*") || origins.includes(origin)) return true;
  try {
    const page = new URL(origin);
    // Over http a name proves nothing: whoever owns one may have it lead here (DNS rebinding).
    const isProven = page.protocol === "https:" || page.hostname === "localhost" || isNumeric(page.hostname);
    return isProven && host !== undefined && page.host === host;
  } catch {
    return false;
  }
}

function isNumeric(hostname: string): boolean {
  return isIP(hostname.replace(/^\[(.*)\]$/, "$1")) !== 0;
}

/** The path of a request; "" for what is no URL. */
function pathOf(request: IncomingMessage): string {
  try {
    return new URL(`http://bridge${request.url ?? "/"}`).pathname;
  } catch {
    return "";
  }
}

function refuse(socket: Duplex, status: string, sentence: string): void {
  socket.on("error", () => socket.destroy());
  const body = `${sentence}\n`;
  socket.end(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Starts to listen. Rejects with the system's error. */
export async function listen(bridge: Bridge, options: ListenerOptions): Promise<Listener> {
  const { host, port, path, origins, tls, log, heartbeat = 30_000 } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: PACKET_MAX,
    perMessageDeflate: false,
    handleProtocols: (asked) => (asked.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...asked][0] ?? false)),
  });
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const at = pathOf(request);
    if (at === "/healthz") {
      response.writeHead(bridge.isFull ? 503 : 200, TEXT).end(bridge.isFull ? "full or draining\n" : "ok\n");
    } else if (at === path) {
      response.writeHead(426, { ...TEXT, Upgrade: "websocket", Connection: "Upgrade" });
      response.end("This is a hawser bridge: connect with a WebSocket.\n");
    } else {
      response.writeHead(404, TEXT).end("There is nothing here.\n");
    }
  };
  const server: Server = tls === undefined ? createServer(answer) : createSecureServer(tls, answer);
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const from = request.socket.remoteAddress ?? "";
    const { origin, host: wanted } = request.headers;
    const at = pathOf(request);
    if (at !== path) return refuse(socket, "404 Not Found", "There is nothing here.");
    if (!isOriginAllowed(origin, wanted, origins)) {
      log.warn({ from, origin }, "turned away: the origin is not allowed");
      bridge.turnedAway("origin");
      return refuse(socket, "403 Forbidden", `Pages of ${origin} may not use this bridge.`);
    }
    if (bridge.isFull) {
      log.warn({ from }, "turned away: too many sessions");
      bridge.turnedAway("full");
      return refuse(socket, "503 Service Unavailable", "The bridge is full or shuts down.");
    }
    const version = request.headers["sec-websocket-protocol"] === undefined ? 1 : 2;
    sockets.handleUpgrade(request, socket, head, (opened) => {
      pulse(opened, request.socket);
      const transport = new WebSocketTransport(opened as unknown as WebSocketLike, "nodebuffer");
      bridge.accept(transport, version, from);
    });
  });
  /** Asks a client now and then whether it is there; one from which nothing came since is cut off. */
  const pulse = (opened: WebSocket, under: Socket): void => {
    let heard = -1;
    const timer = setInterval(() => {
      if (under.bytesRead === heard) return opened.terminate();
      heard = under.bytesRead;
      opened.ping();
    }, heartbeat);
    timer.unref();
    opened.on("close", () => clearInterval(timer));
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const closed = new Promise<void>((resolve) => server.once("close", resolve));
  const stop = (): void => {
    if (server.listening) server.close();
    server.closeIdleConnections();
  };
  return {
    address: server.address() as AddressInfo,
    stop,
    close: async () => {
      stop();
      // A client that does not answer, or half a request, holds nothing up for long.
      const late = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
      }, FAREWELL);
      await closed;
      clearTimeout(late);
    },
  };
}
