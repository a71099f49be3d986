import wabt from "wabt";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkImports, checkModule, ImportError, ModuleError, type Provided } from "../host/imports.js";

const wat = await wabt();

function assemble(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(wat.parseWat("guest.wat", text).toBinary({}).buffer);
}

const COMMAND = '(memory (export "memory") 1) (func (export "_start"))';

/** A module with these imports that is a command otherwise. */
function importing(...imports: string[]): Promise<WebAssembly.Module> {
  return WebAssembly.compile(assemble(`(module ${imports.join(" ")} ${COMMAND})`));
}

function functionNamed(module: string, name: string): string {
  return `(import "${module}" "${name}" (func))`;
}

/** What checkImports says of a module. */
async function refusal(module: WebAssembly.Module, provided?: Provided): Promise<Error> {
  try {
    await checkImports(module, "guest.wasm", provided);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("nothing was refused");
}

function bytesOf(...parts: (string | number[])[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part, "latin1")] : part)));
}

const KINDS: readonly (readonly [what: string, bytes: Uint8Array, said: RegExp])[] = [
  ["an empty file", bytesOf(), /it is empty/],
  ["an ELF program", bytesOf("\x7fELF\x02\x01\x01\0"), /7f 45 4c 46 \(an ELF program or object\)/],
  ["a Mach-O program", bytesOf([0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1]), /Mach-O/],
  ["a universal Mach-O program", bytesOf([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]), /Mach-O/],
  ["a Windows program", bytesOf("MZ\x90\0\x03\0\0\0"), /Windows/],
  ["a shell script", bytesOf("#!/bin/sh\nexec true\n"), /a script/],
  ["C source", bytesOf("#include <stdio.h>\n"), /\(text\)/],
  ["WebAssembly text", bytesOf("(module)"), /wat2wasm/],
  ["an archive", bytesOf("!<arch>\n"), /archive/],
  ["LLVM bitcode", bytesOf("BC", [0xc0, 0xde, 0x35, 0x14]), /bitcode/],
  ["a gzip file", bytesOf([0x1f, 0x8b, 8, 0]), /decompress/],
  ["unknown bytes", bytesOf([1, 2, 3, 4, 5]), /it starts with 01 02 03 04;/],
];

for (const [what, bytes, said] of KINDS) {
  test(`${what} is not a module, and the sentence says what it looks like and what to do`, () => {
    assert.throws(
      () => checkModule(bytes, "prog"),
      (error: unknown) => {
        assert.instance(error, ModuleError);
        const { message } = error as ModuleError;
        assert.match(message, /^prog is not a WebAssembly module: /);
        assert.match(message, said);
        assert.match(message, "hawser cc");
        return true;
      },
    );
  });
}

test("a head that ends early is truncated", () => {
  assert.throws(() => checkModule(bytesOf("\0asm\x01\0"), "prog"), /truncated, it ends after 6 bytes/);
});

test("a component is told from a core module", () => {
  assert.throws(() => checkModule(bytesOf("\0asm", [0x0d, 0, 1, 0]), "prog"), /is a WebAssembly component.*hawser cc/);
});

test("a version that is not 1 is named", () => {
  assert.throws(() => checkModule(bytesOf("\0asm", [2, 0, 0, 0]), "prog"), /version 02 00 00 00/);
});

test("a core module's head is taken", () => {
  checkModule(assemble("(module)"), "prog");
});

test("a command that imports only what there is is taken", async () => {
  const provided = ["socket", "connect", "accept4"].map((name) => functionNamed("posix", name));
  const wasi = ["fd_write", "args_get", "random_get", "proc_exit", "clock_time_get", "path_open", "sock_accept"].map(
    (name) => functionNamed("wasi_snapshot_preview1", name),
  );
  await checkImports(await importing(...provided, ...wasi), "guest.wasm");
});

test("what the core tells its host is not for guests", async () => {
  const error = await refusal(await importing(functionNamed("posix", "kernel_tick")));
  assert.match(error.message, "posix.kernel_tick (function)");
});

