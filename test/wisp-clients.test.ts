// The bridge for clients of Wisp that nobody here wrote: what they get, how failures are told to them, and what a client that
// breaks the protocol does to itself alone.

import assert from "node:assert/strict";
import { client, extensions } from "@mercuryworkshop/wisp-js/client";
import { pino } from "pino";
import { suite } from "uvu";
import WebSocket from "ws";
import { CLOSE, CONTINUE, INFO } from "../host/bridge/protocol/types.js";
import { Bridge } from "../host/bridge/server/bridge.js";
import { mergeConfig } from "../host/node/bridge/config.js";
import { listen } from "../host/node/bridge/listener.js";
import { type RunningBridge, serve } from "../host/node/bridge/serve.js";
import { nodeNetwork } from "../host/node/network.js";
import { pattern } from "./network.party.js";
import { refusedPort, tcpPeer, udpEcho } from "./wisp-servers.js";

type Client = InstanceType<typeof client.ClientConnection>;
type Stream = ReturnType<Client["create_stream"]>;

const LIMIT = 10_000;

const echo = await tcpPeer((socket) => socket.pipe(socket));
const bye = await tcpPeer((socket) => socket.end("bye"));
const udp = await udpEcho("back ");
const blocked = await tcpPeer((socket) => socket.resume());
const refused = await refusedPort();
const RULES = [
  `tcp://127.0.0.1:${echo.port}`,
  `tcp://localhost:${echo.port}`,
  `tcp://127.0.0.1:${bye.port}`,
  `tcp://127.0.0.1:${refused}`,
  `udp://127.0.0.1:${udp.port}`,
  "tcp://nowhere.invalid:80",
];

interface Logged {
  readonly msg: string;
  readonly fault?: string;
}

/** A bridge on a port of its own, and its log. */
async function bridgeWith(settings: Parameters<typeof mergeConfig>[0] = {}): Promise<{
  readonly bridge: RunningBridge;
  readonly log: Logged[];
}> {
  const log: Logged[] = [];
  const config = mergeConfig({ listen: "127.0.0.1:0", allow: RULES, drain: 0, ...settings }, {});
  const to = { write: (line: string): void => void log.push(JSON.parse(line) as Logged) };
  return { bridge: await serve(config, pino({ level: "info" }, to)), log };
}

