// The recorder: builds every program with the native compiler, runs it against the peers, and writes NAME.native.
//
//   node scripts/run-ts.mjs test/posix/record.ts [--check] [NAME ...]
//
// With --check nothing is written: what is recorded must be what this kernel says. $CC names another compiler.

import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type Peers, startPeers } from "../peers.js";
import {
  compareLines,
  type Difference,
  isRunnable,
  makeDirectory,
  PROGRAM_LIMIT_MS,
  type Program,
  peersEnvironment,
  readDifferences,
  readLines,
  readPrograms,
} from "./program.js";
import { spawnedAsNobody } from "./unprivileged.js";

const FLAGS = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-Wno-unused-result"];

function build(program: Program, directory: string): string {
  const binary = join(directory, program.name);
  execFileSync(process.env.CC ?? "cc", [...FLAGS, "-o", binary, program.source], { stdio: "inherit" });
  return binary;
}

/** Runs a native program to its end: its standard output. Rejects for a status other than 0 and after the limit. */
function run(program: Program, binary: string, peers: Peers): Promise<string> {
  const directory = program.needsDirectory ? makeDirectory() : null;
  const child = spawn(binary, directory === null ? [] : [directory], {
    env: peersEnvironment(peers),
    ...(program.needsUnprivileged ? spawnedAsNobody() : {}),
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.on("error", () => {}); // a program that does not read may be gone
  child.stdin.end(program.stdin);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const limit = setTimeout(() => child.kill("SIGKILL"), PROGRAM_LIMIT_MS);
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (status, signal) => {
      clearTimeout(limit);
      if (directory !== null) rmSync(directory, { recursive: true, force: true });
      if (status === 0) done(output);
      else fail(new Error(`${program.name} ended with ${signal ?? `status ${status}`}; it had printed\n${output}`));
    });
  });
}

function check(program: Program, output: string): readonly string[] {
  if (!existsSync(program.native)) return [`${program.name}: nothing is recorded`];
  return compareLines(program, readLines(readFileSync(program.native, "utf8")), readLines(output), []);
}

/** Whether the differences of the program name lines that it has, each once for a place, and none that is no difference. */
function checkDifferences(program: Program, output: string, differences: readonly Difference[]): readonly string[] {
  const native = new Map(readLines(output).map((line) => [`${line.row} ${line.condition}`, line.result]));
  const seen = new Set<string>();
  return differences
    .filter((each) => each.program === program.name)
    .flatMap(({ row, condition, result, where }) => {
      const line = `${row} ${condition}`;
      const name = `${program.name}: ${line}: listed as a difference`;
      if (seen.has(`${where} ${line}`)) return [`${name} twice`];
      seen.add(`${where} ${line}`);
      if (!native.has(line)) return [`${name}, but no line is`];
      return native.get(line) === result ? [`${name}, but native says ${result} too`] : [];
    });
}

const directory = dirname(resolve(process.argv[1] ?? "."));
const checking = process.argv.includes("--check");
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const all = readPrograms(directory);
const differences = readDifferences(directory);
const wrong: string[] = [];
const rows = new Set<string>();
let lines = 0;

for (const name of names) if (!all.some((program) => program.name === name)) wrong.push(`${name}: no such program`);
for (const { program } of differences) {
  if (!all.some(({ name }) => name === program)) wrong.push(`${program}: named in differences.txt, but no program is`);
}

const binaries = mkdtempSync(join(tmpdir(), "hawser-native-"));
chmodSync(binaries, 0o755);
const peers = await startPeers();
try {
  for (const program of all) {
    if (names.length > 0 && !names.includes(program.name)) continue;
    if (!isRunnable(program, peers)) {
      console.log(`${program.name}: left out, ::1 does not work here`);
      continue;
    }
    try {
      const output = await run(program, build(program, binaries), peers);
      for (const line of readLines(output)) {
        lines++;
        if (line.row !== "-") rows.add(line.row);
      }
      wrong.push(...checkDifferences(program, output, differences));
      if (checking) wrong.push(...check(program, output));
      else writeFileSync(program.native, output);
    } catch (error) {
      wrong.push(`${program.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
} finally {
  await peers.close();
  rmSync(binaries, { recursive: true, force: true });
}

for (const sentence of wrong) console.error(sentence);
console.log(`${lines} lines, ${rows.size} rows, ${wrong.length} wrong`);
if (wrong.length > 0) process.exitCode = 1;
