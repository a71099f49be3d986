// The performance floors that `--check` holds hawser to.

import type { Measurement } from "./measurement.js";
import { againstNative, timesTheShim } from "./ratio.js";
import { type Workload, workloads } from "./workload.js";

/** A bound on the median of one ratio. */
export interface Floor {
  readonly workload: string;
  readonly against: "native" | "shim";
  readonly bound: "at most" | "at least";
  readonly value: number;
}

/** All of them. Times against native are to be low; everything else is to be high. */
export const floors: readonly Floor[] = [
  { workload: "pingpong", against: "native", bound: "at most", value: 1.6 },
  { workload: "pingpong", against: "shim", bound: "at least", value: 5 },
  { workload: "stream64", against: "native", bound: "at least", value: 5 },
  { workload: "bulkrecv", against: "native", bound: "at least", value: 0.7 },
  { workload: "bulksend", against: "native", bound: "at least", value: 0.7 },
];

/** A floor and what was measured; `median` is undefined, and the floor missed, where nothing was. */
export interface Verdict {
  readonly floor: Floor;
  readonly median: number | undefined;
  readonly met: boolean;
}

/** Judges hawser's default engine by every floor. */
export function judge(all: readonly Measurement[]): readonly Verdict[] {
  return floors.map((floor) => {
    const workload = workloads.find(({ name }) => name === floor.workload);
    const median = workload === undefined ? undefined : ratio(all, workload, floor.against);
    const met = median !== undefined && (floor.bound === "at most" ? median <= floor.value : median >= floor.value);
    return { floor, median, met };
  });
}

function ratio(all: readonly Measurement[], workload: Workload, against: "native" | "shim"): number | undefined {
  return (against === "native" ? againstNative : timesTheShim)(all, workload, "hawser")?.median;
}
