// wget with HTTP: pages, links, passwords, parts, and what goes wrong.

import { strict as assert } from "node:assert";
import { readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { largeFile, PAGE, sha256 } from "../../test/system/material.js";
import { listen, peers, web } from "../../test/system/server.js";
import { CHANGED, site, startSite } from "../site.js";
import { filesOf, seen, withWget } from "./client.js";

/** The address of a page. */
async function at(path: string): Promise<string> {
  return `http://127.0.0.1:${(await site()).port}/${path}`;
}

const ONCE = ["-t", "1"];

/** The cases of HTTP. */
export const httpCases: readonly Case[] = [
  withWget("saves a page under its name, and prints one", async ({ run, directory }) => {
    const origin = `http://127.0.0.1:${(await web()).port}`;
    const saved = await run([`${origin}/page.html`]);
    const again = await run(["-nv", `${origin}/page.html`]);
    const printed = await run(["-q", "-O", "-", `${origin}/page.html`]);
    const spied = await run(["-S", "--spider", `${origin}/empty.txt`]);
    assert.equal(readFileSync(join(directory, "page.html"), "utf8"), PAGE);
    return { saved, again, printed, spied: spied.replace(/Last-Modified: .*?\\n|ETag: .*?\\n/g, "") };
  }),
  withWget("follows redirects, and not in circles", async ({ run, directory }) => {
    const origin = `http://127.0.0.1:${(await web()).port}`;
    const moved = await run([`${origin}/redirect`]);
    const named = await run(["--trust-server-names", "--content-disposition", `${origin}/redirect`]);
    const stays = await run(["--max-redirect=0", `${origin}/redirect`]);
    const circle = await run([...ONCE, "--max-redirect=3", `${origin}/circle`]);
    assert.match(circle, /3 redirections exceeded/);
    return { moved, named, stays, circle, files: filesOf(directory).map((line) => line.split(":")[0] ?? "") };
  }),
  withWget("follows links to a depth, converts them, and leaves out what it is told to", async ({ run, directory }) => {
    const all = await run(["-nv", "-r", "-l", "5", "-k", "-P", "all", await at("index.html")]);
    const near = await run(["-nv", "-r", "-l", "1", "-P", "near", await at("index.html")]);
    const text = await run(["-nv", "-r", "-nd", "-A", "txt", "-P", "text", await at("index.html")]);
    const below = await run(["-nv", "-r", "-np", "-nH", "-P", "below", await at("deep/b.html")]);
    const whole = await run(["-nv", "-p", "-E", "-K", "-k", "-P", "whole", await at("index.html")]);
    const files = filesOf(directory);
    assert.ok(files.some((line) => line.startsWith("all/HOST/deep/deeper/d.html: 8 bytes")));
    return { all, near, text, below, whole, files };
  }),
  withWget(
    "goes on where a file ends (-c), and fetches what is newer (-N)",
    async ({ run, directory }) => {
      const path = join(directory, "part.txt");
      const first = await run(["-nv", "--use-server-timestamps", await at("part.txt")]);
      const whole = readFileSync(path, "utf8");
      truncateSync(path, 12_345);
      const rest = await run(["-c", "--use-server-timestamps", await at("part.txt")]);
      assert.equal(readFileSync(path, "utf8"), whole);
      const complete = await run(["-c", await at("part.txt")]);
      const same = await run(["-N", "--use-server-timestamps", await at("part.txt")]);
      assert.equal(statSync(path).mtimeMs / 1000, CHANGED);
      const from = await run(["-q", "-O", "-", "--start-pos=40000", await at("part.txt")]);
      const kept = await run(["-nc", await at("part.txt")]);
      return { first, rest, complete, same, from, kept };
    },
    "a page's files keep no times",
  ),
  withWget("posts, puts and shows headers of its own", async ({ run, directory }) => {
    const mirror = `http://127.0.0.1:${(await web()).port}/mirror`;
    writeFileSync(join(directory, "body"), "b".repeat(100_000));
    const post = await run(["-q", "-O", "-", "--post-data=name=größer&n=1", `${mirror}/form`]);
    const file = await run(["-q", "-O", "-", "--post-file=body", `${mirror}/file`]);
    const put = await run(["-q", "-O", "-", "--method=PUT", "--body-data=put", `${mirror}/put`]);
    const headers = ["--header=Content-Type: text/x-own", "-U", "agent/1", "--referer=http://from.example/"];
    const own = await run(["-q", "-O", "-", ...headers, `${mirror}/own`]);
    assert.ok(file.includes(sha256("b".repeat(100_000))));
    return { post, file, put, own };
  }),
  withWget("says who it is when asked, and keeps cookies", async ({ run }) => {
    const none = await run([...ONCE, await at("private/secret.txt")]);
    const wrong = await run([...ONCE, "--user=alice", "--password=guess", await at("private/secret.txt")]);
    const right = await run(["-q", "-O", "-", "--user=alice", "--password=secret", await at("private/secret.txt")]);
    const stored = ["--keep-session-cookies", "--save-cookies=jar"];
    const first = await run(["-q", "-O", "-", ...stored, await at("cookie")]);
    const second = await run(["-q", "-O", "-", "--load-cookies=jar", await at("cookie")]);
    assert.match(second, /had: taste=sweet/);
    return { none, wrong, right, first, second };
  }),
  withWget("reads addresses from its standard input, up to a quota", async ({ run, directory }) => {
    const lines = `${await at("a.html")}\n${await at("part.txt")}\n${await at("deep/c.txt")}\n`;
    const listed = await run(["-nv", "-i", "-"], lines);
    const limited = await run(["-nv", "-Q", "10k", "-P", "limited", "-i", "-"], lines);
    assert.match(limited, /quota of 10K EXCEEDED/);
    return { listed, limited, files: filesOf(directory) };
  }),
  withWget(
    "downloads 50 MB",
    async ({ run, directory }) => {
      const file = await largeFile(50);
      const ended = await run(["-nv", `http://127.0.0.1:${(await web()).port}/large.bin`]);
      assert.equal(sha256(readFileSync(join(directory, "large.bin"))), file.sha256);
      return { ended };
    },
    "a page's files, in memory, are copied as they grow: it takes minutes",
  ),
  withWget("tells errors of the server, who refused, and a name that there is not", async ({ run }) => {
    const { refused } = await peers();
    const missing = await run([await at("missing.html")]);
    const broken = await run(["-t", "2", "-w", "0", "--retry-on-http-error=503", "--waitretry=0", await at("broken")]);
    const nobody = await run([...ONCE, `http://127.0.0.1:${refused}/`]);
    const stubborn = await run(["-t", "2", "--retry-connrefused", "--waitretry=0", `http://127.0.0.1:${refused}/`]);
    const unknown = await run([...ONCE, "http://nowhere.invalid/"]);
    const nonsense = await run(["gopher://127.0.0.1/"]);
    assert.match(missing, /"status":"8".*ERROR 404/);
    assert.match(nobody, /"status":"4".*Connection refused/);
    return { missing, broken, nobody, stubborn, unknown, nonsense };
  }),
  withWget("gives up on who is silent, and tries again", async ({ run }) => {
    const { silent } = await peers();
    const slow = `http://127.0.0.1:${(await web()).port}/mirror/slow`;
    const connecting = await run([...ONCE, "--connect-timeout=1", `http://127.0.0.1:${silent}/`]);
    const reading = await run(["-t", "2", "--waitretry=0", "--read-timeout=1", slow]);
    assert.match(connecting, /Connection timed out/);
    assert.match(reading, /Read error \(Connection timed out\) in headers/);
    return { connecting, reading };
  }),
  withWget("tells of a server that is killed while it sends", async ({ start }) => {
    const { port, child: server } = await startSite();
    const child = await start([...ONCE, "--progress=dot:binary", `http://127.0.0.1:${port}/slow.bin`]);
    await child.printed("........");
    server.signal("SIGKILL");
    const ended = seen(await child.ended);
    const cut = /(Connection closed|Read error) at byte \d+[^.]*\. Giving up\./.exec(ended)?.[0] ?? ended;
    return { status: (await child.ended).status, cut: cut.replaceAll(/\d+/g, "N") };
  }),
  withWget("goes on by itself where a connection broke", async ({ run, directory }) => {
    const whole = "0123456789".repeat(5000);
    const port = await listen((socket) => {
      socket.once("data", (request) => {
        const from = Number(/Range: bytes=(\d+)-/.exec(`${request}`)?.[1] ?? 0);
        const type = from === 0 ? "200 OK" : `206 Partial\r\nContent-Range: bytes ${from}-49999/50000`;
        socket.write(`HTTP/1.1 ${type}\r\nAccept-Ranges: bytes\r\nContent-Length: ${50_000 - from}\r\n\r\n`);
        socket.end(whole.slice(from, from + 20_000));
      });
    });
    const ended = await run(["-t", "5", "--waitretry=0", "-nv", `http://127.0.0.1:${port}/file`]);
    assert.equal(readFileSync(join(directory, "file"), "utf8"), whole);
    return { ended };
  }),
];
