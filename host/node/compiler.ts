// The compiler behind `hawser cc`: which one there is, why it was taken, and how its tools are run. Owns the order of the
// search; what is put on a command line is cc-arguments.ts's.

import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { type CcIo, isOwn } from "./cc-io.js";
import { loadTools, runClang, runTool } from "./cc-wasm.js";
import { findYowasp, unpackSysroot } from "./sysroot.js";

/** The tools of a compiler. */
export type Tool = "cc" | "ar" | "ranlib";

/** A compiler that can make wasm32-wasip1. */
export interface Compiler {
  /** What it is, for people. */
  readonly name: string;
  /** Why it was taken, and the others were not. */
  readonly why: string;
  /** Target and sysroot: first on every command line. */
  readonly target: readonly string[];
  /** The option that puts the overlay before wasi-libc's headers and behind the user's own. */
  readonly includeOption: "-isystem" | "-I";
  /** Whether its wasi-libc has setjmp and longjmp, by exception handling. */
  readonly hasSetjmp: boolean;
  /** Runs one of its tools. Result: the exit status. */
  run(tool: Tool, args: readonly string[], io: CcIo): Promise<number>;
}

/** No compiler can be used; the message says what to do. */
export class CompilerError extends Error {
  override readonly name = "CompilerError";
}

/** The oldest clang whose wasm32-wasip1 is what the sysroots of today are made for. */
const OLDEST_CLANG = 18;
const TARGET = "--target=wasm32-wasip1";
/** What HAWSER_CC names it by. */
const YOWASP = "@yowasp/clang";

/** The first compiler of: $HAWSER_CC, $WASI_SDK_PATH, zig, clang with a wasi sysroot, @yowasp/clang. */
export async function findCompiler(io: CcIo): Promise<Compiler> {
  const passed: string[] = [];
  for (const candidate of [fromVariable, fromWasiSdk, fromZig, fromClang, fromYowasp]) {
    const found = await candidate(io);
    if (typeof found !== "string") return { ...found, why: [...passed, found.why].join("; ") };
    passed.push(found);
  }
  throw new CompilerError(
    `no C compiler for WebAssembly was found (${passed.join("; ")}). Any one of these will do:\n` +
      "  npm install @yowasp/clang          a clang that runs inside Node, 101 MB, nothing else to install\n" +
      "  WASI_SDK_PATH=DIRECTORY            a wasi-sdk, from github.com/WebAssembly/wasi-sdk\n" +
      `  clang ${OLDEST_CLANG} or later with lld, and WASI_SYSROOT=DIRECTORY or @yowasp/clang, whose sysroot is then used\n` +
      "  zig in the PATH                    or HAWSER_CC=COMMAND for any other clang or `zig cc`",
  );
}

/** A compiler, or the reason why it is none. */
type Found = Compiler | string;

async function fromVariable(io: CcIo): Promise<Found> {
  const value = io.environment.HAWSER_CC?.trim();
  if (value === undefined || value === "") return "HAWSER_CC is not set";
  const why = `HAWSER_CC=${value}`;
  if (value === YOWASP) {
    const found = await fromYowasp(io);
    if (typeof found === "string") throw new CompilerError(`${why}: ${found}`);
    return { ...found, why };
  }
  const words = existsSync(value) ? [value] : value.split(/\s+/);
  const path = findProgram(words[0] ?? "", io.environment);
  if (path === undefined) throw new CompilerError(`HAWSER_CC=${value}: there is no program ${words[0]}`);
  const command = [path, ...words.slice(1)];
  if (/^zig(\.exe)?$/.test(basename(path))) return zig(command.length === 1 ? [path, "cc"] : command, why);
  const found = await clang(command, why, io, undefined);
  if (typeof found === "string") throw new CompilerError(`${why} cannot be used: ${found}`);
  return found;
}

async function fromWasiSdk(io: CcIo): Promise<Found> {
  const root = io.environment.WASI_SDK_PATH;
  if (root === undefined || root === "") return "WASI_SDK_PATH is not set";
  const why = `WASI_SDK_PATH=${root}`;
  const path = findProgram(join(root, "bin", "clang"), io.environment);
  if (path === undefined) throw new CompilerError(`${why}: there is no program ${join(root, "bin", "clang")}`);
  const found = await clang([path], why, io, join(root, "share", "wasi-sysroot"));
  if (typeof found === "string") throw new CompilerError(`${why} cannot be used: ${found}`);
  return found;
}

