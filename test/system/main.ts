// The system test: what needs a C compiler, Debian packages and other Node versions.
//
//   node scripts/run-ts.mjs test/system/main.ts [--native] [TEXT]
//
// Runs the tests whose name contains TEXT. With --native the native programs stand in for the modules, which tests the
// cases and nothing of hawser. Progress is on standard error; the last line says how many passed.

import { browserTests } from "../browser/main.js";
import { killAll } from "./child.js";
import { Comparison } from "./compare.js";
import { candidates, native } from "./contender.js";
import { curlCases } from "./curl.js";
import { engineTests } from "./engines.js";
import { netcatCases } from "./netcat.js";
import { endAll, progress } from "./place.js";
import { namespaceTests } from "./namespace.js";
import { nativeProgram, PROGRAMS, wasmProgram } from "./program.js";
import { redisCases } from "./redis.js";
import { selfTests } from "./self.js";
import { terminalTests } from "./terminal.js";
import type { Test } from "./test.js";
import { wasiTests } from "./wasi.js";

const args = process.argv.slice(2);
const standIn = args.includes("--native");
const filter = args.filter((argument) => argument !== "--native").join(" ");

process.on("exit", killAll);
for (const [name, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(name, () => {
    killAll();
    endAll().finally(() => process.exit(status));
  });
}

async function allTests(): Promise<readonly Test[]> {
  const comparison = new Comparison(native);
  const contenders = standIn ? [{ ...native, name: "native again" }] : await candidates();
  // Built first, with a limit of their own: on two cores some take minutes.
  const builds = PROGRAMS.flatMap((name) =>
    [nativeProgram, ...(standIn ? [] : [wasmProgram])].map((build) => ({
      name: `${name} builds ${build === nativeProgram ? "natively" : "with hawser cc"}`,
      limit: 1800,
      run: async () => void (await build(name)),
    })),
  );
  const compared = [...netcatCases, ...redisCases, ...curlCases].flatMap((each) =>
    contenders.map((contender) => ({
      name: `${each.name} (${contender.name})`,
      limit: 200,
      run: () => comparison.check(each, contender),
    })),
  );
  return [
    ...selfTests,
    ...builds,
    ...compared,
    ...(standIn
      ? []
      : [...(await wasiTests()), ...terminalTests, ...browserTests, ...(await namespaceTests()), ...engineTests]),
  ];
}

/** Rejects after `limit` seconds; every child has a limit of its own, so nothing is left to run on. */
async function within(limit: number, running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no end after ${limit} s`)), limit * 1000);
  });
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

let passed = 0;
let failed = 0;
try {
  const tests = (await allTests()).filter(({ name }) => name.includes(filter));
  if (tests.length === 0) {
    progress(`no test has ${JSON.stringify(filter)} in its name`);
    failed++;
  }
  for (const { name, limit, run } of tests) {
    const started = Date.now();
    const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    try {
      await within(limit, run());
      passed++;
      progress(`ok      ${seconds().padStart(7)}  ${name}`);
    } catch (error) {
      failed++;
      progress(`FAILED  ${seconds().padStart(7)}  ${name}`);
      const said = error instanceof Error ? error.message : String(error);
      progress(`    ${said.slice(0, 6000).replaceAll("\n", "\n    ")}`);
    }
  }
} catch (error) {
  failed++;
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  killAll();
  await endAll();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
