// redis-cli: the same commands over TCP and over an AF_UNIX socket, pipelines, a bulk of 10 MB, a subscription, and the
// ways in which it can be turned away.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ChildOptions, Ended } from "./child.js";
import type { Case, Observation, Runner } from "./compare.js";
import { largeFile, sha256 } from "./material.js";
import { peers, store, temporaryDirectory } from "./server.js";

/** How the server is reached. */
interface Route {
  readonly args: readonly string[];
  readonly allow: readonly string[];
}

const ROUTES: Readonly<Record<string, () => Promise<Route>>> = {
  "over TCP": async () => {
    const { port } = await store();
    return { args: ["-h", "127.0.0.1", "-p", `${port}`], allow: [`tcp://127.0.0.1:${port}`] };
  },
  "over an AF_UNIX socket": async () => {
    const { socket } = await store();
    return { args: ["-s", socket], allow: [`unix:${socket}`] };
  },
};

/** Runs redis-cli with these arguments. */
type Client = (
  args: readonly string[],
  options?: ChildOptions & { readonly input?: string | Uint8Array },
) => Promise<Ended>;

/** A case that begins with an empty store. */
function withStore(name: string, route: () => Promise<Route>, run: (client: Client) => Promise<Observation>): Case {
  return {
    name: `redis-cli ${name}`,
    async run(runner) {
      const { args, allow } = await route();
      assert.equal(await (await store()).command("FLUSHALL"), "+OK");
      return run((more, options) => runner.finish("redis-cli", [...args, ...more], { ...options, allow }));
    },
  };
}

function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({ status, stdout: `${stdout}`, stderr });
}

