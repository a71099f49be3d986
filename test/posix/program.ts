// The list of the differential programs, what each needs to be run, and the comparison of its lines. Runs nothing itself:
// the recorder runs them natively, the wasm runner as guests.
//
// A program says what it needs in comments at the start of a line:
//
//   /* stdin: text */             standard input holds the text and a newline, then ends
//   /* argument: directory */     argv[1] is a directory of its own, empty, the same path inside and out
//   /* needs: ipv6 */             left out where ::1 does not work
//   /* needs: files */            left out where AF_UNIX names are no files
//   /* needs: unprivileged */     the same, and run as a user who is not root; standard input speaks when that is so

import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Peers } from "../peers.js";

/** One program of test/posix. */
export interface Program {
  /** Without ".c". */
  readonly name: string;
  /** Path of the C file. */
  readonly source: string;
  /** Path of what it printed natively. */
  readonly native: string;
  readonly stdin: string;
  readonly needsDirectory: boolean;
  readonly needsIpv6: boolean;
  readonly needsFiles: boolean;
  readonly needsUnprivileged: boolean;
}

/** One line of a program's output. */
export interface Line {
  /** Row of the specification's table, or "-". */
  readonly row: string;
  readonly condition: string;
  readonly result: string;
}

/** One line where hawser by rule does not do what Linux does. */
export interface Difference extends Line {
  readonly program: string;
  /** "all", or what has the gap: an engine, a network, or a Node before a version ("node-before-22", "node-before-22.12"). */
  readonly where: string;
  /** The clause that says so. */
  readonly why: string;
}

/** Longest time that one program may take, natively or as wasm. */
export const PROGRAM_LIMIT_MS = 20_000;

/** The programs in `directory`, by name. */
export function readPrograms(directory: string): readonly Program[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".c"))
    .sort()
    .map((file) => readProgram(directory, file.slice(0, -2)));
}

function readProgram(directory: string, name: string): Program {
  const source = join(directory, `${name}.c`);
  const text = readFileSync(source, "utf8");
  const needs = new Map<string, string>();
  for (const [, key = "", value = ""] of text.matchAll(/^\/\* (stdin|argument|needs): (.*) \*\/$/gm))
    needs.set(key, value);
  const stdin = needs.get("stdin");
  return {
    name,
    source,
    native: join(directory, `${name}.native`),
    stdin: stdin === undefined ? "" : `${stdin}\n`,
    needsDirectory: needs.get("argument") === "directory",
    needsIpv6: needs.get("needs") === "ipv6",
    needsFiles: ["files", "unprivileged"].includes(needs.get("needs") ?? ""),
    needsUnprivileged: needs.get("needs") === "unprivileged",
  };
}

/** Whether the program can be run with these peers. */
export function isRunnable(program: Program, peers: Peers): boolean {
  return !(program.needsIpv6 && peers.echo6 === null) && !(program.needsFiles && peers.files === null);
}

/**
 * Whether the files that a program is about are there on a network: names of the loopback network are none, and what a guest in a
 * page makes is in the page's memory, where no bridge's socket has its name.
 */
export function hasItsFiles({ needsFiles, needsDirectory }: Program, network: string): boolean {
  if (!needsFiles) return true;
  return network === "page-bridge" ? !needsDirectory : network !== "loopback";
}

export { peersEnvironment } from "./environment.js";

/** A new directory for one run of a program that needs one; the caller removes it. Short: sun_path must hold it. */
export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), "hawser-"));
}

/** The lines of a program's output. Throws for a line of another form and for a condition that is named twice. */
export function readLines(output: string): readonly Line[] {
  const seen = new Set<string>();
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [row, condition, result, ...more] = line.split("\t");
      if (row === undefined || condition === undefined || result === undefined || more.length > 0) {
        throw new Error(`not a line of three columns: ${JSON.stringify(line)}`);
      }
      if (seen.has(condition)) throw new Error(`the condition is named twice: ${JSON.stringify(condition)}`);
      seen.add(condition);
      return { row, condition, result };
    });
}

/** differences.txt: program, where, row, condition, hawser's result, why; tab-separated, "#" begins a comment line. */
export function readDifferences(directory: string): readonly Difference[] {
  return readFileSync(join(directory, "differences.txt"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [program, where, row, condition, result, why, ...more] = line.split("\t");
      if (!program || !where || !row || !condition || !result || !why || more.length > 0) {
        throw new Error(`not a difference of six columns: ${JSON.stringify(line)}`);
      }
      return { program, where, row, condition, result, why };
    });
}

/** A version as a number: 22.12 is 22.012, so that they compare. */
function versionOf(text: string): number {
  const [major, minor] = text.split(".").map(Number);
  return (major ?? 0) + (minor ?? 0) / 1000;
}

/** Networks whose gaps are another's too: a bridge's own network is Node's. */
const MADE_OF: Readonly<Record<string, readonly string[]>> = {
  bridge: ["node"],
  "page-bridge": ["bridge", "node"],
};

/** The differences that hold for this engine, this network and this Node. */
export function differencesOf(
  differences: readonly Difference[],
  engine: string,
  network: string,
  node: number = versionOf(process.versions.node),
): readonly Difference[] {
  const holds = ({ where }: Difference): boolean => {
    const before = /^node-before-([\d.]+)$/.exec(where)?.[1];
    if (before !== undefined) return network !== "loopback" && node < versionOf(before);
    return [engine, network, "all", ...(MADE_OF[network] ?? [])].includes(where);
  };
  return differences.filter(holds);
}

/** What a difference says of a line after which the program cannot go on, with its result behind it. */
const ENDS = "ends: ";

/** Where a network cannot do what a program is about, the program ends: the result of its last line; else undefined. */
export function endOf(difference: Difference | undefined): string | undefined {
  return difference?.result.startsWith(ENDS) ? difference.result.slice(ENDS.length) : undefined;
}

/**
 * What is wrong with `actual`, as sentences; empty if nothing is. Each line must be native's, or the one that a
 * difference demands; a difference that names no line of native's, or that is none, is wrong too. After a line that
 * "ends" the program by a difference there is none.
 */
export function compareLines(
  program: Program,
  native: readonly Line[],
  actual: readonly Line[],
  differences: readonly Difference[],
): readonly string[] {
  const wrong: string[] = [];
  const demanded = new Map<string, Difference>();
  for (const difference of differences) {
    if (difference.program === program.name) demanded.set(`${difference.row}\t${difference.condition}`, difference);
  }
  const given = new Map(actual.map((line) => [`${line.row}\t${line.condition}`, line.result]));
  let ended = false;
  for (const line of native) {
    const key = `${line.row}\t${line.condition}`;
    const name = `${program.name}: ${line.row} ${line.condition}`;
    const difference = demanded.get(key);
    if (ended) {
      demanded.delete(key);
      continue;
    }
    const end = endOf(difference);
    ended = end !== undefined;
    const expected = end ?? difference?.result ?? line.result;
    const result = given.get(key);
    if (difference?.result === line.result)
      wrong.push(`${name}: listed as a difference, but native says ${expected} too`);
    if (result === undefined) wrong.push(`${name}: no such line, expected ${expected}`);
    else if (result !== expected) wrong.push(`${name}: ${result}, expected ${expected}`);
    demanded.delete(key);
    given.delete(key);
  }
  for (const key of demanded.keys())
    wrong.push(`${program.name}: ${key.replace("\t", " ")}: listed as a difference, but no line is`);
  for (const [key, result] of given)
    wrong.push(`${program.name}: ${key.replace("\t", " ")}: ${result}, but native has no such line`);
  return wrong;
}
