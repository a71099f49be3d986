// Linking: guest, core and glue made into one program. The guest's imports are the core's own exports, so that a call goes
// from wasm to wasm; only what has no descriptor and never waits (arguments, clocks, randomness) is the provider's
// JavaScript. Owns no waiting: the engine brings `wait`.

import { EFAULT, ENOSYS } from "../assembly/shared/errno.js";
import { callModule, copyModule, interposerModule, sharedCopyModule } from "./core.js";
import { GuestExit, GuestSignal } from "./exit.js";
import type { WasiProvider } from "./options.js";

type Call = (...args: never[]) => unknown;
type Exports = Record<string, WebAssembly.ExportValue>;

/** Module "host": what the core asks of its host, but for exit and terminate, which are the same everywhere. */
export interface HostImports {
  readonly request: (op: number, id: number, a: number, b: number, c: number) => void;
  /** May be a WebAssembly.Suspending object. */
  readonly wait: unknown;
  readonly clock: (id: number) => number;
}

/** What the core exports to its host. */
export interface CoreExports extends Exports {
  readonly memory: WebAssembly.Memory;
  readonly table: WebAssembly.Table;
  readonly kernel_ring: () => number;
  readonly kernel_stdio: (mask: number) => number;
  readonly kernel_preopen: (fd: number) => number;
  readonly kernel_setfiles: (files: number) => void;
  readonly kernel_setconnecttimeout: (milliseconds: number) => void;
  readonly kernel_setcapabilities: (bits: number) => void;
  readonly kernel_setcopy: (copyin: number, copyout: number) => void;
  readonly kernel_sethandler: (index: number) => void;
  readonly kernel_setthreads: (leave: number, resume: number) => void;
  readonly kernel_sockets: () => number;
  readonly kernel_heap: () => number;
  readonly proc_exit: (status: number) => void;
}

/** Names of the preview1 functions that the core serves; every other one is the provider's. */
const WASI_FACE = /^(fd_|path_|sock_|poll_oneoff$|sched_yield$|proc_exit$|proc_raise$)/;

/** An instance of the core. `memory` is given to the shared build only. */
export async function instantiateCore(
  module: WebAssembly.Module,
  host: HostImports,
  provider: WasiProvider,
  memory?: WebAssembly.Memory,
): Promise<CoreExports> {
  let own: WebAssembly.Table | undefined;
  const guestTable = (): WebAssembly.Table | undefined => (own === undefined ? undefined : guestTables.get(own));
  const imports = {
    host: {
      ...host,
      arity: (index: number): number => arityIn(guestTable(), index),
      exit: (status: number): never => {
        throw new GuestExit(status);
      },
      terminate: (signal: number): never => {
        throw new GuestSignal(signal);
      },
    },
    foreign: foreignImports(module, provider),
    env: memory === undefined ? {} : { memory },
  };
  const instance = await WebAssembly.instantiate(module, imports as unknown as WebAssembly.Imports);
  const core = { memory, ...instance.exports } as unknown as CoreExports;
  own = core.table;
  return core;
}

/** The guest's function table, by the core's. */
const guestTables = new WeakMap<WebAssembly.Table, WebAssembly.Table>();

/** How many parameters a function in the guest's table has; -1 where the table is not exported or has none there. */
function arityIn(table: WebAssembly.Table | undefined, index: number): number {
  if (table === undefined || index < 0 || index >= table.length) return -1;
  const found: unknown = table.get(index);
  return typeof found === "function" ? found.length : -1;
}

/**
 * The provider's functions, made safe: one that is missing is ENOSYS, one that runs off the guest's memory is EFAULT. Preview1's 32-bit
 * numbers have no sign, and wasm hands them over with one: pointers beyond 2 GB would be negative.
 */
function foreignImports(module: WebAssembly.Module, provider: WasiProvider): Record<string, Call> {
  const imports: Record<string, Call> = {};
  for (const wanted of WebAssembly.Module.imports(module)) {
    if (wanted.module !== "foreign") continue;
    imports[wanted.name] = guarded(provider.imports[wanted.name]);
  }
  return imports;
}

function guarded(call: Call | undefined): Call {
  if (call === undefined) return () => ENOSYS;
  return (...args: (number | bigint)[]) => {
    for (let n = 0; n < args.length; n++) {
      const given = args[n];
      if (typeof given === "number" && given < 0) args[n] = given >>> 0;
    }
    try {
      return call(...(args as never[]));
    } catch (error) {
      if (error instanceof RangeError) return EFAULT;
      throw error;
    }
  };
}

