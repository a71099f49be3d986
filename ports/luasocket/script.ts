// Running scripts in the interpreter that has luasocket.

import type { ChildOptions, Child, Ended } from "../../test/system/child.js";
import type { Needs, Runner } from "../../test/system/compare.js";
import { library } from "./library.js";

const HOSTS = ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::]"];

/** All of the loopback, and names that are nobody's. */
const ALLOW = [
  ...HOSTS.flatMap((host) => ["tcp", "udp"].flatMap((kind) => [`${kind}://${host}:*`, `listen:${kind}://${host}:*`])),
  ...["tcp://nowhere.invalid:*", "tcp://host.is.invalid:*", "listen:tcp://192.0.2.1:*"],
];

/** What a script may be given beside that. */
export type Options = Partial<Needs> & ChildOptions & { readonly input?: string };

async function whole(options: Options): Promise<Needs & ChildOptions & { readonly input?: string }> {
  const { modules } = await library();
  return {
    ...{ limit: 60_000, ...options, allow: [...ALLOW, ...(options.allow ?? [])] },
    directories: [`${modules}:${modules}`, ...(options.directories ?? [])],
    ...{ env: { LUA_PATH: `${modules}/?.lua` }, variables: ["LUA_PATH"] },
  };
}

/** Runs the interpreter to its end. */
export async function runLua(runner: Runner, args: readonly string[], options: Options = {}): Promise<Ended> {
  return runner.finish("luasocket", args, await whole(options));
}

/** Starts the interpreter. */
export async function startLua(runner: Runner, args: readonly string[], options: Options = {}): Promise<Child> {
  return runner.start("luasocket", args, await whole(options));
}
