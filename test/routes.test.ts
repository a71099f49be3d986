// The programs of test/namespace on a loopback network with the routes that their network namespace has: no root, no kernel,
// the same verdicts. Their native output is the reference; test/system/namespace.ts compares the node network with it.

import { readFileSync } from "node:fs";
import { run } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type LoopbackOptions, loopbackNetwork } from "../host/loopback.js";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";
import {
  compareLines,
  differencesOf,
  type Program,
  PROGRAM_LIMIT_MS,
  readDifferences,
  readLines,
  readPrograms,
} from "./posix/program.js";

const DIRECTORY = "test/namespace";
const ALLOW = ["0.0.0.0/0", "[::/0]"].flatMap((hosts) =>
  ["tcp", "udp", "listen:tcp", "listen:udp"].map((way) => `${way}://${hosts}:*`),
);

/** The network of test/namespace/namespace.ts. What its default route leads to is silent; groups and all hosts have none. */
const NETWORK: LoopbackOptions = {
  addresses: ["10.9.1.1/24"],
  routes: {
    "10.9.9.9": "silent",
    "10.5.0.0/16": "EHOSTUNREACH",
    "10.6.0.0/16": "EINVAL",
    "10.7.0.0/16": "EACCES",
    "255.255.255.255": "ENETUNREACH",
  },
};

/** What a program has instead, by its name. */
const MORE: Readonly<Record<string, LoopbackOptions>> = {
  inet6: {
    addresses: ["10.9.1.1/24", "fd09:1::1/64"],
    routes: {
      ...NETWORK.routes,
      "fd05::/16": "EHOSTUNREACH",
      "fd06::/16": "EINVAL",
      "fd07::/16": "EACCES",
      "fd09:9::9": "silent",
    },
  },
  "default-route": { ...NETWORK, routes: { "0.0.0.0/0": "silent" } },
  ports: { ...NETWORK, ports: [32768, 32783] },
  "port-sharing": { ...NETWORK, ports: [32768, 32783] },
};

async function outputOf(program: Program, engine: (typeof ENGINES)[number]): Promise<string> {
  let output = "";
  const decoder = new TextDecoder();
  const exit = await run(await compileGuest(program.source), {
    engine,
    network: loopbackNetwork(MORE[program.name] ?? NETWORK),
    name: program.name,
    stdout: (chunk) => {
      output += decoder.decode(chunk, { stream: true });
    },
    allow: ALLOW,
    signal: AbortSignal.timeout(PROGRAM_LIMIT_MS),
  });
  assert.equal(exit, { status: 0 }, `${program.name} ended with ${JSON.stringify(exit)} after\n${output}`);
  return output;
}

const differences = readDifferences(DIRECTORY);

for (const engine of ENGINES) {
  const routes = suite(`routes of a loopback network, ${engine} engine`);
  const listed = differencesOf(differences, engine, "loopback");
  for (const program of readPrograms(DIRECTORY)) {
    routes(`${program.name} prints what it prints natively in a namespace`, async () => {
      const native = readLines(readFileSync(program.native, "utf8"));
      assert.equal(compareLines(program, native, readLines(await outputOf(program, engine)), listed), []);
    });
  }
  routes.run();
}
