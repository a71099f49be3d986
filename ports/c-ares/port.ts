// c-ares: its tools, what its fuzzers call, and its own tests.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Compiler } from "../../test/system/compiler.js";
import { ROOT } from "../../test/system/place.js";
import type { Port } from "../port.js";
import { caresCases } from "./cases.js";
import { caresOwnTests } from "./own-tests.js";

/** Its build with CMake, whose own way with a C++ compiler hawser's file does not tell. */
function configure(compiler: Compiler): readonly string[] {
  const sysroot = join(ROOT, "dist", "sysroot");
  const compilers =
    compiler.name === "gcc"
      ? ["-DCMAKE_C_COMPILER=gcc", "-DCMAKE_CXX_COMPILER=g++"]
      : [
          `-DCMAKE_TOOLCHAIN_FILE=${join(sysroot, "cmake", "hawser.cmake")}`,
          `-DCMAKE_CXX_COMPILER=${join(sysroot, "bin", "hawser-cc")}`,
          "-DCMAKE_CXX_STANDARD_LIBRARIES=-lc++ -lc++abi",
        ];
  return [
    ...[
      "cmake",
      "-B",
      "out",
      "-DCARES_SHARED=OFF",
      "-DCARES_STATIC=ON",
      "-DCARES_INSTALL=OFF",
      "-DCARES_BUILD_TESTS=ON",
    ],
    ...["-DCMAKE_C_FLAGS=-O1 -w", "-DCMAKE_CXX_FLAGS=-O1 -w -fno-exceptions"],
    ...compilers,
  ];
}

/** The programs that are built. */
const PROGRAMS = ["adig", "ahost", "aresfuzz", "aresfuzzname", "arestest"];

/** c-ares' tools, the drivers of its corpus for fuzzing, and its own tests. */
export const cares: Port = {
  name: "c-ares",
  source: "c-ares",
  tools: ["cmake", "g++"],
  programs: Object.fromEntries(PROGRAMS.map((program) => [program, `out/bin/${program}`])),
  // Its configure tries every signature that recv and its kin ever had, one after the other.
  steps: ({ compiler }) => [configure(compiler), ["make", "-C", "out", `-j${availableParallelism()}`, ...PROGRAMS]],
  cases: [...caresCases, ...caresOwnTests],
  works:
    "adig and ahost: questions over UDP and TCP, truncation, silent servers, errors; what its fuzzers have found; its own tests, in C++, with servers that they play themselves",
  lacks:
    "chmod: one test takes a file's mode away; left out are tests that ask the machine's own name server; ahost, which asks no other, is asked for what /etc/hosts has",
  page: "over a bridge",
};
