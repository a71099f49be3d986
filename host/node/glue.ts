// The glue object: sysroot/glue/*.c compiled and joined into one relocatable object, which ships in dist/sysroot; beside it
// the archive of sysroot/names/*.c, of which a program gets only what it has not. Done by @yowasp/clang wherever it is done, so
// that every build makes the same bytes.

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CcIo, processIo } from "./cc-io.js";
import { loadTools, runClang, runTool } from "./cc-wasm.js";
import { findYowasp, SysrootError, unpackSysroot } from "./sysroot.js";
import { weaken } from "./weaken.js";

/** The features of the first engines: any compiler's linker takes such an object, and any engine runs it. */
const OPTIONS = ["-mcpu=mvp", "-O2", "-std=gnu17", "-Wall", "-Wextra", "-Werror"];

/** Makes `root`/dist/sysroot of `root`/sysroot. Throws SysrootError if it cannot; the compiler has then said why. */
export async function buildGlue(root: string, io: CcIo = processIo()): Promise<void> {
  const yowasp = findYowasp(root);
  if (yowasp === undefined) throw new SysrootError("@yowasp/clang is not installed: run `npm install` first");
  const sysroot = unpackSysroot(yowasp, io.environment);
  const tools = await loadTools(yowasp);
  const source = join(root, "sysroot");
  const target = join(root, "dist", "sysroot");
  const scratch = mkdtempSync(join(tmpdir(), "hawser-glue-"));
  const within = { ...io, directory: source };
  try {
    const compile = (part: string): readonly string[] => {
      const names = readdirSync(join(source, part)).filter((name) => name.endsWith(".c"));
      return names.sort().map((name) => {
        const object = join(scratch, `${name.slice(0, -2)}.o`);
        const status = runClang(
          tools,
          [
            ...["--target=wasm32-wasip1", `--sysroot=${sysroot}`, "-resource-dir", join(sysroot, "resource")],
            ...[...OPTIONS, "-D_GNU_SOURCE", "-D_WASI_EMULATED_PROCESS_CLOCKS", "-mllvm", "-wasm-enable-sjlj"],
            ...["-isystem", "include", "-c", `${part}/${name}`, "-o", object],
          ],
          within,
        );
        if (status !== 0) throw new SysrootError(`sysroot/${part}/${name} does not compile`);
        return object;
      });
    };
    const objects = compile("glue");
    mkdirSync(target, { recursive: true });
    if (runTool(tools, "wasm-ld", ["-r", "-o", join(target, "glue.o"), ...objects], within) !== 0) {
      throw new SysrootError("the glue does not link");
    }
    const object = readFileSync(join(target, "glue.o"));
    weaken(object);
    writeFileSync(join(target, "glue.o"), object);
    const archive = join(target, "names.a");
    rmSync(archive, { force: true });
    if (runTool(tools, "ar", ["rcs", archive, ...compile("names")], within) !== 0) {
      throw new SysrootError("the archive of names cannot be made");
    }
    for (const part of ["include", "bin", "cmake"]) {
      rmSync(join(target, part), { recursive: true, force: true });
      cpSync(join(source, part), join(target, part), { recursive: true });
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
