// Ratios between measurements of one round, and their spread over the rounds.

import type { Measurement } from "./measurement.js";
import type { Workload } from "./workload.js";

/** The middle and the extremes of some figures. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The spread of one figure or more; undefined for none. */
export function spread(figures: readonly number[]): Spread | undefined {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  const min = sorted[0];
  const max = sorted[sorted.length - 1];
  if (low === undefined || high === undefined || min === undefined || max === undefined) return undefined;
  return { median: (low + high) / 2, min, max };
}

/** Seconds per operation or byte. */
export function cost({ seconds, count }: Measurement): number {
  return seconds / count;
}

/** The measurements of one contender in one workload. */
export function select(all: readonly Measurement[], workload: string, contender: string): readonly Measurement[] {
  return all.filter((one) => one.workload === workload && one.contender === contender);
}

/** How many times the cost of `other` the cost of `contender` is, round by round. */
export function costRatios(
  all: readonly Measurement[],
  workload: string,
  contender: string,
  other: string,
): readonly number[] {
  const others = new Map(select(all, workload, other).map((one) => [one.round, cost(one)]));
  return select(all, workload, contender).flatMap((one) => {
    const base = others.get(one.round);
    return base === undefined ? [] : [cost(one) / base];
  });
}

/** Contender over native: of times where the workload is about time, of throughputs where it is about throughput. */
export function againstNative(all: readonly Measurement[], workload: Workload, contender: string): Spread | undefined {
  const ratios = costRatios(all, workload.name, contender, "native");
  return spread(workload.kind === "time" ? ratios : ratios.map((ratio) => 1 / ratio));
}

/** How many times as fast as the shim a contender is: higher is better in every workload. */
export function timesTheShim(all: readonly Measurement[], workload: Workload, contender: string): Spread | undefined {
  return spread(costRatios(all, workload.name, contender, "shim").map((ratio) => 1 / ratio));
}
