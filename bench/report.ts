// The report as text: the table of ratios, the floors, the failures.

import type { Verdict } from "./floor.js";
import type { Measurement } from "./measurement.js";
import { againstNative, cost, type Spread, select, spread, timesTheShim } from "./ratio.js";
import type { Workload } from "./workload.js";

/** The table: a row per workload, native's median cost, and each contender's ratios with their spread. */
export function ratioTable(
  all: readonly Measurement[],
  workloads: readonly Workload[],
  contenders: readonly string[],
): string {
  const others = contenders.filter((name) => name !== "native");
  const native = contenders.includes("native");
  const rivals = contenders.includes("shim") ? others.filter((name) => name !== "shim") : [];
  const head = [
    "workload",
    ...(native ? ["native", ...others.map((name) => `${name} / native`), "better"] : []),
    ...rivals.map((name) => `${name} × shim`),
  ];
  const rows = workloads.map((workload) => [
    workload.pinned ? `${workload.name} *` : workload.name,
    ...(native
      ? [
          absolute(all, workload),
          ...others.map((name) => spreadText(againstNative(all, workload, name))),
          workload.kind === "time" ? "lower" : "higher",
        ]
      : []),
    ...rivals.map((name) => spreadText(timesTheShim(all, workload, name))),
  ]);
  const notes = [
    ...(workloads.some(({ pinned }) => pinned) ? ["*: client and server share one core"] : []),
    ...(rivals.length > 0 ? ["× shim: how many times as fast as the shim; higher is better"] : []),
  ];
  return [table([head, ...rows]), ...notes].join("\n");
}

/** One line per floor, the missed ones marked. */
export function floorTable(verdicts: readonly Verdict[]): string {
  return table([
    ["floor", "bound", "measured", ""],
    ...verdicts.map(({ floor, median, met }) => [
      `${floor.workload}: ${floor.against === "native" ? "hawser / native" : "hawser × shim"}`,
      `${floor.bound} ${floor.value}`,
      median === undefined ? "nothing" : figure(median),
      met ? "met" : "MISSED",
    ]),
  ]);
}

/** Three significant figures, without an exponent. */
export function figure(value: number): string {
  if (value >= 100) return value.toFixed(0);
  if (value >= 10) return value.toFixed(1);
  if (value >= 0.1) return value.toFixed(2);
  return value.toPrecision(2);
}

function spreadText(figures: Spread | undefined): string {
  if (figures === undefined) return "-";
  return `${figure(figures.median)} [${figure(figures.min)}..${figure(figures.max)}]`;
}

function absolute(all: readonly Measurement[], workload: Workload): string {
  const median = spread(select(all, workload.name, "native").map(cost))?.median;
  if (median === undefined) return "-";
  if (workload.unit === "byte") return `${figure(1e-6 / median)} MB/s`;
  return `${figure(median * 1e6)} µs per ${workload.unit}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   "))
    .map((line) => line.trimEnd())
    .join("\n");
}
