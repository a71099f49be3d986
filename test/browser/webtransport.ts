// Guests of pages over a bridge by WebTransport: the built command in a process of its own, and the browsers' own QUIC.

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { makeCertificate } from "../../host/node/bridge/certificate.js";
import { ACK, CLOSE, CONTINUE, DATAGRAM, INFO, PING } from "../../host/bridge/protocol/types.js";
import { framed } from "../../host/bridge/frames.js";
import { BridgeProcess } from "../bridge-process.js";
import { makeDirectory, once } from "../system/place.js";
import type { Test } from "../system/test.js";
import type { BridgeAt } from "./bridged.js";
import { guestPath, origin, testGuest } from "./material.js";
import type { Task } from "./page.js";
import { type BrowserWay, type Remote, WAYS, withTestPage } from "./way.js";

const LIMIT = 180;
/** What Chromium says of a session that has ended with a reason, now and then. */
const REASON_LOST = "lost: WebTransportError: Connection lost.";
/** What the bridge may hold of one stream beyond what it needs anyway, in bytes of resident memory. */
const HELD = 48 << 20;
/** What a stream's windows and the kernel's buffers hold of what nobody reads. */
const AHEAD = 16 << 20;

/** The ways with the guest on the page itself, one for each browser. */
const ON_PAGE = WAYS.filter(({ way }) => way.engine === "jspi" && way.inWorker !== true);

/** A certificate and its key as files, and its hash. */
const certificate = once(async () => {
  const directory = makeDirectory();
  const { cert, key, hash } = makeCertificate();
  const [certFile, keyFile] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  return { args: ["--tls-cert", certFile, "--tls-key", keyFile], hash: hash.toString("base64") };
});

/** A bridge that listens, for pages of that way. */
interface Standing {
  readonly bridge: BridgeProcess;
  readonly at: BridgeAt;
}

async function standing(isolated: boolean, args: readonly string[] = [], port = 0): Promise<Standing> {
  const { args: tls, hash } = await certificate();
  const page = (await origin(isolated)).origin;
  const where = ["--webtransport", `127.0.0.1:${port}`, ...tls];
  const rules = ["--allow", "tcp://127.0.0.1:*", "--allow", "udp://127.0.0.1:*"];
  const bridge = await BridgeProcess.start([...where, ...rules, "--origin", page, ...args]);
  const url = await bridge.said("its URL", ({ stdout }) => /^hawser bridge: (https:.*)$/m.exec(stdout)?.[1]);
  return { bridge, at: { url, hash } };
}

async function stop({ bridge }: Standing): Promise<void> {
  bridge.child.kill("SIGKILL");
  await bridge.end();
}

/** A test with a page and a bridge, on each way. */
function onEach(
  name: string,
  run: (remote: Remote, way: BrowserWay, standing: Standing) => Promise<void>,
  ways: readonly BrowserWay[] = ON_PAGE,
  args: readonly string[] = [],
): readonly Test[] {
  return ways.map((way) => ({
    name: `WebTransport: ${name} (${way.name})`,
    limit: LIMIT,
    run: () =>
      withTestPage(way, async (remote) => {
        const stands = await standing(way.isolated, args);
        try {
          await run(remote, way, stands);
        } catch (error) {
          throw new Error(
            `${error instanceof Error ? error.stack : error}\nthe bridge's log:\n${stands.bridge.stderr}`,
          );
        } finally {
          await stop(stands);
        }
      }),
  }));
}

/** A server of TCP on a port of its own, as long as `use` runs. */
async function serving<T>(serve: (socket: Socket) => void, use: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

const echo = (socket: Socket): void => void socket.pipe(socket);

async function client({ way }: BrowserWay, port: number): Promise<Task> {
  const args = ["127.0.0.1", `${port}`, "hello"];
  return { program: await guestPath("examples/client.c"), options: { ...way, args, allow: ["tcp://127.0.0.1:*"] } };
}

async function haul({ way }: BrowserWay, verb: "take" | "give", port: number, bytes: number): Promise<Task> {
  const args = [verb, `${port}`, `${bytes}`];
  return { program: await testGuest("haul"), options: { ...way, args, allow: ["tcp://127.0.0.1:*"] }, limit: 120_000 };
}

/** What is looked at later, and may fail before. */
function started<T>(running: Promise<T>): Promise<T> {
  running.catch(() => {});
  return running;
}

/** The hash of haul.c. */
function hashOf(bytes: Uint8Array): string {
  let hash = 2166136261;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 16777619);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) % 251);
}