/** Waits for it, for a time. */
async function within<T>(what: string, promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: not within ${LIMIT} ms`)), LIMIT);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function until(what: string, is: () => boolean): Promise<void> {
  const end = Date.now() + LIMIT;
  while (!is()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A connected client of wisp-js; rejects if it is turned away. */
function connect(url: string, options?: ConstructorParameters<typeof client.ClientConnection>[1]): Promise<Client> {
  const made = new client.ClientConnection(url, options);
  return within(
    "connecting",
    new Promise((resolve, reject) => {
      made.onopen = (): void => resolve(made);
      made.onclose = (): void => reject(new Error("turned away"));
      made.onerror = (): void => reject(new Error("error"));
    }),
  );
}

/** What comes on a stream, until so many bytes or its end. */
function collect(stream: Stream, length: number): Promise<{ bytes: Buffer; reason: number | null }> {
  const parts: Uint8Array[] = [];
  let had = 0;
  return within(
    "reading",
    new Promise((resolve) => {
      stream.onmessage = (bytes): void => {
        parts.push(bytes.slice());
        had += bytes.length;
        if (had >= length) resolve({ bytes: Buffer.concat(parts), reason: null });
      };
      stream.onclose = (reason): void => resolve({ bytes: Buffer.concat(parts), reason });
    }),
  );
}

/** Whether a stream's echo works. */
async function echoes(made: Client): Promise<void> {
  const stream = made.create_stream("127.0.0.1", echo.port);
  stream.send(Buffer.from("hello"));
  assert.equal((await collect(stream, 5)).bytes.toString(), "hello");
  stream.close();
}

for (const version of [1, 2] as const) {
  const test = suite(`wisp-js, version ${version}, at the bridge`);
  let bridge: RunningBridge;
  let made: Client;

  test.before(async () => {
    ({ bridge } = await bridgeWith());
    made = await connect(bridge.url, { wisp_version: version });
  });
  test.after(async () => {
    made.close();
    await bridge.close();
  });

  test("it is answered in its version", () => {
    assert.equal(made.wisp_version, version);
  });

  test("a stream carries 3 MB in 300 pieces there and back", async () => {
    const stream = made.create_stream("127.0.0.1", echo.port);
    const bytes = pattern(3_000_000);
    const back = collect(stream, bytes.length);
    for (let at = 0; at < bytes.length; at += 10_000) stream.send(bytes.subarray(at, at + 10_000));
    assert.equal(Buffer.compare((await back).bytes, bytes), 0);
    stream.close();
  });

  test("a name is resolved", async () => {
    const stream = made.create_stream("localhost", echo.port);
    stream.send(Buffer.from("name"));
    assert.equal((await collect(stream, 4)).bytes.toString(), "name");
    stream.close();
  });

  test("datagrams go and come", async () => {
    const stream = made.create_stream("127.0.0.1", udp.port, "udp");
    stream.send(Buffer.from("a"));
    assert.equal((await collect(stream, 6)).bytes.toString(), "back a");
    stream.close();
  });

  const ENDS: readonly (readonly [what: string, host: string, port: number, bytes: string, reason: number])[] = [
    ["the peer's end is 02, behind its bytes", "127.0.0.1", bye.port, "bye", 0x02],
    ["a refused port is 44", "127.0.0.1", refused, "", 0x44],
    ["what no rule allows is 48", "127.0.0.1", blocked.port, "", 0x48],
    ["a name that no rule allows is 48", "example.invalid", 80, "", 0x48],
    ["a name that does not exist is 42", "nowhere.invalid", 80, "", 0x42],
    ["port 0 is 41", "127.0.0.1", 0, "", 0x41],
    ["no name is 41", "", 80, "", 0x41],
  ];
  for (const [what, host, port, bytes, reason] of ENDS) {
    test(`${what}, and the session goes on`, async () => {
      const ended = await collect(made.create_stream(host, port), 1e9);
      assert.deepEqual([ended.bytes.toString(), ended.reason], [bytes, reason]);
      await echoes(made);
    });
  }

  test("a client that goes closes its sockets at once", async () => {
    const going = await connect(bridge.url, { wisp_version: version });
    const before = echo.sockets.size;
    const stream = going.create_stream("127.0.0.1", echo.port);
    stream.send(Buffer.from("x"));
    await collect(stream, 1);
    assert.equal(echo.sockets.size, before + 1);
    going.close();
    await until("the socket's end", () => echo.sockets.size === before);
  });

  test.run();
}

const test = suite("clients of Wisp at the bridge");

test("an extension that nobody knows is passed over", async () => {
  const { bridge } = await bridgeWith();
  class Strange extends extensions.BaseExtension {
    static override readonly id = 0x77;
  }
  const made = await connect(bridge.url, {
    wisp_extensions: [
      new extensions.UDPExtension({ client_config: {} }),
      new Strange({ client_config: {} }),
      new extensions.PasswordAuthExtension({ client_config: { username: "nobody", password: "not asked for" } }),
    ],
  });
  assert.deepEqual(Object.keys(made.server_exts), ["1"]);
  await echoes(made);
  made.close();
  await bridge.close();
});

test("a password is judged, as wisp-js writes it, and a client without one, or of version 1, is turned away", async () => {
  const { bridge, log } = await bridgeWith({ tokens: [{ token: "sesame", subject: "alice" }] });
  const withPassword = (username: string, password: string): Promise<Client> =>
    connect(bridge.url, {
      wisp_extensions: [new extensions.PasswordAuthExtension({ client_config: { username, password } })],
    });
  for (const username of ["", "alice", "somebody else"]) {
    const made = await withPassword(username, "sesame");
    await echoes(made);
    made.close();
  }
  await assert.rejects(withPassword("alice", "wrong"), /turned away/);
  await assert.rejects(withPassword("sesame", ""), /turned away/);
  await assert.rejects(connect(bridge.url), /turned away/);
  await assert.rejects(connect(bridge.url, { wisp_version: 1 }), /turned away/);
  assert.equal(log.filter(({ msg }) => msg.startsWith("turned away")).length, 4);
  assert.equal(JSON.stringify(log).includes("sesame"), false);
  await bridge.close();
});

/** A connection without a client: packets as they are. */
async function raw(
  url: string,
  packets: readonly (readonly number[] | string)[],
): Promise<{ heard: Buffer[]; code: number }> {
  const socket = new WebSocket(url, "wisp-v2");
  const heard: Buffer[] = [];
  return within(
    "the end of the connection",
    new Promise((resolve, reject) => {
      socket.on("message", (data: Buffer) => {
        heard.push(data);
        if (heard.length > 1) return;
        for (const packet of packets) socket.send(typeof packet === "string" ? packet : Uint8Array.from(packet));
      });
      socket.on("close", (code) => resolve({ heard, code }));
      socket.on("error", reject);
    }),
  );
}

const START = [INFO, 0, 0, 0, 0, 2, 0];
const HOST = [...Buffer.from("127.0.0.1")];
const PORT = [echo.port & 255, echo.port >> 8];
const OPEN = [1, 1, 0, 0, 0, 1, ...PORT, ...HOST];

const MALFORMED: readonly (readonly [what: string, packets: readonly (readonly number[])[]])[] = [
  ["no bytes", [START, []]],
  ["a packet shorter than its head", [START, [2, 1, 0]]],
  ["no INFO at the start", [OPEN]],
  ["an INFO of another version", [[INFO, 0, 0, 0, 0, 3, 0]]],
  ["an INFO whose extension is longer than the packet", [[...START, 1, 255, 255, 255, 255]]],
  ["a second INFO", [START, START]],
  ["an unknown type", [START, [0x66, 1, 0, 0, 0]]],
  ["a packet of PSX that was not announced", [START, [0xe0, 1, 0, 0, 0, 4, 1]]],
  ["a CONNECT that is cut short", [START, [1, 1, 0, 0, 0, 1, 80]]],
  ["a CONNECT of an unknown kind", [START, [1, 1, 0, 0, 0, 9, ...PORT, ...HOST]]],
  ["a name that is not UTF-8", [START, [1, 1, 0, 0, 0, 1, ...PORT, 255, 254]]],
  ["a stream twice", [START, OPEN, OPEN]],
  ["a stream that is not there", [START, [2, 9, 0, 0, 0, 65]]],
  ["a stream of the server's", [START, [1, 1, 0, 0, 0x80, 1, ...PORT, ...HOST]]],
  ["a CONTINUE from a client", [START, OPEN, [CONTINUE, 1, 0, 0, 0, 1, 0, 0, 0]]],
  ["DATA on stream 0", [START, [2, 0, 0, 0, 0, 65]]],
];

for (const [what, packets] of MALFORMED) {
  test(`${what} ends that session with reason 41 and code 1002, and no other`, async () => {
    const { bridge, log } = await bridgeWith();
    const made = await connect(bridge.url);
    const { heard, code } = await raw(bridge.url, packets);
    assert.equal(code, 1002);
    assert.deepEqual([...(heard.at(-1) ?? [])], [CLOSE, 0, 0, 0, 0, 0x41]);
    assert.equal(log.filter(({ msg, fault }) => fault !== undefined || msg.startsWith("turned away")).length, 1);
    await echoes(made);
    made.close();
    await bridge.close();
  });
}

test("a text message and one beyond a megabyte end the connection, and no other", async () => {
  const { bridge } = await bridgeWith();
  const made = await connect(bridge.url);
  assert.equal((await raw(bridge.url, [START, "hello"])).code, 1003);
  assert.equal((await raw(bridge.url, [START, new Array<number>((1 << 20) + 1).fill(0)])).code, 1009);
  await echoes(made);
  made.close();
  await bridge.close();
});

test("a client that answers nothing any more is cut off, its sockets with it; one that is only silent is not", async () => {
  const bridge = new Bridge({ network: nodeNetwork(), allow: RULES });
  const door = { host: "127.0.0.1", port: 0, path: "/", origins: [], heartbeat: 200 };
  const listener = await listen(bridge, { ...door, log: { info: () => {}, warn: () => {} } });
  const url = `ws://127.0.0.1:${listener.address.port}/`;
  const silent = await connect(url);
  const gone = new WebSocket(url, "wisp-v2", { autoPong: false });
  gone.on("error", () => {});
  gone.once("message", () => gone.send(Uint8Array.from(START)));
  await until("two sessions", () => bridge.sessions === 2);
  await within("the end of who answers nothing", new Promise((resolve) => gone.once("close", resolve)));
  await until("one session", () => bridge.sessions === 1);
  await echoes(silent);
  silent.close();
  await listener.close();
});

test.after(async () => {
  for (const peer of [echo, bye, udp, blocked]) await peer.close();
});

test.run();
