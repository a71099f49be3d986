// `hawser bridge` as its users have it: the built command, its settings, its doors, its log and counters, and its end.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { createSocket } from "node:dgram";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { suite } from "uvu";
import WebSocket from "ws";
import { EACCES, EAGAIN, ECONNREFUSED, EMFILE, ENETDOWN } from "../assembly/shared/errno.js";
import type { BridgeState } from "../host/bridge/client/connection.js";
import { makeCertificate } from "../host/node/bridge/certificate.js";
import { bridgeNetwork } from "../host/node/bridge/client.js";
import { BridgeProcess, Command } from "./bridge-process.js";
import { compileGuest } from "./guest-programs.js";
import { dismiss, loopback4, Party } from "./network.party.js";
import { refusedPort, tcpPeer } from "./wisp-servers.js";

const directory = mkdtempSync(join(tmpdir(), "hawser-bridge-"));
const echo = await tcpPeer((socket) => socket.pipe(socket));
const ALLOW = ["--allow", `tcp://127.0.0.1:${echo.port}`];
const LIMIT = 10_000;
const test = suite("hawser bridge");

let files = 0;

function file(content: unknown): string {
  const path = join(directory, `bridge-${++files}.json`);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** A guest over that bridge. */
function guest(url: string, token = ""): { party: Party; states: BridgeState[] } {
  const states: BridgeState[] = [];
  return { party: new Party(bridgeNetwork({ url, token, onState: (state) => states.push(state) })), states };
}

/** The errno of connect(2) to that port; 0: it is connected. */
async function dial(party: Party, port: number): Promise<number> {
  const id = party.open();
  party.session.connect(id, loopback4(port));
  return (await party.takeFirst(["connected", "failed"], id)).errno;
}

/** Whether the guest's echo works. */
async function connected(party: Party): Promise<number> {
  const id = party.open();
  party.session.connect(id, loopback4(echo.port));
  await party.take("connected", id);
  await party.sendAll(id, "hello");
  assert.equal(Buffer.from(await party.receiveAll(id, 5)).toString(), "hello");
  return id;
}

/** What a client of plain WebSockets is answered: "open", or the status. */
function knock(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, "wisp-v2", { headers });
    socket.on("open", () => {
      socket.terminate();
      resolve("open");
    });
    socket.on("unexpected-response", (_, response) => {
      response.resume();
      resolve(`${response.statusCode}`);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** What a GET of that path, as it is written, is answered. */
function get(url: string, path: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: hostname, port, path, headers }, (response) => {
      response.resume();
      resolve(`${response.statusCode}`);
    });
    asked.on("error", reject);
    asked.end();
  });
}

async function stop(bridge: BridgeProcess): Promise<void> {
  bridge.child.kill("SIGKILL");
  await bridge.end();
}

