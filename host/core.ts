// The built core: the one file that imports it. Owns loading and compiling its modules, each when it is first wanted and once
// per process; a thread is given those of the thread that started it.

/** What can be loaded: a bundle holds the bytes, or a function that unpacks them (a page's bundle does). */
type Built = Uint8Array<ArrayBuffer> | (() => Promise<ArrayBuffer>);
type Name = "call" | "copy" | "sharedCopy" | "core" | "shared" | "interposer";

const LOAD: Readonly<Record<Name, () => Promise<{ readonly default: Built }>>> = {
  call: () => import("../build/call.wasm"),
  copy: () => import("../build/copy.wasm"),
  sharedCopy: () => import("../build/copy.shared.wasm"),
  core: () => import("../build/core.wasm"),
  shared: () => import("../build/core.shared.wasm"),
  interposer: () => import("../build/interposer.wasm"),
};

const made = new Map<Name, Promise<WebAssembly.Module>>();

function load(name: Name): Promise<WebAssembly.Module> {
  const known = made.get(name);
  if (known !== undefined) return known;
  const compiled = LOAD[name]().then(async ({ default: built }) =>
    WebAssembly.compile(typeof built === "function" ? await built() : built),
  );
  made.set(name, compiled);
  return compiled;
}

/** The core over its own unshared memory. */
export const coreModule = (): Promise<WebAssembly.Module> => load("core");

/** The core over an imported shared memory. */
export const sharedCoreModule = (): Promise<WebAssembly.Module> => load("shared");

/** Copies between two memories; compiles only where there is multi-memory. */
export const copyModule = (): Promise<WebAssembly.Module> => load("copy");

/** The same for a core over shared memory. */
export const sharedCopyModule = (): Promise<WebAssembly.Module> => load("sharedCopy");

/** Makes JavaScript functions fit for a table. */
export const callModule = (): Promise<WebAssembly.Module> => load("call");

/** Stands between guest and core while a trace is wanted. */
export const interposerModule = (): Promise<WebAssembly.Module> => load("interposer");

/** Compiled modules for another thread. Structured-cloneable. */
export type CoreModules = Readonly<Partial<Record<Name, WebAssembly.Module>>>;

/** What a thread needs of them, for a core over shared memory or over its own. */
export async function modulesFor(shared: boolean, trace: boolean): Promise<CoreModules> {
  const core: Name = shared ? "shared" : "core";
  const copy: Name = shared ? "sharedCopy" : "copy";
  const copies = load(copy).then(
    (module): CoreModules => ({ [copy]: module }),
    async () => ({ call: await load("call") }),
  );
  return {
    [core]: await load(core),
    ...(await copies),
    ...(trace ? { interposer: await load("interposer") } : {}),
  };
}

/** Takes the modules of the thread that started this one. Those that it had none of do not load here either. */
export function adoptModules(modules: CoreModules): void {
  for (const name of Object.keys(LOAD) as Name[]) {
    const module = modules[name];
    const adopted = module === undefined ? Promise.reject(new Error(`no module ${name}`)) : Promise.resolve(module);
    adopted.catch(() => {});
    made.set(name, adopted);
  }
}

/** The shared build's memory in 64 KiB pages, as asconfig.json says it. */
export const SHARED_PAGES: { readonly initial: number; readonly maximum: number } = { initial: 16, maximum: 32768 };
