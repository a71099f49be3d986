// ftp: sessions with Debian's pure-ftpd, both ways of transfer, and what goes wrong.

import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case } from "../../test/system/compare.js";
import { freePort } from "../../test/system/server.js";
import { ftpServer, startFtpServer } from "../ftp-server.js";
import { clientCase } from "./client.js";
import { session, WARNS } from "./ftp-session.js";

/** The cases of ftp that are about sessions. */
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
    "asks on a terminal who comes, and what to do",
    async ({ onTerminal, shown }) => {
      const { port } = await ftpServer();
      const ftp = await onTerminal(["-v", "127.0.0.1", `${port}`]);
      for (const [prompt, keys] of [
        ["Name (", "alice\r"],
        ["Password:", "secret\r"],
        ["ftp> ", "pwd\r"],
        ['"/" is your current location\r\nftp> ', "bye\r"],
      ] as const) {
        await ftp.printed(prompt, 20_000);
        await ftp.write(keys);
      }
      return { ended: await shown(ftp) };
    },
    { ...WARNS, notInPage: "what stands for the guest has no terminal" },
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
