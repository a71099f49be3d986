// The one core that pinned workloads run on.

import { readFileSync } from "node:fs";
import { run } from "./child.js";

/** The command prefix that pins to the first core this process may use, core 0 as a rule; empty without taskset. */
export async function findPin(): Promise<readonly string[]> {
  const pin = ["taskset", "-c", firstCore()];
  try {
    await run([...pin, "true"], { timeout: 10 });
    return pin;
  } catch {
    return [];
  }
}

function firstCore(): string {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return /^Cpus_allowed_list:\s*(\d+)/m.exec(status)?.[1] ?? "0";
  } catch {
    return "0";
  }
}
