// adig and ahost: questions to name servers, some of them silent, and to the list of hosts.

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { once as event } from "node:events";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Ended } from "../../test/system/child.js";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { fetchSource } from "../../test/system/debian.js";
import { freePort, temporaryDirectory } from "../../test/system/server.js";
import { nameServer } from "../dns-server.js";

/** Options of the resolver that make it give up soon. */
const IMPATIENT = { RES_OPTIONS: "retrans:1000 retry:2" };

/** Asks with adig, of servers on one port: 127.0.0.1 if none is said. */
type Ask = (args: readonly string[], options?: { port?: number; servers?: readonly string[] }) => Promise<string>;

function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({ status, text: `${stdout}`.replace(/id: \d+/g, "id: ID"), stderr });
}

function asking(runner: Runner): Ask {
  return async (args, { port, servers = ["127.0.0.1"] } = {}) => {
    const at = `${port ?? (await nameServer())}`;
    const allow = servers.flatMap((server) => [`udp://${server}:${at}`, `tcp://${server}:${at}`]);
    const words = ["-U", at, "-T", at, ...servers.flatMap((server) => ["-s", server]), ...args];
    const variables = Object.keys(IMPATIENT);
    return seen(await runner.finish("adig", words, { allow, variables, env: IMPATIENT, limit: 60_000 }));
  };
}

function withAdig(name: string, run: (ask: Ask) => Promise<Observation>): Case {
  return { name: `adig ${name}`, limit: 300, run: (runner) => run(asking(runner)) };
}

const SILENT = "127.0.0.2";

/** Where datagrams to SILENT are taken and not answered meanwhile. */
async function withSilence<T>(port: number, work: () => Promise<T>): Promise<T> {
  const socket = createSocket("udp4");
  try {
    socket.bind(port, SILENT);
    await event(socket, "listening");
    return await work();
  } finally {
    socket.close();
  }
}

/** The cases of the tools. */
export const caresCases: readonly Case[] = [
  withAdig("asks over UDP for addresses, mail, text, an alias and a name", async (ask) => {
    const answers: Record<string, string> = {};
    for (const [name, type] of [
      ["www.example", "A"],
      ["www.example", "AAAA"],
      ["example", "MX"],
      ["example", "TXT"],
      ["alias.example", "A"],
      ["7.2.0.192.in-addr.arpa", "PTR"],
    ] as const)
      answers[`${name} ${type}`] = await ask(["-t", type, name]);
    assert.match(answers["www.example A"] ?? "", /192\.0\.2\.7/);
    assert.match(answers["example MX"] ?? "", /mail\.example/);
    return answers;
  }),
  withAdig("asks over TCP, and there when a datagram is too small", async (ask) => {
    const tcp = await ask(["-f", "usevc", "-t", "A", "www.example"]);
    const large = await ask(["-t", "TXT", "large.example"]);
    const part = await ask(["-f", "igntc", "-t", "TXT", "large.example"]);
    assert.match(tcp, /192\.0\.2\.7/);
    assert.match(large, /59 59/);
    assert.doesNotMatch(part, /59 59/);
    return { tcp, large, part };
  }),
  withAdig("asks several questions at once", async (ask) => {
    const all = await ask(["-t", "A", "www.example", "alias.example", "nothing.example"]);
    assert.equal(all.match(/Questions:/g)?.length, 3);
    return { all };
  }),
  withAdig("tells a name that is not there, one that is refused, and one without such a record", async (ask) => {
    const missing = await ask(["-t", "A", "nothing.example"]);
    const refused = await ask(["-t", "A", "refused.example"]);
    const other = await ask(["-t", "MX", "www.example"]);
    const bad = await ask(["-t", "A", `${"x".repeat(70)}.example`]);
    assert.match(missing, /Domain name not found/);
    assert.match(refused, /refused/);
    return { missing, refused, other, bad };
  }),
  withAdig("goes on to the next server where the first is silent", async (ask) => {
    const port = await nameServer();
    const second = await withSilence(port, () =>
      ask(["-t", "A", "www.example"], { port, servers: [SILENT, "127.0.0.1"] }),
    );
    const absent = await ask(["-t", "A", "www.example"], { port, servers: ["127.0.0.3", "127.0.0.1"] });
    assert.match(second, /192\.0\.2\.7/);
    assert.match(absent, /192\.0\.2\.7/);
    return { second, absent };
  }),
  withAdig("gives up on a server that is silent, and on one that is not there", async (ask) => {
    const silent = await ask(["-t", "A", "silent.example"]);
    const stream = await ask(["-f", "usevc", "-t", "A", "silent.example"]);
    const nobody = await ask(["-t", "A", "www.example"], { port: await freePort() });
    const refusing = await ask(["-f", "usevc", "-t", "A", "www.example"], { port: await freePort() });
    assert.match(silent, /Timeout while contacting DNS servers/);
    assert.match(nobody, /Could not contact DNS servers/);
    return { silent, stream, nobody, refusing };
  }),
  {
    name: "ahost looks into the list of hosts",
    run: async (runner) => {
      const options = { allow: [], directories: ["/etc:/etc"] };
      const found = await runner.finish("ahost", ["-t", "a", "localhost"], options);
      const usage = await runner.finish("ahost", ["-h"], options);
      assert.match(`${found.stdout}`, /localhost\s+127\.0\.0\.1/);
      return { found: seen(found), usage: seen(usage) };
    },
  },
  ...(["fuzzinput", "fuzznames"] as const).map(
    (corpus): Case => ({
      name: `c-ares' parsers take what its fuzzers have found: ${corpus}`,
      run: async (runner) => {
        const directory = temporaryDirectory();
        cpSync(join((await fetchSource("c-ares")).directory, "test", corpus), directory, { recursive: true });
        const files = readdirSync(directory).map((name) => join(directory, name));
        assert.ok(files.length > 5);
        const ended = await runner.finish(corpus === "fuzzinput" ? "aresfuzz" : "aresfuzzname", files, {
          allow: [],
          directories: [`${directory}:${directory}`],
        });
        assert.deepEqual([ended.status, ended.stderr], ["0", ""]);
        return { ended: seen(ended) };
      },
    }),
  ),
];
