// socat with TCP, as a client.

import { strict as assert } from "node:assert";
import { closeSync, createReadStream, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import type { Case } from "../../test/system/compare.js";
import { largeFile, measure, PAGE, sha256 } from "../../test/system/material.js";
import { freePort, listen, peers, web } from "../../test/system/server.js";
import { page, REQUEST, withSocat } from "./client.js";

const VERBOSE = ["-d", "-d"];
const SLOW = { notInPage: "socat takes 8 KB at a time, and 100 MB more than a minute; 50 MB are there" };

/** The cases of a client. */
export const tcpCases: readonly Case[] = [
  withSocat("fetches a page from nginx, and says what it does", async ({ finish, seen, run }) => {
    const { port } = await web();
    const ended = await finish([...VERBOSE, "-t", "10", "-", `TCP4:127.0.0.1:${port}`], { input: REQUEST });
    assert.equal(`${ended.stdout}`.split("\r\n\r\n")[1], PAGE);
    const byName = await run(["-t", "10", "STDIO", `TCP-CONNECT:localhost:${port},nodelay,keepalive`], REQUEST);
    const lines = await run(["-t", "10", "-", `TCP:127.0.0.1:${port},crnl`], REQUEST.replaceAll("\r", ""));
    return { status: ended.status, ended: page(seen(ended)), byName: page(byName), lines: page(lines) };
  }),
  withSocat("sends what its input still brings, and ends what it sent: the server hears the end", async (socat) => {
    let heard = "";
    const port = await listen((socket) => {
      socket.on("data", (chunk) => {
        heard += chunk;
        socket.write(`${`${chunk}`.length} bytes\n`);
      });
      socket.on("end", () => setTimeout(() => socket.end("after the end\n"), 200));
    });
    const child = await socat.start([...VERBOSE, "-t", "10", "-", `TCP:127.0.0.1:${port}`]);
    await child.write("first\n");
    await child.printed("6 bytes\n");
    await child.write("the second\n");
    await child.printed("11 bytes\n");
    child.end();
    const ended = await child.ended;
    assert.equal(heard, "first\nthe second\n");
    assert.match(`${ended.stdout}`, /after the end\n$/);
    return { heard, seen: socat.seen(ended) };
  }),
  withSocat("waits for the other side's end as long as -t says, and not with shut-none", async ({ run }) => {
    const ends: string[] = [];
    const port = await listen((socket) => {
      socket.resume();
      socket.on("end", () => {
        ends.push("end");
        if (ends.length > 1) socket.end("it ended\n");
      });
    });
    const started = Date.now();
    const short = await run([...VERBOSE, "-t", "1", "-", `TCP:127.0.0.1:${port}`], "no answer\n");
    assert.ok(Date.now() - started >= 1000);
    const long = await run(["-t", "20", "-", `TCP:127.0.0.1:${port}`], "an answer\n");
    assert.match(long, /it ended/);
    const none = await run(["-t", "0.2", "-", `TCP:127.0.0.1:${port},shut-none`], "never mind\n");
    return { short, long, none };
  }),
  withSocat("reads no more than readbytes says, and beyond an end with ignoreeof", async (socat) => {
    const port = await listen((socket) => void socket.end("that is all\n"));
    const some = await socat.run([...VERBOSE, "-u", `TCP:127.0.0.1:${port},readbytes=4`, "-"]);
    const endless = await socat.start([...VERBOSE, "-u", `TCP:127.0.0.1:${port},ignoreeof`, "-"]);
    await endless.printed("that is all\n");
    endless.signal("SIGTERM");
    const { status, stdout } = await endless.ended;
    assert.match(some, /"that"/);
    return { some, status, stdout: `${stdout}` };
  }),
  withSocat(
    "sends 100 MB with -u",
    async ({ finish, seen }) => {
      const file = await largeFile(100);
      const arrived: ReturnType<typeof measure>[] = [];
      const port = await listen((socket) => {
        const measured = measure(socket);
        measured.catch(() => {}); // a candidate that fails is heard of below
        arrived.push(measured);
        socket.on("end", () => socket.end());
      });
      const stdin = openSync(file.path, "r");
      const ended = await finish([...VERBOSE, "-u", "-", `TCP:127.0.0.1:${port}`], { stdin });
      closeSync(stdin);
      assert.equal((await arrived[0])?.sha256, file.sha256);
      return { seen: seen(ended) };
    },
    SLOW,
  ),
  withSocat(
    "receives 100 MB with -U",
    async ({ finish }) => {
      const file = await largeFile(100);
      const port = await listen((socket) => void createReadStream(file.path).pipe(socket));
      let received = { bytes: 0, sha256: "" };
      const { status, stderr } = await finish(["-U", "-", `TCP:127.0.0.1:${port}`], {
        stdout: async (stream) => {
          received = await measure(stream);
        },
      });
      assert.equal(received.sha256, file.sha256);
      return { status, stderr };
    },
    SLOW,
  ),
  withSocat("shows what passes, with -v and -x, and keeps it, with -r and -R", async (socat) => {
    const { echo } = await peers();
    const shown = await socat.run(["-v", "-t", "10", "-", `TCP:127.0.0.1:${echo}`], "two\nlines\n");
    const hex = await socat.run(["-x", "-t", "10", "-", `TCP:127.0.0.1:${echo}`], "bytes: \x00\x01\xff\n");
    await socat.run(["-r", "sent", "-R", "received", "-t", "10", "-", `TCP:127.0.0.1:${echo}`], "kept\n");
    const kept = ["sent", "received"].map((name) => readFileSync(`${socat.directory}/${name}`, "utf8"));
    assert.deepEqual(kept, ["kept\n", "kept\n"]);
    return { shown, hex, kept };
  }),
  withSocat("speaks IPv6", async (socat) => {
    const { echo6 } = await peers();
    if (echo6 === null) return { left: "::1 does not work here" };
    const client = await socat.run([...VERBOSE, "-t", "10", "-", `TCP6:[::1]:${echo6}`], "by IPv6\n");
    const chosen = await socat.run(["-t", "10", "-6", "-", `TCP:[::1]:${echo6}`], "by -6\n");
    assert.match(client, /by IPv6/);
    const port = await freePort();
    const child = await socat.start([...VERBOSE, "-t", "10", `TCP6-LISTEN:${port},bind=[::1]`, "PIPE"]);
    await child.printed("listening on");
    const socket = connect(port, "::1");
    const arrived = measure(socket);
    socket.end("to IPv6\n");
    const { sha256: digest } = await arrived;
    assert.equal(digest, sha256("to IPv6\n"));
    return { client, chosen, server: socat.seen(await child.ended) };
  }),
];