async function until(what: string, is: () => boolean): Promise<void> {
  const end = Date.now() + LIMIT;
  while (!is()) {
    if (Date.now() > end) throw new Error(`${what}: not within ${LIMIT} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Whose sessions the log says were opened. */
function opened(bridge: BridgeProcess): readonly unknown[] {
  return bridge.log.filter(({ msg }) => msg === "session opened").map(({ subject }) => subject);
}

/** A command that ends by itself: what it said. */
async function finished(args: readonly string[], env = {}): Promise<Command & { readonly status: number | null }> {
  const command = new Command(args, env);
  const { status } = await command.end();
  return Object.assign(command, { status });
}

test("--help teaches: an example, every option, rules, settings, signals and statuses", async () => {
  const { stdout, status } = await finished(["bridge", "--help"]);
  assert.equal(status, 0);
  for (const part of [
    "hawser bridge --listen 127.0.0.1:6001 --allow",
    "hawser run --bridge ws://",
    "--token <token>",
    "--origin <origin>",
    "--metrics <host:port>",
    "--config <file>",
    "listen:tcp://127.0.0.1:8080",
    "SIGTERM",
    "130",
    "125",
    "docs/bridge.md",
  ]) {
    assert.ok(stdout.includes(part), part);
  }
});

test("port 0 is any port, which is told, and the log is lines of JSON", async () => {
  const bridge = await BridgeProcess.start(ALLOW);
  assert.match(bridge.url, /^ws:\/\/127\.0\.0\.1:[1-9]\d+\/$/);
  const { party } = guest(bridge.url);
  await connected(party);
  party.dispose();
  await bridge.logged("session over");
  for (const line of bridge.log) assert.deepEqual([typeof line.level, typeof line["time"]], ["number", "number"]);
  assert.deepEqual(
    bridge.log.map(({ msg }) => msg),
    ["bridge listens", "session opened", "session over"],
  );
  await stop(bridge);
});

test("without a rule nothing is reached, which is told at the start and at each attempt", async () => {
  const bridge = await BridgeProcess.start([]);
  assert.match(
    String((await bridge.logged("no rule allows anything: every connection will be refused; give --allow")).level),
    /40/,
  );
  const { party } = guest(bridge.url);
  assert.equal(await dial(party, echo.port), EACCES);
  const refused = await bridge.logged("refused by policy");
  assert.equal(refused["target"], `127.0.0.1:${echo.port}`);
  await dismiss(party);
  await stop(bridge);
});

test("what a rule allows is reached, and its neighbour is not", async () => {
  const bridge = await BridgeProcess.start(ALLOW);
  const { party } = guest(bridge.url);
  await connected(party);
  assert.equal(await dial(party, echo.port === 65535 ? 1024 : echo.port + 1), EACCES);
  await dismiss(party);
  await stop(bridge);
});

test("tokens: the right one comes in, a wrong one and none do not, and no token is in the log", async () => {
  const secret = "b3BlbiBzZXNhbWU=";
  const bridge = await BridgeProcess.start(
    [...ALLOW, "--token", secret, "--token", "alice=env:ALICE", "--token", `bob=b-${secret}`, "--log", "trace"],
    { ALICE: "wonderland" },
  );
  for (const token of [secret, "wonderland", `b-${secret}`]) {
    const { party } = guest(bridge.url, token);
    await connected(party);
    party.dispose();
  }
  for (const [token, said] of [
    ["", /asks for a token/],
    ["=", /does not take this token/],
    ["mistaken-identity", /does not take this token/],
  ] as const) {
    const { party, states } = guest(bridge.url, token);
    assert.equal(await dial(party, echo.port), ENETDOWN);
    const last = states.at(-1);
    assert.match(last?.state === "down" ? last.error.message : "", said);
    party.dispose();
  }
  const turned = 'hawser_bridge_turned_away_total{why="token"}';
  assert.ok((await bridge.counter(turned)) >= 2);
  await until("the lines of three sessions", () => opened(bridge).length >= 3);
  assert.deepEqual(opened(bridge), [undefined, "alice", "bob"]);
  for (const each of [secret, "wonderland", "mistaken-identity"])
    assert.equal(bridge.stderr.includes(each), false, each);
  await stop(bridge);
});

/** A JSON Web Token, as anybody makes it. */
function jwt(claims: object, secret: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

test("JSON Web Tokens: who, until when, with rules of their own; one whose rules are none is turned away alone", async () => {
  const secret = "c2hhcmVkIHNlY3JldCBvZiAzMiBieXRlcw==";
  const bridge = await BridgeProcess.start([...ALLOW, "--jwt-secret", secret]);
  const good = guest(bridge.url, jwt({ sub: "carol" }, secret));
  await connected(good.party);
  const narrow = guest(bridge.url, jwt({ sub: "dave", allow: ["tcp://127.0.0.1:9"] }, secret));
  assert.equal(await dial(narrow.party, echo.port), EACCES);
  const now = Math.floor(Date.now() / 1000);
  for (const token of [
    jwt({ sub: "eve" }, "another secret"),
    jwt({ sub: "frank", exp: now - 3600 }, secret),
    jwt({ sub: "grace", allow: ["nonsense"] }, secret),
  ]) {
    const { party } = guest(bridge.url, token);
    assert.equal(await dial(party, echo.port), ENETDOWN);
    party.dispose();
  }
  await until("the line of the third", () => bridge.log.some(({ msg }) => /^turned away: rule "nonsense"/.test(msg)));
  await connected(good.party);
  await until("the lines of two sessions", () => opened(bridge).length >= 2);
  assert.deepEqual(opened(bridge), ["carol", "dave"]);
  await dismiss(good.party, narrow.party);
  await stop(bridge);
});

test("origins: programs, pages of the bridge's own host and those that are named come in, others are 403", async () => {
  const bridge = await BridgeProcess.start([...ALLOW, "--origin", "https://example.com"]);
  const { host } = new URL(bridge.url);
  const answers: readonly (readonly [origin: string | null, host: string, answer: string])[] = [
    [null, host, "open"],
    ["https://example.com", host, "open"],
    ["https://example.com.evil.example", host, "403"],
    ["http://example.com", host, "403"],
    ["null", host, "403"],
    ["no origin", host, "403"],
    [`http://${host}`, host, "open"],
    ["https://bridge.example", "bridge.example", "open"],
    ["https://bridge.example", "other.example", "403"],
    // A name that its owner has lead to this machine: over http it proves nothing.
    ["http://rebound.example:6001", "rebound.example:6001", "403"],
  ];
  for (const [origin, named, answer] of answers) {
    const headers = origin === null ? { host: named } : { host: named, origin };
    assert.equal(await knock(bridge.url, headers), answer, `${origin} at ${named}`);
  }
  const refused = answers.filter(([, , answer]) => answer === "403").length;
  assert.equal(await bridge.counter('hawser_bridge_turned_away_total{why="origin"}'), refused);
  await stop(bridge);
  const open = await BridgeProcess.start([...ALLOW, "--origin", "*"]);
  assert.equal(await knock(open.url, { origin: "http://anybody.example" }), "open");
  await stop(open);
});