const IMPORTS: readonly (readonly [what: string, text: string, said: RegExp])[] = [
  [
    "an undefined symbol",
    functionNamed("env", "crypt"),
    /env\.crypt \(function\).*undefined.*library.*--allow-undefined/,
  ],
  ["an undefined variable", '(import "env" "limit" (global i32))', /env\.limit \(global\).*undefined/],
  ["Emscripten's runtime", functionNamed("env", "emscripten_resize_heap"), /Emscripten/],
  ["Emscripten's system calls", functionNamed("env", "__syscall_openat"), /Emscripten/],
  ["a shared library's base", '(import "env" "__memory_base" (global i32))', /shared library/],
  ["wasi_unstable", functionNamed("wasi_unstable", "fd_write"), /before 2020/],
  ["WASIX", functionNamed("wasix_32v1", "sock_open"), /WASIX/],
  ["Go's browser runtime", functionNamed("gojs", "runtime.wasmExit"), /built by Go/],
  ["wasm-bindgen", functionNamed("wbg", "__wbindgen_throw"), /wasm-bindgen/],
  ["a component world", functionNamed("wasi:sockets/tcp@0.2.0", "[method]tcp-socket.start-bind"), /WASI 0\.2/],
  ["threads", functionNamed("wasi", "thread-spawn"), /-pthread/],
  ["a memory", '(import "env" "memory" (memory 1))', /--import-memory/],
  ["a table", '(import "env" "__indirect_function_table" (table 1 funcref))', /--import-table/],
  ["a newer sysroot", functionNamed("posix", "quantum_connect"), /newer.*upgrade/],
  ["a name that preview 1 lacks", functionNamed("wasi_snapshot_preview1", "sock_connect"), /no such function/],
  ["an unknown module", functionNamed("mine", "f"), /only the modules posix and wasi_snapshot_preview1/],
];

for (const [what, text, said] of IMPORTS) {
  test(`an import of ${what} is refused with who provides it elsewhere and what to do`, async () => {
    const start = text.includes("(memory 1)") ? '(func (export "_start"))' : COMMAND;
    const error = await refusal(await WebAssembly.compile(assemble(`(module ${text} ${start})`)));
    assert.instance(error, ImportError);
    assert.match(error.message, /^guest\.wasm imports /);
    assert.match(error.message, said);
  });
}

test("imports with one reason share a sentence, up to five of them", async () => {
  const names = ["a1", "a2", "a3", "a4", "a5", "a6", "a7"];
  const { message } = await refusal(await importing(...names.map((name) => functionNamed("env", name))));
  assert.match(
    message,
    "env.a1 (function), env.a2 (function), env.a3 (function), env.a4 (function), env.a5 (function)",
  );
  assert.not.match(message, "env.a6");
  assert.match(message, "and 2 more");
});

test("imports with different reasons have a line each", async () => {
  const module = await importing(
    functionNamed("env", "crypt"),
    functionNamed("wbg", "log"),
    functionNamed("posix", "socket"),
  );
  const lines = (await refusal(module)).message.split("\n");
  assert.is(lines.length, 3);
  assert.match(lines[1] ?? "", "env.crypt");
  assert.match(lines[2] ?? "", "wbg.log");
});

test("who provides something else says so", async () => {
  const module = await importing(functionNamed("posix", "mine"));
  await checkImports(module, "guest.wasm", { posix: new Set(["mine"]), wasi: new Set() });
  const error = await refusal(module, { posix: new Set(["yours"]), wasi: new Set() });
  assert.match(error.message, "posix.mine");
});

test("a library without _start, and a command without a memory, are refused", async () => {
  const library = await WebAssembly.compile(assemble('(module (memory (export "memory") 1))'));
  const bare = await WebAssembly.compile(assemble('(module (func (export "_start")))'));
  for (const [module, said] of [
    [library, '"_start"'],
    [bare, '"memory"'],
  ] as const) {
    const error = await refusal(module);
    assert.instance(error, ModuleError);
    assert.match(error.message, said);
  }
});

test.run();
