// The tests in browsers. Each drives a page that runs guests with the package's own bundle.

import { strict as assert } from "node:assert";
import type { Test } from "../system/test.js";
import { consumerTests } from "./consumer.js";
import { guestPath, testGuest } from "./material.js";
import type { Outcome, Task } from "./page.js";
import { posixTests } from "./posix.js";
import { type BrowserWay, type Remote, WAYS, withTestPage } from "./way.js";

const LIMIT = 120;

/** A test on each way. */
function onEach(
  name: string,
  run: (remote: Remote, way: BrowserWay) => Promise<void>,
  ways: readonly BrowserWay[] = WAYS,
): readonly Test[] {
  return ways.map((way) => ({
    name: `${name} (${way.name})`,
    limit: LIMIT,
    run: () => withTestPage(way, (remote) => run(remote, way)),
  }));
}

async function guest(name: string, { way }: BrowserWay, options: Task["options"] = {}): Promise<Task> {
  return { program: await testGuest(name), options: { ...options, ...way } };
}

function assertEnded(outcome: Outcome, expected: Partial<Outcome>): void {
  const shown = Object.fromEntries(Object.keys(expected).map((key) => [key, outcome[key as keyof Outcome]]));
  assert.deepEqual(shown, expected, JSON.stringify(outcome));
}

const ENDED = { exit: { status: 0 }, error: null } as const;

const programs: readonly Test[] = [
  ...onEach("a page says which engine runs its guest", async (remote, way) => {
    const { isolated } = await remote.facts();
    assert.equal(isolated, way.isolated);
    const outcome = await remote.run(await guest("nap", way, { args: ["1"] }));
    assertEnded(outcome, { ...ENDED, engine: way.way.engine ?? null, stdout: "0 ready\n" });
  }),
  ...onEach("a guest reads its standard input to the end", async (remote, way) => {
    const text = "all of this\n".repeat(20_000);
    assertEnded(await remote.run(await guest("cat", way, { stdin: text })), { ...ENDED, stdout: text });
  }),
  ...onEach("two guests of a page talk over 127.0.0.1", async (remote, way) => {
    const server = await guest("serve", way, { args: ["7000"], allow: ["listen:tcp://127.0.0.1:7000"] });
    const client: Task = {
      program: await guestPath("examples/client.c"),
      options: { ...way.way, args: ["127.0.0.1", "7000", "hello"], allow: ["tcp://127.0.0.1:7000"] },
    };
    const [served, asked] = await remote.together([server, client], 1000);
    assertEnded(served as Outcome, ENDED);
    assertEnded(asked as Outcome, { ...ENDED, stderr: "" });
    assert.match(asked?.stdout ?? "", /hello/);
  }),
  ...onEach("what no rule allows is refused", async (remote, way) => {
    const program = await guestPath("examples/client.c");
    const outcome = await remote.run({ program, options: { ...way.way, args: ["127.0.0.1", "7000", "hello"] } });
    assertEnded(outcome, { exit: { status: 1 }, error: null });
    assert.match(outcome.stderr, /Permission denied/);
  }),
  ...onEach("a guest reads and writes files in memory, and the page has them afterwards", async (remote, way) => {
    const note = await guest("note", way, { args: ["/data/in/question", "/data/answer"] });
    const outcome = await remote.run({ ...note, preopens: { "/data": { in: { question: "why?\n" } } } });
    assertEnded(outcome, {
      ...ENDED,
      stderr: "",
      files: { "/data": { in: { question: "why?\n" }, answer: "noted: why?\n" } },
    });
  }),
  ...onEach("a signal ends a guest that waits", async (remote, way) => {
    const outcome = await remote.run({ ...(await guest("sleep", way)), signal: "SIGTERM" });
    assertEnded(outcome, { exit: { status: 143, signal: "SIGTERM" }, error: null, stdout: "ready\n" });
  }),
  ...onEach("SIGKILL ends a guest that ignores signals", async (remote, way) => {
    const outcome = await remote.run({ ...(await guest("sleep", way, { args: ["x"] })), signal: "SIGKILL" });
    assertEnded(outcome, { exit: { status: 137, signal: "SIGKILL" }, error: null });
  }),
  ...onEach("a trace has a line per call", async (remote, way) => {
    const outcome = await remote.run(await guest("nap", way, { args: ["1"], trace: true }));
    assertEnded(outcome, ENDED);
    assert.ok(
      outcome.trace.some((line) => /^ppoll\(/.test(line)),
      outcome.trace.join("\n"),
    );
  }),
  ...onEach("a trap ends a guest as a signal would", async (remote, way) => {
    const outcome = await remote.run(await guest("trap", way, { args: ["abort"] }));
    assert.equal(outcome.error, null);
    assert.ok(outcome.exit?.signal, JSON.stringify(outcome));
  }),
  ...onEach("the page goes on while a guest waits for a second", async (remote, way) => {
    const { outcome, turns, longest, longTasks } = await remote.watched(await guest("nap", way, { args: ["1000"] }));
    assertEnded(outcome, ENDED);
    assert.ok(turns > 50, `the page had ${turns} turns in a second`);
    assert.ok(longest < 500, `it stood still for ${longest} ms`);
    assert.ok(longTasks.length === 0, `long tasks of ${longTasks.join(", ")} ms`);
  }),
];

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
          else assertEnded(outcome, { ...ENDED, engine: expected });
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
  lacking("without JSPI and isolation a page says what is missing", { browser, isolated: false }, {
    before: withoutJspi,
    expected: /no engine can run here.*Chromium 137.*Cross-Origin-Opener-Policy: same-origin.*Cross-Origin-Embedder-Policy/s,
  }),
  lacking("without isolation the worker engine says what is missing", { browser, isolated: false }, {
    task: { engine: "worker" },
    expected: /Cross-Origin-Embedder-Policy.*"jspi" engine, which can run here/s,
  }),
  lacking("without JSPI an isolated page takes the worker engine", { browser, isolated: true }, {
    before: withoutJspi,
    expected: "worker",
  }),
  lacking("without JSPI the jspi engine says what is missing", { browser, isolated: true }, {
    before: withoutJspi,
    task: { engine: "jspi" },
    expected: /JavaScript Promise Integration.*Chromium 137.*"worker" engine, which can run here/s,
  }),
  lacking("without Atomics.waitAsync the worker engine does with messages", { browser, isolated: true }, {
    before: withoutWaitAsync,
    expected: "worker",
  }),
  lacking("a page that allows no blobs says how workers can be had", { browser, isolated: true }, {
    page: "strict",
    task: { engine: "worker" },
    expected: /worker-src blob:.*hawser\/browser\/worker/s,
  }),
  lacking("a page that allows no blobs gives the worker's URL", { browser, isolated: true }, {
    page: "strict",
    task: { engine: "worker", worker: "/dist/browser/worker.js" },
    expected: "worker",
  }),
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
export const browserTests: readonly Test[] = [...programs, ...lacks, ...errors, ...consumerTests, ...posixTests];
