// The entry of a guest's thread on Node.

import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { runThread, type ThreadStart } from "../engine/thread.js";
import { makeProvider, type WasiRecipe } from "./wasi.js";

const start = workerData as ThreadStart;
const port = parentPort;
if (port === null) throw new Error("this file is the worker engine's thread: it is not run by itself");

// Listening before anything is told, so that "go" cannot be missed.
const go = once(port, "message").then(() => {});
await runThread({
  start,
  provider: await makeProvider(start.wasi as WasiRecipe),
  post: (message) => port.postMessage(message),
  go,
  ...(start.trace ? { trace: (await import("../trace.js")).traceImports } : {}),
});
