// libmicrohttpd's own tests (src/microhttpd/test_*), each a program.

import { strict as assert } from "node:assert";
import type { Case, Runner } from "../../test/system/compare.js";

/** Tests at the same time. */
const AT_ONCE = 3;

const WAYS = ["shutdown", "close", "hard_close"];
const CLIENTS = ["", "_steps", "_chunked", "_chunked_steps"].flatMap((how) =>
  WAYS.map((way) => `test_client_put${how}_${way}`),
);
const THREADED = ["daemon", "start_stop", "shutdown_select", "shutdown_poll", "upgrade", "upgrade_large"].map(
  (name) => `test_${name}`,
);
const OTHERS = [
  ...["options", "http_reasons", "response_entries", "md5", "sha1", "sha256"],
  ...["postprocessor", "postprocessor_amp", "postprocessor_large", "postprocessor_md"],
  ...["str_compare", "str_to_value", "str_from_value", "str_token", "str_token_remove", "str_tokens_remove"],
].map((name) => `test_${name}`);

/** All of them. */
export const TESTS: readonly string[] = [...CLIENTS, ...THREADED, ...OTHERS];

/** A test as a program of the port: some find in their names what to do. */
export function programOf(test: string): string {
  return `libmicrohttpd-${test}`;
}

function group(name: string, tests: readonly string[]): Case {
  return {
    name: `libmicrohttpd's own tests: ${name}`,
    limit: 400,
    run: async (runner: Runner) => {
      const verdicts = new Map<string, string>(tests.map((each) => [each, ""]));
      const left = [...tests];
      const work = async (): Promise<void> => {
        for (let next = left.shift(); next !== undefined; next = left.shift()) {
          const ended = await runner.finish(programOf(next), [], {
            allow: ["tcp://127.0.0.1:*", "listen:tcp://127.0.0.1:*", "listen:tcp://0.0.0.0:*"],
            limit: 100_000,
          });
          assert.equal(ended.status, "0", `${next}: ${ended.status}\n${ended.stderr}`);
          verdicts.set(next, ended.status);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      return Object.fromEntries(verdicts);
    },
  };
}

/** The cases. */
export const ownTests: readonly Case[] = [
  group("clients that go away while they send", CLIENTS),
  { ...group("threads, and connections handed over", THREADED), threads: true },
  group("options, forms, strings and digests", OTHERS),
];
