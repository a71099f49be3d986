// The test of the ports: each built from its Debian source package, natively and with `hawser cc`, and seen to do the same.
// Run it as `npm run test:ports`; --help tells the options.

import { pageCandidates } from "../test/browser/contender.js";
import { Comparison, type Contender } from "../test/system/compare.js";
import { candidates, native } from "../test/system/contender.js";
import { finish } from "../test/system/child.js";
import { progress } from "../test/system/place.js";
import { compared, conclude, endCleanly, runTest } from "../test/system/run.js";
import { buildNative, buildWasm } from "./build.js";
import { casesOf, type Port } from "./port.js";
import { record } from "./record.js";
import { readWishes } from "./wishes.js";

const BUILD_LIMIT = 1800;

/** With a budget, one of so many engines runs a case. */
const SHARE = 3;

/** With a budget: the number of the commit, by which ports and engines take turns. */
async function turnOf(): Promise<number> {
  const { status, stdout } = await finish(["git", "rev-list", "--count", "HEAD"]);
  return status === "0" ? Number(`${stdout}`) : 0;
}

/** Ports, or cases, from another one on with each commit; without a turn as they are. */
function rotated<T>(all: readonly T[], turn = 0): readonly T[] {
  const first = turn % Math.max(1, all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}

const wishes = readWishes(process.argv.slice(2));
endCleanly();
const count = { passed: 0, failed: 0 };

/** Builds a port, natively and as modules at the same time: whether both could be. */
async function build(port: Port): Promise<boolean> {
  const before = count.failed;
  const builds = [
    { name: `${port.name} builds natively`, run: () => buildNative(port) },
    ...(wishes.native ? [] : [{ name: `${port.name} builds with hawser cc`, run: () => buildWasm(port) }]),
  ];
  await Promise.all(builds.map((each) => runTest({ ...each, limit: BUILD_LIMIT }, count)));
  return count.failed === before;
}

/** Those who run the modules, on Node and in pages. */
async function modules(): Promise<readonly Contender[]> {
  const all = [...(await candidates()), ...pageCandidates].filter(({ name }) => name.includes(wishes.where));
  if (all.length === 0) throw new Error(`nobody who runs modules has ${JSON.stringify(wishes.where)} in the name`);
  return all;
}

await conclude(count, async () => {
  const comparison = new Comparison(native);
  const contenders = wishes.native ? [{ ...native, name: "native again" }] : await modules();
  const until = Date.now() + wishes.budget * 1000;
  const turn = Number.isFinite(wishes.budget) ? await turnOf() : undefined;
  const left: string[] = [];
  for (const port of rotated(wishes.ports, turn)) {
    if (Date.now() > until) {
      left.push(port.name);
      continue;
    }
    if (!(await build(port))) continue;
    if (wishes.record) await record(port);
    if (wishes.build) continue;
    const named = casesOf(port).filter(({ name }) => name.includes(wishes.parts.get(port.name) ?? ""));
    const cases = rotated(named, turn);
    const running = wishes.inPages.has(port) ? contenders.filter(({ isPage }) => isPage) : contenders;
    for (const [i, each] of cases.entries()) {
      // What was built is to be seen doing something.
      if (i > 0 && Date.now() > until) {
        left.push(`${port.name} from its case ${i + 1} of ${cases.length} on`);
        break;
      }
      const tests = compared(comparison, [each], running);
      const share = turn === undefined ? 1 : Math.min(SHARE, tests.length);
      for (const [j, test] of tests.entries()) if ((i + j + (turn ?? 0)) % share === 0) await runTest(test, count);
    }
  }
  if (left.length > 0) progress(`the budget is spent; not run: ${left.join(", ")}`);
});