async function fromZig(io: CcIo): Promise<Found> {
  const path = findProgram("zig", io.environment);
  return path === undefined ? "no zig in the PATH" : zig([path, "cc"], "zig is in the PATH");
}

async function fromClang(io: CcIo): Promise<Found> {
  const path = newestClang(io.environment);
  if (path === undefined) return "no clang in the PATH";
  const found = await clang([path], `${path} is in the PATH`, io, undefined);
  return typeof found === "string" ? `${path}: ${found}` : found;
}

async function fromYowasp(io: CcIo): Promise<Found> {
  const yowasp = findYowasp(io.directory);
  if (yowasp === undefined) return "@yowasp/clang is not installed";
  const sysroot = unpackSysroot(yowasp, io.environment);
  const tools = await loadTools(yowasp);
  return {
    name: `@yowasp/clang ${yowasp.version}`,
    why: "@yowasp/clang is installed",
    target: [TARGET, `--sysroot=${sysroot}`, "-resource-dir", join(sysroot, "resource")],
    includeOption: "-isystem",
    hasSetjmp: true,
    run: async (tool, args, its) => (tool === "cc" ? runClang(tools, args, its) : runTool(tools, tool, args, its)),
  };
}

/** zig knows the target by its older name, and its own -isystem comes before a user's. */
function zig(command: readonly string[], why: string): Compiler {
  return {
    name: `zig (${command.join(" ")})`,
    why,
    target: ["-target", "wasm32-wasi"],
    includeOption: "-I",
    hasSetjmp: false,
    run: (tool, args, io) => runNative(tool === "cc" ? command : [command[0] ?? "zig", tool], args, io),
  };
}

/** What a clang says of itself. */
interface Clang {
  readonly version: number;
  /** By path, or by name where it has found none. */
  readonly linker: string;
  /** Where it looks for libraries. */
  readonly libraries: readonly string[];
  readonly builtins: string;
}

/** Asks a clang once, since every call of `hawser cc` does: what would it do? Undefined if it is no clang. */
async function askClang(command: readonly string[], io: CcIo): Promise<Clang | undefined> {
  const said = await query([...command, TARGET, "-###", "-x", "c", "/dev/null"], io);
  const version = /clang version (\d+)/.exec(said)?.[1];
  if (version === undefined) return undefined;
  const jobs = said
    .split("\n")
    .map((line) => [...line.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) => unescaped(word)));
  const [linker = "wasm-ld", ...words] = jobs.find((job) => job.includes("wasm32") && !job.includes("-cc1")) ?? [];
  return {
    version: Number(version),
    linker,
    libraries: words.filter((word) => word.startsWith("-L")).map((word) => word.slice(2)),
    builtins: words.find((word) => /builtins[^/]*\.a$/.test(word)) ?? "libclang_rt.builtins-wasm32.a",
  };
}

function unescaped(word: string): string {
  return word.replaceAll(/\\(.)/g, "$1");
}

