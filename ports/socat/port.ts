// socat: what comes in at one address goes out at another.

import { availableParallelism, machine } from "node:os";
import { type Port, tools } from "../port.js";
import { fileCases } from "./files.js";
import { relayCases } from "./relay.js";
import { tcpCases } from "./tcp.js";
import { troubleCases } from "./trouble.js";
import { udpCases } from "./udp.js";
import { unixCases } from "./unix.js";

/** Other libraries, and what is only where packets are: AF_PACKET. */
const LEFT_OUT = ["openssl", "readline", "libwrap", "interface"];

/** socat. */
export const socat: Port = {
  name: "socat",
  source: "socat",
  programs: { socat: "socat", procan: "procan" },
  steps: ({ compiler }) => [
    [
      ...["./configure", `--build=${machine()}-pc-linux-gnu`, ...LEFT_OUT.map((name) => `--disable-${name}`)],
      ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
    ],
    ["make", `-j${availableParallelism()}`, "progs"],
  ],
  cases: [...tcpCases, ...relayCases, ...troubleCases, ...udpCases, ...unixCases, ...fileCases],
  works:
    "from one to the other of standard streams, TCP over IPv4 and IPv6, UDP, AF_UNIX, files and pipes: client, server or relay; half closes, timeouts, retries, 100 MB",
  lacks:
    "fork, EXEC and SYSTEM (there is no fork): a listener serves one client; PTY, named pipes, AF_UNIX datagrams, SCTP, raw packets and TUN, of which there is nothing; TLS is not in this build",
  page: "over a bridge",
};
