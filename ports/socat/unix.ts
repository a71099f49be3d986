// socat with sockets of AF_UNIX.

import { strict as assert } from "node:assert";
import { once } from "node:events";
import { existsSync, linkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { PAGE } from "../../test/system/material.js";
import { freePort, web } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";
import { withSocat } from "./client.js";

const VERBOSE = ["-d", "-d"];
const PLAIN = Buffer.from(PAGE).toString("latin1");
const HOSTS_FILE = "a socket's file is the bridge's host's, and no file that the page could look at or remove";

/** The cases of AF_UNIX. */
export const unixCases: readonly Case[] = [
  withSocat(
    "fetches a page from nginx by a path",
    async ({ finish }) => {
      const { socket } = await web();
      const args = ["-t", "10", "-", `UNIX-CONNECT:${socket}`];
      const { status, stdout, stderr } = await finish(args, { input: "GET /page.html HTTP/1.0\r\n\r\n" });
      assert.equal(`${stdout}`.split("\r\n\r\n")[1], PAGE);
      return { status, stderr };
    },
    { absolute: true },
  ),
  withSocat(
    "says that no socket is at a path, and that nobody listens there",
    async ({ run, directory }) => {
      const stale = join(directory, "stale");
      const server = createServer().listen(stale);
      await once(server, "listening");
      linkSync(stale, join(directory, "nobody"));
      server.close();
      const nobody = await run(["-", `UNIX-CONNECT:${directory}/nobody`]);
      assert.match(nobody, /Connection refused/);
      const missing = await run(["-", `UNIX-CONNECT:${directory}/missing`]);
      assert.match(missing, /No such file or directory/);
      return { missing, nobody };
    },
    { absolute: true },
  ),
  withSocat(
    "serves a client at a path, which is gone with it",
    async (socat) => {
      const path = join(socat.directory, "socket");
      const child = await socat.start([...VERBOSE, "-t", "10", `UNIX-LISTEN:${path}`, "PIPE"]);
      await child.printed("listening on");
      assert.ok(existsSync(path));
      const client = await LineClient.open(path);
      const answer = await client.ask("hello\n", /hello\n/);
      client.end();
      const rest = await client.rest();
      const ended = await child.ended;
      return { answer, rest, seen: socat.seen(ended), stays: existsSync(path) };
    },
    { absolute: true, notInPage: HOSTS_FILE },
  ),
  withSocat(
    "stands between a path and a port, and between a port and a path",
    async (socat) => {
      const [{ port: origin, socket }, port] = [await web(), await freePort()];
      const path = join(socat.directory, "socket");
      const request = "GET /page.html HTTP/1.0\r\n\r\n";
      const inward = await socat.start([...VERBOSE, "-t", "10", `UNIX-LISTEN:${path}`, `TCP:127.0.0.1:${origin}`]);
      await inward.printed("listening on");
      const first = await LineClient.open(path);
      await first.ask(request, /\r\n\r\n/);
      assert.equal(await first.rest(), PLAIN);
      const listen = `TCP-LISTEN:${port},bind=127.0.0.1`;
      const outward = await socat.start([...VERBOSE, "-t", "10", listen, `UNIX-CONNECT:${socket}`]);
      await outward.printed("listening on");
      const second = await LineClient.open(port);
      await second.ask(request, /\r\n\r\n/);
      assert.equal(await second.rest(), PLAIN);
      const { status } = await outward.ended;
      return { inward: socat.seen(await inward.ended), outward: status };
    },
    { absolute: true, notInPage: HOSTS_FILE },
  ),
];
