// An FTP server for tests: Debian's pure-ftpd with a user "alice" whose password is "secret", in a directory of files.

import { chmodSync, chownSync, copyFileSync, mkdirSync, openSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Child, demand, start } from "../test/system/child.js";
import { ensurePackages } from "../test/system/debian.js";
import { largeFile } from "../test/system/material.js";
import { once } from "../test/system/place.js";
import { freePort, reachable, temporaryDirectory } from "../test/system/server.js";

/** A running server. */
export interface FtpServer {
  readonly port: number;
  /** What alice sees. */
  readonly directory: string;
  readonly child: Child;
}

/** Nobody special: pure-ftpd has no users of id 0. */
const USER = 65534;
/** "secret", by crypt(3) and cheaply: pure-pw makes it take a second. */
const SECRET = "$5$rounds=1000$hawser$3StI/T3os8zclbDSvoj6MIa3UfSnccTdk5MWIOkMsl5";
/** When the files were last changed, as far as they tell: seconds. */
const CHANGED = 1_600_000_000;

/** The server whose files stay as they are. */
export const ftpServer: () => Promise<FtpServer> = once(startFtpServer);

/** Starts a server for one case; it may send no more than so many kilobytes a second. */
export async function startFtpServer(speed?: number): Promise<FtpServer> {
  await ensurePackages(["pure-ftpd"]);
  const [port, own, directory] = [await freePort(), temporaryDirectory(), temporaryDirectory()];
  mkdirSync(join(directory, "deep"));
  const files: Readonly<Record<string, string>> = {
    "a.txt": "the first\n",
    "b.txt": "the second\n",
    "c.bin": "not text",
    "part.txt": Array.from({ length: 1000 }, (_, i) => `line ${i} of a file that is fetched in parts\n`).join(""),
    "deep/d.txt": "deeper\n",
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  copyFileSync((await largeFile(20)).path, join(directory, "large.bin"));
  for (const name of ["", "deep", "large.bin", ...Object.keys(files)]) {
    chownSync(join(directory, name), USER, USER);
    utimesSync(join(directory, name), CHANGED, CHANGED);
  }
  chmodSync(directory, 0o755);
  const [words, base] = [join(own, "words"), join(own, "base")];
  writeFileSync(words, `alice:${SECRET}:${USER}:${USER}::${directory}/./::::::::::::\n`);
  await demand(["pure-pw", "mkdb", base, "-f", words]);
  const limits = speed === undefined ? [] : ["-T", `${speed}`];
  const options = [
    ...limits,
    "-S",
    `127.0.0.1,${port}`,
    "-l",
    `puredb:${base}`,
    "-E",
    "-H",
    "-u",
    "1",
    "-g",
    join(own, "pid"),
  ];
  // It would take a socket, which a pipe of Node's is, for its client.
  const child = await start(["pure-ftpd", ...options], { limit: 3_600_000, stdin: openSync("/dev/null", "r") });
  await reachable(port, child);
  return { port, directory, child };
}
