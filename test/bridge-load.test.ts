// A bridge under load, in a process of its own: memory stays bounded while a reader stands still, nothing is lost, a thousand
// streams share a connection, and a stream that stands still holds up no other.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { suite } from "uvu";
import WebSocket from "ws";
import { bridgeNetwork } from "../host/node/bridge/client.js";
import { BridgeProcess, Command } from "./bridge-process.js";
import { compileGuest } from "./guest-programs.js";
import { dismiss, loopback4, Party, pattern } from "./network.party.js";
import { tcpPeer } from "./wisp-servers.js";

const MB = 1 << 20;
const TOTAL = 200 * MB;
/** How long a reader stands still. */
const PAUSE = 2500;
/** What a process may grow by while 200 MB go through it. Its garbage is collected when Node thinks it worth while. */
const GROWTH = 96 * MB;
/** What may be on its way to a reader that stands still: windows, kernels' buffers (up to 6 MB each way of each connection). */
const UNDERWAY = 40 * MB;

const program = await compileGuest("test/guests/haul.c");
const directory = mkdtempSync(join(tmpdir(), "hawser-load-"));
const config = join(directory, "bridge.json");
writeFileSync(config, JSON.stringify({ allow: ["tcp://127.0.0.1:*"], dials: 0, sockets: 2000, drain: 0 }));

/** The same bytes as haul.c gives, piece by piece, and their hash. */
class Pattern {
  hash = 2166136261;
  count = 0;
  private state = 1;

  take(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length);
    for (let i = 0; i < length; i++) {
      this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
      bytes[i] = this.state >>> 24;
    }
    return this.add(bytes);
  }

  add(bytes: Buffer): Buffer {
    let { hash } = this;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 16777619);
    this.hash = hash;
    this.count += bytes.length;
    return bytes;
  }

  get told(): string {
    return `${this.count} bytes, hash ${(this.hash >>> 0).toString(16).padStart(8, "0")}\n`;
  }
}

/** The most memory that processes had while something went on. */
class Watch {
  private readonly first: readonly (number | null)[];
  private readonly most: number[];
  private readonly timer: ReturnType<typeof setInterval>;
  private readonly commands: readonly Command[];

  constructor(commands: readonly Command[]) {
    this.commands = commands;
    this.first = commands.map(({ resident }) => resident);
    this.most = commands.map(() => 0);
    this.timer = setInterval(() => this.look(), 50);
  }

  private look(): void {
    for (const [at, { resident }] of this.commands.entries()) {
      this.most[at] = Math.max(this.most[at] ?? 0, resident ?? 0);
    }
  }

