// wget with FTP: files, directories, both ways of transfer, and what goes wrong.

import { strict as assert } from "node:assert";
import { readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { largeFile, sha256 } from "../../test/system/material.js";
import { ftpServer } from "../ftp-server.js";
import { filesOf, withWget } from "./client.js";

/** The address of a file of alice's. */
async function at(path: string, password = "secret"): Promise<string> {
  return `ftp://alice:${password}@127.0.0.1:${(await ftpServer()).port}/${path}`;
}

/** The cases of FTP. */
export const ftpCases: readonly Case[] = [
  withWget("fetches by FTP, passively and actively", async ({ run, directory }) => {
    const passive = await run(["-nv", await at("a.txt")]);
    const active = await run(["-nv", "--no-passive-ftp", "-O", "b", await at("b.txt")]);
    const listed = await run(["-nv", "--no-remove-listing", await at("")]);
    assert.equal(readFileSync(join(directory, "a.txt"), "utf8"), "the first\n");
    assert.equal(readFileSync(join(directory, "b"), "utf8"), "the second\n");
    return {
      passive,
      active,
      listed: listed.replace(/\d+\] ->/, "N] ->"),
      listing: /d\.txt|c\.bin/.test(readFileSync(join(directory, ".listing"), "utf8")),
    };
  }),
  withWget("fetches by FTP what a pattern and a directory hold", async ({ run, directory }) => {
    const matched = await run(["-nv", "-P", "matched", await at("*.txt")]);
    const all = await run(["-nv", "-r", "-nH", "-P", "all", "-R", "large.bin", await at("")]);
    const files = filesOf(directory);
    assert.ok(files.some((line) => line.startsWith("all/deep/d.txt")));
    return { matched, all, files };
  }),
  withWget(
    "goes on by FTP where a file ends, and fetches 20 MB",
    async ({ run, directory }) => {
      const path = join(directory, "part.txt");
      await run(["-q", await at("part.txt")]);
      const whole = readFileSync(path, "utf8");
      truncateSync(path, 12_345);
      const rest = await run(["-nv", "-c", await at("part.txt")]);
      assert.equal(readFileSync(path, "utf8"), whole);
      const large = await run(["-nv", await at("large.bin")]);
      assert.equal(sha256(readFileSync(join(directory, "large.bin"))), (await largeFile(20)).sha256);
      return { rest, large };
    },
    "a page's files, in memory, are copied as they grow: it takes minutes",
  ),
  withWget("tells by FTP a wrong password and a file that is not there", async ({ run }) => {
    const wrong = await run(["-t", "1", await at("a.txt", "guess")]);
    const missing = await run(["-t", "1", await at("missing.txt")]);
    assert.match(wrong, /Login incorrect/);
    assert.match(missing, /No such file/);
    return { wrong, missing };
  }),
];
