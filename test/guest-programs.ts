// C programs for the tests, compiled once each by `hawser cc` and kept under build/guests by what they are made of.

import { execFile } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";

const OUT = join("build", "guests");
const SYSROOT = join("dist", "sysroot");

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** What every program depends on: the sysroot. */
const base = createHash("sha256");
for (const file of filesBelow(SYSROOT)) base.update(file).update(readFileSync(file));
const baseDigest = base.digest("hex");

/** Adds a C file, and what it includes by a relative path, each once. */
function addSource(hash: Hash, source: string, seen: Set<string> = new Set()): Hash {
  if (seen.has(source)) return hash;
  seen.add(source);
  const text = readFileSync(source, "utf8");
  hash.update(text);
  for (const [, file = ""] of text.matchAll(/^#include "(.*)"$/gm)) addSource(hash, join(dirname(source), file), seen);
  return hash;
}

/** The path of the wasm that a C file compiles to. */
export async function compileGuest(source: string, compile: Compile = runCommand): Promise<string> {
  const hash = addSource(createHash("sha256").update(baseDigest), source);
  const name = basename(source, ".c");
  const out = join(OUT, `${name}-${hash.digest("hex").slice(0, 16)}.wasm`);
  if (existsSync(out)) return out;
  mkdirSync(OUT, { recursive: true });
  const partial = `${out}.${process.pid}.wasm`;
  await compile(["-O1", "-D_GNU_SOURCE", source, "-o", partial]);
  renameSync(partial, out);
  return out;
}

/** Runs `hawser cc`. Rejects with what it said. */
export type Compile = (args: readonly string[]) => Promise<void>;

const runCommand: Compile = async (args) => {
  const env = { ...process.env, PATH: pathWithoutPackages() };
  await promisify(execFile)(process.execPath, [join("dist", "cli.js"), "cc", ...args], { env });
};

/** The PATH without what npm puts there: a clang that finds npm's wasm-opt runs it, which takes seconds for each link. */
export function pathWithoutPackages(): string {
  const directories = (process.env["PATH"] ?? "").split(delimiter);
  return directories.filter((directory) => !directory.endsWith(join("node_modules", ".bin"))).join(delimiter);
}
