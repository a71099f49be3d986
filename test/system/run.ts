// Running tests one after the other: each within its limit, none stops the others, nothing is left behind. Owns the words
// about them and the last line, which counts.

import { killAll } from "./child.js";
import type { Case, Comparison, Contender } from "./compare.js";
import { endAll, progress } from "./place.js";
import type { Test } from "./test.js";

/** Has children and servers ended however this process ends. */
export function endCleanly(): void {
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
}

/** The tests that compare each candidate that can run a case with the native program. */
export function compared(
  comparison: Comparison,
  cases: readonly Case[],
  candidates: readonly Contender[],
): readonly Test[] {
  return cases.flatMap((each) =>
    candidates
      .filter(({ threads, isPage }) => (threads || each.threads !== true) && !(isPage && each.notInPage))
      .map((candidate) => ({
        name: `${each.name} (${candidate.name})`,
        limit: each.limit ?? 200,
        inBrowser: candidate.isPage === true,
        run: () => comparison.check(each, candidate),
      })),
  );
}

/** How many have passed and failed. */
export interface Count {
  passed: number;
  failed: number;
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

/** Runs one test and tells how it went. */
export async function runTest({ name, limit, run, inBrowser = false }: Test, count: Count): Promise<void> {
  for (const isLast of inBrowser ? [false, true] : [true]) {
    const started = Date.now();
    const told = (word: string): void =>
      progress(`${word.padEnd(6)}  ${`${((Date.now() - started) / 1000).toFixed(1)} s`.padStart(7)}  ${name}`);
    try {
      await within(limit, run());
      count.passed++;
      return told("ok");
    } catch (error) {
      if (isLast) count.failed++;
      told(isLast ? "FAILED" : "AGAIN");
      const said = error instanceof Error ? error.message : String(error);
      progress(`    ${said.slice(0, 6000).replaceAll("\n", "\n    ")}`);
    }
  }
}

/** Does `work`, counts its throwing as a failure, ends everything and this process. */
export async function conclude(count: Count, work: () => Promise<void>): Promise<never> {
  try {
    await work();
  } catch (error) {
    count.failed++;
    progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    killAll();
    await endAll();
  }
  console.log(`${count.passed} passed, ${count.failed} failed`);
  process.exit(count.failed === 0 ? 0 : 1);
}
