// busybox ftpget, ftpput and tftp: files both ways.

import { strict as assert } from "node:assert";
import { createSocket } from "node:dgram";
import { chmodSync, existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { largeFile, sha256 } from "../../test/system/material.js";
import { listen, peers } from "../../test/system/server.js";
import { ftpServer, startFtpServer } from "../ftp-server.js";
import { datagrams, freeDatagramPort, startTftpServer } from "../tftp-server.js";
import { withBusybox } from "./applet.js";

/** The options that name alice at the server. */
async function alice(password = "secret", server = ftpServer()): Promise<readonly string[]> {
  return ["-u", "alice", "-p", password, "-P", `${(await server).port}`];
}

/** The files of the TFTP server, by name. */
const FILES: Readonly<Record<string, string>> = {
  "a.txt": "the first\n",
  "empty.txt": "",
  // Whole blocks of 512 bytes: the end is a datagram without data.
  "blocks.bin": "0123456789abcdef".repeat(512),
  "long.txt": Array.from({ length: 5000 }, (_, i) => `line ${i} of a file of many blocks\n`).join(""),
};

/** The cases of FTP and of TFTP. */
export const transferCases: readonly Case[] = [
  withBusybox("ftpget fetches, prints, and goes on where a file ends", async ({ run, directory }) => {
    const [path, words] = [join(directory, "part.txt"), ["ftpget", ...(await alice())]];
    const saved = await run([...words, "-v", "127.0.0.1", "b", "b.txt"]);
    const printed = await run([...words, "127.0.0.1", "-", "deep/d.txt"]);
    await run([...words, "127.0.0.1", "part.txt"]);
    const whole = readFileSync(path, "utf8");
    truncateSync(path, 12_345);
    const rest = await run([...words, "-c", "127.0.0.1", "part.txt"]);
    assert.equal(readFileSync(join(directory, "b"), "utf8"), "the second\n");
    assert.equal(readFileSync(path, "utf8"), whole);
    assert.match(printed, /deeper/);
    return { saved, printed, rest };
  }),
  withBusybox("ftpget takes 20 MB", async ({ start }) => {
    const child = await start(["ftpget", ...(await alice()), "127.0.0.1", "-", "large.bin"]);
    const { status, stdout, stderr } = await child.ended;
    assert.equal(sha256(stdout), (await largeFile(20)).sha256);
    return { status, stderr };
  }),
  withBusybox("ftpput sends a file, and its standard input", async ({ run, directory }) => {
    const server = startFtpServer();
    const { directory: there } = await server;
    const words = ["ftpput", ...(await alice("secret", server))];
    const content = "sent\n".repeat(50_000);
    writeFileSync(join(directory, "own"), content);
    const sent = await run([...words, "127.0.0.1", "deep/sent.txt", "own"]);
    const piped = await run([...words, "127.0.0.1", "piped.txt", "-"], content);
    const missing = await run([...words, "127.0.0.1", "never.txt", "nothing"]);
    for (const name of ["deep/sent.txt", "piped.txt"]) assert.equal(readFileSync(join(there, name), "utf8"), content);
    return { sent, piped, missing, never: existsSync(join(there, "never.txt")) };
  }),
  withBusybox("ftpget tells a wrong password, a file that is not there, and who is no server", async ({ run }) => {
    const { refused, fin } = await peers();
    const right = await alice();
    const wrong = await run(["ftpget", ...(await alice("guess")), "127.0.0.1", "a.txt"]);
    const missing = await run(["ftpget", ...right, "127.0.0.1", "missing.txt"]);
    const nobody = await run(["ftpget", "-P", `${refused}`, "127.0.0.1", "a.txt"]);
    const strange = await run(["ftpget", "-P", `${fin}`, "127.0.0.1", "a.txt"]);
    const port = await listen((socket) => {
      socket.write("220 ready\r\n");
      socket.on("data", (chunk) => {
        if (/^USER/.test(`${chunk}`)) socket.write("230 in\r\n");
        else if (/^TYPE/.test(`${chunk}`)) socket.write("200 ok\r\n");
        else socket.end();
      });
    });
    const leaving = await run(["ftpget", "-P", `${port}`, "127.0.0.1", "a.txt"]);
    const unknown = await run(["ftpget", "nowhere.invalid", "a.txt"]);
    assert.match(wrong, /530/);
    assert.match(nobody, /Connection refused/);
    return { wrong, missing, nobody, strange, leaving, unknown };
  }),
  withBusybox("tftp fetches files in blocks of several sizes", async ({ run, directory }) => {
    const { port } = await startTftpServer(FILES);
    const at = ["127.0.0.1", `${port}`];
    const seen: Record<string, string> = {};
    for (const name of Object.keys(FILES)) {
      for (const size of [[], ["-b", "1024"], ["-b", "8"]].slice(0, name === "a.txt" ? 3 : 2)) {
        const got = await run(["tftp", "-g", "-r", name, "-l", "got", ...size, ...at]);
        assert.equal(readFileSync(join(directory, "got"), "utf8"), FILES[name]);
        seen[`${name} ${size}`] = got;
      }
    }
    const same = await run(["tftp", "-g", "-r", "a.txt", ...at]);
    const printed = await run(["tftp", "-g", "-r", "a.txt", "-l", "-", ...at]);
    const other = await run(["tftp", ...at, "-m", "binary", "-c", "get", "long.txt"]);
    assert.equal(readFileSync(join(directory, "long.txt"), "utf8"), FILES["long.txt"]);
    return { ...seen, same, printed, other };
  }),
  withBusybox("tftp sends files, and its standard input", async ({ run, directory }) => {
    const { port, directory: there } = await startTftpServer(FILES);
    const at = ["127.0.0.1", `${port}`];
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(directory, `own-${name}`), content);
    const seen: Record<string, string> = {};
    for (const name of Object.keys(FILES)) {
      seen[name] = await run(["tftp", "-p", "-l", `own-${name}`, "-r", `sent-${name}`, "-b", "1428", ...at]);
      assert.equal(readFileSync(join(there, `sent-${name}`), "utf8"), FILES[name]);
    }
    const piped = await run(["tftp", "-p", "-l", "-", "-r", "piped", ...at], "piped\n");
    assert.equal(readFileSync(join(there, "piped"), "utf8"), "piped\n");
    const missing = await run(["tftp", "-p", "-l", "nothing", "-r", "never", ...at]);
    return { ...seen, piped, missing };
  }),
  withBusybox("tftp tells errors, and resends what was lost", async ({ run, directory }) => {
    const { port, directory: there } = await startTftpServer({ "secret.txt": "not for all\n" });
    chmodSync(join(there, "secret.txt"), 0o600);
    const missing = await run(["tftp", "-g", "-r", "missing.txt", "127.0.0.1", `${port}`]);
    const secret = await run(["tftp", "-g", "-r", "secret.txt", "127.0.0.1", `${port}`]);
    let heard = 0;
    // It takes the first datagram for lost, and sends a block twice.
    const lossy = await datagrams((data, answer) => {
      heard++;
      if (heard === 1) return;
      const block = data.readUInt16BE(0) === 1 ? 1 : data.readUInt16BE(2) + 1;
      const content = Buffer.concat([
        Buffer.from([0, 3, 0, block]),
        Buffer.from(`${block}`.repeat(block < 3 ? 512 : 9)),
      ]);
      if (block > 3) return;
      answer(content);
      if (block === 2) answer(content);
    });
    const got = await run(["tftp", "-g", "-r", "x", "-l", "got", "127.0.0.1", `${lossy}`]);
    const content = readFileSync(join(directory, "got"), "utf8");
    assert.equal(content, "1".repeat(512) + "2".repeat(512) + "3".repeat(9));
    const full = await datagrams((_, answer) => answer(Buffer.from("\0\x05\0\x03\0")));
    const error = await run(["tftp", "-g", "-r", "x", "127.0.0.1", `${full}`]);
    assert.match(error, /disk full/);
    return { missing, secret, got, error };
  }),
  withBusybox("tftp gives up on a server that is silent, gone, or leaves", async ({ run }) => {
    const silent = await datagrams(() => {});
    const leaving = createSocket("udp4");
    leaving.once("message", (_, { port, address }) => {
      leaving.send(Buffer.concat([Buffer.from([0, 3, 0, 1]), Buffer.alloc(512, "x")]), port, address, () =>
        leaving.close(),
      );
    });
    await new Promise<void>((done) => leaving.bind(0, "127.0.0.1", done));
    const fetch = (port: number): Promise<string> => run(["tftp", "-g", "-r", "x", "127.0.0.1", `${port}`]);
    const ports = [silent, await freeDatagramPort(), leaving.address().port] as const;
    const [waiting, nobody, left] = await Promise.all([fetch(ports[0]), fetch(ports[1]), fetch(ports[2])]);
    assert.match(waiting, /timeout/);
    assert.match(left, /error/);
    return { waiting, nobody, left };
  }),
];