async function clang(command: readonly string[], why: string, io: CcIo, sysroot: string | undefined): Promise<Found> {
  const asked = await askClang(command, io);
  if (asked === undefined) return "it is no clang";
  const { version, linker, builtins } = asked;
  if (version < OLDEST_CLANG) return `its version is ${version}, and ${OLDEST_CLANG} is needed`;
  const target = [TARGET];
  let libraries = asked.libraries.find((place) => existsSync(join(place, "libc.a")));
  if (libraries === undefined) {
    const found = sysroot ?? findWasiSysroot(io);
    if (found === undefined)
      return "no wasi sysroot is known (WASI_SYSROOT is not set, @yowasp/clang is not installed)";
    libraries = join(found, "lib", "wasm32-wasip1");
    if (!existsSync(join(libraries, "libc.a"))) return `${found} has no lib/wasm32-wasip1/libc.a`;
    target.push(`--sysroot=${found}`);
  }
  if (findProgram(linker, io.environment) === undefined) return "it has no wasm-ld: install lld";
  if (!existsSync(builtins)) return `it has no ${builtins}: install compiler-rt for wasm32`;
  return {
    name: `clang ${version} (${command.join(" ")})`,
    why,
    target,
    includeOption: "-isystem",
    hasSetjmp: existsSync(join(libraries, "libsetjmp.a")),
    run: async (tool, args, its) => {
      if (tool === "cc") return runNative(command, args, its);
      const named = await query([...command, TARGET, `-print-prog-name=llvm-${tool}`], its);
      const path = findProgram(named.trim().split("\n").pop() ?? "", its.environment);
      const versioned = path ?? findProgram(`llvm-${tool}-${version}`, its.environment);
      if (versioned === undefined) {
        throw new CompilerError(`${command.join(" ")} has no llvm-${tool} beside it: install llvm ${version}`);
      }
      return runNative([versioned], args, its);
    },
  };
}

/** Where systems put a wasi-libc, and the one in @yowasp/clang. */
function findWasiSysroot(io: CcIo): string | undefined {
  const { WASI_SYSROOT } = io.environment;
  if (WASI_SYSROOT !== undefined && WASI_SYSROOT !== "") return WASI_SYSROOT;
  const usual = ["/opt/wasi-sdk/share/wasi-sysroot", "/usr/share/wasi-sysroot", "/opt/homebrew/share/wasi-sysroot"];
  const there = usual.find((path) => existsSync(join(path, "lib", "wasm32-wasip1", "libc.a")));
  if (there !== undefined) return there;
  const yowasp = findYowasp(io.directory);
  return yowasp && unpackSysroot(yowasp, io.environment);
}

/** A program by path, or by name in the PATH. */
function findProgram(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const suffixes = process.platform === "win32" ? ["", ".exe", ".cmd"] : [""];
  const places = dirname(name) === "." && !name.startsWith(".") ? searchPath(environment) : [""];
  for (const place of places) {
    for (const suffix of suffixes) {
      const path = place === "" ? `${name}${suffix}` : join(place, `${name}${suffix}`);
      if (isExecutable(path)) return path;
    }
  }
  return undefined;
}

function searchPath(environment: NodeJS.ProcessEnv): readonly string[] {
  return (environment.PATH ?? "").split(delimiter).filter((place) => place !== "");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** clang, or the newest clang-NUMBER. */
function newestClang(environment: NodeJS.ProcessEnv): string | undefined {
  const plain = findProgram("clang", environment);
  let newest = 0;
  let path: string | undefined;
  for (const place of searchPath(environment)) {
    for (const name of listDirectory(place)) {
      const version = Number(/^clang-(\d+)$/.exec(name)?.[1] ?? 0);
      if (version > newest && isExecutable(join(place, name))) [newest, path] = [version, join(place, name)];
    }
  }
  return path ?? plain;
}

function listDirectory(place: string): readonly string[] {
  try {
    return readdirSync(place);
  } catch {
    return [];
  }
}

/** What a command prints. */
function query(command: readonly string[], io: CcIo): Promise<string> {
  return new Promise((done, fail) => {
    const [program = "", ...args] = command;
    const child = spawn(program, args, { cwd: io.directory, env: io.environment, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
    }
    child.once("error", (error) => fail(new CompilerError(`${program} cannot be run: ${error.message}`)));
    child.once("close", () => done(text));
  });
}

function runNative(command: readonly string[], args: readonly string[], io: CcIo): Promise<number> {
  return new Promise((done, fail) => {
    const [program = "", ...first] = command;
    const own = isOwn(io);
    const child = spawn(program, [...first, ...args], {
      cwd: io.directory,
      env: io.environment,
      stdio: own ? "inherit" : ["ignore", "pipe", "pipe"],
    });
    child.stdout?.on("data", (chunk: Uint8Array) => io.stdout.write(chunk));
    child.stderr?.on("data", (chunk: Uint8Array) => io.stderr.write(chunk));
    child.once("error", (error) => fail(new CompilerError(`${program} cannot be run: ${error.message}`)));
    child.once("close", (status) => done(status ?? 1));
  });
}
