// Runs one of the clients for a case: in a directory of its own, with what it prints freed of times, speeds and ports.

import { type Child, type Ended, start } from "../../test/system/child.js";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { pty } from "../../test/system/pty.js";
import { temporaryDirectory } from "../../test/system/server.js";

/** A client in one directory. */
export interface Client {
  readonly directory: string;
  /** Runs it to its end, with `input` as what is typed: what it shows. */
  run(args: readonly string[], input?: string): Promise<string>;
  start(args: readonly string[]): Promise<Child>;
  /** Starts it on a terminal of 80 columns and 24 rows, whose keys and picture are the child's streams. */
  onTerminal(args: readonly string[]): Promise<Child>;
  /** What one that was started shows when it has ended. */
  shown(child: Child): Promise<string>;
}

/** What of a case is not as usual. */
export interface Apart {
  readonly notInPage?: string;
  /** Why a module warns where the native program does not. */
  readonly warns?: string;
  /** What else a module gives otherwise, and why. */
  readonly lacks?: Readonly<Record<string, string>>;
  /** Variables of the environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Rules that are enough for any case. */
const ALLOW = [
  ...["127.0.0.1", "localhost", "nowhere.invalid"].flatMap((host) => [`tcp://${host}:*`, `udp://${host}:*`]),
  ...["listen:tcp://127.0.0.1:*", "listen:udp://0.0.0.0:*"],
];

/** A case of a client. Whatever warns of a socket's option is apart from the rest, in `warnings`. */
export function clientCase(
  program: string,
  name: string,
  run: (client: Client) => Promise<Observation>,
  { notInPage, warns, lacks, environment = {} }: Apart = {},
): Case {
  return {
    name: `${program} ${name}`,
    ...(notInPage === undefined ? {} : { notInPage }),
    ...(warns === undefined ? {} : { lacks: { ...lacks, warnings: warns } }),
    run: async (runner: Runner) => {
      const directory = temporaryDirectory();
      const options = {
        allow: ALLOW,
        cwd: directory,
        directories: [`${directory}:.`, `${temporaryDirectory()}:/tmp`],
        variables: Object.keys(environment),
        env: environment,
        limit: 90_000,
      };
      const warnings: string[] = [];
      const shown = (ended: Ended): string => {
        const { warned, seen } = showing(ended);
        warnings.push(...warned);
        return seen;
      };
      const observation = await run({
        directory,
        run: async (args, input = "") => shown(await runner.finish(program, args, { ...options, input })),
        start: (args) => runner.start(program, args, options),
        onTerminal: async (args) => start([await pty(), ...(await runner.command(program, args, options))], options),
        shown: async (child) => shown(await child.ended),
      });
      return { ...observation, warnings };
    },
  };
}

/** The native program's, before its name. */
const PATH = /\/\S*\/(?=(telnet|ftp|tftp|whois)[: ])/g;
const WARNING = /(\w+: )?setsockopt.*\r?\n/gi;

function showing({ status, stdout, stderr }: Ended): { readonly warned: readonly string[]; readonly seen: string } {
  const [printed = "", told = ""] = [stdout.toString("latin1"), stderr].map((text) => text.replaceAll(PATH, ""));
  const shown = printed
    .replaceAll(WARNING, "")
    .replaceAll(/\d[\d.e+-]* seconds( \(.*\/s\)| \[.*\/sec\])?/g, "TIME")
    .replaceAll(/(?<=time is now )\d\d:\d\d/g, "TIME")
    .replaceAll(/, [\d.]+ [KMG]?bytes per second/g, "")
    .replaceAll(/(?<=Name \(127\.0\.0\.1:)\w+/g, "SOMEBODY")
    .replaceAll(/user number \d+ of/g, "user number N of")
    .replaceAll(/(?<=port:? )\d+/g, "PORT")
    .replaceAll(/(\d+,\d+,\d+,\d+),\d+,\d+/g, "$1,PORT")
    .replaceAll(/\|\d+\|/g, "|PORT|")
    .replaceAll(/(127\.0\.0\.1|localhost)([ :])\d{4,5}\b/g, "$1$2PORT");
  return {
    warned: `${printed}${told}`.match(WARNING) ?? [],
    seen: JSON.stringify({ status, printed: shown, told: told.replaceAll(WARNING, "") }),
  };
}
