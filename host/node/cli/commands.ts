// The commands `hawser run` and `hawser bridge`: which one, with which options. Owns the parsing; what they do is in the files
// beside it.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, CommanderError } from "commander";
import { type BridgeWishes, countOf, runBridge } from "./bridge.js";
import { Failure, STATUS_HAWSER, STATUS_USAGE } from "./failure.js";
import { BRIDGE_HELP, MAIN_HELP, RUN_HELP } from "./help.js";
import { addDirectory, addRule, addVariable, engineNamed, secondsOf } from "./options.js";
import { type RunWishes, runProgram } from "./run.js";

/** The compiler's commands, which are told in the help: they take every argument as it is, --help and -v too. */
const COMPILERS: Readonly<Record<string, string>> = {
  cc: "compile and link C for hawser: takes what a C compiler takes",
  ar: "make archives of what cc compiled: takes what ar takes",
  ranlib: "index such archives",
  flags: "print the flags and libraries for a build system, or with --cmake the path of CMake's toolchain file",
};

/** The version of the package that this file is part of. */
function version(): string {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    try {
      const text = readFileSync(join(directory, "package.json"), "utf8");
      const found = JSON.parse(text) as { name?: string; version?: string };
      if (found.name === "hawser" && found.version !== undefined) return found.version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (directory === dirname(directory))
      throw new Failure("the package.json of hawser is missing: install it again", STATUS_HAWSER);
  }
}

function newProgram(done: (status: number) => void): Command {
  const program = new Command("hawser")
    .description("Runs C programs that open sockets, compiled to WebAssembly, with the semantics of a real kernel.")
    .version(version(), "-V, --version")
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "hawser: ")) })
    .addHelpText("after", MAIN_HELP);
  program
    .command("run")
    .description("Runs a program with this terminal's standard streams. It reaches nothing that no --allow opens.")
    .usage("[options] program.wasm [args...]")
    .argument("<program>", "a WebAssembly command, as `hawser cc` makes it")
    .argument("[args...]", "the program's own arguments")
    .option("--allow <rule>", "let the program reach or listen at an address; repeatable, see below", addRule)
    .option("--dir <host:guest>", "give the program a directory; repeatable, one name stands for both", addDirectory)
    .option("--env <name=value>", "set a variable; a name alone takes it from here; repeatable", addVariable)
    .option(
      "--argv0 <name>",
      "what the program finds in argv[0], by which some tell what to do (default: its file's name)",
    )
    .option("--engine <engine>", "how the program waits: jspi (the default from Node 24 on) or worker", engineNamed)
    .option("--bridge <url>", "have a bridge do the I/O: ws://host:port/ or wss://…")
    .option("--bridge-token <token>", "the token that the bridge asks for; env:NAME takes a variable")
    .option("--connect-timeout <seconds>", "give up an attempt to connect after so long (ETIMEDOUT)", secondsOf)
    .option("--trace", "tell every call on standard error, like strace, and what was refused")
    .passThroughOptions()
    .showHelpAfterError("(`hawser run --help` tells the options)")
    .exitOverride()
    .addHelpText("after", RUN_HELP)
    .action(async (path: string, args: string[], wishes: RunWishes) => done(await runProgram(path, args, wishes)));
  program
    .command("bridge")
    .description(
      "Serves the sockets of guests in browser pages and elsewhere. It reaches nothing that no --allow opens.",
    )
    .usage("[options]")
    .option("--listen <host:port>", "where clients come in (default 127.0.0.1:6001; port 0: any)")
    .option("--allow <rule>", "let guests reach or listen at an address; repeatable, see below", addRule)
    .option("--token <token>", "ask clients for it; SUBJECT=TOKEN names it in the log; env:NAME; repeatable", addRule)
    .option("--jwt-secret <secret>", "take JSON Web Tokens (HS256) with that secret; env:NAME takes a variable")
    .option("--origin <origin>", 'let pages of that origin in, "*" all; repeatable (own host: always)', addRule)
    .option("--path <path>", "the path of the WebSocket (default /)")
    .option("--tls-cert <file>", "speak TLS with this certificate (PEM)")
    .option("--tls-key <file>", "and this key")
    .option("--webtransport <host:port>", "serve WebTransport (UDP) there as well; needs --tls-cert or --self-signed")
    .option("--self-signed", "make a certificate for WebTransport, good for 12 days, and tell its hash")
    .option("--metrics <host:port>", "serve /metrics for Prometheus there")
    .option("--sessions <count>", "sessions at the same time (default 1000)", countOf)
    .option("--sockets <count>", "sockets of one session (default 1024)", countOf)
    .option("--dials <count>", "attempts to connect in a second, of one session (default 200; 0: any)", countOf)
    .option("--rate <bytes>", "bytes a second that one session may receive (default 0: any)", countOf)
    .option("--idle <seconds>", "end a session that asks nothing for so long (default 0: never)", countOf)
    .option("--grace <seconds>", "keep a lost session for so long (default 30)", countOf)
    .option("--drain <seconds>", "wait so long for sessions at the end (default 10)", countOf)
    .option("--log <level>", "trace, debug, info, warn, error, fatal or silent (default info)")
    .option("--config <file>", "settings as JSON; what is given here as well goes before them")
    .showHelpAfterError("(`hawser bridge --help` tells the options)")
    .exitOverride()
    .addHelpText("after", BRIDGE_HELP)
    .action(async (wishes: BridgeWishes) => done(await runBridge(wishes)));
  for (const [name, description] of Object.entries(COMPILERS)) {
    program.command(`${name} [args...]`).description(description).helpOption(false).allowUnknownOption();
  }
  return program;
}

/** Does what the arguments say, unless they are a compiler's: the exit status. */
export async function commands(argv: readonly string[]): Promise<number> {
  const [command = ""] = argv;
  if (command.endsWith(".wasm"))
    throw new Failure(`there is no command ${command}: did you mean \`hawser run ${command}\`?`);
  let status = 0;
  const program = newProgram((ended) => {
    status = ended;
  });
  if (command === "") {
    program.outputHelp({ error: true });
    return STATUS_USAGE;
  }
  await program.parseAsync([...argv], { from: "user" });
  return status;
}

/** Tells an error to a person: the exit status. */
export function statusOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : STATUS_USAGE;
  if (error instanceof Failure) {
    console.error(`hawser: ${error.message}`);
    return error.status;
  }
  console.error("hawser: this is a fault of hawser's, please report it:", error);
  return STATUS_HAWSER;
}
