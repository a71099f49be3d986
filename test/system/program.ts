// The programs under test: each built twice from the same unpacked source with the same steps, natively with gcc and to
// WebAssembly with `hawser cc`. Owns the steps and the cache of what they made; the cache's key is the content of all that the build depends on.

import { createHash } from "node:crypto";
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, machine } from "node:os";
import { join } from "node:path";
import { demand } from "./child.js";
import { type Compiler, gcc, hawserCc } from "./compiler.js";
import { fetchSource } from "./debian.js";
import { cacheDirectory, once, progress } from "./place.js";

/** The programs that are built. */
export type ProgramName = "nc" | "redis-cli" | "curl";

/** How one is built. */
interface Recipe {
  /** Debian's source package. */
  readonly source: string;
  /** Path of the result in the source directory. */
  readonly result: string;
  /** The commands, in the source directory. */
  steps(compiler: Compiler, version: string): readonly (readonly string[])[];
}

const JOBS = `-j${availableParallelism()}`;
const BUILD_LIMIT = 900_000;

/** What curl's HTTP needs and nothing else: no TLS, no compression, no other protocol, and no threads. */
const CURL_OPTIONS = [
  ...["--disable-shared", "--disable-dependency-tracking", "--disable-manual", "--disable-threaded-resolver"],
  ...["ssl", "zlib", "brotli", "zstd", "nghttp2", "libidn2", "libpsl", "librtmp"].map((name) => `--without-${name}`),
  ...[
    "ftp",
    "file",
    "ldap",
    "ldaps",
    "rtsp",
    "dict",
    "telnet",
    "tftp",
    "pop3",
    "imap",
    "smb",
    "smtp",
    "gopher",
    "mqtt",
  ].map((name) => `--disable-${name}`),
  "--disable-ntlm",
];

const RECIPES: Readonly<Record<ProgramName, Recipe>> = {
  // As in the package's debian/rules. It is C of before 1989: implicit int, and numbers given for pointers.
  nc: {
    source: "netcat",
    result: "nc",
    steps: (compiler, version) => [
      [
        ...["make", "linux", `CC=${compiler.cc} -std=gnu89 -O1 -w -Wno-int-conversion`, "LDFLAGS=", "STATIC="],
        `DFLAGS=-DLINUX -DTELNET -DGAPING_SECURITY_HOLE -DIP_TOS -DDEBIAN_VERSION='"${version}"'`,
      ],
    ],
  },
  "redis-cli": {
    source: "redis",
    result: "src/redis-cli",
    steps: (compiler) => [
      [
        ...[
          "make",
          "-C",
          "src",
          JOBS,
          "redis-cli",
          "MALLOC=libc",
          "DEPENDENCY_TARGETS=hiredis linenoise hdr_histogram",
        ],
        ...[`CC=${compiler.cc}`, `AR=${compiler.ar}`, `RANLIB=${compiler.ranlib}`],
        ...["OPTIMIZATION=-O1", "OPT=-O1", "DEBUG=", "DEBUG_FLAGS=", "WARN=-w"],
      ],
    ],
  },
  curl: {
    source: "curl",
    result: "src/curl",
    // Some of its configure's programs have an implicit int; config.guess would ask the compiler what the machine is.
    steps: (compiler) => [
      [
        ...["./configure", `--build=${machine()}-pc-linux-gnu`, ...CURL_OPTIONS],
        ...[
          `CC=${compiler.cc}`,
          `AR=${compiler.ar}`,
          `RANLIB=${compiler.ranlib}`,
          "CFLAGS=-O1 -w -Wno-error=implicit-int",
        ],
      ],
      // Debian's patches are newer than the generated files, which are the release's own.
      ["make", JOBS, "AUTOMAKE=:", "AUTOCONF=:", "ACLOCAL=:", "AUTOHEADER=:"],
    ],
  },
};

/** All of them. */
export const PROGRAMS = Object.keys(RECIPES) as readonly ProgramName[];

const made = new Map<string, () => Promise<string>>();

/** The path of the program as gcc builds it. */
export function nativeProgram(name: ProgramName): Promise<string> {
  return memoized(name, gcc);
}

/** The path of the program's module as `hawser cc` builds it. */
export function wasmProgram(name: ProgramName): Promise<string> {
  return memoized(name, hawserCc);
}

function memoized(name: ProgramName, compiler: () => Promise<Compiler>): Promise<string> {
  const key = `${name} ${compiler === gcc}`;
  const build = made.get(key) ?? once(async () => buildProgram(name, await compiler()));
  made.set(key, build);
  return build();
}

async function buildProgram(name: ProgramName, compiler: Compiler): Promise<string> {
  const recipe = RECIPES[name];
  const source = await fetchSource(recipe.source);
  const steps = recipe.steps(compiler, source.version);
  const key = createHash("sha256")
    .update(JSON.stringify([source.version, steps, compiler.identity]))
    .digest("hex")
    .slice(0, 16);
  const directory = join(cacheDirectory("programs"), `${name}-${compiler.name}-${key}`);
  const result = join(directory, `${name}${compiler.suffix}`);
  if (existsSync(result)) return result;
  progress(`building ${name} with ${compiler.name}`);
  const started = Date.now();
  for (const old of readdirSync(cacheDirectory("programs"))) {
    if (old.startsWith(`${name}-${compiler.name}-`)) rmSync(join(cacheDirectory("programs"), old), { recursive: true });
  }
  const tree = `${directory}.build`;
  cpSync(source.directory, tree, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  for (const step of steps) await demand(step, { cwd: tree, env: compiler.environment, limit: BUILD_LIMIT });
  mkdirSync(directory);
  cpSync(`${join(tree, recipe.result)}${compiler.suffix}`, `${result}.new`);
  chmodSync(`${result}.new`, 0o755);
  writeFileSync(join(directory, "steps.json"), JSON.stringify({ version: source.version, steps }, null, 2));
  renameSync(`${result}.new`, result);
  rmSync(tree, { recursive: true });
  progress(`built ${name} with ${compiler.name} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return result;
}
