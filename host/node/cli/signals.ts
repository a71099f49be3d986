// Signals of this process on their way to a guest, and the size of its terminal. Owns when insisting becomes killing.

import { WriteStream } from "node:tty";
import type { Guest } from "../../options.js";

/** A second signal within this time kills, in milliseconds. */
const INSIST = 2000;
const PASSED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
/** Those that are meant to end a program. */
const ENDING: ReadonlySet<string> = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);

/** Passes this process's signals to a guest until the function that it gives is called. */
export function passSignals(guest: Guest): () => void {
  let last = Number.NEGATIVE_INFINITY;
  const pass = (signal: NodeJS.Signals): void => {
    const now = performance.now();
    const isInsisting = ENDING.has(signal) && now - last < INSIST;
    if (ENDING.has(signal)) last = now;
    guest.kill(isInsisting ? "SIGKILL" : signal);
  };
  for (const signal of PASSED) process.on(signal, pass);
  const stopResizing = passSize(guest);
  return () => {
    for (const signal of PASSED) process.off(signal, pass);
    stopResizing();
  };
}

/** Tells the size of the terminal, if output or error is one, now and when it changes. */
function passSize(guest: Guest): () => void {
  const terminal = [process.stdout, process.stderr].find((stream) => stream instanceof WriteStream && stream.isTTY);
  if (terminal === undefined) return () => {};
  const tell = (): void => guest.resize(terminal.rows, terminal.columns);
  tell();
  terminal.on("resize", tell);
  return () => terminal.off("resize", tell);
}
