// tinyproxy: an HTTP proxy, a server that is a client too.

import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, machine } from "node:os";
import { join } from "node:path";
import type { Child } from "../../test/system/child.js";
import type { Case, Observation } from "../../test/system/compare.js";
import { PAGE } from "../../test/system/material.js";
import { freePort, reachable, temporaryDirectory, web } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";
import { GENERATED, type Port, tools } from "../port.js";

/** The page, a character for each byte, as LineClient reads. */
const BODY = Buffer.from(PAGE).toString("latin1");

/** A proxy that runs. */
interface Proxy {
  readonly port: number;
  /** The port of nginx. */
  readonly origin: number;
  readonly directory: string;
  readonly child: Child;
}

function withProxy(name: string, lines: readonly string[], run: (proxy: Proxy) => Promise<Observation>): Case {
  return {
    name: `tinyproxy ${name}`,
    threads: true,
    run: async (runner) => {
      const [port, directory, { port: origin }] = [await freePort(), temporaryDirectory(), await web()];
      const configuration = [
        ...[`Port ${port}`, "Listen 127.0.0.1", "Timeout 20", "MaxClients 200", "LogLevel Connect"],
        ...[`LogFile "${directory}/log"`, `ConnectPort ${origin}`, "DisableViaHeader Yes", ...lines],
      ];
      writeFileSync(join(directory, "configuration"), `${configuration.join("\n")}\n`);
      const child = await runner.start("tinyproxy", ["-d", "-c", join(directory, "configuration")], {
        allow: [`listen:tcp://127.0.0.1:${port}`, "tcp://127.0.0.1:*", "tcp://nowhere.invalid:*"],
        directories: [`${directory}:${directory}`],
        limit: 100_000,
      });
      await reachable(port, child);
      const seen = await run({ port, origin, directory, child });
      child.signal("SIGTERM");
      const { status } = await child.ended;
      return {
        ...seen,
        status,
        logsRefusals: /Connection refused/.test(readFileSync(join(directory, "log"), "latin1")),
      };
    },
  };
}

/** Asks the proxy for a page: the status line and the body. */
async function asked(
  port: number,
  line: string,
  headers = "",
): Promise<{ readonly status: string; readonly body: string }> {
  const client = await LineClient.open(port);
  const answer = await client.ask(`${line} HTTP/1.0\r\n${headers}\r\n`, /\r\n\r\n/);
  return { status: answer.split("\r\n")[0] ?? "", body: await client.rest() };
}

const cases: readonly Case[] = [
  withProxy("serves 100 clients at once", [], async ({ port, origin }) => {
    const clients = await Promise.all(Array.from({ length: 100 }, () => LineClient.open(port)));
    const answers = await Promise.all(
      clients.map(async (client) => {
        const head = await client.ask(`GET http://127.0.0.1:${origin}/page.html HTTP/1.0\r\n\r\n`, /\r\n\r\n/);
        return `${head.split("\r\n")[0]} ${(await client.rest()) === BODY}`;
      }),
    );
    assert.equal(answers.filter((answer) => answer.endsWith("200 OK true")).length, 100);
    return { answers };
  }),
  withProxy("fetches pages, passes bodies on and tunnels (CONNECT)", [], async ({ port, origin }) => {
    const at = `http://127.0.0.1:${origin}`;
    const page = await asked(port, `GET ${at}/page.html`);
    assert.equal(page.body, BODY);
    const moved = await asked(port, `GET ${at}/redirect`);
    const missing = await asked(port, `GET ${at}/nothing`);
    const client = await LineClient.open(port);
    const body = "b".repeat(100_000);
    const head = `POST ${at}/mirror HTTP/1.0\r\nContent-Length: ${body.length}\r\n\r\n`;
    const posted = await client.ask(`${head}${body}`, /"sha256":"[0-9a-f]+"|\}$/);
    const tunnel = await LineClient.open(port);
    const opened = await tunnel.ask(`CONNECT 127.0.0.1:${origin} HTTP/1.1\r\n\r\n`, /\r\n\r\n/);
    const through = await tunnel.ask("GET /page.html HTTP/1.0\r\n\r\n", /\r\n\r\n/);
    const rest = await tunnel.rest();
    client.close();
    assert.equal(rest, BODY);
    return {
      ...{ page: page.status, moved: moved.status, missing: missing.status, posted: posted.split("\r\n")[0] ?? "" },
      ...{ body: posted.includes("100000"), opened, through: through.split("\r\n")[0] ?? "" },
    };
  }),
  withProxy("passes 50 MB through", [], async ({ port, origin }) => {
    const client = await LineClient.open(port);
    const head = await client.ask(`GET http://127.0.0.1:${origin}/large.bin HTTP/1.0\r\n\r\n`, /\r\n\r\n/);
    const length = (await client.rest()).length;
    assert.ok(length > 50_000_000);
    return { status: head.split("\r\n")[0] ?? "", length };
  }),
  withProxy("says what it cannot reach, and what it is not to", [], async ({ port, origin }) => {
    const nobody = await freePort();
    const refused = await asked(port, `GET http://127.0.0.1:${nobody}/`);
    const unknown = await asked(port, "GET http://nowhere.invalid/");
    const forbidden = await asked(port, `CONNECT 127.0.0.1:${nobody}`);
    const nonsense = await asked(port, "nonsense");
    const page = await asked(port, `GET http://127.0.0.1:${origin}/page.html`);
    return {
      ...{ refused: refused.status, unknown: unknown.status, forbidden: forbidden.status, nonsense: nonsense.status },
      page: page.status,
    };
  }),
  withProxy(
    "lets in who has a password, and reports itself",
    ["BasicAuth alice secret", 'StatHost "stats.example"'],
    async ({ port, origin }) => {
      const line = `GET http://127.0.0.1:${origin}/page.html`;
      const none = await asked(port, line);
      const authorization = (words: string): string => `Proxy-Authorization: Basic ${btoa(words)}\r\n`;
      const wrong = await asked(port, line, authorization("alice:guess"));
      const right = await asked(port, line, authorization("alice:secret"));
      const stats = await asked(port, "GET http://stats.example/", authorization("alice:secret"));
      assert.equal(right.body, BODY);
      return { none: none.status, wrong: wrong.status, right: right.status, stats: stats.status };
    },
  ),
];

/** tinyproxy. */
export const tinyproxy: Port = {
  name: "tinyproxy",
  source: "tinyproxy",
  programs: { tinyproxy: "src/tinyproxy" },
  steps: ({ compiler }) => [
    ["./configure", `--build=${machine()}-pc-linux-gnu`, "--disable-manpage_support", ...tools(compiler)],
    ["make", `-j${availableParallelism()}`, ...GENERATED, "-C", "src"],
  ],
  cases,
  threads: true,
  works: "the server, a thread for each client: 100 clients, requests with bodies, CONNECT, passwords, 50 MB",
  lacks: "it runs in the jspi engine, which has threads; going to the background (there is no fork)",
  page: "the server on jspi, which listens at the bridge",
};
