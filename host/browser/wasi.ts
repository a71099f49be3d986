// WASI providers in a page or worker: the shim with files in memory, or a module of the caller's. Owns how a provider is named
// so that it can be made in a worker.

import type { Start, WasiProvider, WasiSetup } from "../options.js";
import { shimWasi } from "../wasi.js";
import { directoryOf, type FileTree, type Files, preopened, tree } from "./files.js";

/** What a provider is made from; structured-cloneable. */
export interface WasiRecipe {
  readonly start: Start;
  readonly preopens: Readonly<Record<string, FileTree>>;
  /** What import() takes, for a provider of the caller's. */
  readonly module?: string;
  readonly data?: unknown;
}

/** A provider, and what it has in its directories by now. */
export interface MadeProvider {
  readonly provider: WasiProvider;
  files(): Record<string, FileTree>;
}

/** Makes the provider of a recipe. Directories among `preopens` are used as they are. */
export async function makeProvider(recipe: {
  readonly start: Start;
  readonly preopens: Readonly<Record<string, Files>>;
  readonly module?: string;
  readonly data?: unknown;
}): Promise<MadeProvider> {
  const { start, preopens, module, data } = recipe;
  const made = Object.entries(preopens).map(([path, files]) => [path, directoryOf(files)] as const);
  const directories = Object.fromEntries(made);
  const files = (): Record<string, FileTree> => Object.fromEntries(made.map(([path, each]) => [path, tree(each)]));
  if (module === undefined) {
    return { provider: shimWasi({ ...start, preopens: {} }, preopened(directories)), files };
  }
  const imported = (await import(/* @vite-ignore */ /* webpackIgnore: true */ module)) as {
    createWasi?: (setup: WasiSetup<Files>) => WasiProvider;
  };
  if (typeof imported.createWasi !== "function") {
    throw new TypeError(`${module} exports no function createWasi(setup): see WasiFromModule`);
  }
  return { provider: imported.createWasi({ ...start, preopens: directories, data }), files };
}
