// The comparison itself: that it sees a difference of one byte, one status, one message, and a program that hangs.

import { strict as assert } from "node:assert";
import { type Case, Comparison, type Contender } from "./compare.js";
import { native } from "./contender.js";
import { netcatCases } from "./netcat.js";
import type { Test } from "./test.js";

/** netcat, run through a shell that does `script` with its output. */
function altered(script: string): Contender {
  return {
    threads: true,
    name: "altered",
    async command(program, args, needs) {
      return ["sh", "-c", script, ...(await native.command(program, args, needs))];
    },
  };
}

/** A test that the case fails, with a message like `message`, where netcat is altered by `script`. */
function refuses(what: string, script: string, name: string, message: RegExp): Test {
  return {
    name: `a comparison fails where a program ${what}`,
    limit: 120,
    async run() {
      const found = netcatCases.find((each) => each.name === name) as Case;
      await assert.rejects(new Comparison(native).check(found, altered(script)), message);
    },
  };
}

/** The tests. */
export const selfTests: readonly Test[] = [
  refuses(
    "prints one byte more",
    '"$0" "$@"; status=$?; printf x; exit $status',
    "netcat -u gets each datagram back",
    /stdout/,
  ),
  refuses("ends with another status", '"$0" "$@"; exit 7', "netcat -u gets each datagram back", /status/),
  refuses("says something else", '"$0" "$@" 2>&1 | tr c k >&2; exit 1', "netcat reports a refused port", /altered/),
  refuses(
    "loses a byte on the way",
    '"$0" "$@" | tail -c +2',
    "netcat receives 100 MB in bounded memory, though its reader stalls",
    /bytes arrived/,
  ),
];
