// `hawser cc`, `hawser ar`, `hawser ranlib` and `hawser flags`: the C compiler that a user has, with what hawser adds.

import { resolve } from "node:path";
import { commandLine, compileOptions, expandResponseFiles, linkOptions, readArguments } from "./cc-arguments.js";
import { type CcIo, processIo } from "./cc-io.js";
import { writeLauncher } from "./cc-launcher.js";
import { CompilerError, findCompiler, type Tool } from "./compiler.js";
import { findOverlay, SysrootError } from "./sysroot.js";

/** Runs `command` and turns the errors that are meant for a person into one line and status 1. */
async function report(name: string, io: CcIo, command: () => Promise<number>): Promise<number> {
  try {
    return await command();
  } catch (error) {
    if (!(error instanceof CompilerError || error instanceof SysrootError)) throw error;
    io.stderr.write(`hawser ${name}: ${error.message}\n`);
    return 1;
  }
}

/**
 * Compiles and links as cc does. Linked to PROG, the module is PROG.wasm and PROG a launcher; linked to PROG.wasm, there is
 * no launcher. Result: the exit status.
 */
export function cc(argv: readonly string[], io: CcIo = processIo()): Promise<number> {
  return report("cc", io, async () => {
    const request = readArguments(expandResponseFiles(argv, io.directory));
    const overlay = findOverlay(io);
    const compiler = await findCompiler(io);
    const launches = request.links && !/\.wasm$|^\/dev\/|^-$/.test(request.output) && request.hasGlue;
    const output = launches ? `${request.output}.wasm` : request.output;
    const args = commandLine(request, compiler, overlay, output);
    if (request.verbose) {
      io.stderr.write(`hawser cc: ${compiler.name}, because ${compiler.why}\nhawser cc: ${args.join(" ")}\n`);
    }
    const status = await compiler.run("cc", args, io);
    if (status === 0 && launches) writeLauncher(resolve(io.directory, request.output));
    return status;
  });
}

/** The compiler's ar or ranlib: an archive needs an index of WebAssembly symbols. Result: the exit status. */
export function archive(tool: Exclude<Tool, "cc">, argv: readonly string[], io: CcIo = processIo()): Promise<number> {
  return report(tool, io, async () => (await findCompiler(io)).run(tool, expandResponseFiles(argv, io.directory), io));
}

const FLAGS_USAGE = "usage: hawser flags [--cflags] [--libs] | --cmake\n";

/**
 * Prints what a build system gives to a clang of a wasi-sdk: all, or what compiling or linking takes; or where CMake's
 * toolchain file is.
 */
export function flags(argv: readonly string[], io: CcIo = processIo()): Promise<number> {
  return report("flags", io, async () => {
    const isCmake = argv.length === 1 && argv[0] === "--cmake";
    const unknown = isCmake ? undefined : argv.find((word) => word !== "--cflags" && word !== "--libs");
    if (unknown !== undefined) {
      const what = unknown === "--cmake" ? "goes alone" : "is no option";
      io.stderr.write(`hawser flags: ${unknown} ${what}\n${FLAGS_USAGE}`);
      return 2;
    }
    const overlay = findOverlay(io);
    if (isCmake) {
      io.stdout.write(`${overlay.cmake}\n`);
      return 0;
    }
    const compiler = { hasSetjmp: true, includeOption: "-isystem" } as const;
    const [compile, link] = [compileOptions(compiler, overlay), linkOptions(compiler, overlay)];
    const wants = (option: string): boolean => argv.length === 0 || argv.includes(option);
    const words = [
      "--target=wasm32-wasip1",
      ...(wants("--cflags") ? [...compile.before, ...compile.after] : []),
      ...(wants("--libs") ? [...link.before, ...link.after] : []),
    ];
    io.stdout.write(`${words.map((word) => (/^[\w./:,=+@-]+$/.test(word) ? word : `'${word}'`)).join(" ")}\n`);
    return 0;
  });
}
