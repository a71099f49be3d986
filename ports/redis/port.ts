// redis: the command-line client and the server.

import { availableParallelism } from "node:os";
import { redisCases } from "../../test/system/redis.js";
import type { Port } from "../port.js";
import { serverCases } from "./server.js";
import { suiteCases } from "./suite.js";

/** redis-cli and redis-server. */
export const redis: Port = {
  name: "redis",
  source: "redis",
  programs: { "redis-cli": "src/redis-cli", "redis-server": "src/redis-server" },
  steps: ({ compiler }) => [
    [
      ...["make", "-C", "src", `-j${availableParallelism()}`, "redis-cli", "redis-server"],
      ...["MALLOC=libc", "DEPENDENCY_TARGETS=hiredis linenoise lua hdr_histogram"],
      ...[`CC=${compiler.cc}`, `AR=${compiler.ar}`, `RANLIB=${compiler.ranlib}`],
      ...["OPTIMIZATION=-O1", "OPT=-O1", "DEBUG=", "DEBUG_FLAGS=", "WARN=-w"],
    ],
  ],
  cases: [...redisCases, ...serverCases],
  slow: suiteCases,
  works:
    "the client over TCP and AF_UNIX; the server with 100 clients, pipelines, scripts, expiry, append-only files; its own tests of the protocol, of types, transactions, messages and users, but for a few that need a child process",
  lacks:
    "the server saves in the foreground only (there is no fork): SAVE works, BGSAVE, BGREWRITEAOF and replication do not; it runs in the jspi engine, which has threads",
  page: "the client and, on jspi, the server, over a bridge; examples/terminal",
};
