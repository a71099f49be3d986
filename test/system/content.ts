// The digest of files and directories, for the keys of the cache.

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** A digest of files and of what is in directories, by path and content; a path that is not there counts as such. */
export function digest(paths: readonly string[]): string {
  const hash = createHash("sha256");
  const add = (path: string): void => {
    hash.update(`${path}\0`);
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) for (const entry of readdirSync(path).sort()) add(join(path, entry));
    else hash.update(readFileSync(path));
  };
  for (const path of paths) add(path);
  return hash.digest("hex");
}
