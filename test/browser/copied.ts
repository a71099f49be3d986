// The files of a directory of this machine, for a page that gets copies of them.

import { lstatSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The largest file that is copied of a directory that is not the test's own. */
const SMALL = 65_536;

/** Whether a directory was made for a test, which alone has what is in it copied whole. */
export function isOwn(directory: string): boolean {
  return realpathSync(directory).startsWith(join(realpathSync(tmpdir()), "hawser-"));
}

/**
 * The files in a directory, by their paths in it; a directory's path ends with a slash. Of the machine's own, such as /etc, only
 * small files, and nothing below it; of /tmp, where everybody has theirs, nothing.
 */
export function filesOf(directory: string): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  const add = (prefix: string, isDeep: boolean): void => {
    for (const name of readdirSync(join(directory, prefix))) {
      const path = `${prefix}${name}`;
      const status = lstatSync(join(directory, path));
      if (status.isFile() && (isDeep || status.size <= SMALL)) found.set(path, readFileSync(join(directory, path)));
      else if (status.isDirectory() && isDeep) {
        found.set(`${path}/`, new Uint8Array(0));
        add(`${path}/`, isDeep);
      }
    }
  };
  if (isOwn(directory)) add("", true);
  else if (realpathSync(directory) !== realpathSync(tmpdir())) add("", false);
  return found;
}
