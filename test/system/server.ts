// The servers that the programs talk to, on the loopback: a real nginx, a real redis-server, the peers of the other tests,
// and small habits for what those do not do. Each starts when it is first asked for, with a private configuration in a
// directory of its own and a port that the kernel chose, and ends with the run.

import { createHash } from "node:crypto";
import { once as event } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Peers, startPeers } from "../peers.js";
import { type Child, start } from "./child.js";
import { ensurePackages } from "./debian.js";
import { largeFile, PAGE } from "./material.js";
import { atEnd, makeDirectory, once } from "./place.js";

/** A running nginx. */
export interface Web {
  readonly port: number;
  /** Path of the AF_UNIX socket where it listens too. */
  readonly socket: string;
}

/** A running redis-server; it has a user "alice" whose password is "secret". */
export interface Store {
  readonly port: number;
  readonly socket: string;
  /** Sends one command and gives the first line of the answer. */
  command(...words: readonly string[]): Promise<string>;
}

const HOST = "127.0.0.1";

/** The peers of test/peers.ts. */
export const peers: () => Promise<Peers> = once(async () => {
  const started = await startPeers();
  atEnd(() => started.close());
  return started;
});

/** A directory for one server or case; removed at the end. */
export function temporaryDirectory(): string {
  const directory = makeDirectory();
  atEnd(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A TCP listener with the given habit: its port. It ends with the run, and its connections with it. */
export async function listen(habit: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    habit(socket);
  });
  atEnd(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return listening(server);
}

/** A port that nobody had a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await event(server.close(), "close");
  return port;
}

/** Waits until `port` on the loopback, or the path, takes connections. */
export async function reachable(at: number | string, child: Child): Promise<void> {
  const ended = child.ended.then(({ status, stderr }) => {
    throw new Error(`the server ended with ${status}\n${stderr}`);
  });
  const until = Date.now() + 15_000;
  const trying = (async (): Promise<void> => {
    while (!(await answers(at))) {
      if (Date.now() > until) throw new Error(`nobody listens on ${at} after 15 s`);
      await delay(20);
    }
  })();
  await Promise.race([ended, trying]);
}

function answers(at: number | string): Promise<boolean> {
  return new Promise((done) => {
    const socket = typeof at === "number" ? connect(at, HOST) : connect(at);
    socket.on("connect", () => {
      socket.destroy();
      done(true);
    });
    socket.on("error", () => done(false));
  });
}

async function listening(server: Server | ReturnType<typeof createHttpServer>): Promise<number> {
  server.listen(0, HOST);
  await event(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** nginx: pages, redirects, an error, and /mirror, which says in JSON what it got. */
export const web: () => Promise<Web> = once(async () => {
  await ensurePackages(["nginx-light"]);
  const mirror = await startMirror();
  const directory = temporaryDirectory();
  for (const name of ["www", "temporary"]) mkdirSync(join(directory, name));
  writeFileSync(join(directory, "www", "page.html"), PAGE);
  writeFileSync(join(directory, "www", "empty.txt"), "");
  const large = await largeFile(50);
  const socket = join(directory, "nginx.sock");
  return startOnFreePort(async (port) => {
    const configuration = join(directory, "nginx.conf");
    rmSync(socket, { force: true });
    writeFileSync(
      configuration,
      `daemon off;
master_process off;
pid ${directory}/pid;
error_log stderr error;
events { worker_connections 256; }
http {
  access_log off;
  types { text/html html; text/plain txt; }
  default_type application/octet-stream;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${directory}/temporary/${name};`).join("\n  ")}
  server {
    listen ${HOST}:${port};
    listen unix:${socket};
    root ${directory}/www;
    location = /large.bin { alias ${large.path}; }
    location = /redirect { return 302 /page.html; }
    location = /circle { return 302 /circle; }
    location /mirror {
      client_max_body_size 0;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_pass http://${HOST}:${mirror};
    }
  }
}
`,
    );
    const child = await start(["nginx", "-p", directory, "-c", configuration, "-e", "stderr"], { limit: 3_600_000 });
    await reachable(port, child);
    return { port, socket };
  });
});

/** redis-server, without a file of its own, on a port and on an AF_UNIX socket. */
export const store: () => Promise<Store> = once(async () => {
  await ensurePackages(["redis-server"]);
  const directory = temporaryDirectory();
  const socket = join(directory, "redis.sock");
  return startOnFreePort(async (port) => {
    const configuration = join(directory, "redis.conf");
    const lines = [
      ...[`bind ${HOST}`, `port ${port}`, `unixsocket ${socket}`, `dir ${directory}`, 'save ""', "appendonly no"],
      ...["daemonize no", "loglevel warning", "user alice on >secret ~* &* +@all"],
    ];
    writeFileSync(configuration, `${lines.join("\n")}\n`);
    const child = await start(["redis-server", configuration], { limit: 3_600_000 });
    await reachable(port, child);
    await reachable(socket, child);
    return { port, socket, command: (...words) => redisCommand(port, words) };
  });
});

/** Starts a server on a free port; another process may take that port first, so three are tried. */
async function startOnFreePort<T>(attempt: (port: number) => Promise<T>): Promise<T> {
  for (let left = 2; ; left--) {
    try {
      return await attempt(await freePort());
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

async function redisCommand(port: number, words: readonly string[]): Promise<string> {
  const socket = connect(port, HOST);
  socket.setTimeout(5000, () => socket.destroy(new Error(`redis-server did not answer ${words[0]} within 5 s`)));
  socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join("")}`);
  try {
    let answer = "";
    for await (const chunk of socket) {
      answer += chunk;
      if (answer.includes("\r\n")) break;
    }
    return answer.split("\r\n")[0] ?? "";
  } finally {
    socket.destroy();
  }
}

/** An HTTP server that answers with what it was sent: method, path, type, length and digest of the body. */
async function startMirror(): Promise<number> {
  const server = createHttpServer((request, response) => {
    const hash = createHash("sha256");
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      length += chunk.length;
    });
    request.on("error", () => response.destroy());
    request.on("end", () => {
      const { method, url, headers } = request;
      const { "content-type": type = "", "user-agent": agent = "", authorization = "", cookie = "" } = headers;
      const body = { method, url, type, agent, authorization, cookie, length, sha256: hash.digest("hex") };
      if (url === "/mirror/slow") return; // its answer never comes
      response.setHeader("Content-Type", "application/json");
      response.end(`${JSON.stringify(body)}\n`);
    });
  });
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return listening(server);
}
