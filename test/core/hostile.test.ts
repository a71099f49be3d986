import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FakeHost } from "./fake-host.js";

/** Every function that a guest can import, with how many arguments it takes. */
async function faces(): Promise<[string, number][]> {
  const { core } = await FakeHost.create();
  return Object.entries(core as Record<string, unknown>)
    .filter(
      ([name, value]) =>
        typeof value === "function" && !/^(kernel_|proc_exit$|proc_raise$|kill$|sigsuspend$)/.test(name),
    )
    .map(([name, value]) => [name, (value as { length: number }).length]);
}

const BIG = new Set([
  "fd_advise",
  "fd_allocate",
  "fd_fdstat_set_rights",
  "fd_filestat_set_size",
  "fd_filestat_set_times",
]);
const BIG_TOO = new Set(["fd_pread", "fd_pwrite", "fd_readdir", "fd_seek", "path_open", "path_filestat_set_times"]);

test("no call traps, whatever its arguments are", async () => {
  const calls = (await faces()).filter(([name]) => !BIG.has(name) && !BIG_TOO.has(name));
  assert.ok(calls.length > 40);
  const argument = fc.oneof(
    fc.integer({ min: 0, max: 12 }),
    fc.constantFrom(0, -1, 16, 4096, 65536, 131071, 131072, 0x7fffffff, -0x80000000, -16),
    fc.integer(),
  );
  const step = fc.tuple(fc.constantFrom(...calls), fc.array(argument, { minLength: 9, maxLength: 9 }));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const host = await FakeHost.create();
      const stop = new Error("the script has ended");
      host.answer = () => {};
      for (const [[name, count], args] of steps) {
        // A wait means that the call blocks, which is right; the script ends it there.
        host.steps.length = 0;
        host.steps.push(() => {
          throw stop;
        });
        try {
          host.core[name]!(...args.slice(0, count));
        } catch (error) {
          if (error === stop) return;
          throw error;
        }
      }
    }),
    { numRuns: 1500, seed: 20261123 },
  );
});

test.run();
