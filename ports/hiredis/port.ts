// hiredis: its example, and its own test suite.

import { strict as assert } from "node:assert";
import type { Ended } from "../../test/system/child.js";
import type { Case } from "../../test/system/compare.js";
import { freePort, store } from "../../test/system/server.js";
import type { Port } from "../port.js";

function seen({ status, stdout, stderr }: Ended): { status: string; lines: readonly string[]; stderr: string } {
  return { status, lines: `${stdout}`.split("\n"), stderr };
}

const cases: readonly Case[] = [
  {
    name: "hiredis' own tests, over TCP, AF_UNIX and an inherited descriptor",
    notInPage: "they ask for answers within 10 ms, which a bridge does not promise",
    run: async (runner) => {
      const { port, socket, command } = await store();
      assert.equal(await command("FLUSHALL"), "+OK");
      const args = ["-h", "127.0.0.1", "-p", `${port}`, "-s", socket, "--skip-throughput"];
      const allow = [`tcp://127.0.0.1:${port}`, "tcp://localhost:*", "tcp://idontexist.test:*", `unix:${socket}`];
      const ended = await runner.finish("hiredis-test", args, { allow, limit: 60_000 });
      const verdicts = `${ended.stdout}`.match(/PASSED|FAILED/g) ?? [];
      assert.ok(verdicts.length > 50, `${ended.stdout}${ended.stderr}`);
      // Its numbers count one more where size_t has 32 bits: a test that is only there.
      const lines = `${ended.stdout}`.split("\n").filter((line) => !line.includes("bulk > SIZE_MAX"));
      return { status: ended.status, lines: lines.map((line) => line.replace(/#\d+ /g, "")), stderr: ended.stderr };
    },
  },
  {
    name: "hiredis' example talks to a server",
    run: async (runner) => {
      const { port, command } = await store();
      assert.equal(await command("FLUSHALL"), "+OK");
      const ended = await runner.finish("hiredis-example", ["127.0.0.1", `${port}`], {
        allow: [`tcp://127.0.0.1:${port}`],
      });
      assert.match(`${ended.stdout}`, /PING: PONG/);
      return { ...seen(ended), value: await command("GET", "counter") };
    },
  },
  {
    name: "hiredis' example says who refused, and who is not known",
    run: async (runner) => {
      const port = await freePort();
      const allow = ["tcp://127.0.0.1:*", "tcp://nowhere.invalid:*"];
      const refused = await runner.finish("hiredis-example", ["127.0.0.1", `${port}`], { allow });
      const unknown = await runner.finish("hiredis-example", ["nowhere.invalid", "1"], { allow });
      assert.match(`${refused.stdout}`, /Connection refused/);
      return { refused: JSON.stringify(seen(refused)), unknown: JSON.stringify(seen(unknown)) };
    },
  },
];

/** hiredis-test and hiredis-example. */
export const hiredis: Port = {
  name: "hiredis",
  source: "hiredis",
  programs: { "hiredis-test": "hiredis-test", "hiredis-example": "examples/hiredis-example" },
  steps: ({ compiler: { cc, ar } }) => [
    [
      ...["make", `CC=${cc}`, `AR=${ar}`, "OPTIMIZATION=-O1", "DEBUG_FLAGS=", "WARNINGS=-w"],
      ...["static", "hiredis-test", "hiredis-example"],
    ],
  ],
  cases,
  works: "all of its own tests: TCP, AF_UNIX, an inherited descriptor, timeouts; its example",
  lacks: "nothing known",
  page: "its example, over a bridge",
};
