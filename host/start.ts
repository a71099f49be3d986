// Starting a guest: takes run()'s options, asks the platform for what it brings, picks the engine. Owns the defaults.

import { checkImports, checkModule } from "./imports.js";
import { hasJspi } from "./engine/jspi.js";
import { LocalGuest, type LocalParts } from "./engine/local.js";
import { type Spawn, WorkerGuest } from "./engine/worker.js";
import { signalNumber } from "./exit.js";
import type { Network } from "./network.js";
import type { Engine, Exit, Guest, RunOptions, WasiProvider, WasiSetup } from "./options.js";
import { policy } from "./policy.js";
import type { ByteSink, ByteSource } from "./stream.js";
import { Terminals } from "./terminals.js";
import { traceImports } from "./trace.js";

/** What a platform (Node, a page) brings. */
export interface Platform {
  /** The network that is used where the options name none. */
  network(): Network;
  source(options: RunOptions): ByteSource;
  sink(options: RunOptions, stream: "stdout" | "stderr"): ByteSink;
  /** Makes the WASI provider that the options ask for. */
  provider(options: RunOptions, setup: WasiSetup): Promise<WasiProvider>;
  /** What a thread makes its provider from: cloneable. Throws TypeError for options that cannot go to a thread. */
  cloneable(options: RunOptions, setup: WasiSetup): unknown;
  /** Starts a thread, if the platform has any. */
  readonly spawn?: Spawn;
}

/** Descriptors a guest may have open. */
export const FILES = 1024;
/** Milliseconds that what a guest had sent may take to leave after it has ended. */
export const LINGER = 30_000;

/** The engine that `wanted` asks for, or the host's best. Throws Error with what is missing. */
export function chooseEngine(wanted: Engine | undefined, platform: Platform): Engine {
  const engine = wanted ?? (hasJspi() ? "jspi" : "worker");
  if (engine === "jspi" && !hasJspi()) {
    throw new Error(
      "the jspi engine needs WebAssembly JavaScript Promise Integration, which this host lacks (Node 24 and later, " +
        'Chromium 137 and later have it): use the "worker" engine here',
    );
  }
  if (engine === "worker" && (platform.spawn === undefined || typeof SharedArrayBuffer === "undefined")) {
    throw new Error("the worker engine needs threads and SharedArrayBuffer, which this host lacks or has not enabled");
  }
  if (engine !== "jspi" && engine !== "worker") {
    throw new TypeError(`${JSON.stringify(engine)} is no engine: use "jspi" or "worker"`);
  }
  return engine;
}

/** Names of what guests may import, for the check before anything runs. */
async function checkGuest(module: WebAssembly.Module, name: string): Promise<void> {
  await checkImports(module, name);
}

/** Starts a guest on `platform`. */
export async function startOn(
  platform: Platform,
  source: WebAssembly.Module | Uint8Array<ArrayBuffer>,
  options: RunOptions,
): Promise<Guest> {
  const engine = chooseEngine(options.engine, platform);
  const name = options.name ?? "guest";
  const module = source instanceof WebAssembly.Module ? source : await compile(source, name);
  await checkGuest(module, name);
  const setup: WasiSetup = {
    args: [name, ...(options.args ?? [])],
    env: options.env ?? {},
    preopens: options.preopens ?? {},
  };
  const network = policy(options.network ?? platform.network(), options.allow ?? [], options.audit);
  const sinks = [platform.sink(options, "stdout"), platform.sink(options, "stderr")] as const;
  const terminals = new Terminals(platform.source(options), sinks);
  const parts = { network, terminals, preopens: setup.preopens, files: options.files ?? FILES, linger: LINGER };
  const running =
    engine === "jspi"
      ? await local(platform, module, options, setup, parts)
      : threaded(platform, module, options, setup, parts);
  return guestOf(engine, running, options.signal);
}

async function compile(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<WebAssembly.Module> {
  checkModule(bytes, name);
  return WebAssembly.compile(bytes);
}

interface Running {
  readonly exited: Promise<Exit>;
  kill(signal: number): void;
  resize(rows: number, columns: number): void;
}

type Parts = Pick<LocalParts, "network" | "terminals" | "preopens" | "files" | "linger">;

async function local(
  platform: Platform,
  module: WebAssembly.Module,
  options: RunOptions,
  setup: WasiSetup,
  parts: Parts,
): Promise<Running> {
  const provider = await platform.provider(options, setup);
  const { trace } = options;
  const guest = await LocalGuest.create({
    ...parts,
    provider,
    ...(trace === undefined ? {} : { trace: (memory) => traceImports(memory, trace) }),
  });
  let instance: WebAssembly.Instance;
  try {
    instance = await WebAssembly.instantiate(module, guest.imports);
  } catch (error) {
    guest.abandon();
    throw error;
  }
  return {
    exited: guest.run(instance),
    kill: (signal) => guest.kill(signal),
    resize: (rows, columns) => guest.resize(rows, columns),
  };
}

function threaded(
  platform: Platform,
  module: WebAssembly.Module,
  options: RunOptions,
  setup: WasiSetup,
  parts: Parts,
): Running {
  const { spawn } = platform;
  if (spawn === undefined) throw new Error("this platform has no threads");
  const guest = new WorkerGuest({
    ...parts,
    module,
    wasi: platform.cloneable(options, setup),
    spawn,
    ...(options.trace === undefined ? {} : { trace: options.trace }),
  });
  return {
    exited: guest.run(),
    kill: (signal) => guest.kill(signal),
    resize: (rows, columns) => guest.resize(rows, columns),
  };
}

function guestOf(engine: Engine, running: Running, signal: AbortSignal | undefined): Guest {
  const kill = (wanted: string | number = "SIGTERM"): void => running.kill(signalNumber(wanted));
  const abort = (): void => kill("SIGKILL");
  if (signal?.aborted === true) abort();
  signal?.addEventListener("abort", abort, { once: true });
  const exited = running.exited.finally(() => signal?.removeEventListener("abort", abort));
  return { engine, exited, kill, resize: running.resize };
}
