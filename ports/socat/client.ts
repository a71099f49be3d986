// Runs socat for the cases: in a directory of its own, with what it prints freed of times, ports and descriptors.

import type { Child, ChildOptions, Ended } from "../../test/system/child.js";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { PAGE } from "../../test/system/material.js";
import { temporaryDirectory } from "../../test/system/server.js";

/** socat in one directory. */
export interface Socat {
  readonly directory: string;
  /** Runs it to its end: what it shows. */
  run(args: readonly string[], input?: string): Promise<string>;
  /** Runs it to its end. */
  finish(args: readonly string[], options: ChildOptions & { readonly input?: string | Uint8Array }): Promise<Ended>;
  start(args: readonly string[]): Promise<Child>;
  /** What an ended one shows: its status, what it printed and what it logged. */
  seen(ended: Ended): string;
}

/** What a case is, beside what it does. */
interface Kind extends Pick<Case, "notInPage" | "lacks"> {
  /** Its directory has its own name, for paths of sockets, and is not the current one. */
  readonly absolute?: true;
}

/** Rules that are enough for any case. */
const ALLOW = [
  ...["127.0.0.1", "localhost", "nowhere.invalid", "[::1]"].flatMap((host) => [`tcp://${host}:*`, `udp://${host}:*`]),
  ...["127.0.0.1", "[::1]"].flatMap((host) => [`listen:tcp://${host}:*`, `listen:udp://${host}:*`]),
  ...["unix:*", "listen:unix:*"],
];

/** A case of socat. */
export function withSocat(name: string, run: (socat: Socat) => Promise<Observation>, kind: Kind = {}): Case {
  const { absolute, ...rest } = kind;
  return {
    name: `socat ${name}`,
    ...rest,
    run: (runner: Runner) => {
      const directory = temporaryDirectory();
      const options = {
        allow: ALLOW,
        cwd: directory,
        directories: [`${directory}:${absolute ? directory : "."}`],
        limit: 60_000,
      };
      const seen = ({ status, stdout, stderr }: Ended): string =>
        JSON.stringify({ status, stdout: `${stdout}`, log: logged(stderr.replaceAll(directory, "DIRECTORY")) });
      return run({
        directory,
        run: async (args, input = "") => seen(await runner.finish("socat", args, { ...options, input })),
        finish: (args, more) => runner.finish("socat", args, { ...options, ...more }),
        start: (args) => runner.start("socat", args, options),
        seen,
      });
    },
  };
}

/**
 * What it logged, but for times, processes, ports, and numbers that are each system's own. Which of two sides it hears of first is
 * chance: what it says of the transfer is in the order of the alphabet.
 */
function logged(stderr: string): readonly string[] {
  const lines = stderr
    .replaceAll(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d socat\[\d+\] /gm, "")
    .replaceAll(/^([<>]) \d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d\.\d+/gm, "$1")
    .replaceAll(/\bAF=\d+/g, "AF")
    .replaceAll(/\{\d[\d,]*\}/g, "{HINTS}")
    .replaceAll(/\(fd (?:[3-9]|\d\d)\)/g, "(fd FD)")
    .replaceAll(/\b0x[\da-f]{4,}/g, "POINTER")
    .replaceAll(/\b(open\(".*?"), \d+,/g, "$1, FLAGS,")
    .replaceAll(/\b(localhost|0\.0\.0\.0|127\.0\.0\.1|\[[\da-f:]+\]):\d+/g, "$1:PORT")
    .replaceAll(/\[[\da-f:]{3,}\]:\d+/g, "[IPV6]:PORT")
    .replaceAll(/\b(\w+\()(?:[3-9]|\d\d)\b/g, "$1FD")
    .replaceAll(/\bFDs (.*)/g, (_, pairs: string) => `FDs ${pairs.replaceAll(/[3-9]|\d\d/g, "FD")}`)
    .split("\n");
  const transfer = lines.findIndex((line) => line.includes("starting data transfer loop")) + 1;
  return transfer === 0 ? lines : [...lines.slice(0, transfer), ...lines.slice(transfer).sort()];
}

/** What asks nginx for a page. */
export const REQUEST = "GET /page.html HTTP/1.0\r\nHost: hawser\r\n\r\n";

/** An answer of nginx's, as it is or as JSON has it, without what changes, and with the page named. */
export function page(answer: string): string {
  return answer
    .replace(JSON.stringify(PAGE).slice(1, -1), "PAGE")
    .replace(/(Date|Last-Modified|ETag): .*?(\r\n|(\\r)?\\n)/g, "");
}
