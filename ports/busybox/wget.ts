// busybox wget: HTTP and FTP.

import { strict as assert } from "node:assert";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { largeFile, PAGE, sha256 } from "../../test/system/material.js";
import { listen, peers, web } from "../../test/system/server.js";
import { ftpServer } from "../ftp-server.js";
import { site, startSite } from "../site.js";
import { seen, withBusybox } from "./applet.js";

/** The address of a page. */
async function at(path: string): Promise<string> {
  return `http://127.0.0.1:${(await web()).port}/${path}`;
}

/** What the servers say of files that each run makes anew. */
function without(text: string): string {
  return text.replace(/ *(Last-Modified|ETag): .*?\\n/g, "");
}

/** The cases of wget. */
export const wgetCases: readonly Case[] = [
  withBusybox("wget saves a page, prints one, and shows the headers", async ({ run, directory }) => {
    const saved = await run(["wget", await at("page.html")]);
    const again = await run(["wget", await at("page.html")]);
    const named = await run(["wget", "-q", "-O", "named", await at("page.html")]);
    const printed = await run(["wget", "-O", "-", await at("page.html")]);
    const headers = await run(["wget", "-S", "-q", "-O", "-", await at("empty.txt")]);
    const spied = await run(["wget", "--spider", await at("page.html")]);
    for (const name of ["page.html", "named"]) assert.equal(readFileSync(join(directory, name), "utf8"), PAGE);
    assert.match(headers, /HTTP\/1\.1 200 OK/);
    return { saved, again, named, printed: sha256(printed), headers: without(headers), spied };
  }),
  withBusybox("wget follows redirects, and not in circles", async ({ run }) => {
    const moved = await run(["wget", "-q", "-O", "-", await at("redirect")]);
    const away = await run(["wget", "-O", "-", `http://127.0.0.1:${(await site()).port}/away`]);
    const circle = await run(["wget", "-q", "-O", "-", await at("circle")]);
    assert.match(moved, /Zeile 399/);
    assert.match(circle, /too many redirections/);
    return { moved, away, circle };
  }),
  withBusybox("wget posts, and sends headers and a password", async ({ run, directory }) => {
    const mirror = await at("mirror/form");
    writeFileSync(join(directory, "body"), "b".repeat(100_000));
    const posted = await run(["wget", "-q", "-O", "-", "--post-data=name=größer&n=1", mirror]);
    const file = await run(["wget", "-q", "-O", "-", "--post-file=body", mirror]);
    const own = ["-U", "agent/1", "--header=Content-Type: text/x-own", "--header", "Cookie: a=b"];
    const headers = await run(["wget", "-q", "-O", "-", ...own, mirror]);
    const port = (await site()).port;
    const secret = await run(["wget", "-q", "-O", "-", `http://alice:secret@127.0.0.1:${port}/private/secret.txt`]);
    const wrong = await run(["wget", "-O", "-", `http://alice:guess@127.0.0.1:${port}/private/secret.txt`]);
    assert.ok(file.includes(sha256("b".repeat(100_000))));
    assert.match(secret, /hidden from most/);
    return { posted, file, headers, secret, wrong };
  }),
  withBusybox("wget goes on where a file ends", async ({ run, directory }) => {
    const [path, address] = [join(directory, "part.txt"), `http://127.0.0.1:${(await site()).port}/part.txt`];
    await run(["wget", "-q", address]);
    const whole = readFileSync(path, "utf8");
    truncateSync(path, 12_345);
    const rest = await run(["wget", "-c", address]);
    assert.equal(readFileSync(path, "utf8"), whole);
    return { rest };
  }),
  withBusybox("wget takes 50 MB", async ({ start }) => {
    const child = await start(["wget", "-q", "-O", "-", await at("large.bin")]);
    const { status, stdout, stderr } = await child.ended;
    assert.equal(sha256(stdout), (await largeFile(50)).sha256);
    return { status, stderr };
  }),
  withBusybox("wget takes chunks", async ({ run }) => {
    const port = await listen((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        setTimeout(() => socket.end("8;x=y\r\n, second\r\n0\r\n\r\n"), 100);
      });
    });
    const chunks = await run(["wget", "-q", "-O", "-", `http://127.0.0.1:${port}/`]);
    assert.match(chunks, /first, second/);
    return { chunks };
  }),
  withBusybox("wget tells errors of the server, who refused, and a name that there is not", async ({ run }) => {
    const { refused, reset } = await peers();
    const missing = await run(["wget", await at("missing.html")]);
    const nobody = await run(["wget", `http://127.0.0.1:${refused}/`]);
    const broken = await run(["wget", "-q", `http://127.0.0.1:${reset}/`]);
    const unknown = await run(["wget", "http://nowhere.invalid/"]);
    const nonsense = await run(["wget", "gopher://127.0.0.1/"]);
    assert.match(missing, /404 Not Found/);
    assert.match(nobody, /Connection refused/);
    return { missing, nobody, broken, unknown, nonsense };
  }),
  withBusybox("wget gives up on who is silent", async ({ run }) => {
    const { silent } = await peers();
    const connecting = await run(["wget", "-T", "2", `http://127.0.0.1:${silent}/`]);
    const reading = await run(["wget", "-T", "2", await at("mirror/slow")]);
    assert.match(connecting, /timed out/);
    assert.match(reading, /timed out/);
    return { connecting, reading };
  }),
  withBusybox("wget tells of a server that is killed while it sends", async ({ start }) => {
    const { port, child: server } = await startSite();
    const child = await start(["wget", "-O", "-", `http://127.0.0.1:${port}/slow.bin`]);
    await child.printed("ssssssss");
    server.signal("SIGKILL");
    const { status, stderr } = await child.ended;
    assert.match(stderr, /connection closed prematurely|reset by peer/);
    return { status, told: seen({ ...(await child.ended), stdout: Buffer.alloc(0) }) };
  }),
  withBusybox("wget fetches by FTP", async ({ run, directory }) => {
    const { port } = await ftpServer();
    const address = (path: string, password = "secret"): string => `ftp://alice:${password}@127.0.0.1:${port}/${path}`;
    const saved = await run(["wget", address("a.txt")]);
    const printed = await run(["wget", "-q", "-O", "-", address("deep/d.txt")]);
    await run(["wget", "-q", address("part.txt")]);
    const path = join(directory, "part.txt");
    const whole = readFileSync(path, "utf8");
    truncateSync(path, 12_345);
    const rest = await run(["wget", "-c", address("part.txt")]);
    const wrong = await run(["wget", address("a.txt", "guess")]);
    const missing = await run(["wget", address("missing.txt")]);
    assert.equal(readFileSync(join(directory, "a.txt"), "utf8"), "the first\n");
    assert.equal(readFileSync(path, "utf8"), whole);
    assert.match(printed, /deeper/);
    assert.match(wrong, /530/);
    return { saved, printed, rest, wrong, missing };
  }),
];
