// curl's own tests (tests/runtests.pl), whose servers run natively: curl and the unit tests are started by launchers, the native
// programs or the modules. Each test's verdict is seen by itself.

import { strict as assert } from "node:assert";
import { chmodSync, cpSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { finish } from "../../test/system/child.js";
import type { Case, Runner } from "../../test/system/compare.js";
import { fetchSource } from "../../test/system/debian.js";
import { temporaryDirectory } from "../../test/system/server.js";
import { nativeProgram } from "../build.js";
import { SERVERS, TOLD, UNIT_PROGRAMS } from "./units.js";

/** The numbers of tests that are run together: those without a server that is for another protocol, or a program of their own. */
const GROUPS: readonly (readonly [first: number, last: number])[] = [
  [1, 200],
  [201, 600],
  [601, 1250],
  [1251, 3300],
];

/** Tests at least that each group has. */
const LEAST = 90;

/** What modules do differently, by the test's number. */
const LACKS: Readonly<Record<string, string>> = {
  644: "there are no extended attributes",
  1073: "a request that goes out twice is to be read twice: a module's standard input is a stream also where it is a file",
};

/** Tests that compare the manual and the headers with the source. */
const OF_DOCUMENTS = [971, 1119, 1135, 1139, 1140, 1165, 1167, 1173, 1185, 1222].map((test) => `!${test}`);

function quoted(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
}

/** A program that runs the command; a module gets the environment, too, by which tests tell curl what to do. */
function writeLauncher(path: string, command: readonly string[]): void {
  const split = command.indexOf("--");
  const names = "env | sed -n 's/^\\([A-Za-z_][A-Za-z0-9_]*\\)=.*/--env \\1/p'";
  const lines = [
    "#!/bin/sh",
    split < 0
      ? `exec ${quoted(command)} "$@"`
      : `exec ${quoted(command.slice(0, split))} $(${names}) ${quoted(command.slice(split))} "$@"`,
  ];
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${lines.join("\n")}\n`);
  chmodSync(path, 0o755);
}

/** A directory with the tests in it, and launchers where they look for the programs. */
async function makeTree(runner: Runner): Promise<string> {
  const tree = temporaryDirectory();
  const { directory } = await fetchSource("curl");
  cpSync(join(directory, "tests"), join(tree, "tests"), { recursive: true });
  const built = dirname(await nativeProgram("curl-debug"));
  for (const kept of [SERVERS, ...TOLD]) cpSync(join(built, kept), join(tree, kept), { recursive: true });
  const hosts = ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::]", "*"];
  const needs = {
    allow: [...hosts.flatMap((host) => [`tcp://${host}:*`, `listen:tcp://${host}:*`]), "unix:*"],
    directories: [`${tree}:${tree}`, `${join(tree, "tests")}:.`, "/tmp:/tmp", "/etc:/etc"],
  };
  writeLauncher(join(tree, "src", "curl"), await runner.command("curl-debug", [], needs));
  for (const [unit, program] of Object.entries(UNIT_PROGRAMS))
    writeLauncher(join(tree, "tests", "unit", unit), await runner.command(program, [], needs));
  return tree;
}

/** The verdicts of some tests by their numbers; those that are skipped have none. */
async function verdictsOf(tree: string, tests: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { stdout, stderr } = await finish(
    ["perl", "runtests.pl", "-n", "-a", "-am", "-vc", await nativeProgram("curl-debug"), ...tests],
    {
      cwd: join(tree, "tests"),
      env: { srcdir: ".", USER: "alice" },
      limit: 1_700_000,
    },
  );
  const verdicts = new Map<string, string>();
  for (const [, verdict = "", test = ""] of `${stdout}`.matchAll(/^(PASS|FAIL): (\d+) - /gm))
    verdicts.set(test, verdict);
  // Of one that ended with a wrong status, only the summary tells.
  const [, failed = ""] = /^TESTFAIL: These test cases failed: ([\d ]+)$/m.exec(`${stdout}`) ?? [];
  for (const [test] of failed.matchAll(/\d+/g)) verdicts.set(test, "FAIL");
  assert.ok(verdicts.size > 0, `${stdout}${stderr}`.slice(-2000));
  return verdicts;
}

/** The cases. */
export const runtestsCases: readonly Case[] = GROUPS.map(([from, to]) => ({
  name: `curl's own tests: those from ${from} to ${to}`,
  notInPage: "each test starts a process",
  limit: 1800,
  lacks: LACKS,
  passes: "PASS",
  run: async (runner) => {
    const tree = await makeTree(runner);
    const first = await verdictsOf(tree, [`${from}`, "to", `${to}`, ...OF_DOCUMENTS]);
    assert.ok(first.size >= LEAST, `${first.size} tests were run`);
    const failed = [...first].flatMap(([test, verdict]) => (verdict === "PASS" ? [] : [test]));
    const again = failed.length === 0 ? [] : await verdictsOf(tree, failed);
    return Object.fromEntries([...first, ...again]);
  },
}));
