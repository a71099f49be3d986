// select(2) and poll(2): of descriptors above FD_SETSIZE, which `files` lets a guest have, and of the standard streams.

import { run } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";

for (const engine of ENGINES) {
  const select = suite(`select on ${engine}`);

  select("a descriptor above FD_SETSIZE is waited for, in a set of the program's own size", async () => {
    let out = "";
    const exit = await run(await compileGuest("test/guests/select.c"), {
      engine,
      files: 4096,
      stdout: (chunk) => {
        out += new TextDecoder().decode(chunk);
      },
      signal: AbortSignal.timeout(60_000),
    });
    assert.equal(exit, { status: 0 });
    assert.equal(out.trimEnd().split("\n"), [
      "limit 4096, descriptor 2000, FD_SETSIZE 1024",
      "empty: 0 0 -",
      "filled: 1 1 -",
      "closed: -1 1 Bad file descriptor",
    ]);
  });

  select("what is waited for to be written takes nothing of what is read", async () => {
    let out = "";
    const exit = await run(await compileGuest("test/guests/both.c"), {
      engine,
      stdin: new ReadableStream<Uint8Array>({
        async start(controller) {
          for (const word of ["one ", "two ", "three"]) {
            await new Promise((resolve) => setTimeout(resolve, 300));
            controller.enqueue(new TextEncoder().encode(word));
          }
          controller.close();
        },
      }),
      stdout: (chunk) => {
        out += new TextDecoder().decode(chunk);
      },
      signal: AbortSignal.timeout(60_000),
    });
    assert.equal({ exit, out }, { exit: { status: 0 }, out: "one two three" });
  });

  select.run();
}
