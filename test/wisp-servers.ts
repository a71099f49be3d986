// Servers of Wisp that nobody here wrote, and the peers that lie behind them, on 127.0.0.1. Owns their start and end.

import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** A server that listens. */
export interface Running {
  readonly port: number;
  close(): Promise<void>;
}

/** How a server of Wisp takes a WebSocket. */
export type Upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Has a server of Wisp listen. close() cuts every connection. */
export async function wispServer(upgrade: Upgrade): Promise<Running> {
  const server = createHttpServer();
  const open = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    upgrade(request, socket, head);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A TCP server of one habit. `connections` counts those that are open. */
export async function tcpPeer(serve: (socket: Socket) => void): Promise<Running & { readonly sockets: Set<Socket> }> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A UDP server that sends each datagram back behind `mark`. */
export async function udpEcho(mark: string): Promise<Running> {
  const socket = createSocket("udp4");
  socket.on("message", (bytes, from) =>
    socket.send(Buffer.concat([Buffer.from(mark), bytes]), from.port, from.address),
  );
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    port: socket.address().port,
    close: async () => {
      socket.close();
      await once(socket, "close");
    },
  };
}

/** A port that nobody listens at. */
export async function refusedPort(): Promise<number> {
  const { port, close } = await tcpPeer(() => {});
  await close();
  return port;
}
