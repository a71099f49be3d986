// The tests in browsers. Each drives a page that runs guests with the package's own bundle.

import { strict as assert } from "node:assert";
import type { Test } from "../system/test.js";
import { consumerTests } from "./consumer.js";
import { exampleTests } from "./example.js";
import { lackTests } from "./lack.js";
import { guestPath, testGuest } from "./material.js";
import type { Outcome, Task } from "./page.js";
import { posixTests } from "./posix.js";
import { terminalTests } from "./terminal.js";
import { type BrowserWay, type Remote, WAYS, withTestPage } from "./way.js";
import { webTransportTests } from "./webtransport.js";

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

/** The ways with the guest on the page itself. */
const ON_PAGE = WAYS.filter(({ way }) => way.engine === "jspi" && way.inWorker !== true);
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
    const server: Task = {
      program: await guestPath("examples/browser-loopback/server.c"),
      options: { ...way.way, args: ["7000"], allow: ["listen:tcp://127.0.0.1:7000"] },
    };
    const client: Task = {
      program: await guestPath("examples/client.c"),
      options: { ...way.way, args: ["127.0.0.1", "7000", "hello"], allow: ["tcp://127.0.0.1:7000"] },
    };
    const [served, asked] = await remote.together([server, client]);
    assertEnded(served as Outcome, ENDED);
    assertEnded(asked as Outcome, { ...ENDED, stderr: "" });
    assert.match(asked?.stdout ?? "", /the server says: you said 6 bytes\n/);
  }),
  ...onEach("megabytes pour from one guest into another, in order and complete", async (remote, way) => {
    const program = await testGuest("pour");
    // The other end is always on the page, so that guests of different engines meet.
    const taker: Task = { program, options: { args: ["7000"], allow: ["listen:tcp://127.0.0.1:7000"] } };
    const pourer = await guest("pour", way, { args: ["7000", "20000000"], allow: ["tcp://127.0.0.1:7000"] });
    const [took, poured] = await remote.together([taker, pourer]);
    assertEnded(took as Outcome, ENDED);
    assertEnded(poured as Outcome, ENDED);
    const [, sent, told] = /^poured (.*)\ntold {3}(.*)\n$/.exec(poured?.stdout ?? "") ?? [];
    assert.equal(told, sent);
    assert.match(sent ?? "", /^20000000 bytes, sum \d+$/);
  }),
  ...onEach(
    "a guest in a Worker that computes for ever is ended by SIGKILL",
    async (remote, way) => {
      const outcome = await remote.run({ ...(await guest("busy", way)), signal: "SIGKILL" });
      assertEnded(outcome, { exit: { status: 137, signal: "SIGKILL" }, error: null, stdout: "ready\n" });
    },
    WAYS.filter((way) => !ON_PAGE.includes(way)),
  ),
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
  ...onEach("what lies beyond 2 GB of a guest's memory is read and written as the rest is", async (remote, way) => {
    const far = await guest("far", way, { args: ["/data"] });
    const outcome = await remote.run({ ...far, preopens: { "/data": {} } });
    assertEnded(outcome, {
      ...ENDED,
      stdout:
        "beyond 2 GB: yes\nclock: ok\nchance: ok\nopen: ok\nwrite: ok\nread: ok\ncontent: from afar\nstat: ok\nsize: 9\n" +
        "directory: 0\nused: some\nunlink: ok\noutside: 1\n",
    });
  }),
  ...onEach("what there is may be read and written, as access() says", async (remote, way) => {
    const access = await guest("access", way, { args: ["/data", "/data/file", "/data/none"] });
    const outcome = await remote.run({ ...access, preopens: { "/data": { file: "text" } } });
    const none = "No such file or directory";
    assertEnded(outcome, {
      ...ENDED,
      stdout:
        "/data: exists yes read yes write yes both yes\n/data/file: exists yes read yes write yes both yes\n" +
        `/data/none: exists ${none} read ${none} write ${none} both ${none}\n`,
    });
  }),
  ...onEach("input comes in chunks, and inherited output is lines of the console", async (remote, way) => {
    const lines = await remote.inherited(await guest("cat", way), ["one\ntw", "o\n", "thr\u00e9e"]);
    assert.deepEqual(lines, ["one", "two", "thr\u00e9e", "status 0"]);
  }),
  ...onEach("a module of the page's own gives the WASI provider", async (remote, way) => {
    const wasi = { module: "/test/provider.js", data: "from data" };
    assertEnded(await remote.run(await guest("environment", way, { wasi })), { ...ENDED, stdout: "from data\n" });
  }),
  ...onEach(
    "options that a page cannot serve are told",
    async (remote) => {
      const [input, wasi, files] = await remote.refused(await testGuest("nap"));
      assert.match(input ?? "", /TypeError: a page has no standard input/);
      assert.match(wasi ?? "", /TypeError: a wasi function cannot go/);
      assert.match(files ?? "", /TypeError: "a\/b" is no name of a file/);
    },
    ON_PAGE,
  ),
  ...onEach(
    "a guest that the page instantiates itself is given its streams",
    async (remote) => {
      const { text, exit } = await remote.attached(await testGuest("arguments"));
      assert.deepEqual([text, exit], ["attached\none\ntwo\n", { status: 3 }]);
    },
    ON_PAGE,
  ),
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
    const said: string[] = [];
    // A busy machine makes long tasks too, but not each time.
    for (let attempt = 0; attempt < 4; attempt++) {
      const { outcome, turns, longest, longTasks } = await remote.watched(await guest("nap", way, { args: ["1000"] }));
      assertEnded(outcome, ENDED);
      if (turns > 20 && longest < 500 && longTasks.length === 0) return;
      said.push(`${turns} turns, the longest ${longest} ms, long tasks of ${JSON.stringify(longTasks)} ms`);
    }
    assert.fail(said.join("\n"));
  }),
  ...onEach("a guest that polls without waiting has turns of the page, and the page its own", async (remote, way) => {
    const said: string[] = [];
    // A turn that were a timer's would take 4 ms: half of that is a bound that a busy machine breaks too, but not each time.
    for (let attempt = 0; attempt < 4; attempt++) {
      const { outcome, turns } = await remote.watched(await guest("spin", way, { args: ["5000"] }));
      assertEnded(outcome, ENDED);
      const took = Number(outcome.stdout);
      if (took < 10_000 && turns * 100 > took - 200) return;
      said.push(`5000 polls took ${took} ms, with ${turns} timers of the page`);
    }
    assert.fail(said.join("\n"));
  }),
];

/** The tests. */
export const browserTests: readonly Test[] = [
  ...programs,
  ...lackTests,
  ...exampleTests,
  ...terminalTests,
  ...consumerTests,
  ...posixTests,
  ...webTransportTests,
].map((test) => ({ ...test, inBrowser: true }));
