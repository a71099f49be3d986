// WASI providers on Node: the shim, node:wasi where host directories are wanted, or a module of the caller's. Owns how a
// provider is named so that it can be made on another thread.

import { constants } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { EFAULT, EINVAL, EOVERFLOW } from "../../assembly/shared/errno.js";
import type { WasiProvider, WasiSetup } from "../options.js";
import { shimWasi } from "../wasi.js";

/** What a provider is made from; structured-cloneable. */
export interface WasiRecipe {
  readonly kind: "shim" | "node" | "module";
  readonly setup: WasiSetup;
  /** kind "module": what import() takes. */
  readonly module?: string;
}

/**
 * Makes node:wasi safe to call on Node 20, whose V8 corrupts its heap in fast calls of these functions from optimized wasm.
 * Later versions have it mended. To be called before the wasm is compiled.
 */
export function avoidFastCalls(): void {
  if (Number(process.versions.node.split(".")[0]) < 22) setFlagsFromString("--no-turbo-fast-api-calls");
}

/** A provider over node:wasi: real directories for `preopens`. Node says of it that it is no sandbox for files. */
export async function nodeWasi(setup: WasiSetup): Promise<WasiProvider> {
  avoidFastCalls();
  const { WASI } = await withoutExperimentalWarning(() => import("node:wasi"));
  const wasi = new WASI({
    version: "preview1",
    args: [...setup.args],
    env: { ...setup.env },
    preopens: { ...setup.preopens },
    returnOnExit: true,
  });
  const imports = Object.fromEntries(
    Object.entries(wasi.wasiImport as Record<string, Preview1>).map(([name, call]) => [name, mendErrno(call)]),
  );
  let memory: WebAssembly.Memory | undefined;
  return {
    imports: {
      ...imports,
      fd_fdstat_get: (fd: number, pointer: number): unknown => {
        const errno = imports["fd_fdstat_get"]?.(fd, pointer);
        if (errno === 0 && memory !== undefined) mendFlags(new DataView(memory.buffer, pointer + 2, 2));
        return errno;
      },
      // With flags that are none, node:wasi leaves the directory locked, and its next call waits for ever.
      path_filestat_set_times: (...args: (number | bigint)[]): unknown =>
        isTimeFlags(args[6] ?? 0) ? imports["path_filestat_set_times"]?.(...args) : EINVAL,
    },
    // initialize() wants an instance; all it looks at is the memory, and that there is no entry of its own to run.
    start: (guest) => {
      memory = guest.exports.memory;
      wasi.initialize({ exports: { memory } });
    },
  };
}

type Preview1 = (...args: (number | bigint)[]) => unknown;

/** fstflags: of each time either one that is given, or now. */
function isTimeFlags(flags: number | bigint): boolean {
  const both = (bits: number): boolean => (Number(flags) & bits) === bits;
  return Number(flags) < 16 && !both(3) && !both(12);
}

/** What runs off the guest's memory is EOVERFLOW there, and EFAULT everywhere else. */
function mendErrno(call: Preview1): Preview1 {
  return (...args) => {
    const errno = call(...args);
    return errno === EOVERFLOW ? EFAULT : errno;
  };
}

/** WASI's flags of a descriptor, and the host's that stand for them: those that fit into the field. */
const FLAGS: readonly (readonly [number, number | undefined])[] = [
  [1, constants.O_APPEND],
  [2, constants.O_DSYNC],
  [4, constants.O_NONBLOCK],
];

/** node:wasi tells the flags of a descriptor in the host's numbers, among which are the access modes. */
function mendFlags(field: DataView): void {
  const given = field.getUint16(0, true);
  const set = FLAGS.filter(([, host]) => host !== undefined && host !== 0 && (given & host) === host);
  field.setUint16(
    0,
    set.reduce((flags, [flag]) => flags | flag, 0),
    true,
  );
}

/** Keeps node:wasi's ExperimentalWarning off stderr, where a guest's own output is; other warnings pass. */
export async function withoutExperimentalWarning<T>(load: () => Promise<T>): Promise<T> {
  const { emitWarning } = process;
  const quiet = (warning: string | Error, ...rest: unknown[]): void => {
    if (rest[0] === "ExperimentalWarning" && String(warning).startsWith("WASI")) return;
    (emitWarning as (...args: unknown[]) => void).call(process, warning, ...rest);
  };
  process.emitWarning = quiet as typeof process.emitWarning;
  try {
    return await load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** Makes the provider of a recipe. */
export async function makeProvider(recipe: WasiRecipe): Promise<WasiProvider> {
  if (recipe.kind === "shim") return shimWasi(recipe.setup);
  if (recipe.kind === "node") return nodeWasi(recipe.setup);
  const made = (await import(recipe.module ?? "")) as { createWasi?: (setup: WasiSetup) => WasiProvider };
  if (typeof made.createWasi !== "function") {
    throw new TypeError(`${recipe.module} exports no function createWasi(setup): see WasiFromModule`);
  }
  return made.createWasi(recipe.setup);
}
