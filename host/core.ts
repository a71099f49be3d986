// The built core: the one file that imports it. Owns compiling its modules, each once per process.

import callBytes from "../build/call.wasm";
import copyBytes from "../build/copy.wasm";
import sharedCopyBytes from "../build/copy.shared.wasm";
import coreBytes from "../build/core.wasm";
import sharedBytes from "../build/core.shared.wasm";
import interposerBytes from "../build/interposer.wasm";

function once(bytes: Uint8Array<ArrayBuffer>): () => Promise<WebAssembly.Module> {
  let module: Promise<WebAssembly.Module> | undefined;
  return () => {
    module ??= WebAssembly.compile(bytes);
    return module;
  };
}

/** The core over its own unshared memory. */
export const coreModule: () => Promise<WebAssembly.Module> = once(coreBytes);

/** The core over an imported shared memory. */
export const sharedCoreModule: () => Promise<WebAssembly.Module> = once(sharedBytes);

/** Copies between two memories; compiles only where there is multi-memory. */
export const copyModule: () => Promise<WebAssembly.Module> = once(copyBytes);

/** The same for a core over shared memory. */
export const sharedCopyModule: () => Promise<WebAssembly.Module> = once(sharedCopyBytes);

/** Makes JavaScript functions fit for a table. */
export const callModule: () => Promise<WebAssembly.Module> = once(callBytes);

/** Stands between guest and core while a trace is wanted. */
export const interposerModule: () => Promise<WebAssembly.Module> = once(interposerBytes);

/** The shared build's memory in 64 KiB pages, as asconfig.json says it. */
export const SHARED_PAGES: { readonly initial: number; readonly maximum: number } = { initial: 16, maximum: 32768 };
