// The peers that a program under test talks to: on 127.0.0.1 (and ::1), with ports that the kernel chose, each with one
// simple habit. Owns the peers and nothing about the programs.
//
// Silent listeners cannot be had from an event loop, which accepts whatever comes. Theirs stands in a worker whose thread
// sleeps in Atomics.wait: the kernel queues what the backlog allows, startPeers() fills that, and every SYN after it is
// dropped, so that a connection to it stays pending. A worker that is woken accepts all of it and echoes; a pending
// connection completes when its SYN is sent again, about a second after the first.

import { execFileSync } from "node:child_process";
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { Worker } from "node:worker_threads";

/** Ports on 127.0.0.1 unless said otherwise. */
export interface Peers {
  /** TCP: gives back what it gets, and ends when the other side ends. */
  readonly echo: number;
  /** The same on ::1; null where there is no IPv6. */
  readonly echo6: number | null;
  /** TCP: a listener whose queue is full; a connection to it stays pending. */
  readonly silent: number;
  /**
   * TCP: the control port of late listeners. Each connection to it makes one, a silent listener of its own, and is told
   * its port as two bytes, high byte first, once its queue is full. One byte back, n, has it accept and echo after
   * 10 × n ms. It goes away with the control connection.
   */
  readonly late: number;
  /** TCP: sends a reset once it got a byte. */
  readonly reset: number;
  /** TCP: sends one byte "f" and ends its direction at once; reads on until the other side ends. */
  readonly fin: number;
  /** TCP: refuses. The port is held, so nobody else can listen there. */
  readonly refused: number;
  /** UDP: sends every datagram back to where it came from. */
  readonly udpEcho: number;
  /** UDP: a datagram to it is answered by ICMP port unreachable. The port is held. */
  readonly udpRefused: number;
  /** AF_UNIX stream: the path of an echo listener. */
  readonly unix: string;
  /**
   * TCP: the control port of late listeners on AF_UNIX paths. Each connection to it makes one whose queue is full, and is
   * told its path: one byte of length, then the path. Two bytes back, "a" and n, have it accept and echo after 10 × n ms;
   * "c" and n have it close. The path stays until the control connection ends.
   */
  readonly lateUnix: number;
  /** A directory of sockets and other files, see makeFiles(); null where names are no files. */
  readonly files: string | null;
  /** Ends all of them. */
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** A backlog of 1 lets Linux queue two connections. */
const BACKLOG = 1;
/** Far more than a connection on the loopback takes. */
const PENDING_AFTER_MS = 200;
const MAX_FILLERS = 16;

/** What to call at the end, last first. */
type Endings = (() => void | Promise<void>)[];

/** Starts all peers. */
export async function startPeers(): Promise<Peers> {
  const endings: Endings = [];
  const close = async (): Promise<void> => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  };
  try {
    const echo = await listen(endings, echoing, HOST);
    const directory = mkdtempSync(join(tmpdir(), "hawser-"));
    endings.push(() => rmSync(directory, { recursive: true, force: true }));
    // Programs without privileges come here too.
    chmodSync(directory, 0o755);
    const unix = join(directory, "echo");
    await listen(endings, echoing, unix);
    const files = join(directory, "files");
    await makeFiles(endings, files);
    const silent = await silentListener({ port: 0, host: HOST });
    endings.push(silent.close);
    return {
      echo,
      echo6: await listen(endings, echoing, "::1").catch(() => null),
      silent: silent.port,
      late: await listen(endings, controlLate, HOST),
      reset: await listen(endings, resetting, HOST),
      fin: await listen(endings, finishing, HOST),
      refused: await refusedPort(endings, echo),
      udpEcho: await udpEcho(endings),
      udpRefused: await refusedUdpPort(endings),
      unix,
      lateUnix: await listen(endings, (control) => controlLateUnix(control, directory), HOST),
      files,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Listens on a host (port 0) or a path: the port, 0 for a path. Its connections are destroyed with it. */
async function listen(endings: Endings, habit: (socket: Socket) => void, at: string): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    habit(socket);
  });
  if (at.includes("/")) server.listen(at);
  else server.listen(0, at);
  await once(server, "listening");
  endings.push(async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function echoing(socket: Socket): void {
  socket.pipe(socket);
}

function resetting(socket: Socket): void {
  socket.once("data", () => socket.resetAndDestroy());
}

function finishing(socket: Socket): void {
  socket.end("f");
  socket.resume();
}

/**
 * The local port of a connection of our own that bind(2) chose: nobody listens there, nobody else can, and connect(2)
 * never chooses it for somebody else.
 */
async function refusedPort(endings: Endings, echo: number): Promise<number> {
  const holder = connect({ host: HOST, port: echo, localAddress: HOST });
  holder.on("error", () => {});
  await once(holder, "connect");
  endings.push(() => void holder.destroy());
  return (holder.address() as AddressInfo).port;
}

async function boundUdp(endings: Endings): Promise<DatagramSocket> {
  const socket = createSocket("udp4");
  socket.on("error", () => {});
  socket.bind(0, HOST);
  await once(socket, "listening");
  endings.push(() => {
    socket.close();
  });
  return socket;
}

async function udpEcho(endings: Endings): Promise<number> {
  const socket = await boundUdp(endings);
  socket.on("message", (bytes, from) => socket.send(bytes, from.port, from.address));
  return socket.address().port;
}

/** A socket that is connected elsewhere holds its port but takes nothing from others: for them it is unreachable. */
async function refusedUdpPort(endings: Endings): Promise<number> {
  const elsewhere = await boundUdp(endings);
  const socket = await boundUdp(endings);
  socket.connect(elsewhere.address().port, HOST);
  await once(socket, "connect");
  return socket.address().port;
}

/** A fifo, and sockets and files with modes that leave out even their owner, unless that is root. */
async function makeFiles(endings: Endings, directory: string): Promise<void> {
  const at = (name: string): string => join(directory, name);
  const inside = at("private");
  mkdirSync(directory);
  mkdirSync(inside);
  execFileSync("mkfifo", ["-m", "666", at("fifo")]);
  for (const name of ["open", "read-only", "write-only", join("private", "live")])
    await listen(endings, echoing, at(name));
  // A second name stays when the first one goes with its socket.
  const stale = createServer().listen(at("held"));
  await once(stale, "listening");
  linkSync(at("held"), at("stale"));
  stale.close();
  await once(stale, "close");
  writeFileSync(at("file"), "");
  symlinkSync("private/live", at("link"));
  chmodSync(directory, 0o755);
  chmodSync(at("open"), 0o777);
  chmodSync(at("read-only"), 0o555);
  chmodSync(at("write-only"), 0o222);
  chmodSync(at("stale"), 0);
  chmodSync(at("file"), 0o444);
  chmodSync(inside, 0);
  endings.push(() => chmodSync(inside, 0o700));
}

/** The thread of a silent listener: told where it is, it sleeps until it is woken, then accepts and echoes, or closes. */
const SLEEPER = `
const { createServer } = require("node:net");
const { parentPort, workerData } = require("node:worker_threads");
const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.pipe(socket);
});
server.listen({ ...workerData.at, backlog: workerData.backlog }, () => {
  parentPort.postMessage(server.address().port ?? 0);
  Atomics.wait(workerData.awake, 0, 0);
  if (workerData.awake[0] === 2) server.close();
});
`;

interface SilentListener {
  readonly port: number;
  /** Has it accept. */
  open(): void;
  /** Has it close, what is in its queue with it. */
  end(): void;
  readonly close: () => Promise<void>;
}

async function silentListener(at: { port: number; host: string } | { path: string }): Promise<SilentListener> {
  const awake = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(SLEEPER, { eval: true, workerData: { awake, at, backlog: BACKLOG } });
  const [port] = (await once(worker, "message")) as [number];
  const fillers = "path" in at ? await fillPath(at.path) : await fill(port);
  const empty = (): void => {
    for (const filler of fillers) filler.destroy();
  };
  const wake = (to: number): void => {
    empty();
    Atomics.store(awake, 0, to);
    Atomics.notify(awake, 0);
  };
  return {
    port,
    open: () => wake(1),
    end: () => wake(2),
    async close(): Promise<void> {
      empty();
      await worker.terminate();
    },
  };
}

/** Connects to a path until its queue takes no more. */
async function fillPath(path: string): Promise<Socket[]> {
  const fillers: Socket[] = [];
  while (fillers.length < MAX_FILLERS) {
    const socket = connect(path);
    const full = await new Promise<boolean>((resolve) => {
      socket.on("error", () => resolve(true));
      socket.on("connect", () => resolve(false));
    });
    if (full) return fillers;
    fillers.push(socket);
  }
  throw new Error(`${MAX_FILLERS} connections did not fill a backlog of ${BACKLOG}`);
}

/** Connects until a connection stays pending. */
async function fill(port: number): Promise<Socket[]> {
  const fillers: Socket[] = [];
  while (fillers.length < MAX_FILLERS) {
    const socket = connect(port, HOST);
    socket.on("error", () => {});
    await Promise.race([once(socket, "connect"), setTimeout(PENDING_AFTER_MS)]);
    if (socket.connecting) {
      // After a busy spell the timer may be first although the connection stands: let the event loop look.
      await setImmediate();
      await setImmediate();
    }
    if (socket.connecting) {
      socket.destroy();
      return fillers;
    }
    fillers.push(socket);
  }
  throw new Error(`${MAX_FILLERS} connections did not fill a backlog of ${BACKLOG}`);
}

/** One control connection of a late listener. */
function controlLate(control: Socket): void {
  const gone = once(control, "close");
  control.on("end", () => control.destroy());
  silentListener({ port: 0, host: HOST }).then(
    (listener) => {
      void gone.then(listener.close);
      control.on("data", async (bytes) => {
        await setTimeout(10 * (bytes[0] ?? 0));
        listener.open();
      });
      control.write(Uint8Array.of(listener.port >> 8, listener.port & 0xff));
    },
    (error: unknown) => control.destroy(error instanceof Error ? error : new Error(String(error))),
  );
}

let paths = 0;

/** One control connection of a late listener on a path, which is a second name: the first goes when the listener closes. */
function controlLateUnix(control: Socket, directory: string): void {
  const gone = once(control, "close");
  const first = join(directory, `late-${++paths}`);
  const path = `${first}-name`;
  control.on("end", () => control.destroy());
  silentListener({ path: first }).then(
    (listener) => {
      linkSync(first, path);
      // Where the harness has given up its privileges meanwhile, the name stays until its directory goes.
      void gone
        .then(listener.close)
        .then(() => rmSync(path))
        .catch(() => {});
      control.on("data", async (order) => {
        await setTimeout(10 * (order[1] ?? 0));
        if (String.fromCharCode(order[0] ?? 0) === "c") listener.end();
        else listener.open();
      });
      control.write(Buffer.concat([Uint8Array.of(path.length), Buffer.from(path)]));
    },
    (error: unknown) => control.destroy(error instanceof Error ? error : new Error(String(error))),
  );
}
