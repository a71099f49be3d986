// Lua's interpreter with luasocket in it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../test/system/place.js";
import { LUA_FLAGS } from "../lua/port.js";
import type { Port } from "../port.js";
import { luasocketCases } from "./cases.js";
import { clientAndServerTests, ownTests } from "./own-tests.js";

const MODULES = [
  ...["luasocket", "timeout", "buffer", "io", "auxiliar", "compat", "options", "inet", "usocket", "except", "select"],
  ...["tcp", "udp", "mime", "unix", "unixstream", "unixdgram", "serial"],
];

/** luasocket: a lua whose require() finds socket.core, mime.core, socket.unix and socket.serial. */
export const luasocket: Port = {
  name: "luasocket",
  source: "luasocket",
  release: true,
  needs: ["lua"],
  programs: { luasocket: "src/luasocket" },
  // Its tests want LUASOCKET_DEBUG. lua.c is compiled once more, to open our list of libraries.
  steps: ({ compiler: { cc }, needs }) => [
    ["cp", `${needs["lua"]}/src/lua.c`, "src"],
    [
      ...["sh", "-c", `printf %s "$1" > src/open-libraries.c`, "sh"],
      readFileSync(join(ROOT, "ports", "luasocket", "open-libraries.c"), "utf8"),
    ],
    [
      ...["make", "-C", "src", "-f", "/dev/null", `CC=${cc}`],
      `CFLAGS=${LUA_FLAGS} -DLUASOCKET_DEBUG -DluaL_openlibs=open_libraries -I${needs["lua"]}/src`,
      ...["lua", ...MODULES].map((name) => `${name}.o`),
    ],
    [
      ...[
        "sh",
        "-c",
        `cd src && ${cc} ${LUA_FLAGS} -I"$1" -c open-libraries.c && ${cc} *.o "$1/liblua.a" -lm -o luasocket`,
      ],
      ...["sh", `${needs["lua"]}/src`],
    ],
  ],
  cases: [...luasocketCases, ...ownTests],
  slow: clientAndServerTests,
  works: "TCP, UDP, AF_UNIX streams, select, names, HTTP, SMTP; its own tests and samples",
  lacks: "AF_UNIX datagrams by path",
  page: "between guests on the loopback network, or over a bridge",
};
