// The differential programs of test/posix on the loopback network of a page, with their peers inside it.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compareLines,
  differencesOf,
  type Program,
  readDifferences,
  readLines,
  readPrograms,
} from "../posix/program.js";
import { ROOT } from "../system/place.js";
import type { Test } from "../system/test.js";
import { guestPath } from "./material.js";
import type { Task } from "./page.js";
import { type BrowserWay, type Remote, WAYS, withTestPage } from "./way.js";

const DIRECTORY = join(ROOT, "test", "posix");
/** Programs that run at the same time, each on a network of its own: most of what they do is to wait. */
const AT_ONCE = 4;
/** What the guest sees of its directory. */
const PLACE = "/tmp/hawser-test";

const ALLOW = [
  "tcp://0.0.0.0/0:*",
  "tcp://[::/0]:*",
  "udp://0.0.0.0/0:*",
  "udp://[::/0]:*",
  "unix:*",
  "listen:tcp://0.0.0.0/0:*",
  "listen:tcp://[::/0]:*",
  "listen:udp://0.0.0.0/0:*",
  "listen:udp://[::/0]:*",
  "listen:unix:*",
];

async function wrongIn(program: Program, remote: Remote, { way }: BrowserWay): Promise<readonly string[]> {
  const task: Task = {
    program: await guestPath(program.source),
    options: {
      ...way,
      name: program.name,
      allow: ALLOW,
      args: program.needsDirectory ? [PLACE] : [],
      ...(program.stdin === "" ? {} : { stdin: program.stdin }),
    },
    preopens: program.needsDirectory ? { [PLACE]: {} } : {},
  };
  const { exit, error, stdout, stderr } = await remote.posix(task);
  if (error !== null || exit?.status !== 0) {
    return [`${program.name} ended with ${error ?? JSON.stringify(exit)} after\n${stdout}${stderr}`];
  }
  const native = readLines(readFileSync(program.native, "utf8"));
  const listed = differencesOf(readDifferences(DIRECTORY), way.engine ?? "", "loopback");
  return compareLines(program, native, readLines(stdout), listed);
}

/** The tests: one for each way, since a page takes longer to open than most programs to run. */
export const posixTests: readonly Test[] = WAYS.map((way) => ({
  name: `the differential programs print what they print natively (${way.name})`,
  limit: 600,
  run: () =>
    withTestPage(way, async (remote) => {
      // The names of a page's AF_UNIX sockets are no files.
      const programs = readPrograms(DIRECTORY).filter(({ needsFiles }) => !needsFiles);
      const wrong: string[] = [];
      const waiting = [...programs];
      const lane = async (): Promise<void> => {
        for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
          wrong.push(...(await wrongIn(program, remote, way)));
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, lane));
      assert.ok(programs.length > 10);
      assert.equal(wrong.length, 0, `${wrong.length} wrong:\n${wrong.join("\n")}`);
    }),
}));
