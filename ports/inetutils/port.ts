// GNU inetutils' clients: telnet, ftp, tftp and whois.

import { availableParallelism, machine } from "node:os";
import { GENERATED, type Port, tools } from "../port.js";
import { ftpCases } from "./ftp.js";
import { ftpFileCases } from "./ftp-files.js";
import { telnetCases } from "./telnet.js";
import { telnetOptionCases } from "./telnet-options.js";
import { tftpCases } from "./tftp.js";
import { whoisCases } from "./whois.js";

/** These four alone: the others want raw sockets, or to be another user, or Unix's accounts. */
const OPTIONS = [
  ...["--disable-servers", "--disable-clients", "--enable-telnet", "--enable-ftp", "--enable-tftp", "--enable-whois"],
  ...["--without-idn", "--disable-threads", "--disable-libls", "--disable-dependency-tracking"],
  "gl_cv_lib_readline=no",
];

/** GNU inetutils. */
export const inetutils: Port = {
  name: "inetutils",
  source: "inetutils",
  programs: { telnet: "telnet/telnet", ftp: "ftp/ftp", tftp: "src/tftp", whois: "whois/whois" },
  steps: ({ compiler }) => {
    const make = ["make", `-j${availableParallelism()}`, ...GENERATED];
    return [
      [
        ...["./configure", `--build=${machine()}-pc-linux-gnu`, ...OPTIONS],
        ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
      ],
      [...make, "-C", "lib"],
      [...make, "-C", "libinetutils"],
      [...make, "-C", "libtelnet"],
      ...["telnet", "ftp", "whois"].map((directory) => [...make, "-C", directory]),
      [...make, "-C", "src", "tftp"],
    ];
  },
  cases: [...telnetCases, ...telnetOptionCases, ...ftpCases, ...ftpFileCases, ...tftpCases, ...whoisCases],
  works:
    "telnet: talk, options, a terminal, commands behind the escape character; ftp: both ways of transfer, patterns, macros, 20 MB; tftp: text and binary, lost packets, timeouts; whois: referrals",
  lacks:
    "IP_TOS (ftp warns) and SO_OOBINLINE (telnet warns); a password in .netrc, whose mode WASI does not tell; ! and pipes (there is no fork)",
  page: "over a bridge",
};
