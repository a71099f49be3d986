// The comparison: a case runs once with the native program and once with each candidate, and what it saw must be equal.
// Owns what a case is and how two observations are compared; servers, programs and cases are other files'.

import { deepStrictEqual, notDeepStrictEqual, ok } from "node:assert";
import { type Child, type ChildOptions, type Ended, finish, start } from "./child.js";
import { progress } from "./place.js";

/** What a run of a program may reach: rules of `hawser run --allow`, and what of the host it gets. */
export interface Needs {
  readonly allow: readonly string[];
  /** Directories of the host that it may open. */
  readonly directories?: readonly string[];
  /** Variables of the environment that it gets. */
  readonly variables?: readonly string[];
}

/** Somebody who runs the programs: natively, or one engine on one Node. */
export interface Contender {
  readonly name: string;
  /** Whether it can run threads. */
  readonly threads: boolean;
  /** It is a page. */
  readonly isPage?: true;
  /** The command that runs `program` with `args`. */
  command(program: string, args: readonly string[], needs: Needs): Promise<readonly string[]>;
}

/** What a case saw, in words and numbers: all of it is compared. */
export type Observation = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One case. Its own assertions, true of both sides, say that there was something to see. */
export interface Case {
  /** A sentence. */
  readonly name: string;
  /** It takes a program that runs threads. */
  readonly threads?: true;
  /** Why it is not run in a page. */
  readonly notInPage?: string;
  /** What of its observation, if it sees that, a module gives otherwise, and why: it must. */
  readonly lacks?: Readonly<Record<string, string>>;
  /** What each test of a suite of the program's own gives that passes: one that does not pass natively is not compared. */
  readonly passes?: string;
  /** Seconds that it may take; by default 200. */
  readonly limit?: number;
  readonly run: (runner: Runner) => Promise<Observation>;
}

/** Runs programs for a case. */
export class Runner {
  readonly #contender: Contender;

  constructor(contender: Contender) {
    this.#contender = contender;
  }

  /** The command that runs a program, for a case in which another one starts it. */
  command(program: string, args: readonly string[], needs: Needs): Promise<readonly string[]> {
    return this.#contender.command(program, args, needs);
  }

  /** Starts a program. */
  async start(program: string, args: readonly string[], options: Needs & ChildOptions): Promise<Child> {
    return start(await this.#contender.command(program, args, options), options);
  }

  /** Runs a program to its end. */
  async finish(
    program: string,
    args: readonly string[],
    options: Needs & ChildOptions & { readonly input?: string | Uint8Array },
  ): Promise<Ended> {
    return finish(await this.#contender.command(program, args, options), options);
  }
}

/** Runs cases for the candidates; keeps what the native program gave, so that it runs once. */
export class Comparison {
  readonly #native: Contender;
  readonly #seen = new Map<Case, Promise<Observation>>();

  constructor(native: Contender) {
    this.#native = native;
  }

  /** Rejects with the difference unless the candidate's observation is the native program's. */
  async check(each: Case, candidate: Contender): Promise<void> {
    const native = this.#seen.get(each) ?? observe(each, this.#native);
    this.#seen.set(each, native);
    const expected = await native;
    const seen = await observe(each, candidate);
    const isModule = candidate.command !== this.#native.command;
    const failed = failing(each, expected);
    const lacked = Object.keys(each.lacks ?? {}).filter((key) => isModule && key in expected && !failed.includes(key));
    for (const key of lacked)
      notDeepStrictEqual(seen[key], expected[key], `${key} is as it is natively, which it is said to lack`);
    deepStrictEqual({ ...seen, ...pick(expected, [...lacked, ...failed]) }, expected);
  }
}

/** Of a suite of its own: the tests that fail on this machine natively, which must be few. */
function failing({ name, passes }: Case, expected: Observation): readonly string[] {
  if (passes === undefined) return [];
  const all = Object.keys(expected);
  const failed = all.filter((test) => expected[test] !== passes);
  if (failed.length > 0) progress(`${name}: not compared, since they fail natively: ${failed.join(", ")}`);
  ok(failed.length * 10 <= all.length, `${failed.length} of ${all.length} tests fail natively`);
  return failed;
}

function pick(observation: Observation, keys: readonly string[]): Observation {
  return Object.fromEntries(Object.entries(observation).filter(([key]) => keys.includes(key)));
}

async function observe(each: Case, contender: Contender): Promise<Observation> {
  try {
    return await each.run(new Runner(contender));
  } catch (error) {
    throw new Error(`with ${contender.name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
