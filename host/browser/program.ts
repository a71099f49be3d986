// Where a guest program comes from in a page: fetched, compiled while it arrives where that can be. Owns the name it gets.

import type { Program } from "./options.js";

/** A program that can be started. */
export interface Loaded {
  readonly source: WebAssembly.Module | Uint8Array<ArrayBuffer>;
  /** argv[0], where the program's URL says it. */
  readonly name?: string;
}

/** Loads a program. Throws Error for a URL that gives none; what is in the bytes is said when they are compiled. */
export async function loadProgram(program: Program): Promise<Loaded> {
  if (program instanceof WebAssembly.Module) return { source: program };
  if (program instanceof ArrayBuffer) return { source: new Uint8Array(program) };
  if (ArrayBuffer.isView(program)) {
    const { buffer, byteOffset, byteLength } = program;
    return { source: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength) };
  }
  const isAddress = typeof program === "string" || program instanceof URL;
  const response = await (isAddress ? fetch(program) : program);
  const path = /^https?:/.test(response.url) ? new URL(response.url).pathname : "";
  const name = path.slice(path.lastIndexOf("/") + 1) || "guest";
  if (!response.ok)
    throw new Error(`${response.url || name}: the server says ${response.status} ${response.statusText}`);
  return { source: await compileResponse(response), name };
}

/** The module where it compiles as it arrives, else the bytes: those are looked at and complained about in one place. */
async function compileResponse(response: Response): Promise<WebAssembly.Module | Uint8Array<ArrayBuffer>> {
  const type = response.headers.get("content-type")?.split(";")[0]?.trim();
  if (type === "application/wasm" && typeof WebAssembly.compileStreaming === "function") {
    const copy = response.clone();
    try {
      const module = await WebAssembly.compileStreaming(response);
      void copy.body?.cancel().catch(() => {});
      return module;
    } catch {
      return new Uint8Array(await copy.arrayBuffer());
    }
  }
  return new Uint8Array(await response.arrayBuffer());
}
