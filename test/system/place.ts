// Where things are: the checkout, and the cache that this test keeps. Owns the paths and the words on standard error.

import { existsSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The checkout. */
export const ROOT: string = rootAbove(resolve(dirname(process.argv[1] ?? ".")));

function rootAbove(directory: string): string {
  return existsSync(join(directory, "package.json")) ? directory : rootAbove(dirname(directory));
}

/** Sources, builds and downloads, kept from run to run. */
export const CACHE: string = join(ROOT, "build", "system");

/** What to undo at the end, last first. */
const endings: (() => void | Promise<void>)[] = [];

/** Has `ending` called at the end of the run. */
export function atEnd(ending: () => void | Promise<void>): void {
  endings.push(ending);
}

/** Calls what atEnd() was given, last first. One that throws does not stop the others. */
export async function endAll(): Promise<void> {
  for (let ending = endings.pop(); ending !== undefined; ending = endings.pop()) {
    try {
      await ending();
    } catch (error) {
      progress(`at the end: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** A directory of the cache, made if need be. */
export function cacheDirectory(...names: readonly string[]): string {
  const directory = join(CACHE, ...names);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** A new directory outside of the checkout; its path is short enough for sun_path. */
export function makeDirectory(): string {
  return mkdtempSync(join(tmpdir(), "hawser-"));
}

/** Says on standard error what goes on. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Calls `make` at the first call only; later calls get the same promise. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
