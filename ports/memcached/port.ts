// memcached: the server, which runs threads.

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { availableParallelism, machine } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Child } from "../../test/system/child.js";
import type { Case, Observation } from "../../test/system/compare.js";
import { freePort, reachable, temporaryDirectory } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";
import { INSTALLED } from "../libevent/port.js";
import { GENERATED, type Port, tools } from "../port.js";

function withServer(
  name: string,
  options: readonly string[],
  run: (port: number, server: Child) => Promise<Observation>,
): Case {
  return {
    name: `memcached ${name}`,
    threads: true,
    run: async (runner) => {
      const port = await freePort();
      const args = ["-u", "root", "-l", "127.0.0.1", "-p", `${port}`, ...options];
      const allow = [`listen:tcp://127.0.0.1:${port}`, `listen:udp://127.0.0.1:${port}`];
      const server = await runner.start("memcached", args, { allow, limit: 100_000 });
      await reachable(port, server);
      const seen = await run(port, server);
      server.signal("SIGTERM");
      const { status, stderr } = await server.ended;
      return { ...seen, status, stderr };
    },
  };
}

/** Commands of a session, and where the answer to each ends. */
const SESSION: readonly (readonly [text: string, end: RegExp])[] = [
  ["version\r\n", /\r\n/],
  ["set a 5 0 3\r\none\r\n", /\r\n/],
  ["add a 0 0 1\r\nx\r\n", /\r\n/],
  ["get a b\r\n", /END\r\n/],
  ["append a 0 0 4\r\n two\r\n", /\r\n/],
  ["prepend a 0 0 5\r\nzero \r\n", /\r\n/],
  ["gets a\r\n", /END\r\n/],
  ["cas a 0 0 1 999\r\nx\r\n", /\r\n/],
  ["replace nothing 0 0 1\r\nx\r\n", /\r\n/],
  ["set n 0 0 2\r\n41\r\n", /\r\n/],
  ["incr n 1\r\n", /\r\n/],
  ["decr n 50\r\n", /\r\n/],
  ["incr a 1\r\n", /\r\n/],
  ["touch n 100\r\n", /\r\n/],
  ["gat 0 n\r\n", /END\r\n/],
  ["mg a v f t\r\n", /\r\n.*\r\n/],
  ["ms m 2\r\nhi\r\n", /\r\n/],
  ["delete n\r\n", /\r\n/],
  ["delete n\r\n", /\r\n/],
  ["nonsense\r\n", /\r\n/],
  [`get ${"k".repeat(300)}\r\n`, /\r\n/],
  ["flush_all\r\n", /\r\n/],
  [`set k 0 0 2000000\r\n${"v".repeat(2_000_000)}\r\n`, /\r\n/],
  ["get k\r\n", /END\r\n/],
];

