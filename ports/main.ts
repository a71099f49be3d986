// The test of the ports: each built from its Debian source package, natively and with `hawser cc`, and seen to do the same.
//
//   node scripts/run-ts.mjs ports/main.ts [--native] [--budget SECONDS] [--without NAME]... [NAME]...
//
// NAMEs are ports, or a port and a part of a case's name behind a colon (redis:scripts); without any all are run. With a
// budget the ports are begun one after the other until it is spent, from another one with each commit. With --native the
// native programs stand in for the modules. Progress is on standard error; the last line says how many passed.

import { Comparison } from "../test/system/compare.js";
import { candidates, native } from "../test/system/contender.js";
import { finish } from "../test/system/child.js";
import { progress } from "../test/system/place.js";
import { compared, conclude, endCleanly, runTest } from "../test/system/run.js";
import { buildNative, buildWasm } from "./build.js";
import { PORTS, portNamed } from "./index.js";
import type { Port } from "./port.js";

/** What the command line asks for. */
interface Wishes {
  readonly native: boolean;
  /** Seconds. */
  readonly budget: number;
  readonly ports: readonly Port[];
  /** By a port's name: a part of the names of its cases. */
  readonly parts: ReadonlyMap<string, string>;
}

function readWishes(words: readonly string[]): Wishes {
  let [isNative, budget] = [false, Number.POSITIVE_INFINITY];
  const [without, named, parts] = [new Set<Port>(), [] as Port[], new Map<string, string>()];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    if (word === "--native") isNative = true;
    else if (word === "--budget") {
      budget = Number(words[++i]);
      if (!(budget > 0)) throw new Error(`--budget ${words[i]}: give seconds`);
    } else if (word === "--without") without.add(portNamed(words[++i] ?? ""));
    else {
      const [name = "", part] = word.split(/:(.*)/s);
      named.push(portNamed(name));
      if (part !== undefined) parts.set(name, part);
    }
  }
  const ports = (named.length > 0 ? named : PORTS).filter((port) => !without.has(port));
  return { native: isNative, budget, ports, parts };
}

/** The ports from another one on with each commit. */
async function rotated(ports: readonly Port[]): Promise<readonly Port[]> {
  const { status, stdout } = await finish(["git", "rev-list", "--count", "HEAD"]);
  const first = status === "0" ? Number(`${stdout}`) % ports.length : 0;
  return [...ports.slice(first), ...ports.slice(0, first)];
}

endCleanly();
const count = { passed: 0, failed: 0 };
await conclude(count, async () => {
  const wishes = readWishes(process.argv.slice(2));
  const comparison = new Comparison(native);
  const contenders = wishes.native ? [{ ...native, name: "native again" }] : await candidates();
  const until = Date.now() + wishes.budget * 1000;
  const isBudgeted = Number.isFinite(wishes.budget);
  const left: string[] = [];
  for (const port of isBudgeted ? await rotated(wishes.ports) : wishes.ports) {
    if (Date.now() > until) {
      left.push(port.name);
      continue;
    }
    const part = wishes.parts.get(port.name) ?? "";
    const before = count.failed;
    await runTest({ name: `${port.name} builds natively`, limit: 1800, run: () => buildNative(port) }, count);
    if (!wishes.native)
      await runTest({ name: `${port.name} builds with hawser cc`, limit: 1800, run: () => buildWasm(port) }, count);
    if (count.failed > before) continue;
    const cases = port.cases.filter(({ name }) => name.includes(part));
    for (const test of compared(comparison, cases, contenders)) await runTest(test, count);
  }
  if (left.length > 0) progress(`the budget is spent; not run: ${left.join(", ")}`);
});
