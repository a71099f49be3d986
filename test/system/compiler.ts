// The two compilers: gcc, and `hawser cc`. Owns how they are called and the digest of what they are made of. Behind `hawser
// cc` stands Debian's clang where it has a new one, which compiles many times faster than @yowasp/clang.

import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./child.js";
import { pathWithoutPackages } from "../guest-programs.js";
import { digest } from "./content.js";
import { ensurePackages, hasPackage } from "./debian.js";
import { cacheDirectory, once, ROOT } from "./place.js";

/** A compiler and its tools, each one word, so that a Makefile can hold them. */
export interface Compiler {
  readonly name: string;
  readonly cc: string;
  readonly ar: string;
  readonly ranlib: string;
  /** What the result's name has behind it. */
  readonly suffix: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Another one makes other programs. */
  readonly identity: string;
  /** Whether it writes what it compiles where the variable SOURCES_LOG says: a path a line. */
  readonly tellsSources: boolean;
}

/** The variable that names the file where a compiler tells what it compiles. */
export const SOURCES_LOG = "HAWSER_TEST_SOURCES";

/** gcc. */
export const gcc: () => Promise<Compiler> = once(async () => {
  await ensurePackages(["gcc", "libc6-dev", "make"]);
  const identity = await demand(["gcc", "--version"]);
  return {
    name: "gcc",
    cc: "gcc",
    ar: "ar",
    ranlib: "ranlib",
    suffix: "",
    environment: {},
    identity,
    tellsSources: false,
  };
});

/** `hawser cc`. */
export const hawserCc: () => Promise<Compiler> = once(async () => {
  await ensurePackages(["make"]);
  const cli = join(ROOT, "dist", "cli.js");
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run \`npm run build\` first`);
  const behind = await behindHawser();
  const version = await demand([process.execPath, cli, "cc", "--version"], { env: { HAWSER_CC: behind } });
  const flags = await demand([process.execPath, cli, "flags"]);
  return {
    name: "hawser",
    cc: launcher("hawser-cc", [process.execPath, cli, "cc"]),
    ar: launcher("hawser-ar", [process.execPath, cli, "ar"]),
    ranlib: launcher("hawser-ranlib", [process.execPath, cli, "ranlib"]),
    suffix: ".wasm",
    // Host libraries must not be found: an empty PKG_CONFIG_LIBDIR.
    environment: { HAWSER_CC: behind, PKG_CONFIG_LIBDIR: cacheDirectory("empty"), PATH: pathWithoutPackages() },
    identity: `${version} ${flags} ${digest([join(ROOT, "dist", "sysroot")])}`,
    tellsSources: behind !== YOWASP,
  };
});

const CLANG = "clang-22";
const YOWASP = "@yowasp/clang";

/** Tells the C files among the arguments, each with one write, since several compilers run at once. */
const TELL_SOURCES = `[ -z "$${SOURCES_LOG}" ] || for word; do
  case $word in
  /*.c) echo "$word" ;;
  *.c) echo "$PWD/$word" ;;
  esac
done >> "$${SOURCES_LOG}"
`;

/** The compiler that HAWSER_CC names. */
async function behindHawser(): Promise<string> {
  if (!(await hasPackage(CLANG))) return YOWASP;
  await ensurePackages([CLANG, "lld-22", "llvm-22", "libclang-rt-22-dev-wasm32"]);
  return launcher("clang", [CLANG], TELL_SOURCES);
}

/** An executable of the cache that runs a command with more arguments: one word, where a Makefile wants one. */
function launcher(name: string, command: readonly string[], before = ""): string {
  const path = join(cacheDirectory("bin"), name);
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\n${before}exec ${words} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
