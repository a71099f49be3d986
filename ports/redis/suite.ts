// redis' own test suite (tests/ of its source, in Tcl), whose servers are started by a launcher: the native server or the module.
// Each test's verdict is seen by itself.

import { strict as assert } from "node:assert";
import { chmodSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { finish } from "../../test/system/child.js";
import type { Case, Runner } from "../../test/system/compare.js";
import { ensurePackages, fetchSource } from "../../test/system/debian.js";
import { temporaryDirectory } from "../../test/system/server.js";
import { nativeProgram } from "../build.js";
import { LACKS, SKIPPED } from "./lacks.js";

/** Units that are run together, by what they are about. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "the protocol and the network": ["protocol", "networking", "auth", "quit", "querybuf", "limits"],
  "keys, strings and hashes": ["keyspace", "scan", "type/string", "type/incr", "type/hash", "expire"],
  lists: ["type/list"],
  "transactions and messages": ["multi", "pubsub", "pubsubshard", "tracking", "pause"],
  "users, and what it tells of itself": ["acl", "acl-v2", "info", "info-command", "slowlog"],
};

/** Ports that the suite may take, from its first on; the ports of a cluster's bus are 10000 above. */
const PORT_COUNT = 100;

/** A directory with the suite in it, and a launcher where it looks for the server. */
async function makeTree(runner: Runner): Promise<string> {
  const tree = temporaryDirectory();
  const { directory } = await fetchSource("redis");
  cpSync(join(directory, "tests"), join(tree, "tests"), { recursive: true });
  mkdirSync(join(tree, "src"));
  symlinkSync(await nativeProgram("redis-cli"), join(tree, "src", "redis-cli"));
  const hosts = ["127.0.0.1", "0.0.0.0", "[::1]", "[::]"];
  const command = await runner.command("redis-server", [], {
    allow: [...hosts.flatMap((host) => [`listen:tcp://${host}:*`, `tcp://${host}:*`]), "listen:unix:*"],
    directories: [`${tree}:${tree}`, `${tree}:.`],
  });
  // The suite waits for the number of the process, which a module does not know of itself.
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const launcher = join(tree, "src", "redis-server");
  writeFileSync(launcher, `#!/bin/sh\necho " PID: $$"\nexec ${words} "$@"\n`);
  chmodSync(launcher, 0o755);
  return tree;
}

/**
 * Where the suite may look for free ports: below those that the kernel gives to clients (ip(7), ip_local_port_range), which would be taken
 * by somebody between its look and its use.
 */
function basePort(): number {
  return 11_000 + PORT_COUNT * 2 * Math.floor(Math.random() * 50);
}

/** The verdicts of a unit, by the tests' names. A test that depends on time may need a second try. */
async function verdictsOf(unit: string, tree: string): Promise<ReadonlyMap<string, string>> {
  const first = await tryUnit(unit, tree);
  if (![...first.values()].includes("err")) return first;
  const second = await tryUnit(unit, tree);
  const merged = new Map(second);
  for (const [test, verdict] of first) if (verdict === "ok") merged.set(test, verdict);
  return merged;
}

/** What a unit says once: of several tests of one name the worst. */
async function tryUnit(unit: string, tree: string): Promise<ReadonlyMap<string, string>> {
  const options = ["--durable", "--clients", "1", "--no-latency", "--tags", "-needs:repl", "--single", `unit/${unit}`];
  // After a BGSAVE that fails, a server would refuse all that comes.
  const config = ["--config", "stop-writes-on-bgsave-error", "no"];
  const skipped = SKIPPED.flatMap((test) => ["--skiptest", test]);
  const ports = ["--baseport", `${basePort()}`, "--portcount", `${PORT_COUNT}`];
  const { stdout } = await finish(["tclsh", "tests/test_helper.tcl", ...options, ...config, ...skipped, ...ports], {
    cwd: tree,
    limit: 600_000,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours
  const text = `${stdout}`.replaceAll(/\u001b\[[0-9;]*m/g, "");
  const verdicts = new Map<string, string>();
  for (const [, verdict = "", words = ""] of text.matchAll(/^\[(ok|err)\]: (.*)$/gm)) {
    const name = words.replace(/ \(\d+ ms\)$/, "").replace(/ in tests\/unit\/\S+\.tcl$/, "");
    if (verdicts.get(name) !== "err") verdicts.set(name, verdict);
  }
  assert.ok(verdicts.size > 0, text.slice(-2000));
  return verdicts;
}

/** The cases. What needs a replica is left out: there is no fork that could make it a snapshot. */
export const suiteCases: readonly Case[] = Object.entries(GROUPS).map(([name, units]) => ({
  name: `redis' own tests: ${name}`,
  threads: true,
  notInPage: "the suite starts and kills a server for each group of tests",
  limit: 1800,
  lacks: LACKS,
  passes: "ok",
  run: async (runner) => {
    await ensurePackages(["tcl"]);
    const tree = await makeTree(runner);
    const seen: Record<string, string> = {};
    for (const unit of units)
      for (const [test, verdict] of await verdictsOf(unit, tree)) seen[`${unit}: ${test}`] = verdict;
    return seen;
  },
}));
