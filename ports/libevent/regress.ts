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

/** One test: "ok", or how it ended. One that depends on time is tried again, as it is by its own program. */
async function verdictOf(runner: Runner, name: string): Promise<string> {
  let status = "";
  for (let left = Object.hasOwn(LACKS, name) ? 1 : 4; left > 0 && status !== "0"; left--) {
    const directory = temporaryDirectory();
    const ended = await runner.finish("libevent-regress", ["--no-fork", "--quiet", name], {
      allow: ALLOW,
      directories: ["/tmp:/tmp", "/etc:/etc", `${directory}:.`],
      cwd: directory,
      limit: 60_000,
    });
    status = ended.status;
  }
  return status === "0" ? "ok" : "not ok";
}

/** Tests of the other groups that run threads. */
const THREADED = ["main/del_notify", "main/del_wait"];

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
      const verdicts = new Map<string, string>(names.map((each) => [each, ""]));
      const left = [...names];
      const work = async (): Promise<void> => {
        for (let next = left.shift(); next !== undefined; next = left.shift())
          verdicts.set(next, await verdictOf(runner, next));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return Object.fromEntries(verdicts);
    },
  };
}

/** The tests, by their groups. */
export const libeventCases: readonly Case[] = [
  ...GROUPS.map((name) => group(name, (test) => test.startsWith(`${name}/`) && !THREADED.includes(test))),
  { ...group("threads", (test) => test.startsWith("thread/") || THREADED.includes(test)), threads: true },
];
