// libevent, and its own regression tests.

import { availableParallelism, machine } from "node:os";
import { GENERATED, type Port, tools } from "../port.js";
import { libeventCases } from "./regress.js";

const OPTIONS = [
  // As on a machine without zlib, which a test would use.
  "ac_cv_header_zlib_h=no",
  ...["--disable-shared", "--disable-openssl", "--disable-samples", "--disable-libevent-regress"],
  ...["--disable-dependency-tracking"],
];

/** Where what is installed is, in the source directory. */
export const INSTALLED = "installed";

/** libevent's libraries and headers, for other ports, and its regression tests. */
export const libevent: Port = {
  name: "libevent",
  source: "libevent",
  programs: { "libevent-regress": "test/regress" },
  keeps: [INSTALLED],
  steps: ({ compiler }) => [
    [
      "sh",
      "-c",
      `./configure --prefix="$PWD/${INSTALLED}" "$@"`,
      ...[
        "configure",
        `--build=${machine()}-pc-linux-gnu`,
        ...OPTIONS,
        ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
      ],
    ],
    ["make", `-j${availableParallelism()}`, ...GENERATED],
    ["make", ...GENERATED, "install"],
    ["make", `-j${availableParallelism()}`, ...GENERATED, "test/regress"],
  ],
  cases: libeventCases,
  works:
    "event loops by epoll's absence: poll and select; buffers, listeners, HTTP, DNS, RPC, threads: its own tests pass, but for those that fork",
  lacks: "epoll; tests that fork",
  page: "over a bridge",
};
