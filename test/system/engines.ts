// The other tests, where they need what this one may: the recorded reference is compared with this kernel, and the test
// suite runs on each newer Node, on the engines that it has.

import { strict as assert } from "node:assert";
import { join } from "node:path";
import { demand, finish } from "./child.js";
import { ensurePackages } from "./debian.js";
import { nodes } from "./node.js";
import { progress, ROOT } from "./place.js";
import type { Test } from "./test.js";

const REFERENCE_LIMIT = 300;
const SUITE_LIMIT = 600;

/** A script of this checkout, bundled and run by this Node. */
function script(...words: readonly string[]): readonly string[] {
  return [process.execPath, join(ROOT, "scripts", "run-ts.mjs"), ...words];
}

/** The tests. */
export const engineTests: readonly Test[] = [
  {
    name: "what is recorded of the kernel is what this kernel says",
    limit: REFERENCE_LIMIT,
    async run() {
      await ensurePackages(["gcc", "libc6-dev", "netbase"]);
      const record = script(join(ROOT, "test", "posix", "record.ts"), "--check");
      const printed = await demand(record, { cwd: ROOT, limit: REFERENCE_LIMIT * 1000 });
      const [, lines, rows, wrong] = /^(\d+) lines, (\d+) rows, (\d+) wrong$/m.exec(printed) ?? [];
      assert.ok(Number(lines) > 0 && Number(rows) > 0, `it compared something: ${printed}`);
      assert.equal(wrong, "0");
    },
  },
  ...[24, 26].map(
    (major): Test => ({
      name: `the test suite passes on Node ${major}`,
      limit: SUITE_LIMIT,
      async run() {
        const node = (await nodes()).find((each) => each.major === major);
        assert.ok(node, `Node ${major} is there`);
        const suite = script(join(ROOT, "scripts", "test.ts"), "--node", node.path);
        const { status, stdout, stderr } = await finish(suite, { cwd: ROOT, limit: SUITE_LIMIT * 1000 });
        const [last = "", passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(`${stdout}`) ?? [];
        if (status !== "0" || failed !== "0" || Number(passed) === 0) {
          const lines = `${stdout}\n${stderr}`.trim().split("\n");
          throw new Error(
            `ended with ${status}\n${lines
              .filter((line) => !/^ok /.test(line))
              .slice(-200)
              .join("\n")}`,
          );
        }
        progress(`    ${last}`);
      },
    }),
  ),
];
