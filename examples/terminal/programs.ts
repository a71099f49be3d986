// The programs of the terminal: telnet.c, which is this example's own, and Debian's netcat, redis-cli and sic, which are compiled
// from their source packages where apt is there to get them.

import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { OfferedProgram } from "./serve.js";

const run = promisify(execFile);

/** Compiles telnet.c: the module's path. */
export async function telnetModule(root: string): Promise<string> {
  const path = join(root, "build", "terminal", "telnet.wasm");
  mkdirSync(join(root, "build", "terminal"), { recursive: true });
  const source = join(root, "examples", "terminal", "telnet.c");
  await run(process.execPath, [
    join(root, "dist", "cli.js"),
    "cc",
    "-O2",
    "-Wall",
    "-D_GNU_SOURCE",
    source,
    "-o",
    path,
  ]);
  return path;
}

/** Their names. */
export type ProgramName = "telnet" | "nc" | "redis-cli" | "sic";

/** What is offered of each, with the port where its server is. */
export const OFFERS: Readonly<Record<ProgramName, (path: string, port: number) => OfferedProgram>> = {
  telnet: (path, port) => ({
    name: "telnet",
    about: "Character by character, with colours and your window's size",
    path,
    args: ["{host}", "{port}"],
    host: "127.0.0.1",
    port,
  }),
  nc: (path, port) => ({
    name: "nc",
    about: "Debian's netcat: what you type goes out as lines",
    path,
    args: ["{arguments}", "{host}", "{port}"],
    host: "127.0.0.1",
    port,
    arguments: "-v",
  }),
  "redis-cli": (path, port) => ({
    name: "redis-cli",
    about: "Debian's redis-cli: line editing, history, hints",
    path,
    args: ["-h", "{host}", "-p", "{port}", "{arguments}"],
    host: "127.0.0.1",
    port,
  }),
  sic: (path, port) => ({
    name: "sic",
    about: "Debian's sic: IRC. :j #channel joins, :m says to one person, :l leaves",
    path,
    args: ["-h", "{host}", "-p", "{port}", "{arguments}"],
    host: "127.0.0.1",
    port,
    arguments: "-n guest",
  }),
};
