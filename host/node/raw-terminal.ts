// The terminal that this process has: raw while a guest's settings are not the terminal's own, else as it was found. Owns that
// it is never left raw, however the process ends (but for SIGKILL).

import { spawnSync } from "node:child_process";

let isRaw = false;

/** A signal that would end the process finds no handler of Node's that resets the terminal. */
function onQuit(): void {
  setTerminalRaw(false);
  process.kill(process.pid, "SIGQUIT");
}

/** Makes the terminal of standard input raw, or sets what was found. Node itself does the latter when the process ends. */
export function setTerminalRaw(raw: boolean): void {
  if (raw === isRaw || !process.stdin.isTTY) return;
  isRaw = raw;
  try {
    process.stdin.setRawMode(raw);
  } catch {
    // It has hung up.
    return;
  }
  if (!raw) {
    process.off("SIGQUIT", onQuit);
    return;
  }
  process.on("SIGQUIT", onQuit);
  // Node's raw mode leaves output processed: a newline that the core has made CR LF of would get another CR, and a guest
  // without OPOST would get one at all.
  spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
}
