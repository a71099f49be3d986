// What Node brings to a guest: its network, standard streams, WASI providers and threads.

import type { RunOptions, Start, WasiProvider, WasiSetup } from "../options.js";
import type { Platform } from "../start.js";
import { nodeNetwork } from "./network.js";
import { inputFrom, outputTo } from "./stdio.js";
import { spawn } from "./thread.js";
import { makeProvider, type WasiRecipe } from "./wasi.js";

function setupOf(options: RunOptions, start: Start): WasiSetup {
  return { ...start, preopens: options.preopens ?? {} };
}

function recipe(options: RunOptions, start: Start): WasiRecipe {
  const setup = setupOf(options, start);
  const { wasi } = options;
  if (typeof wasi === "object") {
    return { kind: "module", module: String(wasi.module), setup: { ...setup, data: wasi.data } };
  }
  if (typeof wasi === "function") {
    throw new TypeError("a wasi function cannot go to the worker engine's thread: give { module: URL } instead");
  }
  const wantsFiles = Object.keys(setup.preopens).length > 0;
  if (wasi === "shim" && wantsFiles) {
    throw new TypeError('preopens are directories of the host, which wasi: "shim" cannot open: use wasi: "node"');
  }
  return { kind: wasi ?? (wantsFiles ? "node" : "shim"), setup };
}

/** Node. */
export const nodePlatform: Platform<RunOptions> = {
  network: () => nodeNetwork(),
  source: (options) => inputFrom(options.stdin ?? "ignore"),
  sink: (options, stream) => outputTo(options[stream] ?? "inherit", stream === "stdout" ? 1 : 2),
  provider: async (options, start): Promise<WasiProvider> =>
    typeof options.wasi === "function" ? options.wasi(setupOf(options, start)) : makeProvider(recipe(options, start)),
  cloneable: recipe,
  directories: (options) => options.preopens ?? {},
  spawn,
  advice: {
    jspi: "Node 24 and later have it, as have Deno and Bun",
    worker: "run it in a process that has worker_threads",
  },
};
