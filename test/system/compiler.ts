// The two compilers: gcc, and `hawser cc` in front of a clang. Owns how they are called and the digest of what they are
// made of. Debian's clang-22 on the sysroot of @yowasp/clang compiles many times faster than that package's own clang,
// which is the one that remains where Debian has no clang-22.

import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./child.js";
import { digest } from "./content.js";
import { ensurePackages, hasPackage } from "./debian.js";
import { cacheDirectory, once, progress, ROOT } from "./place.js";

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
}

/** gcc. */
export const gcc: () => Promise<Compiler> = once(async () => {
  await ensurePackages(["gcc", "libc6-dev", "make"]);
  const identity = await demand(["gcc", "--version"]);
  return { name: "gcc", cc: "gcc", ar: "ar", ranlib: "ranlib", suffix: "", environment: {}, identity };
});

/** `hawser cc`. */
export const hawserCc: () => Promise<Compiler> = once(async () => {
  await ensurePackages(["make"]);
  const cli = join(ROOT, "dist", "cli.js");
  if (!existsSync(cli)) throw new Error(`${cli} is not there: run \`npm run build\` first`);
  const cc = launcher("hawser-cc", [process.execPath, cli, "cc"]);
  const base = (await hasPackage("clang-22")) ? await debianClang() : await yowaspClang();
  const own = [
    join(ROOT, "sysroot"),
    join(ROOT, "dist", "sysroot"),
    join(ROOT, "host", "node", "cc.ts"),
    join(ROOT, "host", "cc"),
  ];
  // Host libraries must not be found: an empty PKG_CONFIG_LIBDIR.
  const environment = { ...base.environment, PKG_CONFIG_LIBDIR: cacheDirectory("empty") };
  return { ...base, name: "hawser", cc, suffix: ".wasm", environment, identity: `${base.identity} ${digest(own)}` };
});

/** An executable of the cache that runs a command with more arguments: one word, where a Makefile wants one. */
function launcher(name: string, command: readonly string[]): string {
  const path = join(cacheDirectory("bin"), name);
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

type Base = Pick<Compiler, "ar" | "ranlib" | "environment" | "identity">;

async function debianClang(): Promise<Base> {
  await ensurePackages(["clang-22", "lld-22", "llvm-22", "libclang-rt-22-dev-wasm32"]);
  const sysroot = await unpackSysroot();
  const clang = launcher("wasm-clang", ["clang-22", "--target=wasm32-wasip1", `--sysroot=${sysroot}`]);
  const identity = `${await demand(["clang-22", "--version"])} ${sysroot}`;
  return { ar: "llvm-ar-22", ranlib: "llvm-ranlib-22", environment: { HAWSER_CC: clang }, identity };
}

/** The wasi sysroot that @yowasp/clang carries in a tar. */
async function unpackSysroot(): Promise<string> {
  const resources = join(ROOT, "node_modules", "@yowasp", "clang", "gen", "llvm-resources.tar");
  const directory = join(cacheDirectory("sysroot"), digest([resources]).slice(0, 16));
  if (existsSync(directory)) return directory;
  progress("unpacking the wasi sysroot");
  const fresh = `${directory}.${process.pid}`;
  mkdirSync(fresh);
  try {
    await demand(["tar", "-xf", resources, "-C", fresh]);
    renameSync(fresh, directory);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return directory;
}

/** No clang is named: `hawser cc` finds @yowasp/clang. Its archives take any llvm's ar. */
async function yowaspClang(): Promise<Base> {
  await ensurePackages(["llvm"]);
  return { ar: "llvm-ar", ranlib: "llvm-ranlib", environment: {}, identity: "@yowasp/clang" };
}