const packet = (...bytes: readonly number[]): string => Buffer.from(framed(Uint8Array.from(bytes))).toString("base64");
const PSX = [0x50, 0x53, 0x58, 1, 0, 0, 1, 0, 0, 0, 0];
/** A good start, with PSX in a window of 64 KiB. */
const START = packet(INFO, 0, 0, 0, 0, 2, 0, 0xe5, PSX.length, 0, 0, 0, ...PSX);

/** What breaks the protocol: what is sent, as what, and how it is answered. */
const INTRUSIONS: readonly (readonly [
  what: string,
  stream: readonly string[],
  datagram: string | null,
  types: readonly number[],
  end: RegExp,
])[] = [
  ["no INFO", [packet(0x77, 1, 0, 0, 0)], null, [INFO, CLOSE], /^1002 /],
  ["an unknown type", [START, packet(0x77, 1, 0, 0, 0)], null, [INFO, CONTINUE, CLOSE], /^1002 /],
  ["a packet without a head", [START, packet(1, 2)], null, [INFO, CONTINUE, CLOSE], /^1002 /],
  ["a length beyond all", [START, "////fw=="], null, [INFO, CONTINUE], /^1009 a packet of 2147483647 bytes/],
  [
    "a PING as a datagram",
    [START],
    Buffer.from([PING, 0, 0, 0, 0]).toString("base64"),
    [INFO, CONTINUE, CLOSE],
    /^1002 .*came as a datagram/,
  ],
  [
    "half a DATAGRAM",
    [START, packet(0xe0, 1, 0, 0, 0, 4, 2)],
    Buffer.from([DATAGRAM, 1, 0, 0, 0, 0, 4]).toString("base64"),
    [INFO, CONTINUE, CLOSE],
    /^1002 /,
  ],
];

