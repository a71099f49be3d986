// The command line of the ports' test: which ports, which of their cases, for how long.

import { Command, InvalidArgumentError } from "commander";
import { PORTS, portNamed } from "./index.js";
import { casesOf, type Port } from "./port.js";

/** What the command line asks for. */
export interface Wishes {
  /** The native programs stand in for the modules. */
  readonly native: boolean;
  /** Seconds. */
  readonly budget: number;
  /** Builds only. */
  readonly build: boolean;
  /** Writes down what the builds are made of. */
  readonly record: boolean;
  /** A part of the names of those who run them: "Node 26", "Firefox", "worker". */
  readonly where: string;
  readonly ports: readonly Port[];
  /** Those whose cases are for pages alone. */
  readonly inPages: ReadonlySet<Port>;
  /** By a port's name: a part of the names of its cases. */
  readonly parts: ReadonlyMap<string, string>;
}

const HELP = `
Ports: ${PORTS.map(({ name }) => name).join(", ")}

redis:pipe runs the cases of redis whose name has "pipe" in it.
Builds are kept in build/system. Progress is on standard error; the last line says how many passed.`;

function checked(name: string): Port {
  try {
    return portNamed(name);
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
  }
}

function seconds(word: string): number {
  if (!(Number(word) > 0)) throw new InvalidArgumentError("give a number of seconds.");
  return Number(word);
}

/** Reads the command line. For --help, and for what it does not understand, it says so and ends the process. */
export function readWishes(words: readonly string[]): Wishes {
  const [without, inPages] = [new Set<Port>(), new Set<Port>()];
  const [named, parts] = [new Set<Port>(), new Map<string, string>()];
  const program = new Command("npm run test:ports --")
    .description(
      "Builds the ports from their Debian source packages, natively and with `hawser cc`, and compares them.",
    )
    .argument("[port...]", "a port, or a port and a part of a case's name: redis:pipe (default: all)", (word) => {
      const [name = "", part] = word.split(/:(.*)/s);
      named.add(checked(name));
      if (part === undefined) return;
      if (!casesOf(checked(name)).some((each) => each.name.includes(part)))
        throw new InvalidArgumentError(`no case of ${name} has ${JSON.stringify(part)} in its name`);
      parts.set(name, part);
    })
    .option(
      "--budget <seconds>",
      "begin ports and cases until it is spent, each case on a third of the engines, by turns with each commit",
      seconds,
    )
    .option("--without <port>", "leave a port out; repeatable", (word) => without.add(checked(word)))
    .option("--pages <port>", "run a port's cases in pages only; repeatable", (word) => inPages.add(checked(word)))
    .option("--in <text>", 'run only where the name has the text: Node, "jspi, Node 26", Chromium, "Firefox, worker"')
    .option("--native", "the native programs stand in for the modules: tests the cases")
    .option("--build", "build only")
    .option("--record", "write versions and counts into ports/record.json, of which docs/ports.md is made")
    .addHelpText("after", HELP)
    .showHelpAfterError("(--help tells the options)");
  program.parse([...words], { from: "user" });
  const { native = false, budget = Number.POSITIVE_INFINITY, build = false, record = false } = program.opts();
  const where: string = program.opts()["in"] ?? "";
  const ports = (named.size > 0 ? [...named] : PORTS).filter((port) => !without.has(port));
  return { native, budget, build, record, where, ports, inPages, parts };
}
