// Two guests on one loopback network that talk over AF_UNIX datagrams and records, on every engine.

import { loopbackNetwork, run, type RunOptions } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";

const LIMIT = 20_000;

for (const engine of ENGINES) {
  const guests = suite(`two guests over AF_UNIX on ${engine}`);

  for (const kind of ["datagram", "record"]) {
    guests(`${kind}s: whole, in order, none lost, with names, and no descriptor crosses`, async () => {
      const network = loopbackNetwork();
      const program = await compileGuest("test/guests/local.c");
      const output = { serve: "", call: "", errors: "" };
      let onReady = (): void => {};
      const ready = new Promise<void>((resolve) => {
        onReady = resolve;
      });
      const start = (role: "serve" | "call"): Promise<unknown> => {
        const decoder = new TextDecoder();
        const options: RunOptions = {
          engine,
          network,
          args: [role, kind, "/meeting"],
          allow: ["unix:*", "listen:unix:*"],
          stdout: (chunk) => {
            output[role] += decoder.decode(chunk, { stream: true });
            if (output[role].startsWith("ready")) onReady();
          },
          stderr: (chunk) => {
            output.errors += decoder.decode(chunk);
          },
          signal: AbortSignal.timeout(LIMIT),
        };
        return run(program, options);
      };
      const server = start("serve");
      await Promise.race([ready, server]);
      assert.equal(await Promise.all([server, start("call")]), [{ status: 0 }, { status: 0 }], output.errors);
      const from = kind === "record" ? "nobody" : "/meeting.caller";
      assert.equal(output.call.split("\n"), [
        `1 from ${from}`,
        `60000 from ${from}`,
        "a descriptor: Operation not supported",
        "",
      ]);
      const end = kind === "record" ? ["end: 0", ""] : [""];
      assert.equal(output.serve.split("\n"), ["ready", "heard 502", ...end]);
      assert.is(output.errors, "");
    });
  }

  guests.run();
}
