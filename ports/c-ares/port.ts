// c-ares: its tools, and what its fuzzers call.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Compiler } from "../../test/system/compiler.js";
import { ROOT } from "../../test/system/place.js";
import type { Port } from "../port.js";
import { caresCases } from "./cases.js";

/** A driver that gives files to what the fuzzers call. */
function driver({ cc }: Compiler, name: string, source: string): readonly string[] {
  const includes = ["-Iinclude", "-Iout", "-Isrc/lib"];
  return [cc, "-O1", "-w", ...includes, source, "test/ares-fuzz.c", "out/lib/libcares.a", "-o", `test/${name}`];
}

/** c-ares' tools, and the drivers of its corpus for fuzzing. */
export const cares: Port = {
  name: "c-ares",
  source: "c-ares",
  tools: ["cmake"],
  programs: {
    adig: "out/bin/adig",
    ahost: "out/bin/ahost",
    aresfuzz: "test/aresfuzz",
    aresfuzzname: "test/aresfuzzname",
  },
  // Its configure tries every signature that recv and its kin ever had, one after the other.
  steps: ({ compiler }) => [
    [
      ...[
        "cmake",
        "-B",
        "out",
        "-DCARES_SHARED=OFF",
        "-DCARES_STATIC=ON",
        "-DCARES_INSTALL=OFF",
        "-DCMAKE_C_FLAGS=-O1 -w",
      ],
      compiler.name === "gcc"
        ? "-DCMAKE_C_COMPILER=gcc"
        : `-DCMAKE_TOOLCHAIN_FILE=${join(ROOT, "dist", "sysroot", "cmake", "hawser.cmake")}`,
    ],
    ["make", "-C", "out", `-j${availableParallelism()}`, "adig", "ahost"],
    driver(compiler, "aresfuzz", "test/ares-test-fuzz.c"),
    driver(compiler, "aresfuzzname", "test/ares-test-fuzz-name.c"),
  ],
  cases: caresCases,
  works: "adig and ahost: questions over UDP and TCP, truncation, silent servers, errors; what its fuzzers have found",
  lacks:
    "its own tests, which are C++, are not built; ahost, whose servers are always the machine's, is asked for what /etc/hosts has",
  page: "over a bridge",
};
