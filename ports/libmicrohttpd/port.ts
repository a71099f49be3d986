// libmicrohttpd, a library for HTTP servers: its examples and its own tests.

import { availableParallelism, machine } from "node:os";
import { GENERATED, type Port, tools } from "../port.js";
import { loopCases } from "./loops.js";
import { ownTests, programOf, TESTS } from "./own-tests.js";
import { threadCases } from "./threads.js";

const OPTIONS = [
  ...["--disable-https", "--disable-shared", "--disable-nls", "--disable-doc", "--disable-curl"],
  "--disable-dependency-tracking",
];

/** The examples, by our names. */
const EXAMPLES: Readonly<Record<string, string>> = {
  "libmicrohttpd-files-in-a-loop": "fileserver_example_external_select",
  "libmicrohttpd-forms": "post_example",
  "libmicrohttpd-minimal": "minimal_example",
  "libmicrohttpd-files": "fileserver_example",
  "libmicrohttpd-digest": "digest_auth_example",
  "libmicrohttpd-upgrade": "upgrade_example",
  "libmicrohttpd-chunks": "chunked_example",
};

/** libmicrohttpd. */
export const libmicrohttpd: Port = {
  name: "libmicrohttpd",
  source: "libmicrohttpd",
  programs: {
    ...Object.fromEntries(Object.entries(EXAMPLES).map(([name, example]) => [name, `src/examples/${example}`])),
    ...Object.fromEntries(TESTS.map((test) => [programOf(test), `src/microhttpd/${test}`])),
  },
  steps: ({ compiler }) => {
    const make = ["make", `-j${availableParallelism()}`, ...GENERATED];
    return [
      ["./configure", `--build=${machine()}-pc-linux-gnu`, ...OPTIONS, ...tools(compiler, "-O1 -w")],
      [...make, "-C", "src/microhttpd"],
      [...make, "-C", "src/microhttpd", ...TESTS],
      [...make, "-C", "src/examples", ...Object.values(EXAMPLES)],
    ];
  },
  cases: [...loopCases, ...threadCases, ...ownTests],
  works:
    "servers in a select() loop or in threads: 100 clients, files, forms, bodies of megabytes, digest passwords, Upgrade, timeouts, wrong requests; its own tests",
  lacks:
    "epoll and TCP_CORK, which it goes on without; TLS is not in this build; its threads take the jspi engine, which has them",
  page: "servers, which listen at the bridge; those in threads on jspi",
};
