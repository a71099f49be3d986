#!/usr/bin/env node
// The command line. Owns which command it is: the compiler's are told from the others before anything of those is loaded, since
// a ./configure calls them a thousand times. The others are cli/commands.ts's.

import process from "node:process";

async function compile(command: string, args: readonly string[]): Promise<number> {
  const { archive, cc, flags } = await import("./cc.js");
  if (command === "cc") return cc(args);
  return command === "flags" ? flags(args) : archive(command === "ar" ? "ar" : "ranlib", args);
}

/** Does what the arguments say: the exit status. */
async function main(argv: readonly string[]): Promise<number> {
  const [command = "", ...rest] = argv;
  if (["cc", "ar", "ranlib", "flags"].includes(command)) return compile(command, rest);
  const { commands } = await import("./cli/commands.js");
  return commands(argv);
}

async function statusOf(error: unknown): Promise<number> {
  const { statusOf: status } = await import("./cli/commands.js");
  return status(error);
}

// What was written is written: nothing that may still be open (a terminal, a compiler's thread) shall hold the process.
process.exit(await main(process.argv.slice(2)).catch(statusOf));
