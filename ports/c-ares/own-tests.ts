// c-ares' own tests (arestest): of its parsers and of what a caller may do wrong, and of questions to servers that a test plays
// itself. Each test's verdict is compared with the native one's.

import { strict as assert } from "node:assert";
import type { Case, Runner } from "../../test/system/compare.js";
import { temporaryDirectory } from "../../test/system/server.js";

const HOSTS = ["127.0.0.1", "0.0.0.0", "[::1]", "[::]"];
const ALLOW = HOSTS.flatMap((host) =>
  ["tcp", "udp"].flatMap((kind) => [`${kind}://${host}:*`, `listen:${kind}://${host}:*`]),
);

/** They ask the machine's own name server, which is somebody else's. */
const ELSEWHERE = [
  ...["*Live*", "LibraryTest.GetTCPSock", "DefaultChannelTest.GetSock*", "DefaultChannelTest.TimeoutValue"],
  "DefaultChannelTest.VerifySocketFunctionCallback",
];

/** What modules do differently, by the test. */
const LACKS: Readonly<Record<string, string>> = Object.fromEntries(
  [0, 1, 2, 3].map((way) => [
    `AddressFamilies/MockChannelTest.HostAliasUnreadable/${way}`,
    "a file has no mode that chmod could take away",
  ]),
);

/** Runs of tests that failed: some tell by the clock what became of a question. */
const TRIES = 4;

/** Runs the tests that a filter of theirs names: "OK" or what became of each, by its name. */
async function verdictsOf(runner: Runner, filter: string): Promise<Readonly<Record<string, string>>> {
  const directory = temporaryDirectory();
  const { stdout } = await runner.finish("arestest", [`--gtest_filter=${filter}-${ELSEWHERE.join(":")}`], {
    allow: ALLOW,
    directories: ["/etc:/etc", `${directory}:/tmp`],
    limit: 250_000,
  });
  const verdicts: Record<string, string> = {};
  for (const [, name = ""] of `${stdout}`.matchAll(/^\[ RUN +\] (\S+)$/gm)) verdicts[name] = "begun";
  for (const [, verdict = "", name = ""] of `${stdout}`.matchAll(/^\[ +(OK|FAILED) +\] ([^\s,]+).* \(\d+ ms\)$/gm))
    verdicts[name] = verdict;
  return verdicts;
}

/** The verdicts, the best of some runs where a test fails that need not. */
async function settled(runner: Runner, filter: string): Promise<Readonly<Record<string, string>>> {
  let verdicts = await verdictsOf(runner, filter);
  const failed = () => Object.keys(verdicts).filter((name) => verdicts[name] !== "OK" && !Object.hasOwn(LACKS, name));
  for (let left = TRIES - 1; left > 0 && failed().length > 0; left--)
    verdicts = { ...verdicts, ...(await verdictsOf(runner, failed().join(":"))) };
  assert.deepEqual(failed(), []);
  return verdicts;
}

/** A case of the tests that some filters name, which run side by side; `least` of them there are. */
function ownTests(name: string, least: number, filters: readonly string[]): Case {
  return {
    name: `c-ares' own tests pass: ${name}`,
    limit: 1100,
    lacks: LACKS,
    run: async (runner) => {
      const all = await Promise.all(filters.map((filter) => settled(runner, filter)));
      const verdicts = Object.assign({}, ...all) as Readonly<Record<string, string>>;
      assert.ok(Object.keys(verdicts).length >= least, `only ${Object.keys(verdicts).length} tests`);
      return verdicts;
    },
  };
}

/** The cases of its own tests. */
export const caresOwnTests: readonly Case[] = [
  ownTests("parsers, options, what memory and files lack", 120, ["Library*:Default*:Misc*:DNSProto*:Modes*"]),
  ownTests(
    "questions to servers, with retries",
    12,
    [0, 1].map((way) => `*/MockUDPChannelTest.*/${way}`),
  ),
  ownTests("questions to servers, of both families, by UDP and TCP", 130, [
    "AddressFamilies/MockChannelTest.*:*/MockTCPChannelTest.*:*/MockExtraOptsTest.*:*/Mock*CheckRespChannelTest.*:*/MockEDNSChannelTest.*",
    "TransportModes/*",
  ]),
  ownTests("addresses asked for, as getaddrinfo does", 60, ["AddressFamiliesAI/*", "TransportModesAI/*"]),
];
