// Attaching: sockets for a WASI instance that the caller made and instantiates itself. Owns no engine but jspi, since the
// caller's instance is on this thread.

import { chooseEngine, limitsOf, LINGER, type Platform, tracing } from "./start.js";
import { passSize, terminalsOf } from "./device.js";
import { LocalGuest } from "./engine/local.js";
import type { CommonOptions, Exit, WasiProvider, RunOptions } from "./options.js";
import { policy } from "./policy.js";

/** Options of attach(): those of run() that are not the WASI provider's. */
export type AttachOptions = Pick<
  CommonOptions,
  "terminal" | "stdin" | "stdout" | "stderr" | "network" | "allow" | "trace" | "audit" | "files" | "connectTimeout"
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
  const guest = await LocalGuest.create({
    network: policy(options.network ?? platform.network(), options.allow ?? [], options.audit),
    terminals: terminalsOf(platform, options),
    provider: wasi,
    preopens: options.preopens ?? {},
    ...limitsOf(options),
    linger: LINGER,
    ...(await tracing(options.trace)),
  });
  return {
    imports: guest.imports,
    start: (instance) => {
      const stopResizing = passSize(options.terminal, (rows, columns) => guest.resize(rows, columns));
      return guest.run(instance).finally(stopResizing);
    },
    kill: (signal) => guest.kill(signal),
  };
}
