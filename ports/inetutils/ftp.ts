// ftp: sessions with Debian's pure-ftpd, both ways of transfer, and what goes wrong.

import { strict as assert } from "node:assert";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { largeFile, sha256 } from "../../test/system/material.js";
import { freePort } from "../../test/system/server.js";
import { ftpServer, startFtpServer } from "../ftp-server.js";
import { type Client, clientCase } from "./client.js";
import { startPatternServer } from "./pattern-server.js";

const WARNS = { warns: "IP_TOS is ENOPROTOOPT: no network of a guest has it" };

/** A session of alice's: what she types after her password. */
async function session({ run }: Client, port: number, ...lines: readonly string[]): Promise<string> {
  return run(["-v", "-n", "127.0.0.1", `${port}`], `${["user alice secret", ...lines, "bye"].join("\n")}\n`);
}

/** Without the directory of the run. */
function cleaned(shown: string): string {
  return shown.replaceAll(/(?<=Local directory now )[^\\]*?(\/down)?(?=\\n)/g, ".$1");
}

/** The cases of ftp. */
export const ftpCases: readonly Case[] = [
  clientCase(
    "ftp",
    "lists and fetches, actively and passively",
    async (client) => {
      const { port } = await ftpServer();
      const at = (name: string): string => join(client.directory, name);
      const looks = [
        "pwd",
        "ls",
        "cd deep",
        "nlist",
        "get d.txt",
        "cdup",
        "status",
        "system",
        "modtime a.txt",
        "size c.bin",
      ];
      const active = await session(client, port, ...looks, "binary", "get a.txt active.txt");
      assert.equal(readFileSync(at("d.txt"), "utf8"), "deeper\n");
      assert.equal(readFileSync(at("active.txt"), "utf8"), "the first\n");
      const passive = await session(client, port, "passive", ...looks, "ascii", "get b.txt passive.txt");
      assert.equal(readFileSync(at("passive.txt"), "utf8"), "the second\n");
      assert.match(passive, /Passive Mode/i);
      const extended = await session(client, port, "epsv4", "debug", "ls deep", "passive", "get a.txt -");
      assert.match(extended, /---> EPRT.*---> EPSV/);
      return { active, passive, extended };
    },
    WARNS,
  ),
  clientCase(
    "ftp",
    "stores, renames and removes",
    async (client) => {
      const { port, directory, child } = await startFtpServer();
      const text = Array.from({ length: 2000 }, (_, i) => `line ${i}\n`).join("");
      writeFileSync(join(client.directory, "mine.txt"), text);
      const shown = await session(
        ...([
          client,
          port,
          "put mine.txt",
          "binary",
          "passive",
          "put mine.txt again.txt",
          "append mine.txt again.txt",
        ] as const),
        ...[
          "mkdir new",
          "cd new",
          "put mine.txt",
          "rename mine.txt yours.txt",
          "put mine.txt gone.txt",
          "delete gone.txt",
        ],
        ...[
          "cdup",
          "sunique",
          "put mine.txt",
          "rmdir new",
          "chmod 600 again.txt",
          "reget part.txt",
          "quote NOOP",
          "rhelp",
        ],
      );
      const stored = ["mine.txt", "again.txt", "new/yours.txt"].map((name) =>
        readFileSync(join(directory, name), "utf8"),
      );
      child.signal("SIGTERM");
      await child.ended;
      assert.deepEqual(stored, [text, text + text, text]);
      return {
        shown: shown.replace(/pureftpd\.[\da-f.]+/, "UNIQUE"),
        gone: existsSync(join(directory, "new", "gone.txt")),
      };
    },
    WARNS,
  ),
  clientCase(
    "ftp",
    "fetches and removes what patterns name",
    async (client) => {
      const names = ["a.txt", "b.txt", "c.bin", "d.txt", "old.x", "older.x"];
      const files = new Map(names.map((name) => [name, `this is ${name}\n`]));
      const options = ["-v", "-n", "127.0.0.1", `${await startPatternServer(files)}`];
      mkdirSync(join(client.directory, "down"));
      const type = (...lines: readonly string[]): Promise<string> =>
        client.run(options, `${["user anybody", "prompt", "lcd down", "binary", ...lines, "bye"].join("\n")}\n`);
      const shown = await type("mget *.txt", "passive", "mget c*n nothing*", "mls *.x -", "mdelete old*", "mget *.x");
      const got = readdirSync(join(client.directory, "down")).sort();
      assert.deepEqual(got, ["a.txt", "b.txt", "c.bin", "d.txt"]);
      assert.equal(readFileSync(join(client.directory, "down", "c.bin"), "utf8"), "this is c.bin\n");
      const asked = await type(
        "prompt",
        "lcd ..",
        "mget *.txt",
        "y",
        "n",
        "y",
        "mdelete *.txt",
        "n",
        "y",
        "n",
        "glob",
        "mget *",
      );
      const left = [readdirSync(client.directory), [...files.keys()]].flatMap((each) => each.sort());
      assert.deepEqual(left, ["a.txt", "d.txt", "down", "a.txt", "c.bin", "d.txt"]);
      return { shown: cleaned(shown), asked: cleaned(asked) };
    },
    WARNS,
  ),
  clientCase(
    "ftp",
    "stores what a pattern names, and fetches a directory's files",
    async (client) => {
      const { port, directory, child } = await startFtpServer();
      for (const name of ["one.x", "two.x", "three.y"]) writeFileSync(join(client.directory, name), name);
      mkdirSync(join(client.directory, "down"));
      const stores = ["prompt", "mkdir up", "cd up", "mput *.x", "mput nothing*"];
      const shown = await session(client, port, ...stores, "lcd down", "passive", "mget .", "mls . -", "mdelete .");
      const got = readdirSync(join(client.directory, "down")).sort();
      const left = readdirSync(join(directory, "up"));
      child.signal("SIGTERM");
      await child.ended;
      assert.deepEqual([got, left], [["one.x", "two.x"], []]);
      return { shown: cleaned(shown) };
    },
    WARNS,
  ),
  clientCase(
    "ftp",
    "fetches and stores 20 MB",
    async (client) => {
      const { port, directory, child } = await startFtpServer();
      const large = await largeFile(20);
      const shown = await session(client, port, "binary", "get large.bin", "passive", "put large.bin back.bin");
      const sums = [join(client.directory, "large.bin"), join(directory, "back.bin")].map((path) =>
        sha256(readFileSync(path)),
      );
      child.signal("SIGTERM");
      await child.ended;
      assert.deepEqual(sums, [large.sha256, large.sha256]);
      return { shown };
    },
    { ...WARNS, notInPage: "a page's files, in memory, are copied as they grow: it takes minutes" },
  ),
  clientCase(
    "ftp",
    "logs in by .netrc, with its macro, and by hand",
    async (client) => {
      const { port } = await ftpServer();
      const netrc = join(client.directory, "netrc");
      const macro = "macdef init\npwd\nget a.txt\n\n";
      writeFileSync(netrc, `machine 127.0.0.1 login alice\n${macro}`);
      const known = await client.run(["-N", "netrc", "127.0.0.1", `${port}`], "secret\nls deep\nbye\n");
      assert.equal(readFileSync(join(client.directory, "a.txt"), "utf8"), "the first\n");
      writeFileSync(netrc, `machine 127.0.0.1 login alice password secret\n${macro}`, { mode: 0o644 });
      const open = await client.run(["-N", "netrc", "127.0.0.1", `${port}`], "ls deep\nbye\n");
      assert.match(open, /readable by others/);
      chmodSync(netrc, 0o600);
      const withSecret = await client.run(["-N", "netrc", "127.0.0.1", `${port}`], "ls deep\nbye\n");
      const byHand = await client.run(["-v", "-p", "127.0.0.1", `${port}`], "alice\nsecret\npwd\nbye\n");
      return { known, open, withSecret, byHand };
    },
    { ...WARNS, lacks: { withSecret: "WASI tells no modes: the file is taken for one that others may read" } },
  ),
  clientCase(
    "ftp",
    "tells a wrong password, what is not there, and what is no command",
    async (client) => {
      const { port } = await ftpServer();
      mkdirSync(join(client.directory, "taken"));
      const wrong = await client.run(["-v", "-n", "127.0.0.1", `${port}`], "user alice guess\nls\nbye\n");
      assert.match(wrong, /530 Login authentication failed/);
      const missing = await session(
        ...([client, port, "get missing.txt", "put missing.txt", "cd nowhere", "lcd nowhere", "nonsense"] as const),
        ...[
          "c",
          "get",
          "delete missing.txt",
          "quote NONSENSE",
          "passive",
          "get missing.txt",
          "put taken",
          "open elsewhere",
        ],
      );
      assert.match(missing, /550 /);
      return { wrong, missing };
    },
    WARNS,
  ),
  clientCase("ftp", "tells who refused and who is not known", async ({ run }) => {
    const refused = await run(["127.0.0.1", `${await freePort()}`], "status\nls\nbye\n");
    assert.match(refused, /Connection refused/);
    return {
      refused,
      unknown: await run(["-v", "nowhere.invalid"], "ls\n"),
      port: await run(["127.0.0.1", "no-such-port"], "bye\n"),
      option: await run(["--no-such-option"]),
      nothing: await run([], "status\nls\nclose\n"),
    };
  }),
  clientCase(
    "ftp",
    "sees its server killed in the middle of a file",
    async (client) => {
      const { port, child } = await startFtpServer(1000);
      const ftp = await client.start(["-v", "-n", "127.0.0.1", `${port}`]);
      await ftp.write("user alice secret\nbinary\npassive\nhash\nget large.bin\n");
      await ftp.printed("####", 60_000);
      child.signal("SIGKILL");
      await ftp.printed("421 ", 30_000);
      await ftp.write("ls\nstatus\nbye\n");
      const ended = await client.shown(ftp);
      return { ended: ended.replace(/#+/, "#").replace(/\d+ bytes received/, "N bytes received") };
    },
    WARNS,
  ),
];
