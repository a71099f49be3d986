// Where the C side is: hawser's headers and glue object in the package, and the wasi-libc that @yowasp/clang carries in a
// tar, unpacked once into the user's cache.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CcIo } from "./cc-io.js";

/** hawser's own part of the C side. */
export interface Overlay {
  /** Directory of the headers. */
  readonly include: string;
  /** Path of the glue object. */
  readonly glue: string;
  /** Path of the archive of names that a program may have for something else. */
  readonly names: string;
  /** Path of CMake's toolchain file. */
  readonly cmake: string;
}

/** The C side cannot be used; the message says why and what to do. */
export class SysrootError extends Error {
  override readonly name = "SysrootError";
}

/** $HAWSER_SYSROOT, or what the package that this file is in has built. Throws SysrootError if there is none. */
export function findOverlay(io: CcIo): Overlay {
  const { HAWSER_SYSROOT } = io.environment;
  if (HAWSER_SYSROOT !== undefined && HAWSER_SYSROOT !== "") {
    const found = overlayIn(resolve(io.directory, HAWSER_SYSROOT));
    if (found !== undefined) return found;
    throw new SysrootError(`HAWSER_SYSROOT=${HAWSER_SYSROOT} has no glue.o or no include directory`);
  }
  const own = dirname(fileURLToPath(import.meta.url));
  for (let directory = own; ; directory = dirname(directory)) {
    const found = overlayIn(join(directory, "dist", "sysroot")) ?? overlayIn(join(directory, "sysroot"));
    if (found !== undefined) return found;
    if (directory === dirname(directory)) break;
  }
  throw new SysrootError(`no sysroot/glue.o at or above ${own}: run \`npm run build\` first`);
}

function overlayIn(sysroot: string): Overlay | undefined {
  const overlay = {
    include: join(sysroot, "include"),
    glue: join(sysroot, "glue.o"),
    names: join(sysroot, "names.a"),
    cmake: join(sysroot, "cmake", "hawser.cmake"),
  };
  return existsSync(overlay.glue) && existsSync(overlay.include) ? overlay : undefined;
}

/** Where an installed @yowasp/clang is. */
export interface YowaspPackage {
  readonly version: string;
  /** Directory of its files. */
  readonly directory: string;
}

/** The installed @yowasp/clang, as seen from the working directory and from this package; undefined if there is none. */
export function findYowasp(directory: string): YowaspPackage | undefined {
  for (const from of [join(directory, "package.json"), fileURLToPath(import.meta.url)]) {
    try {
      const gen = dirname(createRequire(from).resolve("@yowasp/clang"));
      const { version } = JSON.parse(readFileSync(join(gen, "..", "package.json"), "utf8")) as { version: string };
      if (existsSync(join(gen, "llvm.core.wasm"))) return { version, directory: gen };
    } catch {
      // Not installed there.
    }
  }
  return undefined;
}

/** The sysroot in @yowasp/clang, unpacked, with what is its compiler's own (headers, builtins) in resource/. */
export function unpackSysroot(yowasp: YowaspPackage, environment: NodeJS.ProcessEnv): string {
  const places = [
    join(environment.XDG_CACHE_HOME || join(homedir(), ".cache"), "hawser"),
    join(tmpdir(), "hawser-cache"),
  ];
  const name = `wasi-sysroot-${yowasp.version}`;
  const there = places.map((place) => join(place, name)).find((path) => existsSync(path));
  if (there !== undefined) return there;
  let failure: unknown;
  for (const place of places) {
    const fresh = join(place, `${name}.${process.pid}.${Date.now()}`);
    try {
      mkdirSync(place, { recursive: true });
      unpackTar(readFileSync(join(yowasp.directory, "llvm-resources.tar")), fresh);
      // Another process may have been faster: a directory that is not empty cannot be renamed over.
      try {
        renameSync(fresh, join(place, name));
      } catch (error) {
        if (!existsSync(join(place, name))) throw error;
      }
      return join(place, name);
    } catch (error) {
      failure = error;
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  throw new SysrootError(
    `the sysroot of @yowasp/clang cannot be unpacked into ${places.join(" or ")}: ${String(failure)}`,
  );
}

/** The compiler's own headers and builtins are no other compiler's. */
function place(name: string): string {
  return /^(include|lib)\/(?!wasm32-wasi|c\+\+)/.test(name) ? join("resource", name) : name;
}

/** Unpacks a ustar archive: files and directories, nothing else. */
function unpackTar(archive: Uint8Array, into: string): void {
  const text = (offset: number, length: number): string =>
    new TextDecoder().decode(archive.subarray(offset, offset + length)).replace(/\0.*$/s, "");
  mkdirSync(into, { recursive: true });
  for (let offset = 0; offset + 512 <= archive.length && archive[offset] !== 0; ) {
    const prefix = text(offset + 257, 5) === "ustar" ? text(offset + 345, 155) : "";
    const name = prefix === "" ? text(offset, 100) : `${prefix}/${text(offset, 100)}`;
    const size = Number.parseInt(text(offset + 124, 12), 8);
    const type = text(offset + 156, 1);
    if (!Number.isSafeInteger(size) || name.split("/").includes("..") || name.startsWith("/")) {
      throw new SysrootError(`the archive's entry ${JSON.stringify(name)} makes no sense`);
    }
    const path = join(into, place(name));
    if (type === "5") mkdirSync(path, { recursive: true });
    else if (type === "0" || type === "") {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, archive.subarray(offset + 512, offset + 512 + size));
    }
    offset += 512 + Math.ceil(size / 512) * 512;
  }
}