test("other paths are 404, requests that are no URLs too, and the bridge outlives them", async () => {
  const bridge = await BridgeProcess.start([...ALLOW, "--path", "/wisp/"]);
  assert.match(bridge.url, /\/wisp\/$/);
  const answers = [
    ["/wisp/", "426"],
    ["/", "404"],
    ["//", "404"],
    ["//[", "404"],
    ["/healthz", "200"],
    ["/metrics", "404"],
  ] as const;
  for (const [path, answer] of answers) assert.equal(await get(bridge.url, path), answer, path);
  const upgrade = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
  };
  for (const path of ["//", "//[", "/other"]) assert.equal(await get(bridge.url, path, upgrade), "404", path);
  const { party } = guest(bridge.url);
  await connected(party);
  await dismiss(party);
  await stop(bridge);
});

test("--sessions: one too many is 503, and comes in when there is room", async () => {
  const bridge = await BridgeProcess.start([...ALLOW, "--sessions", "1", "--grace", "0"]);
  const first = guest(bridge.url);
  await connected(first.party);
  assert.equal(await knock(bridge.url), "503");
  assert.equal(await get(bridge.url, "/healthz"), "503");
  assert.equal(await bridge.counter('hawser_bridge_turned_away_total{why="full"}'), 1);
  first.party.dispose();
  await bridge.logged("session over");
  const second = guest(bridge.url);
  await connected(second.party);
  await dismiss(second.party);
  await stop(bridge);
});

test("--sockets and dials: one too many is EMFILE, too many in a second are EAGAIN", async () => {
  const config = file({ allow: [`tcp://127.0.0.1:${echo.port}`], dials: 4 });
  const bridge = await BridgeProcess.start(["--config", config, "--sockets", "2"]);
  const { party } = guest(bridge.url);
  const first = await connected(party);
  await connected(party);
  assert.equal(await dial(party, echo.port), EMFILE);
  await party.close(first);
  assert.equal(await dial(party, echo.port), EMFILE, "the refused one is a socket, too, until it is closed");
  party.dispose();
  const other = guest(bridge.url);
  const outcomes: number[] = [];
  for (let n = 0; n < 6; n++) {
    const id = other.party.open();
    other.party.session.connect(id, loopback4(echo.port));
    outcomes.push((await other.party.takeFirst(["connected", "failed"], id)).errno);
    await other.party.close(id);
  }
  assert.deepEqual(outcomes.slice(0, 4), [0, 0, 0, 0]);
  assert.ok(outcomes.includes(EAGAIN), `${outcomes}`);
  other.party.dispose();
  await stop(bridge);
});

test("--rate bounds what a session receives", async () => {
  const bridge = await BridgeProcess.start([...ALLOW, "--rate", "500000"]);
  const { party } = guest(bridge.url);
  const id = await connected(party);
  const start = performance.now();
  const bytes = new Uint8Array(1_000_000);
  await Promise.all([party.receiveAll(id, bytes.length), party.sendAll(id, bytes)]);
  // A second's worth is the burst.
  const took = performance.now() - start;
  assert.ok(took > 800, `1 MB at 500 kB a second took ${took} ms`);
  await dismiss(party);
  await stop(bridge);
});

test("--idle ends a session that asks nothing, with a word, and the next call has another", async () => {
  const bridge = await BridgeProcess.start([...ALLOW, "--idle", "1"]);
  const { party, states } = guest(bridge.url);
  await connected(party);
  await until("the session's end", () => states.at(-1)?.state === "down");
  await connected(party);
  assert.equal(bridge.log.filter(({ msg }) => msg === "session opened").length, 2);
  await dismiss(party);
  await stop(bridge);
});

