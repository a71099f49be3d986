// The system test: what needs a C compiler, Debian packages and other Node versions.
//
//   node scripts/run-ts.mjs test/system/main.ts [--native] [TEXT]
//
// Runs the tests whose name contains TEXT. With --native the native programs stand in for the modules, which tests the
// cases and nothing of hawser. Progress is on standard error; the last line says how many passed.

import { buildNative, buildWasm } from "../../ports/build.js";
import { portNamed } from "../../ports/index.js";
import { pageCandidates } from "../browser/contender.js";
import { browserTests } from "../browser/main.js";
import { buildingTests } from "./building.js";
import { cmakeTests } from "./cmake.js";
import { configureTests } from "./configure.js";
import { type Case, Comparison } from "./compare.js";
import { candidates, native } from "./contender.js";
import { engineTests } from "./engines.js";
import { progress } from "./place.js";
import { namespaceTests } from "./namespace.js";
import { compared, conclude, endCleanly, runTest } from "./run.js";
import { selfTests } from "./self.js";
import { terminalTests } from "./terminal.js";
import type { Test } from "./test.js";
import { wasiTests } from "./wasi.js";

/** The ports that are the main job; ports/main.ts runs them all. */
const MAIN = ["netcat", "redis", "curl"];

/** What pages are seen to do with them here; ports/main.ts has pages do the rest. */
const IN_PAGES = [
  "netcat -l takes one connection and answers it",
  "netcat -u gets each datagram back",
  "redis-cli runs the commands of its standard input over TCP",
  "redis-cli runs the commands of its standard input over an AF_UNIX socket",
  "redis-server serves 100 clients at once",
  "curl uploads 50 MB from a file",
];

const args = process.argv.slice(2);
const standIn = args.includes("--native");
const filter = args.filter((argument) => argument !== "--native").join(" ");

async function allTests(): Promise<readonly Test[]> {
  const contenders = standIn ? [{ ...native, name: "native again" }] : await candidates();
  const ports = MAIN.map(portNamed);
  // Built first, with a limit of their own: on two cores some take minutes.
  const builds = ports.flatMap((port) =>
    [buildNative, ...(standIn ? [] : [buildWasm])].map((build) => ({
      name: `${port.name} builds ${build === buildNative ? "natively" : "with hawser cc"}`,
      limit: 1800,
      run: () => build(port),
    })),
  );
  const comparison = new Comparison(native);
  const cases = ports.flatMap((port) => port.cases);
  return [
    ...selfTests,
    ...builds,
    ...compared(comparison, cases, contenders),
    ...(standIn
      ? []
      : [
          ...compared(
            comparison,
            IN_PAGES.map((name) => namedCase(cases, name)),
            pageCandidates,
          ),
          ...cmakeTests,
          ...configureTests,
          ...buildingTests,
          ...(await wasiTests()),
          ...terminalTests,
          ...browserTests,
          ...(await namespaceTests()),
          ...engineTests,
        ]),
  ];
}

function namedCase(cases: readonly Case[], name: string): Case {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no case ${name}`);
  return found;
}

endCleanly();
const count = { passed: 0, failed: 0 };
await conclude(count, async () => {
  const tests = (await allTests()).filter(({ name }) => name.includes(filter));
  if (tests.length === 0) {
    progress(`no test has ${JSON.stringify(filter)} in its name`);
    count.failed++;
  }
  for (const test of tests) await runTest(test, count);
});
