// Starting a guest: takes run()'s options, asks the platform for what it brings, picks the engine. Owns the defaults.

import { passSize, terminalsOf } from "./device.js";
import { checkImports, checkModule, providedImports } from "./imports.js";
import { hasJspi } from "./engine/jspi.js";
import { LocalGuest, type LocalParts } from "./engine/local.js";
import { RemoteGuest, type RemoteSpawn } from "./engine/remote.js";
import { type Spawn, WorkerGuest } from "./engine/worker.js";
import { signalNumber } from "./exit.js";
import type { Network } from "./network.js";
import type { CommonOptions, Engine, Exit, Guest, Start, WasiProvider } from "./options.js";
import { policy } from "./policy.js";
import type { ByteSink, ByteSource } from "./stream.js";

/** What a platform (Node, a page) brings. `Options` are those of its run(). */
export interface Platform<Options extends CommonOptions = CommonOptions> {
  /** The network that is used where the options name none. */
  network(): Network;
  source(options: Options): ByteSource;
  sink(options: Options, stream: "stdout" | "stderr"): ByteSink;
  /** Makes the WASI provider that the options ask for. */
  provider(options: Options, start: Start): Promise<WasiProvider>;
  /** What a thread makes its provider from: cloneable. Throws TypeError for options that cannot go to a thread. */
  cloneable(options: Options, start: Start): unknown;
  /** Guest path to host path of the directories that the options give, where the host has files. */
  directories?(options: Options): Readonly<Record<string, string>>;
  /** Starts a thread, if the platform has any. */
  readonly spawn?: Spawn;
  /** How to start a thread for a guest of the jspi engine, where the options want one. */
  remote?(options: Options): RemoteSpawn | undefined;
  /** What to do, as a sentence, where this host lacks what an engine needs. */
  readonly advice: Readonly<Record<Engine, string>>;
}

/** Descriptors a guest may have open. */
export const FILES = 1024;
/** Milliseconds that what a guest had sent may take to leave after it has ended. */
export const LINGER = 30_000;

/** The engine that `wanted` asks for, or the host's best. Throws Error with what is missing. */
export function chooseEngine(wanted: Engine | undefined, platform: Platform): Engine {
  const hasThreads = platform.spawn !== undefined && typeof SharedArrayBuffer !== "undefined";
  const { advice } = platform;
  if (wanted === undefined) {
    if (hasJspi()) return "jspi";
    if (hasThreads) return "worker";
    throw new Error(`no engine can run here. For "jspi": ${advice.jspi}. For "worker": ${advice.worker}.`);
  }
  if (wanted === "jspi" && !hasJspi()) {
    throw new Error(
      `the jspi engine needs WebAssembly JavaScript Promise Integration, which this host lacks: ${advice.jspi}` +
        (hasThreads ? '; or use the "worker" engine, which can run here' : ""),
    );
  }
  if (wanted === "worker" && !hasThreads) {
    throw new Error(
      `the worker engine needs threads and SharedArrayBuffer, which this host lacks or has not enabled: ${advice.worker}` +
        (hasJspi() ? '; or use the "jspi" engine, which can run here' : ""),
    );
  }
  if (wanted !== "jspi" && wanted !== "worker") {
    throw new TypeError(`${JSON.stringify(wanted)} is no engine: use "jspi" or "worker"`);
  }
  return wanted;
}

/** The limits of a guest. Throws RangeError for those that make no sense. */
export function limitsOf({
  files = FILES,
  connectTimeout = Number.POSITIVE_INFINITY,
}: Pick<CommonOptions, "files" | "connectTimeout">): Pick<LocalParts, "files" | "connectTimeout"> {
  if (!(connectTimeout > 0)) {
    throw new RangeError(
      `connectTimeout is ${connectTimeout}; give milliseconds above 0, or leave it out for no limit`,
    );
  }
  return { files, connectTimeout };
}

/** Starts a guest on `platform`. */
export async function startOn<Options extends CommonOptions>(
  platform: Platform<Options>,
  source: WebAssembly.Module | Uint8Array<ArrayBuffer>,
  options: Options,
): Promise<Guest> {
  const engine = chooseEngine(options.engine, platform as unknown as Platform);
  const name = options.name ?? "guest";
  const module = source instanceof WebAssembly.Module ? source : await compile(source, name);
  await checkImports(module, name, await providedImports(engine));
  const start: Start = { args: [name, ...(options.args ?? [])], env: options.env ?? {} };
  const network = policy(options.network ?? platform.network(), options.allow ?? [], options.audit);
  const terminals = terminalsOf(platform, options);
  const preopens = platform.directories?.(options) ?? {};
  const parts = { network, terminals, preopens, ...limitsOf(options), linger: LINGER };
  const { trace } = options;
  const remote = engine === "jspi" ? platform.remote?.(options) : undefined;
  const thread = { ...parts, module, ...(trace === undefined ? {} : { trace }) };
  const running =
    remote !== undefined
      ? runningOf(new RemoteGuest({ ...thread, wasi: platform.cloneable(options, start), spawn: remote }))
      : engine === "jspi"
        ? await local(module, await platform.provider(options, start), trace, parts)
        : runningOf(new WorkerGuest({ ...thread, wasi: platform.cloneable(options, start), spawn: threads(platform) }));
  const stopResizing = passSize(options.terminal, running.resize);
  return guestOf(engine, { ...running, exited: running.exited.finally(stopResizing) }, options.signal);
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

type Parts = Pick<LocalParts, "network" | "terminals" | "preopens" | "files" | "connectTimeout" | "linger">;
type Trace = CommonOptions["trace"];

/** What LocalGuest takes to trace; what writes the lines is loaded only where they are wanted. */
export async function tracing(trace: Trace): Promise<Pick<LocalParts, "trace">> {
  if (trace === undefined) return {};
  const { traceImports } = await import("./trace.js");
  return { trace: (memory) => traceImports(memory, trace) };
}

async function local(module: WebAssembly.Module, provider: WasiProvider, trace: Trace, parts: Parts): Promise<Running> {
  const guest = await LocalGuest.create({ ...parts, provider, ...(await tracing(trace)) });
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

function threads({ spawn }: { readonly spawn?: Spawn }): Spawn {
  if (spawn === undefined) throw new Error("this platform has no threads");
  return spawn;
}

function runningOf(guest: WorkerGuest | RemoteGuest): Running {
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
