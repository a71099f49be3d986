// The command line of `npm run bench`.

import { parseArgs } from "node:util";
import { type Contender, contenders } from "./contender.js";
import { type Workload, workloads } from "./workload.js";

/** What was asked for. */
export interface Options {
  readonly contenders: readonly Contender[];
  readonly workloads: readonly Workload[];
  readonly rounds: number;
  readonly quick: boolean;
  readonly check: boolean;
  readonly timeout: number;
  readonly json?: string;
  readonly node?: string;
}

const list = (entries: readonly { readonly name: string; readonly title: string }[]): string =>
  entries.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join("\n");

/** The text of --help. */
export const help: string = `usage: npm run bench -- [OPTION ...]

Measures hawser against the native C program and against preview2-shim, interleaved in one run.

  --only A,B         contenders to run (default: native,shim,hawser)
  --workloads A,B    workloads to run (default: all)
  --rounds N         rounds (default: 7, with --quick 2); in each, every contender runs every workload once
  --quick            little work in each run: shows that everything runs, its figures mean little
  --check            exit with 1 unless the performance floors are met
  --json FILE        also write every measurement and ratio to FILE
  --node PATH        the Node that runs shim and hawser (default: Node 26, installed under build/ if need be)
  --timeout SECONDS  until a run that does not end is given up (default: 60)
  --help             this text

contenders:
${list(contenders)}

workloads:
${list(workloads)}`;

/** Reads the command line; undefined when it asks for the help. Throws with a sentence on a mistake. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: "native,shim,hawser" },
      workloads: { type: "string", default: workloads.map(({ name }) => name).join(",") },
      rounds: { type: "string" },
      quick: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      json: { type: "string" },
      node: { type: "string" },
      timeout: { type: "string", default: "60" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const options: Options = {
    contenders: pick(contenders, values.only, "--only"),
    workloads: pick(workloads, values.workloads, "--workloads"),
    rounds: positive(values.rounds ?? (values.quick ? "2" : "7"), "--rounds"),
    quick: values.quick,
    check: values.check,
    timeout: positive(values.timeout, "--timeout"),
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.node === undefined ? {} : { node: values.node }),
  };
  const names = options.contenders.map(({ name }) => name);
  if (options.check && !["native", "shim", "hawser"].every((name) => names.includes(name))) {
    throw new Error("--check compares native, shim and hawser: --only must name all three");
  }
  return options;
}

function pick<Entry extends { readonly name: string }>(
  all: readonly Entry[],
  names: string,
  option: string,
): readonly Entry[] {
  const wanted = names.split(",");
  for (const name of wanted) {
    if (!all.some((entry) => entry.name === name)) {
      throw new Error(`${option}: no ${JSON.stringify(name)}; there are ${all.map((entry) => entry.name).join(", ")}`);
    }
  }
  return all.filter((entry) => wanted.includes(entry.name));
}

function positive(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${option}: ${text} is not a whole number above 0`);
  return value;
}
