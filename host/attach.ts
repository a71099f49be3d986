// Attaching: sockets for a WASI instance that the caller made and instantiates itself. Owns no engine but jspi, since the
// caller's instance is on this thread.

import { chooseEngine, limitsOf, LINGER, type Platform, tracing } from "./start.js";
import { LocalGuest } from "./engine/local.js";
import type { CommonOptions, Exit, WasiProvider, RunOptions } from "./options.js";
import { policy } from "./policy.js";
import { Terminals } from "./terminals.js";

/** Options of attach(): those of run() that are not the WASI provider's. */
export type AttachOptions = Pick<
  CommonOptions,
  "stdin" | "stdout" | "stderr" | "network" | "allow" | "trace" | "audit" | "files" | "connectTimeout"
> &
  Pick<RunOptions, "preopens">;

/** Sockets waiting for their guest. */
export interface Attachment {
  /** For WebAssembly.instantiate(): module "posix" and "wasi_snapshot_preview1". */
  readonly imports: WebAssembly.Imports;
  /** Runs the instance's `_start` to its end. Once. */
  start(instance: WebAssembly.Instance): Promise<Exit>;
  /** Raises a signal by number. */
  kill(signal: number): void;
}

/** Makes an attachment on `platform`. */
export async function attachOn(platform: Platform, wasi: WasiProvider, options: AttachOptions): Promise<Attachment> {
  chooseEngine("jspi", platform);
  const sinks = [platform.sink(options, "stdout"), platform.sink(options, "stderr")] as const;
  const guest = await LocalGuest.create({
    network: policy(options.network ?? platform.network(), options.allow ?? [], options.audit),
    terminals: new Terminals(platform.source(options), sinks),
    provider: wasi,
    preopens: options.preopens ?? {},
    ...limitsOf(options),
    linger: LINGER,
    ...(await tracing(options.trace)),
  });
  return {
    imports: guest.imports,
    start: (instance) => guest.run(instance),
    kill: (signal) => guest.kill(signal),
  };
}
