// socat with TCP, as a server and between a client and a server.

import { strict as assert } from "node:assert";
import { createReadStream } from "node:fs";
import { connect } from "node:net";
import type { Case } from "../../test/system/compare.js";
import { largeFile, measure, PAGE, sha256 } from "../../test/system/material.js";
import { freePort, peers, web } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";
import { page, REQUEST, withSocat } from "./client.js";

const VERBOSE = ["-d", "-d"];
const PLAIN = Buffer.from(PAGE).toString("latin1");

/** Listens on a free port of the loopback: what the address begins with. */
async function listening(): Promise<{ readonly port: number; readonly address: string }> {
  const port = await freePort();
  return { port, address: `TCP-LISTEN:${port},bind=127.0.0.1` };
}

/** The cases of a server. */
export const relayCases: readonly Case[] = [
  withSocat("serves one client, whose peer is its standard input", async (socat) => {
    const { port, address } = await listening();
    const child = await socat.start([...VERBOSE, "-t", "10", address, "-"]);
    await child.printed("listening on");
    const client = await LineClient.open(port);
    await child.write("welcome\n");
    const heard = await client.ask("hello\n", /welcome\n/);
    await child.printed("hello\n");
    client.end();
    await child.printed("is at EOF");
    await child.write("and goodbye\n");
    child.end();
    const rest = await client.rest();
    const ended = await child.ended;
    assert.equal(rest, "and goodbye\n");
    return { heard, rest, seen: socat.seen(ended) };
  }),
  withSocat("stands between a client and a server that sends back 20 MB", async (socat) => {
    const [{ port, address }, file, { echo }] = [await listening(), await largeFile(20), await peers()];
    const child = await socat.start([...VERBOSE, "-t", "10", address, `TCP:127.0.0.1:${echo}`]);
    await child.printed("listening on");
    const socket = connect(port, "127.0.0.1");
    const arrived = measure(socket);
    createReadStream(file.path).pipe(socket);
    assert.equal((await arrived).sha256, file.sha256);
    return { seen: socat.seen(await child.ended) };
  }),
  withSocat("stands between a client and nginx", async (socat) => {
    const { port, address } = await listening();
    const to = `TCP:127.0.0.1:${(await web()).port}`;
    const child = await socat.start([...VERBOSE, "-t", "10", `${address},reuseaddr`, to]);
    await child.printed("listening on");
    const client = await LineClient.open(port);
    const head = await client.ask(REQUEST, /\r\n\r\n/);
    const rest = await client.rest();
    assert.equal(rest, PLAIN);
    return { head: page(head), digest: sha256(rest), seen: socat.seen(await child.ended) };
  }),
  withSocat("stands between a client and nginx with 50 MB", async (socat) => {
    const { port, address } = await listening();
    const child = await socat.start(["-d", "-d", "-t", "10", address, `TCP:127.0.0.1:${(await web()).port}`]);
    await child.printed("listening on");
    const client = await LineClient.open(port);
    await client.ask("GET /large.bin HTTP/1.0\r\n\r\n", /\r\n\r\n/);
    const digest = sha256(Buffer.from(await client.rest(60_000), "latin1"));
    assert.equal(digest, (await largeFile(50)).sha256);
    return { seen: socat.seen(await child.ended) };
  }),
  withSocat("turns a client away that is not in its range", async (socat) => {
    const { port, address } = await listening();
    const child = await socat.start([...VERBOSE, `${address},range=10.0.0.0/8`, "PIPE"]);
    await child.printed("listening on");
    const refused = await LineClient.open(port);
    const heard = await refused.rest();
    await child.printed("refusing connection");
    child.signal("SIGTERM");
    const ended = await child.ended;
    assert.equal(heard, "");
    return { seen: socat.seen(ended).replaceAll(/"N listening on [^"]*",/g, "") };
  }),
];
