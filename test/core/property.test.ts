// Random scripts of calls and events, played on the core and on the model of it. seed.ts has which and how many.

import fc from "fast-check";
import { test } from "uvu";
import { replay, RUNS } from "./seed.js";
import { Stage } from "./stage.js";
import type { Step } from "./step.js";

const DATA = ["send", "send", "recv", "recv", "peek", "read", "write", "poll", "polls"];
const TABLE = ["dup", "dup2", "dupfd", "close", "nonblock", "flags"];
const SOCKET = ["shutdown", "soerror", "option", "timeout", "peername", "linger", "connect", "connect", "bind"];
const EVENTS = ["data", "data", "sent", "sent", "end", "failed", "signal", "time", "closed", "closed"];

/** What the scripts of a theme are made of, and how they begin. */
const THEMES: readonly { readonly begin: readonly [string, number][]; readonly steps: readonly string[] }[] = [
  {
    begin: [["socket", 0]],
    steps: [...DATA, ...SOCKET, ...SOCKET, ...TABLE, ...EVENTS, "connected", "connected", "failed", "listen"],
  },
  {
    begin: [
      ["socket", 0],
      ["connect", 11],
    ],
    steps: [...DATA, ...DATA, ...SOCKET, ...TABLE, ...EVENTS, ...EVENTS, "connected", "connected"],
  },
  {
    begin: [
      ["socket", 0],
      ["bind", 1],
      ["listen", 0],
    ],
    steps: [...DATA, ...SOCKET, ...TABLE, ...EVENTS, "listen", "accept", "accept", "incoming", "incoming"],
  },
  {
    begin: [
      ["socket", 2],
      ["connect", 11],
    ],
    steps: [
      ...DATA,
      ...SOCKET,
      ...TABLE,
      "datagram",
      "datagram",
      "datagram",
      "error",
      "sendto",
      "sendto",
      "time",
      "closed",
    ],
  },
  {
    begin: [
      ["socket", 3],
      ["connect", 11],
    ],
    steps: [...DATA, ...SOCKET, ...TABLE, ...EVENTS, "connected", "connected", "listen", "accept", "incoming"],
  },
  { begin: [["pair", 0]], steps: [...DATA, ...DATA, ...SOCKET, ...TABLE, "signal", "accept", "listen"] },
  { begin: [["pair", 1]], steps: [...DATA, ...DATA, ...SOCKET, ...TABLE, "signal", "accept", "listen"] },
  { begin: [["pair", 2]], steps: [...DATA, ...DATA, ...SOCKET, ...TABLE, "signal", "accept", "listen"] },
  { begin: [["pipe", 0]], steps: ["read", "read", "write", "write", "poll", "polls", "recv", ...TABLE, "signal"] },
  {
    begin: [],
    steps: ["read", "read", "write", "write", "poll", "polls", "send", ...TABLE, "data", "data", "sent", "signal"],
  },
  {
    begin: [],
    steps: [
      ...["socket", "socket", "pair", "pipe", "accept", "listen", "incoming", "datagram", "sendto", "connected"],
      ...[...DATA, ...SOCKET, ...TABLE, ...EVENTS],
    ],
  },
];

const draw = fc.nat(255);

function stepOf(op: fc.Arbitrary<string>, a: fc.Arbitrary<number>, b: fc.Arbitrary<number>): fc.Arbitrary<Step> {
  return fc.record({ op, a, b, c: draw, net: draw });
}

/** Scripts of a theme: its beginning with the network's answers drawn, then anything. */
function scripts(theme: (typeof THEMES)[number]): fc.Arbitrary<Step[]> {
  const begin = theme.begin.map(([op, b]) =>
    stepOf(
      fc.constant(op),
      fc.constant(op === "socket" || op === "pair" ? b : 3),
      op === "socket" ? draw : fc.constant(b),
    ),
  );
  const rest = fc.array(stepOf(fc.constantFrom(...theme.steps), draw, draw), { maxLength: 40, size: "max" });
  return fc.tuple(fc.tuple(...begin), rest).map(([first, then]) => [...first, ...then]);
}

const script = fc.oneof(...THEMES.map(scripts));

async function holds(shared: boolean, runs: number): Promise<void> {
  let stage: Stage | null = null;
  const property = fc.asyncProperty(script, async (steps) => {
    stage ??= await Stage.create(shared);
    const played = stage;
    try {
      // A failure leaves the core in the middle of something: the next script gets a new one.
      stage = null;
      played.play(steps);
      stage = played;
    } catch (error) {
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      throw new Error([text, "the calls, with the events in between:", ...played.trace].join("\n"));
    }
  });
  await fc.assert(property, { ...replay, numRuns: runs, includeErrorInReport: true });
}

test("the core does what the model does, whatever is called and whatever happens", () => holds(false, RUNS));

test("so does the build over shared memory", () => holds(true, Math.ceil(RUNS / 10)));

test.run();
