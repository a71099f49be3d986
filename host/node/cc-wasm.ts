// @yowasp/clang in this process: LLVM's tools as one preview1 module over node:wasi, on the real files. There are no
// processes to spawn, so the driver is asked for its plan (-###) and each step of it is run here.

import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type CcIo, isOwn } from "./cc-io.js";
import type { YowaspPackage } from "./sysroot.js";
import { avoidFastCalls, withoutExperimentalWarning } from "./wasi.js";

type WasiConstructor = typeof import("node:wasi").WASI;

/** LLVM's tools, compiled: made once in a process. */
export interface WasmTools {
  readonly module: WebAssembly.Module;
  readonly WASI: WasiConstructor;
}

const loaded = new Map<string, Promise<WasmTools>>();

/** The tools of an installed @yowasp/clang. */
export function loadTools(yowasp: YowaspPackage): Promise<WasmTools> {
  const path = join(yowasp.directory, "llvm.core.wasm");
  const tools = loaded.get(path) ?? load(path);
  loaded.set(path, tools);
  return tools;
}

async function load(path: string): Promise<WasmTools> {
  const { WASI } = await withoutExperimentalWarning(() => import("node:wasi"));
  avoidFastCalls();
  return { module: await WebAssembly.compile(await readFile(path)), WASI };
}

/** Runs clang's driver and what it plans. Relative paths are of io.directory. Result: the exit status. */
export function runClang(tools: WasmTools, args: readonly string[], io: CcIo): number {
  const all = ["clang", `-working-directory=${io.directory}`, ...args];
  const asked = capture(tools, ["clang", "-###", ...all.slice(1)]);
  const steps = readPlan(asked.stderr);
  if (asked.status !== 0 || steps.length === 0) {
    // An error, or a question such as --version or -print-search-dirs: the driver itself has the answer.
    return run(tools, all, io);
  }
  if (args.includes("-v")) io.stderr.write(asked.stderr);
  else io.stderr.write(warnings(asked.stderr));
  const link = steps.at(-1) ?? [];
  // Objects between compiling and linking: what one step makes and the last one reads.
  const made = steps.slice(0, -1).flatMap((step) => step.filter((_, i) => step[i - 1] === "-o"));
  const temporary = made.filter((path) => path.startsWith(TEMPORARY) && link.includes(path));
  try {
    for (const step of steps) {
      const status = run(
        tools,
        step[1] === "-cc1" ? absoluteFiles(step, io.directory) : absolute(step, io.directory),
        io,
      );
      if (status !== 0) return status;
    }
    return 0;
  } finally {
    for (const path of temporary) rmSync(path, { force: true });
  }
}

/** Runs another of the tools: ar, ranlib, wasm-ld. */
export function runTool(tools: WasmTools, name: string, args: readonly string[], io: CcIo): number {
  return run(tools, absolute([name, ...args], io.directory), io);
}

const TEMPORARY = tmpdir();

/** The plan's commands: lines of quoted words, with \ before ", \ and $. */
function readPlan(text: string): readonly (readonly string[])[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith(' "'))
    .map((line) => Array.from(line.matchAll(/"((?:[^"\\]|\\.)*)"/g), ([, word = ""]) => word.replace(/\\(.)/g, "$1")))
    .map((words) => (words[0] === "" ? words.slice(1) : words));
}

function warnings(text: string): string {
  return text
    .split("\n")
    .filter((line) => / warning: /.test(line) && !line.startsWith(' "'))
    .map((line) => `${line}\n`)
    .join("");
}

/** The tools' own working directory is /: makes what names a file, or is to, absolute. */
function absolute(command: readonly string[], directory: string): readonly string[] {
  return command.map((word, i) => {
    if (i === 0 || word === "" || (i === 1 && command[0] === "ar")) return word;
    if (word.startsWith("-L") && word.length > 2) return `-L${resolve(directory, word.slice(2))}`;
    if (word.startsWith("-Map=")) return `-Map=${resolve(directory, word.slice(5))}`;
    if (word.startsWith("-")) return word;
    if (command[i - 1] === "-o" || command[i - 1] === "-Map" || command[i - 1] === "-L")
      return resolve(directory, word);
    // An archive that ar is to make is not there yet.
    const made = command[0] === "ar" && i >= 2 && word.endsWith(".a");
    return made || existsSync(resolve(directory, word)) ? resolve(directory, word) : word;
  });
}

/** The compiler itself knows -working-directory, and forgets it for these. */
const FORGOTTEN = new Set(["-dependency-file", "-serialize-diagnostic-file", "-header-include-file", "-stats-file"]);

function absoluteFiles(command: readonly string[], directory: string): readonly string[] {
  return command.map((word, i) =>
    FORGOTTEN.has(command[i - 1] ?? "") && word !== "-" ? resolve(directory, word) : word,
  );
}

function run(tools: WasmTools, command: readonly string[], io: CcIo): number {
  if (isOwn(io)) return start(tools, command, [0, 1, 2]);
  const { status, stdout, stderr } = capture(tools, command);
  io.stdout.write(stdout);
  io.stderr.write(stderr);
  return status;
}

interface Captured {
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

function capture(tools: WasmTools, command: readonly string[]): Captured {
  const directory = mkdtempSync(join(TEMPORARY, "hawser-cc-"));
  const paths = [join(directory, "stdout"), join(directory, "stderr")] as const;
  const descriptors = paths.map((path) => openSync(path, "w+"));
  try {
    const status = start(tools, command, [0, ...descriptors]);
    return { status, stdout: readFileSync(paths[0]), stderr: readFileSync(paths[1], "utf8") };
  } finally {
    for (const descriptor of descriptors) closeSync(descriptor);
    rmSync(directory, { recursive: true, force: true });
  }
}

function start({ module, WASI }: WasmTools, command: readonly string[], descriptors: readonly number[]): number {
  const [stdin = 0, stdout = 1, stderr = 2] = descriptors;
  const args = ["yowasp-llvm", ...command];
  const env = { TMPDIR: TEMPORARY };
  const wasi = new WASI({
    version: "preview1",
    args,
    env,
    preopens: { "/": "/" },
    returnOnExit: true,
    stdin,
    stdout,
    stderr,
  });
  const imports = { wasi_snapshot_preview1: wasi.wasiImport } as WebAssembly.Imports;
  return wasi.start(new WebAssembly.Instance(module, imports));
}
