// Who runs the programs: the native ones directly, the modules with `hawser run` on one engine of one Node. Owns the
// commands; the Node versions are node.ts's and the programs program.ts's.

import { join } from "node:path";
import type { Contender } from "./compare.js";
import { type Node, nodes } from "./node.js";
import { ROOT } from "./place.js";
import { nativeProgram, wasmProgram } from "../../ports/build.js";

/** The native programs. */
export const native: Contender = {
  name: "native",
  threads: true,
  command: async (program, args) => [await nativeProgram(program), ...args],
};

/** The engine that this Node runs by default, and the newer Nodes with theirs. */
export async function candidates(): Promise<readonly Contender[]> {
  return (await nodes()).flatMap((node) => node.engines.map((engine) => wasm(node, engine)));
}

/** The modules, with one engine of one Node. */
function wasm(node: Node, engine: string): Contender {
  return {
    name: `${engine}, Node ${node.major}`,
    threads: engine === "jspi",
    command: async (program, args, { allow, directories = [], variables = [] }) => [
      ...[node.path, join(ROOT, "dist", "cli.js"), "run", "--engine", engine, "--argv0", program],
      ...allow.flatMap((rule) => ["--allow", rule]),
      ...directories.flatMap((directory) => ["--dir", directory]),
      ...variables.flatMap((variable) => ["--env", variable]),
      ...["--", await wasmProgram(program), ...args],
    ],
  };
}
