// tftp: files to and from Debian's tftpd-hpa, and servers that lose packets, fall silent or refuse.

import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { largeFile, sha256 } from "../../test/system/material.js";
import { clientCase } from "./client.js";
import { ACK, datagrams, dataPacket, held, startTftpServer } from "../tftp-server.js";

const TEXT = Array.from({ length: 300 }, (_, i) => `line ${i} of a text\n`).join("");
const lines = (...all: readonly string[]): string => `${all.join("\n")}\n`;

/** The cases of tftp. */
export const tftpCases: readonly Case[] = [
  clientCase("tftp", "fetches text and what is none", async ({ run, directory }) => {
    const blocks = Buffer.from(Array.from({ length: 1024 }, (_, i) => (i * 7) & 255));
    const server = await startTftpServer({ "a.txt": TEXT, "b.bin": blocks, empty: "", "c.txt": "the third\n" });
    const shown = await run(
      ["127.0.0.1", `${server.port}`],
      lines(
        "status",
        "get a.txt",
        "binary",
        "get b.bin mine.bin",
        "get empty",
        "verbose",
        "trace",
        "get c.txt",
        "quit",
      ),
    );
    server.child.signal("SIGTERM");
    await server.child.ended;
    assert.equal(readFileSync(join(directory, "a.txt"), "utf8"), TEXT);
    assert.deepEqual(readFileSync(join(directory, "mine.bin")), blocks);
    assert.equal(readFileSync(join(directory, "empty"), "utf8"), "");
    assert.match(shown, /received DATA <block=1, 10 bytes>/);
    return { shown, binary: readFileSync(join(directory, "c.txt"), "utf8") };
  }),
  clientCase("tftp", "sends text and what is none, and many files at once", async ({ run, directory }) => {
    const server = await startTftpServer({});
    for (const name of ["one", "two"]) writeFileSync(join(directory, name), `${name}\n${TEXT}`);
    const shown = await run(
      ["-v"],
      lines(`connect 127.0.0.1 ${server.port}`, "put one", "mode octet", "put one whole", "put one two .", "quit"),
    );
    server.child.signal("SIGTERM");
    await server.child.ended;
    assert.equal(held(server, "whole"), `one\n${TEXT}`);
    return { shown, one: held(server, "one"), two: held(server, "two") };
  }),
  clientCase("tftp", "fetches and sends a megabyte", async ({ run, directory }) => {
    const large = await largeFile(1);
    const server = await startTftpServer({ large: readFileSync(large.path) });
    const shown = await run(["127.0.0.1", `${server.port}`], lines("binary", "get large", "put large back", "quit"));
    server.child.signal("SIGTERM");
    await server.child.ended;
    assert.equal(sha256(readFileSync(join(directory, "large"))), large.sha256);
    assert.equal(sha256(readFileSync(join(server.directory, "back"))), large.sha256);
    return { shown };
  }),
  clientCase("tftp", "tells what is not there, may not be, or is no command", async ({ run, directory }) => {
    const server = await startTftpServer({ "a.txt": "the first\n" });
    const shown = await run(
      ["127.0.0.1", `${server.port}`],
      lines(
        "get missing",
        "put missing",
        "get a.txt no/such/place",
        "put a.txt no/such/place",
        "mode other",
        "m",
        "nonsense",
      ) +
        lines(
          "rexmt x y",
          "timeout -1",
          "get",
          "? get",
          "connect nowhere.invalid",
          "get nowhere.invalid:a.txt",
          "connect a b c",
        ),
    );
    server.child.signal("SIGTERM");
    await server.child.ended;
    assert.match(shown, /Error code 1: File not found/);
    return {
      shown,
      made: existsSync(join(directory, "missing")),
      nobody: await run([], lines("put x", "get x", "status")),
    };
  }),
  // One alarm a run: it jumps out of the handler, with SIGALRM blocked from then on.
  clientCase(
    "tftp",
    "asks again where a packet is lost, and gives up where nobody answers",
    async ({ run, directory }) => {
      let asked = 0;
      const lossy = await datagrams((packet, reply) => {
        if (packet[1] === ACK && packet[3] === 2) return;
        asked++;
        if (packet[1] === ACK) reply(dataPacket(2, "the end"));
        else if (asked > 1) reply(dataPacket(1, "x".repeat(512)));
      });
      const silent = await datagrams(() => {});
      const stops = await datagrams((packet, reply) => {
        if (packet[1] !== ACK) reply(dataPacket(1, "y".repeat(512)));
      });
      const patience = (port: number, seconds: number): readonly string[] => [
        ...[`connect 127.0.0.1 ${port}`, "rexmt 1", `timeout ${seconds}`, "trace"],
      ];
      const lost = await run([], lines(...patience(lossy, 20), "get lossy", "quit"));
      assert.equal(readFileSync(join(directory, "lossy"), "utf8"), `${"x".repeat(512)}the end`);
      const nobody = await run([], lines(...patience(silent, 1), "get silent", "status", "quit"));
      assert.match(nobody, /Transfer timed out/);
      const stopped = await run([], lines(...patience(stops, 1), "get stops", "quit"));
      assert.match(stopped, /received DATA <block=1, 512 bytes>.*Transfer timed out/);
      return { lost, nobody, stopped, asked };
    },
  ),
  clientCase("tftp", "sees its server killed in the middle", async ({ start, shown }) => {
    const server = await startTftpServer({ large: readFileSync((await largeFile(20)).path) });
    const tftp = await start(["127.0.0.1", `${server.port}`]);
    await tftp.write(lines("binary", "rexmt 2", "timeout 2", "trace", "get large"));
    await tftp.printed("received DATA <block=100,", 60_000);
    server.child.signal("SIGKILL");
    tftp.end();
    const ended = await shown(tftp);
    assert.match(ended, /Transfer timed out/);
    return { ended: ended.replace(/sent RRQ.*?(\\nTransfer)/, "...$1") };
  }),
  clientCase("tftp", "is interrupted, and goes on", async ({ start, shown }) => {
    let asked: () => void = () => {};
    const heard = new Promise<void>((done) => {
      asked = done;
    });
    const silent = await datagrams(() => asked());
    const tftp = await start(["127.0.0.1", `${silent}`]);
    await tftp.write(lines("rexmt 60", "trace", "get a.txt"));
    await Promise.race([heard, tftp.ended]);
    tftp.signal("SIGINT");
    await tftp.write(lines("status", "quit"));
    return { ended: await shown(tftp) };
  }),
];
