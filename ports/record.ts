// What a run of the ports writes down of their builds, for the page: ports/record.json.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../test/system/place.js";
import { factsOf } from "./build.js";
import { PORTS } from "./index.js";
import type { Port } from "./port.js";
import type { Sources } from "./sources.js";

/** A port, as it was built when it was recorded. */
export interface Recorded extends Sources {
  /** Debian's version of the source. */
  readonly version: string;
}

const PATH = join(ROOT, "ports", "record.json");

/** What is recorded, by the ports' names. */
export function readRecord(): Readonly<Record<string, Recorded>> {
  return JSON.parse(readFileSync(PATH, "utf8"));
}

/** Records a port that was built. Throws where its compiler does not tell what it compiled. */
export async function record(port: Port): Promise<void> {
  const { version, sources } = await factsOf(port);
  if (sources === null) throw new Error(`${port.name}: only clang tells what it compiled, and there is none`);
  const all = { ...readRecord(), [port.name]: { version, ...sources } };
  const kept = PORTS.flatMap(({ name }) => (all[name] === undefined ? [] : [[name, all[name]]]));
  writeFileSync(PATH, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}
