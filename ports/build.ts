// The programs of the ports: each built twice from the same unpacked source with the same steps, natively with gcc and to
// WebAssembly with `hawser cc`. Owns the cache of what they made; its key is the content of all that the build depends on.

import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { demand } from "../test/system/child.js";
import { type Compiler, gcc, hawserCc, SOURCES_LOG } from "../test/system/compiler.js";
import { ensurePackages, fetchSource } from "../test/system/debian.js";
import { cacheDirectory, once, progress } from "../test/system/place.js";
import { portNamed, portOf } from "./index.js";
import type { Port } from "./port.js";
import { countSources, type Sources } from "./sources.js";

const BUILD_LIMIT = 1_700_000;
/** The file beside the programs that says of what they were made. */
const FACTS = "facts.json";

const made = new Map<string, () => Promise<Built>>();

/** A port as one compiler built it. */
interface Built {
  readonly directory: string;
  readonly key: string;
  readonly suffix: string;
}

/** Of what a port's programs were made. */
export interface Facts {
  /** Debian's version of the source. */
  readonly version: string;
  /** Null where the compiler does not tell what it compiles. */
  readonly sources: Sources | null;
  readonly steps: readonly (readonly string[])[];
}

/** The path of the program as gcc builds it. */
export function nativeProgram(program: string): Promise<string> {
  return pathOf(program, gcc);
}

/** The path of the program's module as `hawser cc` builds it. */
export function wasmProgram(program: string): Promise<string> {
  return pathOf(program, hawserCc);
}

/** Of what the modules of a port were made; builds them if need be. */
export async function factsOf(port: Port): Promise<Facts> {
  const { directory } = await built(port, hawserCc);
  return JSON.parse(readFileSync(join(directory, FACTS), "utf8")) as Facts;
}

/** Builds a port with gcc. */
export async function buildNative(port: Port): Promise<void> {
  await built(port, gcc);
}

/** Builds a port with `hawser cc`. */
export async function buildWasm(port: Port): Promise<void> {
  await built(port, hawserCc);
}

async function pathOf(program: string, compiler: () => Promise<Compiler>): Promise<string> {
  const { directory, suffix } = await built(portOf(program), compiler);
  return join(directory, `${program}${suffix}`);
}

function built(port: Port, compiler: () => Promise<Compiler>): Promise<Built> {
  const name = `${port.name} ${compiler === gcc}`;
  const build = made.get(name) ?? once(() => buildPort(port, compiler));
  made.set(name, build);
  return build();
}

async function buildPort(port: Port, with_: () => Promise<Compiler>): Promise<Built> {
  const compiler = await with_();
  const needed = await Promise.all((port.needs ?? []).map((name) => built(portNamed(name), with_)));
  const needs = Object.fromEntries((port.needs ?? []).map((name, i) => [name, needed[i]?.directory ?? ""]));
  const source = await fetchSource(port.source, port);
  const steps = port.steps({ compiler, version: source.version, needs });
  const kept = [port.programs, port.keeps ?? [], needed.map(({ key }) => key)];
  const key = createHash("sha256")
    .update(JSON.stringify([source.version, steps, compiler.identity, kept]))
    .digest("hex")
    .slice(0, 16);
  const { suffix } = compiler;
  const directory = join(cacheDirectory("programs"), `${port.name}-${compiler.name}-${key}`);
  if (existsSync(directory)) return { directory, key, suffix };
  progress(`building ${port.name} with ${compiler.name}`);
  const started = Date.now();
  for (const old of readdirSync(cacheDirectory("programs"))) {
    if (old.startsWith(`${port.name}-${compiler.name}-`))
      rmSync(join(cacheDirectory("programs"), old), { recursive: true });
  }
  await ensurePackages(port.tools ?? []);
  // The tree of a build that fails is left to be looked at; the next attempt removes it.
  const tree = `${directory}.build`;
  const log = `${directory}.sources`;
  cpSync(source.directory, tree, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  const env = { ...compiler.environment, [SOURCES_LOG]: log };
  for (const step of steps) await demand(step, { cwd: tree, env, limit: BUILD_LIMIT });
  const sources = compiler.tellsSources ? countSources(log, tree, source.directory) : null;
  const fresh = `${directory}.new`;
  mkdirSync(fresh);
  for (const [program, path] of Object.entries(port.programs)) {
    cpSync(`${join(tree, path)}${suffix}`, join(fresh, `${program}${suffix}`), { dereference: true });
    chmodSync(join(fresh, `${program}${suffix}`), 0o755);
  }
  for (const path of port.keeps ?? []) {
    mkdirSync(dirname(join(fresh, path)), { recursive: true });
    cpSync(join(tree, path), join(fresh, path), { recursive: true, dereference: true });
  }
  const facts: Facts = { version: source.version, sources, steps };
  writeFileSync(join(fresh, FACTS), JSON.stringify(facts, null, 2));
  renameSync(fresh, directory);
  rmSync(tree, { recursive: true });
  rmSync(log, { force: true });
  progress(`built ${port.name} with ${compiler.name} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return { directory, key, suffix };
}
