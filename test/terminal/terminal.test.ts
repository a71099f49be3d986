// The terminal: keys.c is typed on, and every byte that it shows is what Linux shows for the same keys.

import { readFileSync } from "node:fs";
import { run } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "../engines.js";
import { compileGuest } from "../guest-programs.js";
import { linesOf, Typist } from "./typist.js";

const LIMIT = 30_000;

for (const engine of ENGINES) {
  const terminal = suite(`terminal, ${engine}`);

  terminal("every key does what Linux's line discipline does with it", async () => {
    let type: (keys: Uint8Array) => void = () => {};
    const input = new ReadableStream<Uint8Array>({
      start: (controller) => {
        type = (keys) => controller.enqueue(keys);
      },
    });
    const typist = new Typist((keys) => type(keys));
    const exit = await run(await compileGuest("test/terminal/keys.c"), {
      engine,
      terminal: { input, output: (bytes) => typist.show(bytes), columns: 80, rows: 24 },
      signal: AbortSignal.timeout(LIMIT),
    });
    const recorded = readFileSync("test/terminal/keys.native", "utf8").split("\n").slice(0, -1);
    assert.equal(linesOf(typist.shown), recorded);
    assert.is(exit.status, 0);
  });

  terminal.run();
}
