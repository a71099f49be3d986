// Pages that lack something, or that refuse something: what they do instead, and what they say.

import { strict as assert } from "node:assert";
import type { Test } from "../system/test.js";
import { testGuest } from "./material.js";
import type { Task } from "./page.js";
import { type BrowserWay, withTestPage } from "./way.js";

const LIMIT = 120;

const CHROMIUM = { browser: "Chromium", isolated: false } as const;
const NAP = { args: ["1"] } as const;

/** A test of a page that lacks something. */
function lacking(name: string, way: Pick<BrowserWay, "browser" | "isolated">, options: Lack): Test {
  const { before, page, task, expected } = options;
  return {
    name: `${name} (${way.browser})`,
    limit: LIMIT,
    run: () =>
      withTestPage(
        way,
        async (remote) => {
          const outcome = await remote.run({ program: await testGuest("nap"), options: { ...NAP, ...task } });
          if (expected instanceof RegExp) assert.match(outcome.error ?? JSON.stringify(outcome.exit), expected);
          else assert.deepEqual([outcome.exit, outcome.engine, outcome.error], [{ status: 0 }, expected, null]);
        },
        { ...(before === undefined ? {} : { before }), ...(page === undefined ? {} : { page }) },
      ),
  };
}

interface Lack {
  readonly before?: () => void;
  readonly page?: string;
  readonly task?: NonNullable<Task["options"]>;
  /** The engine that runs the guest, or the error. */
  readonly expected: "jspi" | "worker" | RegExp;
}

/** Runs in the page, before anything else. */
function withoutJspi(): void {
  Reflect.deleteProperty(WebAssembly, "Suspending");
}

function withoutWaitAsync(): void {
  Reflect.deleteProperty(WebAssembly, "Suspending");
  Reflect.deleteProperty(Atomics, "waitAsync");
}

const lacks: readonly Test[] = (["Chromium", "Firefox"] as const).flatMap((browser) => [
  lacking(
    "without JSPI and isolation a page says what is missing",
    { browser, isolated: false },
    {
      before: withoutJspi,
      expected:
        /no engine can run here.*Chromium 137.*Cross-Origin-Opener-Policy: same-origin.*Cross-Origin-Embedder-Policy/s,
    },
  ),
  lacking(
    "without isolation the worker engine says what is missing",
    { browser, isolated: false },
    {
      task: { engine: "worker" },
      expected: /Cross-Origin-Embedder-Policy.*"jspi" engine, which can run here/s,
    },
  ),
  lacking(
    "without JSPI an isolated page takes the worker engine",
    { browser, isolated: true },
    {
      before: withoutJspi,
      expected: "worker",
    },
  ),
  lacking(
    "without JSPI the jspi engine says what is missing",
    { browser, isolated: true },
    {
      before: withoutJspi,
      task: { engine: "jspi" },
      expected: /JavaScript Promise Integration.*Chromium 137.*"worker" engine, which can run here/s,
    },
  ),
  lacking(
    "without Atomics.waitAsync the worker engine does with messages",
    { browser, isolated: true },
    {
      before: withoutWaitAsync,
      expected: "worker",
    },
  ),
  lacking(
    "a page that allows no blobs says how workers can be had",
    { browser, isolated: true },
    {
      page: "strict",
      task: { engine: "worker" },
      expected: /worker-src blob:.*hawser\/browser\/worker/s,
    },
  ),
  lacking(
    "a page that allows no blobs gives the worker's URL",
    { browser, isolated: true },
    {
      page: "strict",
      task: { engine: "worker", worker: "/dist/browser/worker.js" },
      expected: "worker",
    },
  ),
]);

const errors: readonly Test[] = [
  {
    name: "a program that is not there is told with its URL (Chromium)",
    limit: LIMIT,
    run: () =>
      withTestPage(CHROMIUM, async (remote) => {
        const { error } = await remote.run({ program: "/guests/none.wasm" });
        assert.match(error ?? "", /none\.wasm.*404/);
        const page = await remote.run({ program: "/page/x" });
        assert.match(page.error ?? "", /ModuleError: x is not a WebAssembly module.*hawser cc/);
      }),
  },
];

/** The tests. */
export const lackTests: readonly Test[] = [...lacks, ...errors];
