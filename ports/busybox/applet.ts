// Running busybox's applets for a case, in a directory of its own, and what they show. The cases are other files'.

import type { Child, Ended } from "../../test/system/child.js";
import type { Case, Observation } from "../../test/system/compare.js";
import { temporaryDirectory } from "../../test/system/server.js";

/** Runs applets: the words are the applet and its arguments. */
export interface Bench {
  /** Where they run. */
  readonly directory: string;
  /** Runs one to its end: what it showed. */
  run(words: readonly string[], input?: string | Uint8Array): Promise<string>;
  /** Starts one; seen() has what it showed when it ended. */
  start(words: readonly string[], env?: Readonly<Record<string, string>>): Promise<Child>;
}

/** Everything on the loopback, and a name that there is not. */
const ALLOW = ["tcp", "udp", "listen:tcp", "listen:udp"]
  .map((kind) => `${kind}://127.0.0.1:*`)
  .concat("tcp://nowhere.invalid:*", "udp://nowhere.invalid:*", "unix:*");

/** A case that runs applets. */
export function withBusybox(
  name: string,
  run: (bench: Bench) => Promise<Observation>,
  more: Pick<Case, "notInPage" | "lacks" | "limit"> = {},
): Case {
  return {
    name: `busybox ${name}`,
    ...more,
    run: (runner) => {
      const directory = temporaryDirectory();
      const options = { allow: ALLOW, cwd: directory, directories: [`${directory}:.`], limit: 90_000 };
      return run({
        directory,
        run: async (words, input = "") => seen(await runner.finish("busybox", words, { ...options, input })),
        start: (words, env = {}) => runner.start("busybox", words, { ...options, env, variables: Object.keys(env) }),
      });
    },
  };
}

/** The status of `hawser run`, as a shell's, where a signal ended the program. */
const SIGNALS: Readonly<Record<string, string>> = { 130: "SIGINT", 143: "SIGTERM" };

/** What an ended applet showed, but for how far it was at which time, and the ports. */
export function seen({ status, stdout, stderr }: Ended): string {
  return JSON.stringify({
    status: SIGNALS[status] ?? status,
    stdout: withoutPorts(`${stdout}`),
    told: withoutPorts(stderr),
  });
}

/** Text without the lines of a progress bar, times and ports. */
export function withoutPorts(text: string): string {
  return text
    .replace(/^.* \d+% \|.*\n/gm, "")
    .replace(/^( *Date:).*$/gm, "$1")
    .replace(/(127\.0\.0\.1|localhost):\d+/g, "$1:PORT");
}
