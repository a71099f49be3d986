import { readFileSync, rmSync } from "node:fs";
import { run } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";
import { type Peers, startPeers } from "./peers.js";
import {
  compareLines,
  differencesOf,
  isRunnable,
  makeDirectory,
  peersEnvironment,
  type Program,
  PROGRAM_LIMIT_MS,
  readDifferences,
  readLines,
  readPrograms,
} from "./posix/program.js";

const DIRECTORY = "test/posix";

/** What these programs may reach: this machine, whatever the rules of a network of networks would say. */
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

async function outputOf(program: Program, peers: Peers, engine: "jspi" | "worker"): Promise<string> {
  const directory = program.needsDirectory ? makeDirectory() : null;
  const decoder = new TextDecoder();
  let output = "";
  try {
    const exit = await run(await compileGuest(program.source), {
      engine,
      name: program.name,
      args: directory === null ? [] : [directory],
      env: peersEnvironment(peers),
      preopens: directory === null ? {} : { [directory]: directory },
      stdin: program.stdin === "" ? "ignore" : program.stdin,
      stdout: (chunk) => {
        output += decoder.decode(chunk, { stream: true });
      },
      allow: ALLOW,
      signal: AbortSignal.timeout(PROGRAM_LIMIT_MS),
    });
    assert.equal(exit, { status: 0 }, `${program.name} ended with ${JSON.stringify(exit)} after\n${output}`);
    return output;
  } finally {
    if (directory !== null) rmSync(directory, { recursive: true, force: true });
  }
}

const differences = readDifferences(DIRECTORY);

for (const engine of ENGINES) {
  const posix = suite<{ peers: Peers }>(`posix on ${engine}`);

  posix.before(async (context) => {
    context.peers = await startPeers();
  });

  posix.after(async ({ peers }) => {
    await peers.close();
  });

  for (const program of readPrograms(DIRECTORY)) {
    posix(`${program.name} prints what it prints natively`, async ({ peers }) => {
      if (!isRunnable(program, peers)) return;
      const native = readLines(readFileSync(program.native, "utf8"));
      const actual = readLines(await outputOf(program, peers, engine));
      const listed = differencesOf(differences, engine, "node");
      assert.equal(compareLines(program, native, actual, listed), []);
    });
  }

  posix.run();
}