  /** What each has grown by, in megabytes; none where the system does not tell. */
  end(): readonly number[] {
    this.look();
    clearInterval(this.timer);
    return this.most.flatMap((most, at) => {
      const first = this.first[at];
      return first === null || first === undefined ? [] : [Math.round((most - first) / MB)];
    });
  }
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function haul(bridge: BridgeProcess, way: "take" | "give", port: number, bytes: number): Command {
  return new Command([
    "run",
    "--bridge",
    bridge.url,
    "--allow",
    "tcp://127.0.0.1:*",
    program,
    way,
    `${port}`,
    `${bytes}`,
  ]);
}

const test = suite("a bridge under load");

test("200 MB go to a guest that stands still for seconds: nothing is lost, and neither side's memory grows with it", async () => {
  const bridge = await BridgeProcess.start(["--config", config]);
  const sent = new Pattern();
  const server = createServer(async (socket: Socket) => {
    socket.on("error", () => {});
    while (sent.count < TOTAL) if (!socket.write(sent.take(MB >> 2))) await once(socket, "drain");
    socket.end();
  });
  const guest = haul(bridge, "take", await listening(server), 20 * MB);
  await guest.said("the guest's pause", ({ stdout }) => /paused/.exec(stdout));
  const watch = new Watch([bridge, guest]);
  await delay(PAUSE);
  const held = sent.count;
  assert.ok(held < 20 * MB + UNDERWAY, `${held} bytes have been taken from the sender of a reader that stands still`);
  guest.child.stdin?.write("go\n");
  assert.deepEqual(await guest.end(40_000), { status: 0, signal: null }, guest.stderr);
  const grown = watch.end();
  assert.equal(guest.stdout, `paused\n${sent.told}`);
  console.log(
    `to the guest: bridge and guest grew by ${grown.join(" and ")} MB; ${(held / MB).toFixed(1)} MB were taken by the pause's end`,
  );
  for (const each of grown) assert.ok(each * MB < GROWTH, `grown by ${grown.join(" and ")} MB`);
  bridge.child.kill("SIGTERM");
  await bridge.end();
  server.close();
});

test("200 MB come from a guest to a reader that stands still for seconds: the same", async () => {
  const bridge = await BridgeProcess.start(["--config", config]);
  const got = new Pattern();
  let guest: Command | null = null;
  const paused = new Promise<{ socket: Socket; watch: Watch }>((resolve) => {
    const server = createServer((socket) => {
      server.close();
      let hasPaused = false;
      socket.on("data", (bytes) => {
        got.add(bytes);
        if (hasPaused || got.count < 20 * MB || guest === null) return;
        hasPaused = true;
        socket.pause();
        resolve({ socket, watch: new Watch([bridge, guest]) });
      });
    });
    void listening(server).then((port) => {
      guest = haul(bridge, "give", port, TOTAL);
    });
  });
  const { socket, watch } = await paused;
  const up = 'hawser_bridge_bytes_total{direction="up"}';
  await delay(PAUSE);
  const held = await bridge.counter(up);
  assert.ok(held < 20 * MB + UNDERWAY, `${held} bytes have been taken from the guest`);
  await delay(200);
  assert.equal(await bridge.counter(up), held, "nothing moves while the reader stands still");
  socket.resume();
  const { status } = await (guest as unknown as Command).end(40_000);
  const grown = watch.end();
  assert.equal(status, 0);
  assert.equal((guest as unknown as Command).stdout, got.told);
  assert.equal(got.count, TOTAL);
  console.log(
    `from the guest: bridge and guest grew by ${grown.join(" and ")} MB; ${(held / MB).toFixed(1)} MB were taken by the pause's end`,
  );
  for (const each of grown) assert.ok(each * MB < GROWTH, `grown by ${grown.join(" and ")} MB`);
  bridge.child.kill("SIGTERM");
  await bridge.end();
});

test("a client of Wisp that reads nothing, and cannot give credit, holds a megabyte or two and no more", async () => {
  const bridge = await BridgeProcess.start(["--config", config]);
  const piece = Buffer.alloc(MB);
  const flood = await tcpPeer((socket) => {
    const more = (): void => {
      while (socket.writable && socket.write(piece)) {}
    };
    socket.on("drain", more);
    more();
  });
  const client = new WebSocket(bridge.url);
  await once(client, "message");
  const port = [flood.port & 255, flood.port >> 8];
  for (let id = 1; id <= 20; id++)
    client.send(Uint8Array.from([1, id, 0, 0, 0, 1, ...port, ...Buffer.from("127.0.0.1")]));
  client.pause();
  const watch = new Watch([bridge]);
  const down = 'hawser_bridge_bytes_total{direction="down"}';
  await delay(PAUSE);
  const held = await bridge.counter(down);
  await delay(200);
  assert.equal(await bridge.counter(down), held, "nothing moves while the client stands still");
  assert.ok(held < UNDERWAY, `${held} bytes are under way`);
  const [grown = 0] = watch.end();
  assert.ok(grown * MB < GROWTH, `grown by ${grown} MB`);
  client.resume();
  client.terminate();
  await flood.close();
  bridge.child.kill("SIGTERM");
  await bridge.end();
});

test("a thousand streams at once share one connection, each with its own bytes", async () => {
  const bridge = await BridgeProcess.start(["--config", config]);
  const echo = await tcpPeer((socket) => socket.pipe(socket));
  const party = new Party(bridgeNetwork({ url: bridge.url }));
  const ids = Array.from({ length: 1000 }, () => party.open());
  for (const id of ids) party.session.connect(id, loopback4(echo.port));
  for (const id of ids) await party.take("connected", id, 20_000);
  assert.equal(await bridge.counter("hawser_bridge_sockets"), 1000);
  assert.equal(await bridge.counter("hawser_bridge_sessions"), 1);
  const text = (id: number): string => `stream ${id} `.repeat(1000);
  for (const id of ids) party.send(id, text(id));
  for (const id of ids) {
    assert.equal(Buffer.from(await party.receiveAll(id, text(id).length)).toString(), text(id));
  }
  for (const id of ids) party.session.close(id, false);
  for (const id of ids) await party.take("closed", id, 20_000);
  await dismiss(party);
  await echo.close();
  bridge.child.kill("SIGTERM");
  await bridge.end();
});

/** Milliseconds that `length` bytes take there and back. */
async function time(party: Party, id: number, length: number): Promise<number> {
  const bytes = pattern(length);
  const start = performance.now();
  const [back] = await Promise.all([party.receiveAll(id, length), party.sendAll(id, bytes)]);
  assert.equal(Buffer.compare(back, bytes), 0);
  return performance.now() - start;
}

for (const way of ["down", "up"] as const) {
  test(`streams that stand still hold up no neighbour (${way})`, async () => {
    const bridge = await BridgeProcess.start(["--config", config]);
    const echo = await tcpPeer((socket) => socket.pipe(socket));
    // A source for readers that do not read, or a sink that does not.
    const flood = Buffer.alloc(MB);
    const still = await tcpPeer((socket) => {
      if (way === "up") return void socket.pause();
      const more = (): void => {
        while (socket.writable && socket.write(flood)) {}
      };
      socket.on("drain", more);
      more();
    });
    const party = new Party(bridgeNetwork({ url: bridge.url }));
    const working = party.open();
    party.session.connect(working, loopback4(echo.port));
    await party.take("connected", working);
    const length = 8 * MB;
    await time(party, working, length);
    const alone = await time(party, working, length);
    for (let n = 0; n < 8; n++) {
      const id = party.open();
      party.session.connect(id, loopback4(still.port));
      await party.take("connected", id);
      if (way === "up") party.send(id, new Uint8Array(8 * MB));
    }
    // Until the windows are full and nothing moves for them any more.
    const name = `hawser_bridge_bytes_total{direction="${way}"}`;
    for (let before = -1, now = 0; before !== now; ) {
      before = now;
      await delay(300);
      now = await bridge.counter(name);
    }
    // What else the machine does may fall into one of the two: the best of three counts.
    let beside = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 3 && beside > 4 * alone; tries++) {
      beside = Math.min(beside, await time(party, working, length));
    }
    console.log(`${way}: ${alone.toFixed(0)} ms alone, ${beside.toFixed(0)} ms beside eight that stand still`);
    assert.ok(beside < 4 * alone + 200, `${beside} ms beside streams that stand still, ${alone} ms alone`);
    party.dispose();
    await echo.close();
    await still.close();
    bridge.child.kill("SIGTERM");
    await bridge.end();
  });
}

test.after(() => rmSync(directory, { recursive: true, force: true }));

test.run();