test("--config: its settings are taken, and the command line goes before them; lists are joined", async () => {
  const config = file({
    listen: "127.0.0.1:1",
    path: "/from-the-file",
    allow: [`tcp://127.0.0.1:${echo.port}`],
    tokens: [{ token: "sesame", subject: "alice", allow: ["tcp://127.0.0.1:9"] }],
    jwt: { secret: "s", issuer: "i", audience: "a" },
    sessions: 7,
    log: "info",
  });
  const bridge = await BridgeProcess.start(["--config", config, "--token", "other", "--allow", "udp://127.0.0.1:53"]);
  assert.match(bridge.url, /:\d{2,}\/from-the-file$/);
  const started = await bridge.logged("bridge listens");
  assert.deepEqual(started["rules"], [`tcp://127.0.0.1:${echo.port}`, "udp://127.0.0.1:53"]);
  const alice = guest(bridge.url, "sesame");
  assert.equal(await dial(alice.party, echo.port), EACCES);
  const other = guest(bridge.url, "other");
  await connected(other.party);
  await dismiss(alice.party, other.party);
  await stop(bridge);
});

/** Options for a certificate and a key with those contents. */
function tlsFiles(cert: string, key: string): readonly string[] {
  return ["--tls-cert", file(cert), "--tls-key", file(key)];
}

function ownTls(): readonly string[] {
  const { cert, key } = makeCertificate();
  return tlsFiles(cert, key);
}

const udp = createSocket("udp4");
await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
const TAKEN = `127.0.0.1:${echo.port}`;
const MISTAKES: readonly (readonly [what: string, status: number, args: () => readonly string[], said: RegExp])[] = [
  [
    "an address in use",
    125,
    () => ["--listen", TAKEN],
    /--listen 127\.0\.0\.1:\d+: somebody listens there already.*0 for any/,
  ],
  ["an address in use for counters", 125, () => ["--listen", "127.0.0.1:0", "--metrics", TAKEN], /--metrics .*already/],
  ["an address that is not this machine's", 125, () => ["--listen", "192.0.2.1:6001"], /no such address/],
  ["a listen address that is none", 2, () => ["--listen", "here"], /--listen here: give HOST:PORT/],
  ["a port beyond 65535", 2, () => ["--listen", "127.0.0.1:70000"], /give HOST:PORT/],
  ["a rule that is none", 2, () => ["--allow", "http://x"], /rule "http:\/\/x"/],
  [
    "a token's rule that is none",
    2,
    () => ["--config", file({ tokens: [{ token: "t", allow: ["x://y"] }] })],
    /rule "x:\/\/y"/,
  ],
  ["a variable that is not set", 2, () => ["--token", "env:NOWHERE"], /--token: NOWHERE is not set/],
  ["a secret that is not set", 2, () => ["--jwt-secret", "env:NOWHERE"], /--jwt-secret: NOWHERE is not set/],
  ["half of TLS", 2, () => ["--tls-cert", "cert.pem"], /--tls-cert and --tls-key go together/],
  [
    "a certificate that is not there",
    2,
    () => ["--tls-cert", "no.pem", "--tls-key", "no.pem"],
    /certificate no\.pem cannot be read/,
  ],
  ["a count that is none", 2, () => ["--sessions", "many"], /many/],
  ["a level that is none", 2, () => ["--log", "loud"], /log is "loud"; give one of trace/],
  ["an unknown option", 2, () => ["--lisen", "x"], /--lisen/],
  ["an argument", 2, () => ["6001"], /argument/],
  ["a file that is not there", 2, () => ["--config", "nowhere.json"], /--config nowhere\.json.*no such file/],
  ["a file that is no JSON", 2, () => ["--config", file("{ listen }")], /--config .*JSON/],
  ["a file that is no object", 2, () => ["--config", file([])], /no JSON object/],
  ["an unknown setting", 2, () => ["--config", file({ lisen: "x" })], /no setting "lisen"; there are listen, path/],
  [
    "a setting of another type",
    2,
    () => ["--config", file({ sessions: "many" })],
    /sessions is "many"; give a whole number/,
  ],
  [
    "a list that is none",
    2,
    () => ["--config", file({ allow: "tcp://*:80" })],
    /allow is "tcp:\/\/\*:80"; give a list/,
  ],
  [
    "an unknown part of tls",
    2,
    () => ["--config", file({ tls: { cert: "c", key: "k", ca: "x" } })],
    /tls is .*there is no "ca"/,
  ],
  [
    "WebTransport without a certificate",
    2,
    () => ["--listen", "127.0.0.1:0", "--webtransport", "127.0.0.1:0"],
    /--webtransport needs a certificate: give --tls-cert and --tls-key, or --self-signed/,
  ],
  [
    "a certificate of its own beside another",
    2,
    () => ["--listen", "127.0.0.1:0", "--webtransport", "127.0.0.1:0", "--self-signed", ...ownTls()],
    /--self-signed is in place of a certificate/,
  ],
  ["a certificate of its own for nothing", 2, () => ["--self-signed"], /--self-signed is for --webtransport/],
  [
    "a certificate for WebTransport that is none",
    2,
    () => ["--listen", "127.0.0.1:0", "--webtransport", "127.0.0.1:0", ...tlsFiles("none", "none")],
    /--tls-cert and --tls-key are no certificate with its key: /,
  ],
  [
    "an address in use for WebTransport",
    125,
    () => ["--listen", "127.0.0.1:0", "--self-signed", "--webtransport", `127.0.0.1:${udp.address().port}`],
    /--webtransport 127\.0\.0\.1:\d+: somebody listens there already/,
  ],
  [
    "a WebTransport address that is none",
    2,
    () => ["--self-signed", "--webtransport", "here"],
    /--webtransport here: give/,
  ],
  ["a missing part of tls", 2, () => ["--config", file({ tls: { cert: "c" } })], /tls is .*"key" is missing/],
];

