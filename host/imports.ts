// Whether a module can be a guest, said before anything runs: that it is a core WebAssembly module, that somebody provides
// each of its imports, that it has an entry. Owns the sentences; linking is host/link.ts.

import { coreModule, sharedCoreModule } from "./core.js";
import type { Engine } from "./options.js";
import { PREVIEW1 } from "./preview1.js";

/** What was given is no program that can run here: not WebAssembly, a component, or a library. */
export class ModuleError extends Error {
  override readonly name = "ModuleError";
}

/** A module imports what nobody here provides. */
export class ImportError extends Error {
  override readonly name = "ImportError";
}

/** Names of what guests can import, by module. */
export interface Provided {
  readonly posix: ReadonlySet<string>;
  readonly wasi: ReadonlySet<string>;
}

const COMPILE = "compile the C source with `hawser cc`";

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

/** File kinds that are taken for programs, by how they start. */
const KINDS: readonly (readonly [start: string, kind: string])[] = [
  ["7f 45 4c 46", "an ELF program or object"],
  ["cf fa ed fe", "a Mach-O program or object"],
  ["ca fe ba be", "a Mach-O program or a Java class"],
  ["4d 5a", "a Windows program"],
  ["21 3c 61 72 63 68 3e", "an archive of objects"],
  ["42 43 c0 de", "LLVM bitcode"],
  ["1f 8b", "a gzip file: decompress it first"],
  ["28 6d 6f 64 75 6c 65", "WebAssembly text: assemble it with wat2wasm"],
  ["23 21", "a script"],
];

function kindOf(bytes: Uint8Array): string {
  const start = hex(bytes.subarray(0, 8));
  const kind = KINDS.find(([prefix]) => start.startsWith(prefix))?.[1];
  if (kind !== undefined) return kind;
  return bytes.subarray(0, 64).every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d)) ? "text" : "";
}

/** Throws ModuleError unless `bytes` begin a core WebAssembly module. Says nothing of what follows the head. */
export function checkModule(bytes: Uint8Array, name = "the guest"): void {
  if (bytes.length === 0) throw new ModuleError(`${name} is not a WebAssembly module: it is empty; ${COMPILE}`);
  const start = hex(bytes.subarray(0, 8));
  if (!start.startsWith("00 61 73 6d")) {
    const kind = kindOf(bytes);
    const shown = hex(bytes.subarray(0, 4));
    throw new ModuleError(
      `${name} is not a WebAssembly module: it starts with ${shown}${kind === "" ? "" : ` (${kind})`}; ${COMPILE}`,
    );
  }
  if (bytes.length < 8) {
    throw new ModuleError(`${name} is not a WebAssembly module: it is truncated, it ends after ${bytes.length} bytes`);
  }
  if (start.endsWith("0d 00 01 00")) {
    throw new ModuleError(
      `${name} is a WebAssembly component, and hawser runs core modules: compile for wasm32-wasip1 with \`hawser cc\`, ` +
        "or take the core module out of it with `wasm-tools component unbundle`",
    );
  }
  if (!start.endsWith("01 00 00 00")) {
    throw new ModuleError(`${name} is WebAssembly of version ${start.slice(12)}, and hawser runs version 01 00 00 00`);
  }
}

const known: Partial<Record<Engine, Promise<Provided>>> = {};

/** What the core and the preview1 providers give; the same with either engine, whose core is loaded anyway. */
export function providedImports(engine: Engine): Promise<Provided> {
  known[engine] ??= (engine === "jspi" ? coreModule() : sharedCoreModule()).then((module) => {
    const names = WebAssembly.Module.exports(module).filter(
      ({ kind, name }) => kind === "function" && !name.startsWith("kernel_"),
    );
    return {
      posix: new Set(names.map(({ name }) => name).filter((name) => !PREVIEW1.has(name))),
      wasi: PREVIEW1,
    };
  });
  return known[engine];
}

/** How many imports that nobody provides are told. */
const TOLD = 5;

function sentence(name: string, missing: readonly WebAssembly.ModuleImportDescriptor[]): string {
  const told = missing.slice(0, TOLD).map((wanted) => ({
    what: `${wanted.module}.${wanted.name} (${wanted.kind})`,
    why: explain(wanted),
  }));
  const reasons = [...new Set(told.map(({ why }) => why))];
  const more = missing.length > TOLD ? ` and ${missing.length - TOLD} more` : "";
  if (reasons.length === 1) {
    const all = told.map(({ what }) => what).join(", ");
    return `${name} imports ${all}${more}, which hawser does not provide: ${reasons[0]}`;
  }
  const lines = told.map(({ what, why }) => `  ${what}: ${why}`).join("\n");
  return `${name} imports what hawser does not provide:\n${lines}${more === "" ? "" : `\n ${more}`}`;
}

