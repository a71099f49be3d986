// curl: HTTP and HTTPS.

import { availableParallelism, machine } from "node:os";
import { curlCases } from "../../test/system/curl.js";
import { INSTALLED } from "../mbedtls/port.js";
import { tlsCases } from "./tls.js";
import { GENERATED, type Port, tools } from "../port.js";

/** What HTTP needs and nothing else: no compression, no other protocol, and no threads. */
export const OPTIONS: readonly string[] = [
  ...["--disable-shared", "--disable-dependency-tracking", "--disable-manual", "--disable-threaded-resolver"],
  ...["ca-bundle", "ca-path", "zlib", "brotli", "zstd", "nghttp2", "libidn2", "libpsl", "librtmp"].map(
    (name) => `--without-${name}`,
  ),
  ...["ftp", "file", "ldap", "ldaps", "rtsp", "dict", "telnet", "tftp", "pop3"].map((name) => `--disable-${name}`),
  ...["imap", "smb", "smtp", "gopher", "mqtt"].map((name) => `--disable-${name}`),
  "--disable-ntlm",
];

/** curl. */
export const curl: Port = {
  name: "curl",
  source: "curl",
  programs: { curl: "src/curl" },
  needs: ["mbedtls"],
  // Some of its configure's programs have an implicit int; config.guess would ask the compiler what the machine is.
  steps: ({ compiler, needs }) => [
    [
      ...["./configure", `--build=${machine()}-pc-linux-gnu`, ...OPTIONS],
      `--with-mbedtls=${needs["mbedtls"]}/${INSTALLED}`,
      ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
    ],
    ["make", `-j${availableParallelism()}`, ...GENERATED],
  ],
  cases: curlCases,
  slow: tlsCases,
  works:
    "HTTP over TCP and AF_UNIX: pages, uploads, redirects, errors, ranges, limits; HTTPS with mbedtls: authorities, client certificates, resumed sessions, 100 MB",
  lacks: "TLS 1.3, natively too (mbedtls 2.28 has none); other protocols are not in this build",
  page: "over a bridge",
};
