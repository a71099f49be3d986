// The Node versions: the one that runs this, and the newer lines from npm, in build/node-MAJOR. Owns where they are and
// which engines they have.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { demand } from "./child.js";
import { once, progress, ROOT } from "./place.js";

/** A Node. */
export interface Node {
  readonly major: number;
  readonly path: string;
  readonly engines: readonly ("jspi" | "worker")[];
}

const NEWER = [24, 26];
/** The first with JSPI. */
const JSPI_SINCE = 24;

/** This Node, then the newer ones, one of each line. */
export const nodes: () => Promise<readonly Node[]> = once(async () => {
  const own = Number.parseInt(process.versions.node, 10);
  const others = NEWER.filter((major) => major !== own).map(async (major) => node(major, await fetchNode(major)));
  return [node(own, process.execPath), ...(await Promise.all(others))];
});

function node(major: number, path: string): Node {
  return { major, path, engines: major >= JSPI_SINCE ? ["jspi", "worker"] : ["worker"] };
}

/** npm's package of that line, whose whole content is Node's release. */
async function fetchNode(major: number): Promise<string> {
  const directory = join(ROOT, "build", `node-${major}`);
  const binary = join(directory, "bin", "node");
  if (existsSync(binary)) return binary;
  const name = `node-${process.platform}-${process.arch}@${major}`;
  progress(`npm pack ${name}`);
  const fresh = `${directory}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    await demand(["npm", "pack", "--silent", name], { cwd: fresh, limit: 300_000 });
    const archive = readdirSync(fresh).find((file) => file.endsWith(".tgz"));
    if (archive === undefined) throw new Error(`npm pack ${name} made no archive`);
    await demand(["tar", "-xf", archive], { cwd: fresh });
    rmSync(directory, { recursive: true, force: true });
    renameSync(join(fresh, "package"), directory);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  const version = (await demand([binary, "--version"])).trim();
  if (!version.startsWith(`v${major}.`)) throw new Error(`${binary} is ${version}, not Node ${major}`);
  return binary;
}
