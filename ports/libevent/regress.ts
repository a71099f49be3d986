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
  "main/mm_functions": "natively it aborts alone: it must come before whatever allocates",
};

/** One test: "ok", or how it ended. One that depends on time is tried again, as it is by its own program. */
async function verdictOf(runner: Runner, name: string): Promise<string> {
  let status = "";
  for (let left = 2; left > 0 && status !== "0"; left--) {
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

function group(name: string): Case {
  return {
    name: `libevent's own tests: ${name}`,
    limit: 600,
    lacks: LACKS,
    run: async (runner) => {
      const list = await runner.finish("libevent-regress", ["--list-tests"], { allow: [] });
      const names = `${list.stdout}`.split("\n").flatMap((line) => {
        const [test = "", off] = line.trim().split(/ +/);
        return test.startsWith(`${name}/`) && off === undefined ? [test] : [];
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
export const libeventCases: readonly Case[] = [...GROUPS.map(group), { ...group("thread"), threads: true }];
