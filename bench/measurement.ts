// One measurement: one contender does one workload, each run against a server of its own.

import { run } from "./child.js";
import { amount, type Contender } from "./contender.js";
import type { Programs } from "./program.js";
import { startServer } from "./server.js";
import type { Workload } from "./workload.js";

/** What one contender did in one workload of one round. */
export interface Measurement {
  readonly round: number;
  readonly workload: string;
  readonly contender: string;
  /** Operations or bytes done. */
  readonly count: number;
  /** As the client measured them. */
  readonly seconds: number;
}

/** What all measurements have in common. */
export interface Setup {
  readonly programs: Programs;
  readonly quick: boolean;
  /** Seconds until a run that does not end is given up. */
  readonly timeout: number;
  /** Put before a command to run it on one core; empty where there is no taskset. */
  readonly pin: readonly string[];
}

/** Measures; undefined where the contender has no such operation. */
export async function measure(
  setup: Setup,
  contender: Contender,
  workload: Workload,
  round: number,
): Promise<Measurement | undefined> {
  const each = amount(contender, workload, setup.quick);
  if (each === undefined) return undefined;
  const runs = setup.quick ? 1 : (workload.runs ?? 1);
  let seconds = 0;
  for (let i = 0; i < runs; i++) seconds += await runOnce(setup, contender, workload, each);
  return { round, workload: workload.name, contender: contender.name, count: each * runs, seconds };
}

async function runOnce(setup: Setup, contender: Contender, workload: Workload, count: number): Promise<number> {
  const pin = workload.pinned ? setup.pin : [];
  const server = await startServer([...pin, setup.programs.server]);
  try {
    const command = [...pin, ...contender.command(setup.programs), workload.name, `${server.port}`, `${count}`];
    return readSeconds(await run(command, { timeout: setup.timeout }), workload.name, count);
  } finally {
    await server.stop();
  }
}

/** Reads the client's line; throws where it is not the line of this very work. */
export function readSeconds(stdout: string, mode: string, count: number): number {
  const line = stdout.trim().split("\n").pop() ?? "";
  let result: { mode?: unknown; count?: unknown; seconds?: unknown } = {};
  try {
    result = JSON.parse(line);
  } catch {
    // judged below with every other wrong line
  }
  const { seconds } = result;
  if (result.mode !== mode || result.count !== count || typeof seconds !== "number" || !(seconds > 0)) {
    throw new Error(`the client printed no result for ${mode} ${count}, but: ${JSON.stringify(line)}`);
  }
  return seconds;
}