const cases: readonly Case[] = [
  withServer("serves 100 clients at once", [], async (port) => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => LineClient.open(port)));
    await clients[0]?.ask("set total 0 0 1\r\n0\r\n", /STORED\r\n/);
    const rounds = clients.map(async (client, i) => {
      const value = `${i} `.repeat(500);
      for (let round = 0; round < 20; round++) {
        assert.equal(await client.ask(`set key${i} 0 0 ${value.length}\r\n${value}\r\n`, /\r\n/), "STORED\r\n");
        assert.ok((await client.ask(`get key${i}\r\n`, /END\r\n/)).includes(`\r\n${value}\r\n`));
        await client.ask("incr total 1\r\n", /\r\n/);
      }
    });
    await Promise.all(rounds);
    const total = (await clients[99]?.ask("get total\r\n", /END\r\n/)) ?? "";
    const connections = (await clients[0]?.ask("stats\r\n", /END\r\n/))?.match(/curr_connections (\d+)/)?.[1] ?? "";
    for (const client of clients) client.close();
    assert.match(total, /\r\n2000 ?\r\n/);
    return { total, atLeast100: Number(connections) >= 100 };
  }),
  withServer("does what its protocol says", [], async (port) => {
    const client = await LineClient.open(port);
    const answers: string[] = [];
    for (const [text, end] of SESSION) answers.push(await client.ask(text, end));
    assert.ok(answers.includes("VALUE a 5 3\r\none\r\nEND\r\n"));
    client.close();
    return { answers };
  }),
  withServer("keeps a megabyte, forgets what is over, and throws out what is old", ["-m", "8"], async (port) => {
    const client = await LineClient.open(port);
    const value = "v".repeat(1_000_000);
    const set = await client.ask(`set big 0 0 ${value.length}\r\n${value}\r\n`, /\r\n/);
    const got = await client.ask("get big\r\n", /END\r\n/);
    assert.ok(got.includes(value));
    await client.ask("set soon 0 1 1\r\nx\r\n", /\r\n/);
    for (let i = 0; i < 20; i++) await client.ask(`set big${i} 0 0 ${value.length}\r\n${value}\r\n`, /\r\n/);
    await delay(2500);
    const soon = await client.ask("get soon\r\n", /END\r\n/);
    const big = await client.ask("get big\r\n", /END\r\n/);
    const last = await client.ask("get big19\r\n", /END\r\n/);
    client.close();
    return { set, soon, big, last: last.length };
  }),
  {
    name: "memcached answers datagrams",
    threads: true,
    run: async (runner) => {
      const port = await freePort();
      const allow = [`listen:tcp://127.0.0.1:${port}`, `listen:udp://127.0.0.1:${port}`, "udp://127.0.0.1:*"];
      const args = ["-u", "root", "-l", "127.0.0.1", "-p", `${port}`, "-U", `${port}`];
      const server = await runner.start("memcached", args, { allow });
      await reachable(port, server);
      const client = await LineClient.open(port);
      await client.ask("set d 0 0 4\r\ndata\r\n", /\r\n/);
      client.close();
      const socket = createSocket("udp4");
      const answered = new Promise<string>((done) => {
        socket.once("message", (message) => done(`${message.subarray(0, 8).toString("hex")} ${message.subarray(8)}`));
      });
      socket.send(Buffer.concat([Buffer.from([0, 7, 0, 0, 0, 1, 0, 0]), Buffer.from("get d\r\n")]), port, "127.0.0.1");
      const answer = await Promise.race([answered, delay(10_000, "none")]);
      socket.close();
      server.signal("SIGINT");
      assert.match(answer, /^0007.* VALUE d/);
      return { answer, status: (await server.ended).status };
    },
  },
  {
    name: "memcached listens at a path",
    threads: true,
    run: async (runner) => {
      const path = join(temporaryDirectory(), "memcached");
      const server = await runner.start("memcached", ["-u", "root", "-s", path, "-a", "0777"], {
        allow: [`listen:unix:${path}`, `unix:${path}`],
      });
      await reachable(path, server);
      const client = await LineClient.open(path);
      const set = await client.ask("set p 0 0 1\r\nx\r\n", /\r\n/);
      const got = await client.ask("get p\r\n", /END\r\n/);
      const rest = await client.ask("quit\r\n", /$/);
      server.signal("SIGTERM");
      return { set, got, rest, status: (await server.ended).status };
    },
  },
  {
    name: "memcached says that a port is taken, and that an option is none",
    threads: true,
    run: async (runner) => {
      const port = await freePort();
      const allow = [`listen:tcp://127.0.0.1:${port}`, `tcp://127.0.0.1:${port}`];
      const options = { allow };
      const first = await runner.start("memcached", ["-u", "root", "-l", "127.0.0.1", "-p", `${port}`], options);
      await reachable(port, first);
      const second = await runner.finish("memcached", ["-u", "root", "-l", "127.0.0.1", "-p", `${port}`], options);
      const wrong = await runner.finish("memcached", ["-u", "root", "-t", "none"], options);
      first.signal("SIGTERM");
      await first.ended;
      assert.match(second.stderr, /Address already in use/);
      return { second: second.status, stderr: second.stderr, wrong: wrong.status, said: wrong.stderr };
    },
  },
];

/** memcached. */
export const memcached: Port = {
  name: "memcached",
  source: "memcached",
  needs: ["libevent"],
  programs: { memcached: "memcached" },
  steps: ({ compiler, needs }) => [
    [
      ...["./configure", `--build=${machine()}-pc-linux-gnu`, `--with-libevent=${needs["libevent"]}/${INSTALLED}`],
      ...["--disable-docs", "--disable-coverage", "--disable-dependency-tracking"],
      ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
    ],
    // configure has warnings be errors.
    ["make", `-j${availableParallelism()}`, ...GENERATED, "CFLAGS=-O1 -w", "memcached"],
  ],
  cases,
  threads: true,
  works: "the server, with its threads: 100 clients, text and meta commands, expiry, eviction, datagrams, AF_UNIX",
  lacks: "it runs in the jspi engine, which has threads; -d (there is no fork)",
  page: "the server on jspi, which listens at the bridge",
};
