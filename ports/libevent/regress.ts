// libevent's regression tests (test/regress): each in a process of its own, since there is no fork to keep them apart, and its
// verdict compared with the native one's.

import { strict as assert } from "node:assert";
import type { Case, Runner } from "../../test/system/compare.js";
import { temporaryDirectory } from "../../test/system/server.js";

const GROUPS = [
  ...["main", "util", "et", "finalize", "heap", "evtag", "evbuffer", "bufferevent", "listener", "signal", "rpc", "dns"],
  "http",
];

/** Tests at the same time. */
const AT_ONCE = 3;

const HOSTS = ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::]"];
const ALLOW = [
  ...HOSTS.flatMap((host) => ["tcp", "udp"].flatMap((kind) => [`${kind}://${host}:*`, `listen:${kind}://${host}:*`])),
];

const FORKS = "it forks";

/** What modules do differently, by the test. */
const LACKS: Readonly<Record<string, string>> = {
  "main/fork": FORKS,
  "thread/forking": FORKS,
  "util/log": FORKS,
  "dns/bufferevent_connect_hostname_emfile": "a name is looked up without a descriptor, even where none is left",
};

/** It must come before whatever allocates, and so aborts by itself, natively too: there is nothing to compare. */
const LEFT_OUT = "main/mm_functions";

/** Times that one which fails is tried again, when all have been tried. */
const AGAIN = 3;

/** Whether a test passes. */
async function passes(runner: Runner, name: string): Promise<boolean> {
  const directory = temporaryDirectory();
  const { status } = await runner.finish("libevent-regress", ["--no-fork", "--quiet", name], {
    allow: ALLOW,
    directories: ["/tmp:/tmp", "/etc:/etc", `${directory}:.`],
    cwd: directory,
    limit: 60_000,
  });
  return status === "0";
}

/** Verdicts by the tests' names. One that depends on time is tried again, as it is by its own program, with nothing beside it. */
async function verdictsOf(runner: Runner, names: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const passed = new Set<string>();
  const attempt = async (name: string): Promise<void> => {
    if (await passes(runner, name)) passed.add(name);
  };
  const left = [...names];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await attempt(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const name of names) {
    if (Object.hasOwn(LACKS, name)) continue;
    for (let again = 0; again < AGAIN && !passed.has(name); again++) await attempt(name);
  }
  return Object.fromEntries(names.map((name) => [name, passed.has(name) ? "ok" : "not ok"]));
}

/** Tests of the other groups that run threads. */
const THREADED = ["main/del_notify", "main/del_wait"];

/** It asks for a clock that no two looks find the same, or nearly so. */
const PRECISE = "util/monotonic_prc_precise";

function group(name: string, isIn: (test: string) => boolean): Case {
  return {
    name: `libevent's own tests: ${name}`,
    limit: 600,
    lacks: LACKS,
    passes: "ok",
    run: async (runner) => {
      const list = await runner.finish("libevent-regress", ["--list-tests"], { allow: [] });
      const names = `${list.stdout}`.split("\n").flatMap((line) => {
        const [test = "", off] = line.trim().split(/ +/);
        return isIn(test) && off === undefined && test !== LEFT_OUT ? [test] : [];
      });
      assert.ok(names.length > 0, `${list.stdout}`);
      return verdictsOf(runner, names);
    },
  };
}

/** The tests, by their groups. */
export const libeventCases: readonly Case[] = [
  ...GROUPS.map((name) => group(name, (test) => test.startsWith(`${name}/`) && ![...THREADED, PRECISE].includes(test))),
  {
    ...group("a precise clock", (test) => test === PRECISE),
    notInPage: "the clock of a page that is not isolated is coarse on purpose: a millisecond in Firefox",
  },
  { ...group("threads", (test) => test.startsWith("thread/") || THREADED.includes(test)), threads: true },
];
