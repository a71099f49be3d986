// Threads on Node: starts a worker_threads Worker with the engine's entry (host/node/worker.ts, bundled beside this file).

import { Worker } from "node:worker_threads";
import type { Spawn } from "../engine/worker.js";
import type { ThreadMessage } from "../engine/thread.js";

/** Starts the guest's thread. */
export const spawn: Spawn = (start, told, died) => {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: start, stdin: false });
  worker.on("message", (message: ThreadMessage) => told(message));
  worker.on("error", died);
  worker.on("exit", (code) => died(new Error(`the guest's thread ended with code ${code}`)));
  return {
    go: () => worker.postMessage("go"),
    terminate: () => worker.terminate(),
  };
};