/** The tests. */
export const webTransportTests: readonly Test[] = [
  ...onEach(
    "a guest connects, sends, hears its echo and ends; a port where nobody listens is refused",
    async (remote, way, { at, bridge }) => {
      await serving(echo, async (port) => {
        const { outcome, states } = await remote.bridged(await client(way, port), at);
        assert.deepEqual(
          [outcome.exit, outcome.stderr, outcome.error],
          [{ status: 0 }, "", null],
          JSON.stringify(outcome),
        );
        // In one piece, or in the two in which it was sent.
        assert.match(outcome.stdout, /the server says: hello(client: the server says: )?\n/);
        assert.equal(outcome.engine, way.way.engine);
        assert.deepEqual(states, ["connecting", "connected"]);
      });
      const nobody = await serving(echo, async (port) => port);
      const { outcome } = await remote.bridged(await client(way, nobody), at);
      assert.match(outcome.stderr, /Connection refused/);
      await bridge.said("the sessions' end", () => bridge.log.filter(({ msg }) => msg === "session over").length === 2);
    },
    WAYS,
  ),
  ...onEach("datagrams of a UDP socket travel as datagrams", async (remote, { way }, { at }) => {
    const server = createSocket("udp4");
    server.on("message", (bytes, { port, address }) => server.send(bytes, port, address));
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
    const args = [`${server.address().port}`, "100"];
    const program = await testGuest("datagrams");
    const { outcome, datagrams } = await remote.bridged(
      { program, options: { ...way, args, allow: ["udp://127.0.0.1:*"] } },
      at,
    );
    server.close();
    assert.equal(outcome.exit?.status, 0, JSON.stringify(outcome));
    const back = Number(/^(\d+) came back\n$/.exec(outcome.stdout)?.[1]);
    assert.ok(back >= 95, outcome.stdout);
    assert.equal(datagrams, 99, "the first one is a packet that asks for an answer");
  }),
  ...onEach(
    "20 MB come to a guest that stops reading for seconds, and meanwhile nobody holds them",
    async (remote, way, { at, bridge }) => {
      const bytes = pattern(20_000_000);
      // More follows than anybody could hold unnoticed.
      const rest = 30_000_000;
      let sent: Socket | null = null;
      const serve = (socket: Socket): void => {
        sent = socket;
        socket.write(bytes);
        const fill = Buffer.alloc(1 << 20);
        let left = rest;
        const more = (): void => {
          for (; left > 0; left -= fill.length) {
            if (!socket.write(left < fill.length ? fill.subarray(0, left) : fill)) {
              left -= fill.length;
              socket.once("drain", more);
              return;
            }
          }
          socket.end();
        };
        more();
      };
      await serving(serve, async (port) => {
        const running = started(remote.bridged(await haul(way, "take", port, 5_000_000), at, 5000));
        await bridge.said("the first bytes", () => ((sent?.bytesWritten ?? 0) > 5_000_000 ? true : null));
        const before = bridge.resident ?? 0;
        await new Promise((resolve) => setTimeout(resolve, 3000));
        const { bytesWritten = 0, writableLength = 0 } = sent ?? {};
        const taken = bytesWritten - writableLength;
        assert.ok(taken < 5_000_000 + AHEAD, `${taken} bytes were taken from the server while the guest read 5000000`);
        assert.ok((bridge.resident ?? 0) < before + HELD, `${bridge.resident} bytes, and ${before} before`);
        const { outcome, connections } = await running;
        const all = Buffer.concat([bytes, Buffer.alloc(rest)]);
        assert.equal(outcome.stdout, `paused\n${all.length} bytes, hash ${hashOf(all)}\n`, JSON.stringify(outcome));
        assert.equal(connections, 1);
      });
    },
  ),
  ...onEach(
    "40 MB go from a guest to a server that stops reading for seconds, and meanwhile nobody holds them",
    async (remote, way, { at, bridge }) => {
      const chunks: Buffer[] = [];
      let count = 0;
      let held: Socket | null = null;
      const serve = (socket: Socket): void => {
        socket.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          count += chunk.length;
          if (held !== null || count < 2_000_000) return;
          held = socket;
          socket.pause();
        });
        socket.on("end", () => socket.end());
      };
      await serving(serve, async (port) => {
        const running = started(remote.bridged(await haul(way, "give", port, 40_000_000), at));
        await bridge.said("the pause", () => held);
        await new Promise((resolve) => setTimeout(resolve, 3000));
        const taken = await bridge.counter('hawser_bridge_bytes_total{direction="up"}');
        assert.ok(taken < count + AHEAD, `${taken} bytes came from the guest while its server read ${count}`);
        (held as Socket | null)?.resume();
        const { outcome } = await running;
        const all = Buffer.concat(chunks);
        assert.equal(outcome.stdout, `40000000 bytes, hash ${hashOf(all)}\n`, JSON.stringify(outcome));
      });
    },
  ),
  ...onEach(
    "a connection that is cut in mid-transfer is followed by another, and nothing is lost",
    async (remote, way, { at, bridge }) => {
      const bytes = pattern(20_000_000);
      await serving(
        (socket) => void socket.end(bytes),
        async (port) => {
          const running = started(remote.bridged(await haul(way, "take", port, 1_000_000), at, 500));
          for (const count of [1, 2, 3]) {
            await new Promise((resolve) => setTimeout(resolve, 200));
            await remote.cut(count);
          }
          const { outcome, states } = await running;
          assert.equal(
            outcome.stdout,
            `paused\n${bytes.length} bytes, hash ${hashOf(bytes)}\n`,
            JSON.stringify(outcome),
          );
          assert.deepEqual(
            states.map((state) => state.split(":")[0]),
            ["connecting", "connected", "lost", "connected", "lost", "connected", "lost", "connected"],
          );
          assert.equal(bridge.log.filter(({ msg }) => msg === "session resumed").length, 3);
        },
      );
    },
    ON_PAGE,
    // So slow that there is something to cut.
    ["--rate", "4000000"],
  ),
  ...onEach(
    "a bridge that is killed resets its guests' connections, and serves the next ones when it is back",
    async (remote, way, first) => {
      await serving(
        () => {},
        async (port) => {
          const running = started(remote.bridged(await client(way, port), first.at));
          await first.bridge.said("a session", () => first.bridge.log.find(({ msg }) => msg === "session opened"));
          await new Promise((resolve) => setTimeout(resolve, 500));
          await stop(first);
          const second = await standing(way.isolated, [], Number(new URL(first.at.url).port));
          try {
            const { outcome, states } = await running;
            assert.match(outcome.stderr, /client: recv: Connection reset by peer/, JSON.stringify({ outcome, states }));
            await serving(echo, async (other) => {
              const again = await remote.bridged(await client(way, other), second.at);
              assert.match(again.outcome.stdout, /the server says: hello/);
            });
          } finally {
            await stop(second);
          }
        },
      );
    },
  ),
  ...onEach("pages of other origins are not let in", async (remote, way, { at }) => {
    const strict = await BridgeProcess.start([
      ...[
        "--webtransport",
        "127.0.0.1:0",
        "--self-signed",
        "--allow",
        "tcp://127.0.0.1:*",
        "--origin",
        "https://example.com",
      ],
    ]);
    try {
      const [, url = "", hash = ""] = await strict.said("its URL and hash", ({ stdout }) =>
        /^hawser bridge: (https:\S+), SHA-256 of its certificate: (\S+)$/m.exec(stdout),
      );
      const { outcome, states } = await remote.bridged(await client(way, 9), { url, hash });
      assert.match(outcome.stderr, /Network is down/);
      assert.match(states.at(-1) ?? "", /down: no bridge answers at https:.*origin/);
      await strict.logged("turned away: the origin is not allowed");
      const turnedAway = await strict.counter('hawser_bridge_turned_away_total{why="origin"}');
      assert.ok(turnedAway === 1 || turnedAway === 2, `it has tried twice at most, and ${turnedAway} were turned away`);
    } finally {
      strict.child.kill("SIGKILL");
      await strict.end();
    }
    const { states } = await remote.bridged(await client(way, 9), { ...at, url: `${at.url}elsewhere` });
    assert.match(states.at(-1) ?? "", /down: no bridge answers/, "another path");
  }),
  ...onEach(
    "a wrong token is told as such, the right one comes in",
    async (remote, way, { at, bridge }) => {
      for (const [token, said] of [
        ["wrong", /does not take this token/],
        ["", /asks for a token/],
      ] as const) {
        const { outcome, states } = await remote.bridged(await client(way, 9), { ...at, token });
        assert.match(outcome.stderr, /Network is down/);
        assert.match(states.at(-1) ?? "", said);
      }
      await serving(echo, async (port) => {
        const { outcome } = await remote.bridged(await client(way, port), { ...at, token: "sesame" });
        assert.match(outcome.stdout, /the server says: hello/);
      });
      assert.equal((await bridge.logged("session opened"))["subject"], "alice");
    },
    ON_PAGE,
    ["--token", "alice=sesame"],
  ),
  ...onEach(
    "a client that breaks the protocol ends its own session, with a word, and no other",
    async (remote, way, { at, bridge }) => {
      const bytes = pattern(3_000_000);
      await serving(
        (socket) => void socket.end(bytes),
        async (port) => {
          const running = started(remote.bridged(await haul(way, "take", port, 100_000), at, 3000));
          await bridge.said("a session", () => bridge.log.find(({ msg }) => msg === "session opened"));
          for (const [what, stream, datagram, types, end] of INTRUSIONS) {
            // Chromium tells a page the end and the reason by two pipes, and the reason is lost if the end is faster.
            let heard = await remote.intrude(at, stream, datagram);
            for (let again = 0; again < 4 && heard.end === REASON_LOST; again++) {
              heard = await remote.intrude(at, stream, datagram);
            }
            const told = heard.types.filter((type) => type !== ACK);
            assert.deepEqual(told, types, `${what}: ${JSON.stringify(heard)}`);
            assert.match(heard.end, end, `${what}: ${JSON.stringify(heard)}`);
          }
          const { outcome, connections } = await running;
          assert.equal(
            outcome.stdout,
            `paused\n${bytes.length} bytes, hash ${hashOf(bytes)}\n`,
            JSON.stringify(outcome),
          );
          assert.equal(connections, 1);
        },
      );
    },
  ),
  ...onEach(
    "a bridge that ends lets open streams go on, and lets nobody in",
    async (remote, way, { at, bridge }) => {
      let held: Socket | null = null;
      await serving(
        (socket) => {
          held = socket;
        },
        async (port) => {
          const running = started(remote.bridged(await client(way, port), at));
          await bridge.said("the connection", () => held);
          bridge.child.kill("SIGTERM");
          await bridge.logged("bridge drains");
          const late = await remote.bridged(await client(way, port), at);
          assert.match(late.states.at(-1) ?? "", /^down: no bridge answers/);
          (held as Socket | null)?.end("after all");
          const { outcome } = await running;
          assert.match(outcome.stdout, /the server says: after all/);
          assert.deepEqual(await bridge.end(), { status: 0, signal: null });
        },
      );
    },
    ON_PAGE,
    // Longer than a client tries to get in.
    ["--drain", "60"],
  ),
];
