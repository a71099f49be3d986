// curl once more, in the configuration that its own tests ask for: with its debugging on, and without TLS.

import { availableParallelism, machine } from "node:os";
import { GENERATED, type Port, tools } from "../port.js";
import { OPTIONS } from "./port.js";
import { runtestsCases } from "./runtests.js";

/** The numbers of its unit tests. */
const UNITS = [
  ...[1300, 1302, 1303, 1304, 1305, 1307, 1308, 1309, 1323, 1330, 1394, 1395, 1396, 1397, 1398, 1399],
  ...[1600, 1601, 1602, 1603, 1604, 1605, 1606, 1607, 1608, 1609, 1610, 1611, 1612, 1614, 1620, 1621],
  ...[1650, 1651, 1652, 1653, 1654, 1655, 1660, 1661, 2600, 3200],
];

/** A unit test as a program of the port, by its name. */
export const UNIT_PROGRAMS: Readonly<Record<string, string>> = Object.fromEntries(
  UNITS.map((number) => [`unit${number}`, `curl-unit${number}`]),
);

/** What only the native build gives: the servers that the tests talk to, and what configure tells the tests. */
export const SERVERS = "tests/server";
export const TOLD: readonly string[] = ["tests/config", "tests/configurehelp.pm", "lib/curl_config.h", "curl-config"];

/** curl's own tests. */
export const curlTests: Port = {
  name: "curl-tests",
  source: "curl",
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
  works: "its own tests of HTTP (runtests.pl), and its unit tests",
  lacks: "",
  page: "not tried: each test is a process of its own",
};
