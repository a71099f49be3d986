// The options of run() in a page. Owns the public types; no behaviour.

import type { CommonOptions, WasiFromModule, WasiProvider, WasiSetup } from "../options.js";
import type { Files } from "./files.js";

/** A guest program: a compiled module, its bytes, a response that holds it, or its URL (relative to the page). */
export type Program = WebAssembly.Module | BufferSource | Response | PromiseLike<Response> | URL | string;

/** Options of run() and start() in a page. */
export interface RunOptions extends CommonOptions {
  /**
   * Guest path to files in memory: `{ "/etc": { hosts: "127.0.0.1 localhost\n" } }`. The guest changes a Directory; with a
   * guest in a worker, that is seen once it has ended (and not at all if SIGKILL ended it).
   */
  readonly preopens?: Readonly<Record<string, Files>>;
  /** Default: "shim" (@bjorn3/browser_wasi_shim). A function only with the jspi engine on this thread. */
  readonly wasi?: "shim" | WasiFromModule | ((setup: WasiSetup<Files>) => WasiProvider);
  /**
   * Runs a guest of the jspi engine in a Worker of its own, network and streams staying here: a guest that computes holds up
   * nothing, and its timers are not slowed down in a hidden tab. Needs no isolation. The worker engine always does.
   */
  readonly inWorker?: boolean;
  /**
   * Where workers load their program: the URL of a copy of `hawser/browser/worker`. By default it comes with this module,
   * as a blob, which a Content-Security-Policy must allow (worker-src blob:).
   */
  readonly worker?: URL | string;
}
