// ftp: files stored, renamed and removed, what patterns name, and large ones.

import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { largeFile, sha256 } from "../../test/system/material.js";
import { startFtpServer } from "../ftp-server.js";
import { clientCase } from "./client.js";
import { session, WARNS } from "./ftp-session.js";
import { startPatternServer } from "./pattern-server.js";

/** Without the directory of the run. */
function cleaned(shown: string): string {
  return shown.replaceAll(/(?<=Local directory now )[^\\]*?(\/down)?(?=\\n)/g, ".$1");
}

/** The cases of ftp that are about files. */
export const ftpFileCases: readonly Case[] = [
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
];
