// The differential programs of test/posix in pages: on a loopback network with their peers inside it, and over bridges.

import { strict as assert } from "node:assert";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ALLOW } from "../posix/environment.js";
import {
  compareLines,
  differencesOf,
  hasItsFiles,
  isRunnable,
  makeDirectory,
  peersEnvironment,
  type Program,
  readDifferences,
  readLines,
  readPrograms,
} from "../posix/program.js";
import { inputAsNobody, regainPrivileges } from "../posix/unprivileged.js";
import { progress, ROOT } from "../system/place.js";
import type { Test } from "../system/test.js";
import { type Link, LINKS, type Standing } from "./link.js";
import { guestPath, origin } from "./material.js";
import type { Task } from "./page.js";
import { type BrowserWay, type Remote, WAYS, withTestPage } from "./way.js";

const DIRECTORY = join(ROOT, "test", "posix");
/** Programs that run at the same time, each on a network or with a session of its own: most of what they do is to wait. */
const AT_ONCE = 4;
/** What a guest sees of its directory where no socket's name is a file. */
const PLACE = "/tmp/hawser-test";

/** Where a program runs. */
interface Place {
  readonly remote: Remote;
  readonly way: BrowserWay;
  readonly link: Link;
  readonly standing: Standing;
}

async function taskOf(program: Program, directory: string, { way, standing }: Place): Promise<Task> {
  const { name, source, stdin, needsDirectory, needsUnprivileged } = program;
  return {
    program: await guestPath(source),
    options: {
      ...way.way,
      name,
      allow: ALLOW,
      args: needsDirectory ? [directory] : [],
      ...(standing.peers === null ? {} : { env: peersEnvironment(standing.peers) }),
      ...(stdin === "" || needsUnprivileged ? {} : { stdin }),
    },
    preopens: needsDirectory ? { [directory]: {} } : {},
    asksForInput: needsUnprivileged,
  };
}

async function wrongIn(program: Program, place: Place): Promise<readonly string[]> {
  const { remote, way, link, standing } = place;
  // Over a bridge its paths are those of this machine; the page's own directory has the same name.
  const directory = standing.peers === null || !program.needsDirectory ? PLACE : makeDirectory();
  try {
    const { exit, error, stdout, stderr } = await remote.posix(
      await taskOf(program, directory, place),
      standing.bridge,
    );
    if (error !== null || exit?.status !== 0) {
      return [`${program.name} ended with ${error ?? JSON.stringify(exit)} after\n${stdout}${stderr}`];
    }
    const native = readLines(readFileSync(program.native, "utf8"));
    const listed = differencesOf(readDifferences(DIRECTORY), way.way.engine ?? "", link.network);
    const wrong = compareLines(program, native, readLines(stdout), listed);
    return wrong.length === 0 || stderr === "" ? wrong : [...wrong, `${program.name} said ${stderr}`];
  } catch (thrown) {
    return [`${program.name}: ${thrown}`];
  } finally {
    if (program.needsUnprivileged) regainPrivileges();
    if (directory !== PLACE) rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Runs that a program has, and as many alone: it shares two cores with a browser, so that what it waits for may come late, and by WebTransport
 * datagrams may get lost on the way, as UDP allows. What hawser does wrong is wrong in each.
 */
const TRIES = 2;

/** What is wrong with one in the best of its runs. */
async function wrongAtBest(program: Program, place: Place): Promise<readonly string[]> {
  let best = await wrongIn(program, place);
  for (let tries = 1; best.length > 0 && tries < TRIES; tries++) {
    progress(`${program.name} once more (${place.way.name}, ${place.link.name}): ${best.join("; ")}`);
    const wrong = await wrongIn(program, place);
    if (wrong.length < best.length) best = wrong;
  }
  return best;
}

/** What is wrong with all of them. */
async function wrongOf(programs: readonly Program[], place: Place): Promise<readonly string[]> {
  const wrong: string[] = [];
  const together = programs.filter(({ needsUnprivileged }) => !needsUnprivileged);
  // Privileges are this process's. What was wrong beside others, which are at work on the same connection, is looked at alone, too.
  const alone = programs.filter(({ needsUnprivileged }) => needsUnprivileged);
  const lane = async (): Promise<void> => {
    for (let program = together.shift(); program !== undefined; program = together.shift()) {
      if ((await wrongAtBest(program, place)).length > 0) alone.push(program);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  for (const program of alone) wrong.push(...(await wrongAtBest(program, place)));
  return wrong;
}

async function inputOf(program: Program): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of inputAsNobody(program.stdin)) text += decoder.decode(chunk);
  return text;
}

/** The tests: one for each way and link, since a page takes longer to open than most programs to run. */
export const posixTests: readonly Test[] = LINKS.flatMap((link) =>
  WAYS.map((way) => ({
    name: `the differential programs print what they print natively (${way.name}, ${link.name})`,
    limit: 600,
    run: async () => {
      const standing = await link.stand((await origin(way.isolated)).origin);
      const { peers } = standing;
      const all = readPrograms(DIRECTORY);
      const programs = all.filter(
        (program) => hasItsFiles(program, link.network) && (peers === null || isRunnable(program, peers)),
      );
      try {
        await withTestPage(way, async (remote, page) => {
          for (const program of programs) {
            if (program.needsUnprivileged) await page.exposeFunction("hawserTestInput", () => inputOf(program));
          }
          const wrong = await wrongOf(programs, { remote, way, link, standing });

          assert.equal(wrong.length, 0, `${wrong.length} wrong:\n${wrong.join("\n")}`);
        });
      } finally {
        await standing.close();
      }
    },
  })),
);
