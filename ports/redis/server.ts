// redis-server as a module: what native clients see of it.

import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { finish } from "../../test/system/child.js";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { nativeProgram } from "../build.js";
import { ensurePackages } from "../../test/system/debian.js";
import { freePort, reachable, temporaryDirectory } from "../../test/system/server.js";

/** What a client printed. */
type Client = (words: readonly string[], input?: string) => Promise<string>;

/** A case with a server of its own; what the server ends with and leaves is seen too. */
function withServer(
  name: string,
  options: readonly string[],
  run: (client: Client, port: number) => Promise<Observation>,
): Case {
  return {
    name: `redis-server ${name}`,
    threads: true,
    run: async (runner: Runner) => {
      const [port, directory] = [await freePort(), temporaryDirectory()];
      const server = await runner.start(
        "redis-server",
        ["--bind", "127.0.0.1", "--port", `${port}`, "--dir", directory, "--loglevel", "warning", ...options],
        {
          allow: [`listen:tcp://127.0.0.1:${port}`, "tcp://127.0.0.1:*"],
          directories: [`${directory}:${directory}`],
          limit: 120_000,
        },
      );
      await reachable(port, server);
      const command = [await nativeProgram("redis-cli"), "-h", "127.0.0.1", "-p", `${port}`];
      const client: Client = async (words, input) =>
        `${(await finish([...command, ...words], { input: input ?? "" })).stdout}`;
      const seen = await run(client, port);
      server.signal("SIGTERM");
      const { status } = await server.ended;
      const files = readdirSync(directory).filter((name) => !name.startsWith("temp"));
      return { ...seen, status, files: files.sort() };
    },
  };
}

/** The cases of redis-server. */
export const serverCases: readonly Case[] = [
  withServer("serves 100 clients at once", ["--save", ""], async (client, port) => {
    await ensurePackages(["redis-tools"]);
    const ended = await finish(
      [
        "redis-benchmark",
        "-h",
        "127.0.0.1",
        "-p",
        `${port}`,
        "-c",
        "100",
        "-n",
        "4000",
        "-t",
        "set,get,lpush",
        "--csv",
      ],
      { limit: 100_000 },
    );
    assert.equal(ended.status, "0", ended.stderr);
    const tests = `${ended.stdout}`.split("\n").map((line) => line.split(",")[0] ?? "");
    assert.equal(tests.filter((test) => /SET|GET|LPUSH/.test(test)).length, 3);
    return { tests, length: await client(["LLEN", "mylist"]), errors: ended.stderr };
  }),
  withServer("runs a pipeline, a transaction, a script and an expiry", ["--save", ""], async (client) => {
    const pipeline = await client(["--pipe"], Array.from({ length: 1000 }, (_, i) => `SET key${i} ${i}\r\n`).join(""));
    const commands = ["MULTI", "INCR n", "INCR n", "EXEC", "DBSIZE", "SET e x PX 50", "TYPE e", "OBJECT ENCODING key7"];
    const transaction = await client([], `${commands.join("\n")}\n`);
    const script = await client(["EVAL", "local t = {} for i = 1, 5 do t[i] = i * ARGV[1] end return t", "0", "7"]);
    await delay(300);
    const expired = await client(["EXISTS", "e"]);
    assert.match(pipeline, /errors: 0, replies: 1000/);
    assert.equal(script, "7\n14\n21\n28\n35\n");
    return { pipeline, transaction, script, expired };
  }),
  withServer("keeps what it is told to save", ["--appendonly", "yes", "--save", ""], async (client) => {
    const set = await client(["SET", "kept", "yes"]);
    const saved = await client(["SAVE"]);
    assert.equal(saved, "OK\n");
    return { set, saved };
  }),
  withServer("publishes to who has subscribed, and blocks who waits", ["--save", ""], async (client) => {
    const waiting = client(["BLPOP", "queue", "10"]);
    const late = client(["BLPOP", "nothing", "0.2"]);
    await delay(200);
    const pushed = await client(["RPUSH", "queue", "work"]);
    return { pushed, waiting: (await waiting).split("\n").slice(0, 2), late: (await late).split("\n")[0] ?? "" };
  }),
];
