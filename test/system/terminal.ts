// `hawser run` on a terminal of this kernel: what the keys do, and that the terminal is left as it was found.

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileGuest } from "../guest-programs.js";
import { linesOf, Typist } from "../terminal/typist.js";
import { start } from "./child.js";
import { nodes } from "./node.js";
import { ROOT } from "./place.js";
import { pty } from "./pty.js";
import type { Test } from "./test.js";

const LIMIT = 60_000;
const HAWSER = join(ROOT, "dist", "cli.js");

/** Runs a command on a terminal, `type` being told what is shown: all that was. */
async function onTerminal(
  command: readonly string[],
  shows: (bytes: Uint8Array, type: (keys: Uint8Array) => void) => void,
): Promise<string> {
  const shown: Uint8Array[] = [];
  let type: (keys: Uint8Array) => void = () => {};
  const child = await start([await pty(), ...command], {
    cwd: ROOT,
    limit: LIMIT,
    stdout: async (stream) => {
      for await (const chunk of stream) {
        shown.push(chunk as Uint8Array);
        shows(chunk as Uint8Array, (keys) => type(keys));
      }
    },
  });
  type = (keys) => void child.write(keys);
  const { status } = await child.ended;
  const text = Buffer.concat(shown).toString("latin1");
  assert.equal(status, "0", text);
  return text;
}

/** A program that makes the terminal raw, ended by a signal to hawser itself: what a shell does for it. */
function ending(program: string, signals: readonly string[]): string {
  const kills = signals.map((signal) => `kill -${signal} $! || true`).join("; sleep 0.2; ");
  return `"${process.execPath}" "${HAWSER}" run "${program}" wait <&3 & until stty -a <&3 | grep -q -- -icanon; do sleep 0.1; done; sleep 0.3; ${kills}; wait $! || true`;
}

/** The tests. */
export const terminalTests: readonly Test[] = [
  {
    name: "hawser run on a terminal, on every engine: every key does what Linux's line discipline does with it",
    limit: 300,
    run: async () => {
      const program = await compileGuest("test/terminal/keys.c");
      const recorded = readFileSync(join(ROOT, "test", "terminal", "keys.native"), "utf8")
        .split("\n")
        .slice(0, -1);
      const runs = (await nodes()).flatMap(({ path, engines }) => engines.map((engine) => [path, engine] as const));
      for (const [node, engine] of runs) {
        let typist: Typist | undefined;
        const shown = await onTerminal([node, HAWSER, "run", "--engine", engine, program], (bytes, type) => {
          typist ??= new Typist(type);
          typist.show(bytes);
        });
        assert.deepEqual(linesOf(shown), recorded, `${engine} of ${node}`);
      }
    },
  },
  {
    name: "hawser run leaves a terminal as it was found, however the program ended",
    limit: 90,
    run: async () => {
      const program = await compileGuest("test/guests/raw.c");
      const hawser = `"${process.execPath}" "${HAWSER}" run "${program}"`;
      const ways = [
        `${hawser} return`,
        `${hawser} abort || true`,
        ...[["TERM"], ["HUP"], ["QUIT"], ["INT"], ["INT", "INT"]].map((signals) => ending(program, signals)),
      ];
      const script = ["exec 3<&0", "stty -g", ...ways.map((way) => `${way}; stty -g`), "exit 0"].join("\n");
      const shown = await onTerminal(["/bin/sh", "-c", script], () => {});
      assert.equal(shown.match(/raw\r\n/g)?.length, ways.length, shown);
      const settings = shown.match(/^[0-9a-f]+:[0-9a-f:]+/gm) ?? [];
      assert.equal(settings.length, ways.length + 1, shown);
      assert.deepEqual([...new Set(settings)], [settings[0]], shown);
    },
  },
];
