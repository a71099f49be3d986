// The system test: what needs a C compiler, Debian packages and other Node versions.
//
//   node scripts/run-ts.mjs test/system/main.ts [--native] [TEXT]
//
// Runs the tests whose name contains TEXT. With --native the native programs stand in for the modules, which tests the
// cases and nothing of hawser. Progress is on standard error; the last line says how many passed.

import { buildNative, buildWasm } from "../../ports/build.js";
import { portNamed } from "../../ports/index.js";
import { browserTests } from "../browser/main.js";
import { cmakeTests } from "./cmake.js";
import { Comparison } from "./compare.js";
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
  return [
    ...selfTests,
    ...builds,
    ...compared(
      new Comparison(native),
      ports.flatMap(({ cases }) => cases),
      contenders,
    ),
    ...(standIn
      ? []
      : [
          ...cmakeTests,
          ...(await wasiTests()),
          ...terminalTests,
          ...browserTests,
          ...(await namespaceTests()),
          ...engineTests,
        ]),
  ];
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
