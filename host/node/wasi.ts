// WASI providers on Node: the shim, node:wasi where host directories are wanted, or a module of the caller's. Owns how a
// provider is named so that it can be made on another thread.

import { setFlagsFromString } from "node:v8";
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
  return {
    imports: wasi.wasiImport as WasiProvider["imports"],
    // initialize() wants an instance; all it looks at is the memory, and that there is no entry of its own to run.
    start: (guest) => wasi.initialize({ exports: { memory: guest.exports.memory } }),
  };
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
