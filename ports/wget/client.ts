// Runs wget for the cases: in a directory of its own, with what it prints freed of times and speeds.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Child, Ended } from "../../test/system/child.js";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { sha256 } from "../../test/system/material.js";
import { temporaryDirectory } from "../../test/system/server.js";

/** wget in one directory. */
export interface Wget {
  readonly directory: string;
  /** Runs it to its end: what it shows. */
  run(args: readonly string[], input?: string): Promise<string>;
  start(args: readonly string[]): Promise<Child>;
}

/** Rules that are enough for any case. */
const ALLOW = ["tcp://127.0.0.1:*", "tcp://localhost:*", "tcp://nowhere.invalid:*", "listen:tcp://127.0.0.1:*"];

/** A case of wget; one that is not run in a page says why. */
export function withWget(name: string, run: (wget: Wget) => Promise<Observation>, notInPage?: string): Case {
  return {
    name: `wget ${name}`,
    ...(notInPage === undefined ? {} : { notInPage }),
    run: (runner: Runner) => {
      const directory = temporaryDirectory();
      const options = { allow: ALLOW, cwd: directory, directories: [`${directory}:.`], limit: 90_000 };
      const words = (args: readonly string[]): readonly string[] => [
        "--no-config",
        "--no-use-server-timestamps",
        ...args,
      ];
      return run({
        directory,
        run: async (args, input = "") => seen(await runner.finish("wget", words(args), { ...options, input })),
        start: (args) => runner.start("wget", words(args), options),
      });
    },
  };
}

/** What an ended wget shows, but for times, speeds and where the server was. */
export function seen({ status, stdout, stderr }: Ended): string {
  const told = stderr
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
    .replaceAll(/\bin \d[\d.]*m?s\b/g, "in TIME")
    .replaceAll(/\(\d[\d.]* [KMG]?B\/s\)/g, "(SPEED)")
    .replaceAll(/^( *\d+K[ .,]*\d+%).*$/gm, "$1")
    .replaceAll(/^( *\d+K[ .]*[^% \n]*) [\d.]+[KMGT]?(=[\d.]+s)?$/gm, "$1")
    .replaceAll(/Total wall clock time: \S+/g, "Total wall clock time")
    .replaceAll(/^ *Date: .*$/gm, "Date")
    .replaceAll(/(127\.0\.0\.1|localhost|\d,\d+,\d+,\d+):?\d{4,5}\b/g, "$1:PORT");
  return JSON.stringify({ status, stdout: `${stdout}`, told });
}

/** The files below a directory: path, length, when changed (seconds) if that is old, digest. */
export function filesOf(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .sort()
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => {
      const { size, mtimeMs } = statSync(join(directory, name));
      const changed = mtimeMs < 1_700_000_000_000 ? `, changed ${mtimeMs / 1000}` : "";
      const content = readFileSync(join(directory, name), "latin1").replaceAll(/127\.0\.0\.1:\d+/g, "HOST");
      return `${name.replaceAll(/127\.0\.0\.1:\d+/g, "HOST")}: ${size} bytes${changed}, ${sha256(content)}`;
    });
}
