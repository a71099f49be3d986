// drill, of ldns: questions to name servers, over UDP and TCP.

import { strict as assert } from "node:assert";
import { availableParallelism, machine } from "node:os";
import type { Ended } from "../../test/system/child.js";
import type { Case, Observation } from "../../test/system/compare.js";
import { freePort } from "../../test/system/server.js";
import { nameServer } from "../dns-server.js";
import { GENERATED, type Port, tools } from "../port.js";

/** Asks the name server on `port`. */
type Drill = (port: number, ...args: readonly string[]) => Promise<string>;

function seen({ status, stdout, stderr }: Ended, port: number): string {
  const text = `${stdout}`
    .replaceAll(`${port}`, "PORT")
    .replace(/, id: \d+/g, ", id: ID")
    .replace(/Query time: \d+/g, "Query time: T")
    .replace(/WHEN: .*/g, "WHEN: …");
  return JSON.stringify({ status, text, stderr });
}

function withDrill(name: string, run: (drill: Drill) => Promise<Observation>): Case {
  return {
    name: `drill ${name}`,
    run: (runner) =>
      run(async (port, ...args) => {
        const allow = [`udp://127.0.0.1:${port}`, `tcp://127.0.0.1:${port}`];
        const words = ["-p", `${port}`, ...args.slice(0, -2), args.at(-2) ?? "", "@127.0.0.1", args.at(-1) ?? ""];
        return seen(await runner.finish("drill", words, { allow, limit: 60_000 }), port);
      }),
  };
}

const cases: readonly Case[] = [
  withDrill("asks over UDP for addresses, mail, text, an alias and a name", async (drill) => {
    const port = await nameServer();
    const seen: Record<string, string> = {};
    for (const [name, type] of [
      ["www.example", "A"],
      ["www.example", "AAAA"],
      ["example", "MX"],
      ["example", "TXT"],
      ["alias.example", "A"],
      ["7.2.0.192.in-addr.arpa", "PTR"],
    ] as const)
      seen[`${name} ${type}`] = await drill(port, "-u", name, type);
    assert.match(seen["www.example A"] ?? "", /192\.0\.2\.7/);
    return seen;
  }),
  withDrill("asks over TCP, and there when a datagram is too small", async (drill) => {
    const port = await nameServer();
    const tcp = await drill(port, "-t", "www.example", "A");
    const large = await drill(port, "large.example", "TXT");
    const whole = await drill(port, "-t", "large.example", "TXT");
    assert.match(whole, /59 59/);
    return { tcp, large, whole };
  }),
  withDrill("tells a name that is not there, and one that is refused", async (drill) => {
    const port = await nameServer();
    const missing = await drill(port, "nothing.example", "A");
    const refused = await drill(port, "refused.example", "A");
    assert.match(missing, /NXDOMAIN/);
    return { missing, refused };
  }),
  {
    ...withDrill("gives up on a server that is silent, and on one that is not there", async (drill) => {
      const silent = await drill(await nameServer(), "silent.example", "A");
      const nobody = await drill(await freePort(), "www.example", "A");
      const stream = await drill(await freePort(), "-t", "www.example", "A");
      assert.doesNotMatch(`${silent}${nobody}${stream}`, /192\.0\.2/);
      return { silent, nobody, stream };
    }),
    limit: 300,
  },
];

const OPTIONS = [
  ...["--disable-shared", "--without-ssl", "--disable-dane", "--disable-sha2", "--disable-gost", "--disable-ecdsa"],
  ...["--disable-dsa", "--disable-ed25519", "--disable-ed448", "--with-drill", "--disable-ldns-config"],
];

/** drill. */
export const drill: Port = {
  name: "drill",
  source: "ldns",
  programs: { drill: "drill/drill" },
  steps: ({ compiler }) => [
    [
      "./configure",
      `--build=${machine()}-pc-linux-gnu`,
      ...OPTIONS,
      ...tools(compiler, "-O1 -w -Wno-error=implicit-int"),
    ],
    ["make", `-j${availableParallelism()}`, ...GENERATED, "drill"],
  ],
  cases,
  works: "questions of every kind over UDP and TCP, truncation, errors, silent servers",
  lacks: "signatures are not checked in this build (no OpenSSL)",
  page: "over a bridge",
};