/** Everything that guests can import: module "posix" and "wasi_snapshot_preview1". */
export function guestImports(core: CoreExports, provider: WasiProvider): Record<string, Record<string, Call>> {
  const posix: Record<string, Call> = {};
  const wasi: Record<string, Call> = {};
  for (const [name, call] of Object.entries(provider.imports)) {
    if (!WASI_FACE.test(name)) wasi[name] = guarded(call);
  }
  for (const [name, value] of Object.entries(core)) {
    if (typeof value !== "function" || name.startsWith("kernel_")) continue;
    (WASI_FACE.test(name) ? wasi : posix)[name] = value as Call;
  }
  return { posix, wasi_snapshot_preview1: wasi };
}

/** The core's functions behind an interposer that tells `trace` of every call after it has returned. */
export async function interpose(core: CoreExports, trace: WebAssembly.ModuleImports): Promise<CoreExports> {
  const instance = await WebAssembly.instantiate(await interposerModule(), {
    core: core as unknown as WebAssembly.ModuleImports,
    trace,
  });
  return { ...core, ...instance.exports } as CoreExports;
}

/** Whether this host can copy between two memories in wasm (Node 22 and later, all present browsers). */
export async function hasMultiMemory(): Promise<boolean> {
  try {
    await copyModule();
    return true;
  } catch {
    return false;
  }
}

/** Joins the guest's memory and signal entry to the core, once the guest is instantiated. */
export async function joinGuest(core: CoreExports, guest: Exports): Promise<WebAssembly.Memory> {
  const memory = guest["memory"];
  if (!(memory instanceof WebAssembly.Memory)) {
    throw new TypeError(
      'the guest exports no memory named "memory": compile it with `hawser cc`, or export its memory',
    );
  }
  const copies = (await copyInWasm(core, memory)) ?? (await copyInJavaScript(core, memory));
  const index = core.table.grow(3);
  core.table.set(index, copies["copyin"]);
  core.table.set(index + 1, copies["copyout"]);
  core.kernel_setcopy(index, index + 1);
  const functions = guest["__indirect_function_table"];
  if (functions instanceof WebAssembly.Table) guestTables.set(core.table, functions);
  const handler = guest["__hawser_signal"];
  if (typeof handler === "function") {
    core.table.set(index + 2, handler);
    core.kernel_sethandler(index + 2);
  }
  return memory;
}

/** Null for hosts without multi-memory. */
async function copyInWasm(core: CoreExports, memory: WebAssembly.Memory): Promise<Exports | null> {
  const shared = typeof SharedArrayBuffer !== "undefined" && core.memory.buffer instanceof SharedArrayBuffer;
  const module = await (shared ? sharedCopyModule() : copyModule()).catch(() => null);
  if (module === null) return null;
  const instance = await WebAssembly.instantiate(module, { core: { memory: core.memory }, guest: { memory } });
  return instance.exports;
}

/** The same two functions in JavaScript, for hosts without multi-memory. */
async function copyInJavaScript(core: CoreExports, memory: WebAssembly.Memory): Promise<Exports> {
  let own = new Uint8Array(core.memory.buffer);
  let other = new Uint8Array(memory.buffer);
  const refresh = (): void => {
    if (own.buffer !== core.memory.buffer) own = new Uint8Array(core.memory.buffer);
    if (other.buffer !== memory.buffer) other = new Uint8Array(memory.buffer);
  };
  /** As in copy.wat: nothing of a guest lives below 1024. */
  const isOutside = (start: number, length: number): boolean => start < 1024 || start + length > other.length;
  const host = {
    copyin: (to: number, from: number, length: number): number => {
      if (length === 0) return 0;
      refresh();
      if (isOutside(from >>> 0, length >>> 0)) return 1;
      own.set(other.subarray(from >>> 0, (from >>> 0) + (length >>> 0)), to >>> 0);
      return 0;
    },
    copyout: (to: number, from: number, length: number): number => {
      if (length === 0) return 0;
      refresh();
      if (isOutside(to >>> 0, length >>> 0)) return 1;
      other.set(own.subarray(from >>> 0, (from >>> 0) + (length >>> 0)), to >>> 0);
      return 0;
    },
  };
  const instance = await WebAssembly.instantiate(await callModule(), { host });
  return instance.exports;
}

/** Installs the provider's preopened directories, in its order, on the lowest free descriptors (3 and on). */
export function adoptPreopens(core: CoreExports, provider: WasiProvider, memory: WebAssembly.Memory): void {
  const prestat = provider.imports["fd_prestat_get"] as ((fd: number, pointer: number) => number) | undefined;
  if (prestat === undefined) return;
  // The provider writes its answer into guest memory: eight bytes of it are borrowed and put back.
  const borrowed = new Uint8Array(memory.buffer, 0, 8).slice();
  for (let fd = 3; prestat(fd, 0) === 0; fd++) core.kernel_preopen(fd);
  new Uint8Array(memory.buffer).set(borrowed);
}
