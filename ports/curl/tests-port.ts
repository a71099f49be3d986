// curl once more, in the configuration that its own tests ask for: with its debugging on, and without TLS.

import { availableParallelism, machine } from "node:os";
import { GENERATED, type Port, tools } from "../port.js";
import { OPTIONS } from "./port.js";
import { runtestsCases } from "./runtests.js";
import { SERVERS, TOLD, UNIT_PROGRAMS } from "./units.js";

/** curl's own tests. */
export const curlTests: Port = {
  name: "curl-tests",
  source: "curl",
  tools: ["perl"],
  programs: {
    "curl-debug": "src/curl",
    ...Object.fromEntries(Object.entries(UNIT_PROGRAMS).map(([unit, program]) => [program, `tests/unit/${unit}`])),
  },
  keeps: [SERVERS, ...TOLD],
  steps: ({ compiler }) => {
    const make = ["make", `-j${availableParallelism()}`, ...GENERATED];
    return [
      [
        ...["./configure", `--build=${machine()}-pc-linux-gnu`, ...OPTIONS],
        ...["--without-ssl", "--enable-debug", "--disable-curldebug"],
        ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
      ],
      [...make, "-C", "lib"],
      [...make, "-C", "src"],
      [...make, "-C", "tests/unit", "check", "TESTS="],
      ...(compiler.suffix === "" ? [[...make, "-C", SERVERS]] : []),
    ];
  },
  cases: runtestsCases,
  works: "its own tests of HTTP (runtests.pl), some 560 that need no other program, 40 of them its unit tests",
  lacks: "a seek in standard input that is a file, and extended attributes: a test each",
  page: "not tried: each test is a process of its own",
};
