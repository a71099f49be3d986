// Who is measured, and the command line of one measurement.

import type { Programs } from "./program.js";
import type { Workload } from "./workload.js";

/** One way to run the client's modes. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  /** What must be made for it beyond the native client and server. */
  readonly needs: "nothing" | "wasm" | "shim";
  /** The client's command, without its arguments MODE PORT COUNT. */
  command(programs: Programs): readonly string[];
}

/** Every contender; the first is what the others are measured against. */
export const contenders: readonly Contender[] = [
  {
    name: "native",
    title: "bench/client.c compiled with gcc -O2",
    needs: "nothing",
    command: ({ client }) => [client],
  },
  {
    name: "shim",
    title: "@bytecodealliance/preview2-shim, called directly",
    needs: "shim",
    command: ({ node, shim }) => [node, shim],
  },
  {
    name: "hawser",
    title: "bench/client.c as WebAssembly, jspi engine",
    needs: "wasm",
    command: (programs) => hawser(programs, "jspi"),
  },
  {
    name: "hawser-worker",
    title: "bench/client.c as WebAssembly, worker engine",
    needs: "wasm",
    command: (programs) => hawser(programs, "worker"),
  },
];

function hawser({ node, launcher, wasm }: Programs, engine: "jspi" | "worker"): readonly string[] {
  return [node, launcher, "run", "--engine", engine, "--allow", "tcp://127.0.0.1:*", wasm];
}

/** How much a contender does of a workload in one run; undefined where it cannot do it at all. */
export function amount(contender: Contender, workload: Workload, quick: boolean): number | undefined {
  const { c, shim } = quick ? workload.quick : workload.full;
  return contender.name === "shim" ? shim : c;
}
