// curl: HTTP.

import { availableParallelism, machine } from "node:os";
import { curlCases } from "../../test/system/curl.js";
import { GENERATED, type Port, tools } from "../port.js";

/** What HTTP needs and nothing else: no TLS, no compression, no other protocol, and no threads. */
const OPTIONS = [
  ...["--disable-shared", "--disable-dependency-tracking", "--disable-manual", "--disable-threaded-resolver"],
  ...["ssl", "zlib", "brotli", "zstd", "nghttp2", "libidn2", "libpsl", "librtmp"].map((name) => `--without-${name}`),
  ...["ftp", "file", "ldap", "ldaps", "rtsp", "dict", "telnet", "tftp", "pop3"].map((name) => `--disable-${name}`),
  ...["imap", "smb", "smtp", "gopher", "mqtt"].map((name) => `--disable-${name}`),
  "--disable-ntlm",
];

/** curl. */
export const curl: Port = {
  name: "curl",
  source: "curl",
  programs: { curl: "src/curl" },
  // Some of its configure's programs have an implicit int; config.guess would ask the compiler what the machine is.
  steps: ({ compiler }) => [
    [
      ...["./configure", `--build=${machine()}-pc-linux-gnu`, ...OPTIONS],
      ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
    ],
    ["make", `-j${availableParallelism()}`, ...GENERATED],
  ],
  cases: curlCases,
  works: "HTTP over TCP and AF_UNIX: pages, uploads, redirects, errors, ranges, limits",
  lacks: "no TLS in this build",
  page: "over a bridge",
};
