// wget: HTTP and FTP.

import { availableParallelism, machine } from "node:os";
import { GENERATED, type Port, tools } from "../port.js";
import { ftpCases } from "./ftp.js";
import { httpCases } from "./http.js";

/** HTTP and FTP alone: no TLS, no compression, no other library. */
const OPTIONS = [
  ...["--disable-dependency-tracking", "--disable-iri", "--disable-nls", "--disable-pcre", "--disable-pcre2"],
  ...["--disable-xattr", "--disable-threads"],
  ...["ssl", "zlib", "libpsl", "metalink", "cares", "libuuid"].map((name) => `--without-${name}`),
];

/** GNU wget. */
export const wget: Port = {
  name: "wget",
  source: "wget",
  programs: { wget: "src/wget" },
  steps: ({ compiler }) => {
    const make = ["make", `-j${availableParallelism()}`, ...GENERATED, "-C"];
    return [
      [
        ...["./configure", `--build=${machine()}-pc-linux-gnu`, ...OPTIONS],
        ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
      ],
      [...make, "lib"],
      [...make, "src"],
    ];
  },
  cases: [...httpCases, ...ftpCases],
  works:
    "HTTP and FTP: pages, redirects, recursion, continuing, time stamps, posts, passwords, retries, limits of time",
  lacks: "TLS and compression are not in this build; -b (there is no fork)",
  page: "over a bridge",
};