for (const [what, wanted, args, said] of MISTAKES) {
  test(`${what} is one sentence and status ${wanted}`, async () => {
    const { status, stdout, stderr } = await finished(["bridge", ...args()]);
    assert.match(stderr, said);
    assert.match(stderr, /^hawser: /);
    assert.doesNotMatch(stderr, /^ +at /m);
    assert.deepEqual([status, stdout], [wanted, ""]);
  });
}

test("a mistake in a secret does not show it", async () => {
  for (const settings of [{ tokens: [{ tokn: "sesame" }] }, { tokens: "sesame" }, { jwt: { secret: ["sesame"] } }]) {
    const { stderr, status } = await finished(["bridge", "--config", file(settings)]);
    assert.equal(status, 2);
    assert.match(stderr, /tokens is not as it should be|jwt is not as it should be/);
    assert.equal(stderr.includes("sesame"), false, stderr);
  }
});

test("counters tell what happened", async () => {
  const refused = await refusedPort();
  const bridge = await BridgeProcess.start([...ALLOW, "--allow", `tcp://127.0.0.1:${refused}`]);
  const { party } = guest(bridge.url);
  const id = await connected(party);
  assert.equal(await dial(party, refused), ECONNREFUSED);
  assert.equal(await dial(party, 9), EACCES);
  const values = {
    'hawser_bridge_bytes_total{direction="up"}': 5,
    'hawser_bridge_bytes_total{direction="down"}': 5,
    'hawser_bridge_dials_total{outcome="opened"}': 1,
    'hawser_bridge_dials_total{outcome="ECONNREFUSED"}': 1,
    'hawser_bridge_dials_total{outcome="EACCES"}': 1,
    'hawser_bridge_session_events_total{event="opened"}': 1,
    hawser_bridge_sessions: 1,
    hawser_bridge_sockets: 3,
  };
  for (const [name, value] of Object.entries(values)) assert.equal(await bridge.counter(name), value, name);
  await party.close(id);
  assert.equal(await bridge.counter("hawser_bridge_sockets"), 2);
  await dismiss(party);
  await bridge.logged("session over");
  assert.equal(await bridge.counter("hawser_bridge_sockets"), 0);
  assert.equal(await bridge.counter("hawser_bridge_sessions"), 0);
  assert.equal(await bridge.counter('hawser_bridge_session_events_total{event="closed"}'), 1);
  assert.ok((await bridge.counter("process_resident_memory_bytes")) > 1e6);
  await stop(bridge);
});