/**
 * Throws ImportError for the imports of `module` that nobody provides, ModuleError if it has no `_start` or no memory.
 *
 * @param name - what the sentence calls the module.
 * @param provided - what there is: see providedImports().
 */
export async function checkImports(module: WebAssembly.Module, name: string, provided?: Provided): Promise<void> {
  const given = provided ?? (await providedImports("jspi"));
  const missing = WebAssembly.Module.imports(module).filter((wanted) => !isProvided(wanted, given));
  if (missing.length > 0) throw new ImportError(sentence(name, missing));
  const exported = WebAssembly.Module.exports(module);
  if (!exported.some(({ name: its, kind }) => its === "_start" && kind === "function")) {
    throw new ModuleError(
      `${name} exports no function "_start": it is a library, not a command; ${COMPILE}, with a main() and without ` +
        "-mexec-model=reactor, -shared or -c",
    );
  }
  if (!exported.some(({ name: its, kind }) => its === "memory" && kind === "memory")) {
    throw new ModuleError(`${name} exports no memory named "memory": ${COMPILE}, which exports it`);
  }
}

function isProvided(wanted: WebAssembly.ModuleImportDescriptor, given: Provided): boolean {
  if (wanted.kind !== "function") return false;
  if (wanted.module === "posix") return given.posix.has(wanted.name);
  return wanted.module === "wasi_snapshot_preview1" && given.wasi.has(wanted.name);
}

/** Who provides it elsewhere, and what to do. */
function explain({ module, name, kind }: WebAssembly.ModuleImportDescriptor): string {
  if (kind === "memory") return `a guest brings its own memory; link without --import-memory, or ${COMPILE}`;
  if (kind === "table") return `a guest brings its own table; link without --import-table, or ${COMPILE}`;
  if (module === "posix") {
    return "it was compiled by a newer `hawser cc`; upgrade hawser, or compile it again with this version's";
  }
  if (module === "wasi_snapshot_preview1") return `WASI preview 1 has no such ${kind}; ${COMPILE}`;
  if (module === "env") return explainEnv(name, kind);
  return explainModule(module);
}

const EMSCRIPTEN =
  /^(emscripten_|_emscripten_|__syscall_|_?embind_|invoke_[a-z]|_mmap_js|_munmap_js|__cxa_throw|__asyncjs__|segfault$|alignfault$)/;

function explainEnv(name: string, kind: string): string {
  if (EMSCRIPTEN.test(name)) return `it was built for Emscripten; ${COMPILE}`;
  if (/^(__indirect_function_table|__memory_base|__table_base|__stack_pointer)$/.test(name)) {
    return `it is a shared library (-shared, -fPIC); link it statically: ${COMPILE}`;
  }
  return (
    `the linker left ${kind === "function" ? "this function" : "this symbol"} undefined; add the library or the source file that ` +
    "defines it, and link without -Wl,--allow-undefined"
  );
}

function explainModule(module: string): string {
  if (module === "wasi_unstable") return `that is WASI of before 2020; ${COMPILE}`;
  if (/^wasix?_32v1$|^wasix_/.test(module)) return `it was built for WASIX (Wasmer); ${COMPILE}`;
  if (/^wasi:|^[a-z][\w-]*:[\w-]+\//.test(module)) {
    return `it was built for a component world (WASI 0.2 and later); ${COMPILE}, which builds for wasm32-wasip1`;
  }
  if (/^wasi_ephemeral_|^wasi_snapshot_preview/.test(module)) return `that is no part of WASI preview 1; ${COMPILE}`;
  if (module === "wasi")
    return `it wants the host's thread-spawn, and a guest here has one thread; ${COMPILE} without -pthread`;
  if (/^(gojs|go)$/.test(module)) return "it was built by Go for a browser; hawser runs C programs";
  if (/^(wbg|__wbindgen_|__wbg_)/.test(module) || module === "./index_bg.js") {
    return "it was built by wasm-bindgen for Rust's own JavaScript glue; hawser runs C programs";
  }
  if (module === "a" || module === "asm2wasm")
    return `it was built for Emscripten (with its names cut short); ${COMPILE}`;
  return `only the modules posix and wasi_snapshot_preview1 are there; ${COMPILE}`;
}
