// socat with files, pipes and its own streams, and what it tells of the machine.

import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Case, Observation } from "../../test/system/compare.js";
import { peers } from "../../test/system/server.js";
import { withSocat } from "./client.js";

const VERBOSE = ["-d", "-d"];

/** The cases of files. */
export const fileCases: readonly Case[] = [
  withSocat("writes files, whole, at their ends and in their middle", async ({ run, directory }) => {
    const content = (name: string): string => readFileSync(join(directory, name), "utf8");
    const made = await run([...VERBOSE, "-u", "-", "CREATE:made"], "made\n");
    const opened = await run([...VERBOSE, "-u", "-", "OPEN:opened,creat,excl"], "a longer line\n");
    const again = await run(["-u", "-", "OPEN:opened,creat,excl"], "not twice\n");
    const appended = await run([...VERBOSE, "-u", "-", "GOPEN:made"], "and more\n");
    const within = await run(["-u", "-", "OPEN:opened,seek-set=2"], "LONGER");
    const cut = await run(["-u", "-", "OPEN:made,append=0,trunc"], "cut\n");
    const files = ["made", "opened"].map(content);
    assert.deepEqual(files, ["cut\n", "a LONGER line\n"]);
    return { made, opened, again, appended, within, cut, files };
  }),
  withSocat("reads files, and sends one to a server", async ({ run, directory }) => {
    const { echo } = await peers();
    writeFileSync(join(directory, "file"), "0123456789\n");
    const read = await run([...VERBOSE, "-u", "FILE:file", "-"]);
    const part = await run(["-u", "OPEN:file,rdonly,seek=4", "-"]);
    const both = await run(["-t", "10", "GOPEN:file,rdonly!!CREATE:answer", `TCP:127.0.0.1:${echo}`]);
    assert.equal(readFileSync(join(directory, "answer"), "utf8"), "0123456789\n");
    const missing = await run(["-u", "OPEN:missing", "-"]);
    const kind = await run(["-u", "GOPEN:.", "-"]);
    return { read, part, both, missing, kind };
  }),
  withSocat(
    "cannot read what is open for writing",
    async ({ run }) => {
      const seen = await run(["CREATE:file", "-"], "");
      assert.match(seen, /Bad file descriptor/);
      return { seen };
    },
    { notInPage: "a file in a page's memory is open for both" },
  ),
  withSocat("hears itself in a pipe, and in a pair of addresses", async ({ run }) => {
    const pipe = await run([...VERBOSE, "-t", "1", "-", "PIPE"], "through a pipe\n");
    const pair = await run(["-t", "1", "STDIN!!STDOUT", "PIPE"], "through a pair\n");
    const given = await run(["-u", "FD:0", "FD:1"], "by number\n");
    const ends = await run(["-u", "-,cr", "STDOUT,crnl"], "one\rtwo\r");
    assert.match(pipe, /through a pipe/);
    return { pipe, pair, given, ends };
  }),
  withSocat("keeps others out with a lock file, and logs into a file", async ({ run, directory }) => {
    writeFileSync(join(directory, "held"), "");
    const free = await run(["-L", "lock", "-u", "-", "-"], "free\n");
    const held = await run(["-L", "held", "-u", "-", "-"], "not free\n");
    const quiet = await run([...VERBOSE, "-lf", "log", "-u", "-", "-"], "logged\n");
    const log = readFileSync(join(directory, "log"), "utf8");
    assert.match(log, /starting data transfer loop/);
    return { free, held, quiet, lines: log.split("\n").length };
  }),
  withSocat(
    "has a program of its own at the other end (EXEC, SYSTEM)",
    async ({ run }) => {
      const exec = await run(["-t", "5", "-", "EXEC:cat"], "through cat\n");
      const system = await run(["-t", "5", "-", "SYSTEM:tr a-z A-Z"], "louder\n");
      return { exec, system };
    },
    { lacks: { exec: "there is no fork", system: "there is no fork" } },
  ),
  {
    name: "procan lists the interfaces",
    run: async (runner): Promise<Observation> => {
      const { status, stdout } = await runner.finish("procan", [], { allow: [] });
      const interfaces = /^IP INTERFACES\n[\s\S]*?^( *1: lo)$/m.exec(`${stdout}`)?.[1] ?? "";
      assert.equal(interfaces.trim(), "1: lo");
      return { status, interfaces };
    },
  },
];
