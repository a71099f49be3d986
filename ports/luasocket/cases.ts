// What scripts are seen to do with luasocket: those beside this file, and samples of its own.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Ended } from "../../test/system/child.js";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { ROOT } from "../../test/system/place.js";
import { freePort, peers, reachable, temporaryDirectory, web } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";
import { library } from "./library.js";
import { startMailServer } from "./mail-server.js";
import { type Options, runLua, startLua } from "./script.js";

/** What LUASOCKET_DEBUG adds to what is returned, at the end of a line: how long it took. */
const TOOK = /\t(0\.0|\d+\.\d{3,}(e-\d+)?|\d(\.\d+)?e-\d+)$/;

function lines({ status, stdout, stderr }: Ended): Observation & { readonly lines: readonly string[] } {
  return { status, stderr, lines: `${stdout}`.split("\n").map((line) => line.replace(TOOK, "\tTIME")) };
}

/** Runs one of our scripts, which it gets on standard input. */
async function script(runner: Runner, name: string, args: readonly string[], options: Options = {}): Promise<Ended> {
  const input = readFileSync(join(ROOT, "ports", "luasocket", `${name}.lua`), "utf8");
  return runLua(runner, ["-", ...args], { input, ...options });
}

async function ran(runner: Runner, name: string, args: readonly string[], options: Options = {}): Promise<Observation> {
  const ended = await script(runner, name, args, options);
  assert.equal(ended.status, "0", `${ended.stdout}${ended.stderr}`);
  return lines(ended);
}

/** The cases. */
export const luasocketCases: readonly Case[] = [
  { name: "luasocket speaks TCP", run: (runner) => ran(runner, "tcp", []) },
  { name: "luasocket speaks UDP", run: (runner) => ran(runner, "udp", []) },
  {
    name: "luasocket selects",
    run: async (runner) => ran(runner, "select", [`${(await peers()).refused}`]),
  },
  {
    name: "luasocket finds names, and tells how a connection failed",
    run: async (runner) => {
      const { refused, silent } = await peers();
      return ran(runner, "names", [`${refused}`, `${silent}`]);
    },
  },
  {
    name: "luasocket speaks over AF_UNIX",
    notInPage: "a socket's file is the bridge's host's, and no file that the page could remove",
    run: async (runner) => {
      const directory = temporaryDirectory();
      const path = join(directory, "socket");
      const options = { allow: [`unix:${path}`, `listen:unix:${path}`], directories: [`${directory}:${directory}`] };
      return ran(runner, "unix", [path], options);
    },
  },
  {
    name: "luasocket sends AF_UNIX datagrams",
    lacks: { ended: "no network of a host has AF_UNIX datagrams: EPROTONOSUPPORT" },
    run: async (runner) => {
      const path = join(temporaryDirectory(), "socket");
      const ended = await script(runner, "unix-datagrams", [path], {
        allow: [`unix:${path}1`, `unix:${path}2`, `listen:unix:${path}1`, `listen:unix:${path}2`],
      });
      return { ended: JSON.stringify(lines(ended)) };
    },
  },
  {
    name: "luasocket requests pages and sends bodies (HTTP)",
    run: async (runner) => {
      const [{ port }, { refused, silent }] = [await web(), await peers()];
      const args = [`http://127.0.0.1:${port}`, `${refused}`, `${silent}`];
      const seen = await ran(runner, "http", args, { limit: 120_000 });
      return {
        ...seen,
        lines: (seen["lines"] as readonly string[]).map((line) =>
          line.replaceAll(`${port}`, "PORT").replace(/table: \w+/, "table"),
        ),
      };
    },
  },
  {
    name: "luasocket sends mail (SMTP)",
    run: async (runner) => {
      const [{ port, lines: said }, { refused }] = [await startMailServer(), await peers()];
      const seen = await ran(runner, "smtp", [`${port}`, `${refused}`]);
      assert.ok(said.includes("MAIL FROM:<alice@example.org>"), said.join("\n"));
      // The line between the parts has the time in it; headers come in any order.
      const boundary = /boundary="?([^"]+)"/.exec(said.join("\n"))?.[1] ?? "none";
      const told = said.map((line) => line.replaceAll(boundary, "BOUNDARY"));
      const isHeader = (line: string): boolean => /^[\w-]+: /.test(line) && !/^\w+ FROM|^RCPT/.test(line);
      return { ...seen, said: told.filter((line) => !isHeader(line)), headers: told.filter(isHeader).sort() };
    },
  },
  {
    name: "luasocket's samples: a server of two ports talks to 50 clients",
    run: async (runner) => {
      const { samples } = await library();
      const [one, two] = [await freePort(), await freePort()];
      const options = { directories: [`${samples}:.`], cwd: samples };
      const server = await startLua(runner, ["tinyirc.lua", "127.0.0.1", `${one}`, `${two}`], options);
      await reachable(one, server);
      await reachable(two, server);
      const clients = [await LineClient.open(one)];
      for (let i = 1; i < 50; i++) {
        const client = await LineClient.open(i % 2 === 0 ? one : two);
        await client.ask(`client ${i}\n`, /(?:)/);
        // Whoever hears of it knows that the server has taken it.
        await clients[i - 1]?.ask("", new RegExp(`client ${i}\n`));
        clients.push(client);
      }
      const said: string[] = [];
      for (const [i, client] of clients.entries()) {
        const told = clients.filter((each) => each !== client).map((each) => each.ask("", new RegExp(`line ${i}\n`)));
        await client.ask(`line ${i}\n`, /(?:)/);
        said.push(
          [...new Set((await Promise.all(told)).map((heard) => heard.slice(heard.lastIndexOf("line"))))].join(),
        );
      }
      for (const client of clients) client.close();
      server.signal("SIGTERM");
      await server.ended;
      assert.equal(said.length, 50);
      return { said };
    },
  },
  {
    name: "luasocket's samples: listener and talker, and datagrams that are echoed",
    run: async (runner) => {
      const { samples } = await library();
      const options = { directories: [`${samples}:.`], cwd: samples };
      const port = await freePort();
      const listener = await startLua(runner, ["listener.lua", "127.0.0.1", `${port}`], options);
      await listener.printed("Waiting connection");
      const talker = await runLua(runner, ["talker.lua", "localhost", `${port}`], { ...options, input: "one\ntwo\n" });
      const heard = await listener.ended;
      const echoing = await startLua(runner, ["echosrvr.lua", "127.0.0.1", "0"], options);
      await echoing.printed("Waiting packets");
      const echoed = await runLua(runner, ["echoclnt.lua", "127.0.0.1", `${(await peers()).udpEcho}`], {
        ...{ ...options, input: "round\ntrip\n\n" },
      });
      echoing.signal("SIGTERM");
      const ports = (ended: Ended): string => JSON.stringify(lines(ended)).replaceAll(/\b\d{4,5}\b/g, "PORT");
      assert.match(`${heard.stdout}`, /two\nclosed/);
      return { talker: ports(talker), heard: ports(heard), echoed: ports(echoed) };
    },
  },
];
