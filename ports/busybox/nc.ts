// busybox nc: TCP, UDP and paths by hand.

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { once as event } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { PAGE, sha256 } from "../../test/system/material.js";
import { freePort, listen, peers, web } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";
import { freeDatagramPort } from "../tftp-server.js";
import { seen, withBusybox } from "./applet.js";

/** The cases of nc. */
export const ncCases: readonly Case[] = [
  withBusybox("nc fetches a page, and gets back what it sends", async ({ run }) => {
    const { echo } = await peers();
    const request = "GET /page.html HTTP/1.0\r\nHost: hawser\r\n\r\n";
    const page = await run(["nc", "127.0.0.1", `${(await web()).port}`], request);
    // It writes without looking whether the echo waits for it to read: no more than the buffers between them hold.
    const text = "0123456789\n".repeat(4_000);
    const large = await run(["nc", "-vv", "-n", "127.0.0.1", `${echo}`], text);
    assert.ok(page.includes(JSON.stringify(PAGE).slice(1, -1)));
    assert.match(large, /sent 44000, rcvd 44000/);
    return { body: sha256(page.slice(page.indexOf("<!doctype"))), large: sha256(large) };
  }),
  withBusybox("nc -l takes a client and talks both ways", async ({ start }) => {
    const port = await freePort();
    const child = await start(["nc", "-l", "-v", "-n", "-s", "127.0.0.1", "-p", `${port}`]);
    await child.printed("listening on");
    const client = await LineClient.open(port);
    await child.printed("connect to");
    await child.write("from the listener\n");
    const heard = await client.ask("from the client\n", /\n/);
    await child.printed("from the client");
    client.end();
    await child.write("and after the client's end\n");
    child.end();
    const rest = await client.rest();
    assert.equal(heard, "from the listener\n");
    return { heard, rest, listener: seen(await child.ended) };
  }),
  withBusybox("nc -u sends datagrams, and listens for them", async ({ start }) => {
    const { udpEcho } = await peers();
    const sender = await start(["nc", "-u", "-w", "1", "127.0.0.1", `${udpEcho}`]);
    for (const line of ["first\n", "second\n", `${"third".repeat(800)}\n`]) {
      await sender.write(line);
      await sender.printed(line);
    }
    sender.end();
    const sent = seen(await sender.ended);
    const port = await freeDatagramPort();
    const listener = await start(["nc", "-u", "-l", "-v", "-n", "-w", "5", "-s", "127.0.0.1", "-p", `${port}`]);
    await listener.printed("listening on");
    const socket = createSocket("udp4");
    socket.send("asked\n", port, "127.0.0.1");
    await listener.printed("asked");
    const answer = event(socket, "message");
    await listener.write("answered\n");
    const heard = `${(await answer)[0]}`;
    socket.close();
    listener.signal("SIGTERM");
    return { sent, heard, listener: seen(await listener.ended) };
  }),
  withBusybox("nc writes down what goes by, waits between lines, and scans", async ({ run, directory }) => {
    const { echo, refused } = await peers();
    const dumped = await run(["nc", "-o", "dump", "127.0.0.1", `${echo}`], "a few words, and größer ones\n");
    const slow = await run(["nc", "-i", "1", "127.0.0.1", `${echo}`], "one\ntwo\n");
    const open = await run(["nc", "-z", "-v", "-n", "127.0.0.1", `${echo}`]);
    const closed = await run(["nc", "-z", "-vv", "-n", "127.0.0.1", `${refused}`]);
    const dump = readFileSync(join(directory, "dump"), "latin1");
    assert.match(dump, /^> 0{8} 61 20 66[\s\S]*^< 0{8} 61 20 66/m);
    assert.match(open, /open/);
    return { dumped, dump, slow, open, closed };
  }),
  withBusybox("nc tells who refused, who is silent, who broke off, and a name that there is not", async ({ run }) => {
    const { refused, silent, reset } = await peers();
    const quiet = await run(["nc", "127.0.0.1", `${refused}`]);
    const told = await run(["nc", "-vv", "-n", "127.0.0.1", `${refused}`]);
    const waited = await run(["nc", "-v", "-n", "-w", "1", "127.0.0.1", `${silent}`]);
    const broken = await run(["nc", "-vv", "-n", "127.0.0.1", `${reset}`], "x");
    const unknown = await run(["nc", "nowhere.invalid", "80"]);
    const mute = await listen(() => {});
    const unanswered = await run(["nc", "-vv", "-n", "-w", "1", "127.0.0.1", `${mute}`], "anybody?\n");
    const nobody = ["nc", "-l", "-w", "1", "-s", "127.0.0.1", "-p", `${await freePort()}`];
    const lonely = await run(nobody);
    const taken = await run(["nc", "-l", "-s", "127.0.0.1", "-p", `${mute}`]);
    assert.match(told, /Connection refused/);
    assert.match(waited, /timed out/);
    assert.match(broken, /reset by peer/);
    assert.match(lonely, /timeout/);
    return { quiet, told, waited, broken, unknown, unanswered, lonely, taken };
  }),
  withBusybox(
    "nc talks to a path (AF_UNIX)",
    async ({ run, directory }) => {
      const path = join(directory, "s");
      const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
      await new Promise<void>((done) => server.listen(path, done));
      const there = await run(["nc", "local:s"], "by path\n");
      server.close();
      const gone = await run(["nc", "-v", "local:nothing"]);
      assert.match(there, /by path/);
      return { there, gone };
    },
    { notInPage: "a socket in a directory of the page's own is none of the bridge's host" },
  ),
  {
    ...withBusybox("nc -e needs a process", async ({ run }) => {
      const { echo } = await peers();
      return { exec: await run(["nc", "127.0.0.1", `${echo}`, "-e", "/nonexistent/program"]) };
    }),
    lacks: { exec: "there is no exec" },
  },
];
