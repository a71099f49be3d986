// netcat, Hobbit's of 1996 with Debian's patches: TCP and UDP by hand.

import { netcatCases } from "../../test/system/netcat.js";
import type { Port } from "../port.js";

/** netcat. */
export const netcat: Port = {
  name: "netcat",
  source: "netcat",
  programs: { nc: "nc" },
  // As in the package's debian/rules. It is C of before 1989: implicit int, and numbers given for pointers.
  steps: ({ compiler, version }) => [
    [
      ...["make", "linux", `CC=${compiler.cc} -std=gnu89 -O1 -w -Wno-int-conversion`, "LDFLAGS=", "STATIC="],
      `DFLAGS=-DLINUX -DTELNET -DGAPING_SECURITY_HOLE -DIP_TOS -DDEBIAN_VERSION='"${version}"'`,
    ],
  ],
  cases: netcatCases,
  works: "TCP and UDP, client and server, scans, timeouts, 100 MB either way",
  lacks: "-e (there is no exec)",
  page: "over a bridge; examples/terminal",
};