/** The cases of redis-cli. */
export const redisCases: readonly Case[] = [
  ...Object.entries(ROUTES).flatMap(([how, route]) => [
    withStore(`sets and gets a value ${how}`, route, async (client) => {
      const set = await client(["SET", "greeting", "hello world"]);
      const get = await client(["GET", "greeting"]);
      const missing = await client(["--no-raw", "GET", "nothing"]);
      assert.equal(`${set.stdout}${get.stdout}${missing.stdout}`, "OK\nhello world\n(nil)\n");
      return { set: seen(set), get: seen(get), missing: seen(missing) };
    }),
    withStore(`runs the commands of its standard input ${how}`, route, async (client) => {
      const commands = [
        ...["SET n 41", "INCR n", "RPUSH list a b c", "LRANGE list 0 -1", "HSET hash field value", "HGETALL hash"],
        ...["MULTI", "INCR n", "INCRBY n 7", "EXEC", "INCR list", "NOSUCHCOMMAND", 'ECHO "two words"', "DBSIZE"],
      ];
      const ended = await client([], { input: `${commands.join("\n")}\n` });
      assert.match(`${ended.stdout}`, /^OK\n42\n3\na\nb\nc\n/);
      assert.match(`${ended.stdout}`, /WRONGTYPE/);
      return { ended: seen(ended) };
    }),
    withStore(`pipes 20,000 commands ${how}`, route, async (client) => {
      const command = (n: number): string => `*3\r\n$3\r\nSET\r\n$${`key:${n}`.length}\r\nkey:${n}\r\n$5\r\nvalue\r\n`;
      const input = Array.from({ length: 20_000 }, (_, n) => command(n)).join("");
      const piped = await client(["--pipe"], { input });
      const size = await client(["DBSIZE"]);
      assert.match(`${piped.stdout}`, /errors: 0, replies: 20000/);
      assert.equal(`${size.stdout}`, "20000\n");
      return { piped: seen(piped), size: seen(size) };
    }),
    withStore(`stores a value of 10 MB and gets it back ${how}`, route, async (client) => {
      const file = await largeFile(10);
      const set = await client(["-x", "SET", "large"], { input: readFileSync(file.path) });
      const length = await client(["STRLEN", "large"]);
      const { status, stderr, stdout } = await client(["GET", "large"]);
      assert.equal(`${length.stdout}`, `${file.bytes}\n`);
      assert.equal(sha256(stdout.subarray(0, -1)), file.sha256);
      return { set: seen(set), length: seen(length), status, stderr, get: sha256(stdout) };
    }),
    withStore(`reports an error of the server ${how}`, route, async (client) => {
      await client(["SET", "word", "word"]);
      const silent = await client(["INCR", "word"]);
      const strict = await client(["-e", "INCR", "word"]);
      assert.match(`${silent.stdout}`, /not an integer/);
      return { silent: seen(silent), strict: seen(strict) };
    }),
    withStore(`is told of a wrong password ${how}`, route, async (client) => {
      const wrong = await client(["--user", "alice", "--pass", "guess", "PING"]);
      const right = await client(["--user", "alice", "--pass", "secret", "ACL", "WHOAMI"]);
      assert.match(wrong.stdout + wrong.stderr, /WRONGPASS/);
      assert.equal(`${right.stdout}`, "alice\n");
      return { wrong: seen(wrong), right: seen(right) };
    }),
    withStore(`waits in a blocking command until another client pushes ${how}`, route, async (client) => {
      const server = await store();
      const waiting = client(["BLPOP", "queue", "10"]);
      const pushed = delay(500).then(() => server.command("LPUSH", "queue", "job"));
      const ended = await waiting;
      assert.equal(await pushed, ":1");
      assert.equal(`${ended.stdout}`, "queue\njob\n");
      return { ended: seen(ended) };
    }),
  ]),
  {
    name: "redis-cli prints what is published, until the server ends the connection",
    run: subscribe,
  },
  withStore("repeats a command at an interval", ROUTES["over TCP"] as () => Promise<Route>, async (client) => {
    const started = Date.now();
    const ended = await client(["-r", "4", "-i", "0.1", "INCR", "n"]);
    assert.equal(`${ended.stdout}`, "1\n2\n3\n4\n");
    assert.ok(Date.now() - started >= 300, "it waited in between");
    return { ended: seen(ended) };
  }),
  withStore("scans all keys", ROUTES["over TCP"] as () => Promise<Route>, async (client) => {
    const server = await store();
    for (let n = 0; n < 50; n++) await server.command("SET", `scan:${n}`, `${n}`);
    const ended = await client(["--scan", "--pattern", "scan:*"]);
    const lines = `${ended.stdout}`.trimEnd().split("\n").sort();
    assert.equal(lines.length, 50);
    return { status: ended.status, stderr: ended.stderr, lines };
  }),
  {
    name: "redis-cli reports a refused port and a path where nobody listens",
    async run(runner) {
      const { refused } = await peers();
      const path = join(temporaryDirectory(), "nobody");
      const port = await runner.finish("redis-cli", ["-p", `${refused}`, "PING"], {
        allow: [`tcp://127.0.0.1:${refused}`],
      });
      const missing = await runner.finish("redis-cli", ["-s", path, "PING"], { allow: [`unix:${path}`] });
      assert.match(port.stderr, /Connection refused/);
      assert.equal(port.status, "1");
      return { port: seen(port), missing: seen(missing).replaceAll(path, "PATH") };
    },
  },
];

async function subscribe(runner: Runner): Promise<Observation> {
  const { port, command } = await store();
  const child = await runner.start("redis-cli", ["-p", `${port}`, "SUBSCRIBE", "news"], {
    allow: [`tcp://127.0.0.1:${port}`],
  });
  await child.printed("subscribe\nnews\n1\n");
  for (const text of ["one", "two", "three"]) {
    assert.equal(await command("PUBLISH", "news", text), ":1");
    await child.printed(`message\nnews\n${text}\n`);
  }
  assert.equal(await command("CLIENT", "KILL", "TYPE", "pubsub"), ":1");
  // It connects anew and subscribes no more, or ends: whichever the native one does. Its input ends either way.
  child.end();
  const { status, stdout, stderr } = await child.ended;
  return { status, stdout: `${stdout}`, stderr };
}