for (const [signal, status] of [
  ["SIGTERM", 0],
  ["SIGINT", 130],
] as const) {
  test(`${signal}: open streams go on, nothing new is opened, and the last one's end is the end, with ${status}`, async () => {
    const bridge = await BridgeProcess.start([...ALLOW, "--drain", "60"]);
    const { party } = guest(bridge.url);
    const empty = guest(bridge.url);
    await empty.party.close(await connected(empty.party));
    const id = await connected(party);
    bridge.child.kill(signal);
    await bridge.logged("bridge drains");
    // A session without sockets is not waited for.
    await until("the empty session's end", () => empty.states.at(-1)?.state === "down");
    assert.equal(await knock(bridge.url), "ECONNREFUSED");
    assert.equal(await dial(party, echo.port), ENETDOWN);
    const refused = party.history.find(({ event }) => event === "failed");
    party.session.close(refused?.id ?? 0, false);
    await party.sendAll(id, "still here");
    assert.equal(Buffer.from(await party.receiveAll(id, 10)).toString(), "still here");
    party.session.close(id, false);
    assert.deepEqual(await bridge.end(), { status, signal: null });
    assert.equal(bridge.log.at(-1)?.msg, "bridge is over");
    party.dispose();
    empty.party.dispose();
  });
}

test("a second signal ends it at once", async () => {
  for (const [signal, status] of [
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const) {
    const bridge = await BridgeProcess.start([...ALLOW, "--drain", "60"]);
    const { party } = guest(bridge.url);
    await connected(party);
    bridge.child.kill("SIGTERM");
    await bridge.logged("bridge drains");
    bridge.child.kill(signal);
    assert.deepEqual(await bridge.end(), { status, signal: null });
    party.dispose();
  }
});

test("the time of --drain is the longest: a client that stands still and half a request hold nothing up", async () => {
  const bridge = await BridgeProcess.start([...ALLOW, "--drain", "1"]);
  const { port } = new URL(bridge.url);
  const half = connectTcp(Number(port), "127.0.0.1");
  half.on("error", () => {});
  half.write("GET / HTTP/1.1\r\nHost: x\r\nX-Half: ");
  // A WebSocket whose client answers nothing, not even its end.
  const still = new WebSocket(bridge.url, "wisp-v2");
  await new Promise((resolve) => still.once("open", resolve));
  still.pause();
  const { party, states } = guest(bridge.url);
  const id = await connected(party);
  bridge.child.kill("SIGTERM");
  assert.deepEqual(await bridge.end(8000), { status: 0, signal: null });
  assert.notEqual((await party.take("failed", id)).errno, 0);
  assert.equal(states.at(-1)?.state, "down");
  party.dispose();
  still.terminate();
  half.destroy();
});

test("without the QUIC library WebTransport is one sentence that says what to install, and status 125", async () => {
  // As installed without it: the bundles alone, in a directory whose packages are all but that one.
  const place = join(directory, "without");
  mkdirSync(join(place, "node_modules"), { recursive: true });
  for (const name of readdirSync("node_modules")) {
    if (name !== "@matrixai") symlinkSync(resolve("node_modules", name), join(place, "node_modules", name));
  }
  cpSync("dist", join(place, "dist"), { recursive: true });
  cpSync("package.json", join(place, "package.json"));
  const args = ["--listen", "127.0.0.1:0", "--webtransport", "127.0.0.1:0", "--self-signed"];
  const { status, stderr, stdout } = spawnSync(process.execPath, ["dist/cli.js", "bridge", ...args], {
    cwd: place,
    encoding: "utf8",
    timeout: 20_000,
  });
  assert.match(stderr, /^hawser: --webtransport 127\.0\.0\.1:0: .*npm install @matrixai\/quic-linux-x64\n$/);
  assert.deepEqual([status, stdout], [125, ""]);
});

test("--tls-cert and --tls-key: it is wss://, and plain HTTP is not answered", async () => {
  const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  const made = spawnSync("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
  ]);
  if (made.status !== 0) return console.log("(without openssl there is no certificate to test with)");
  const bridge = await BridgeProcess.start([...ALLOW, "--tls-cert", cert, "--tls-key", key]);
  assert.match(bridge.url, /^wss:\/\/127\.0\.0\.1:/);
  const program = await compileGuest("examples/client.c");
  const run = new Command(
    ["run", "--bridge", bridge.url, "--allow", "tcp://127.0.0.1:*", program, "127.0.0.1", `${echo.port}`, "hello"],
    { NODE_EXTRA_CA_CERTS: cert },
  );
  assert.deepEqual(await run.end(), { status: 0, signal: null }, run.stderr);
  assert.match(run.stdout, /hello/);
  assert.notEqual(await knock(bridge.url.replace("wss:", "ws:")), "open");
  await stop(bridge);
});

test.after(async () => {
  udp.close();
  await echo.close();
  rmSync(directory, { recursive: true, force: true });
});

test.run();
