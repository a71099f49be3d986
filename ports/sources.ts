// What a build has compiled: the C files of the source, counted, and seen to be as they were unpacked.

import { existsSync, readFileSync, realpathSync } from "node:fs";
import { join, relative } from "node:path";

/** How much C a build has compiled. */
export interface Sources {
  /** C files that were given to the compiler. */
  readonly files: number;
  /** Their lines, all of them; those of headers are not counted. */
  readonly lines: number;
}

/** Whether a file says in its first lines that a program has made it: a build may make it again. */
function isGenerated(content: Buffer): boolean {
  return /generated/i.test(content.toString("latin1", 0, 400));
}

/**
 * Counts the C files under `tree` that `log` names, a path a line; what configure tried is gone by then. Throws for one that
 * differs from the unpacked `source`'s: a port has no patches.
 */
export function countSources(log: string, tree: string, source: string): Sources {
  const root = realpathSync(tree);
  const named = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  const there = named
    .filter((path) => path !== "" && existsSync(path))
    .map((path) => relative(root, realpathSync(path)));
  const paths = [...new Set(there)].filter((path) => !path.startsWith("..") && !path.includes("CMakeFiles/"));
  let lines = 0;
  for (const path of paths) {
    const built = readFileSync(join(root, path));
    const unpacked = existsSync(join(source, path)) ? readFileSync(join(source, path)) : built;
    if (!unpacked.equals(built) && !isGenerated(unpacked))
      throw new Error(`the steps have changed ${path}: a port has no patches`);
    lines += built.toString("latin1").split("\n").length - 1;
  }
  if (paths.length === 0) throw new Error(`${log} names no C file of ${tree}`);
  return { files: paths.length, lines };
}
