// syslog(3) of a guest: over a stream to a daemon of the host, over datagrams to one of the network, and with none.

import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loopbackNetwork, run, type RunOptions } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";

const LIMIT = 60_000;
/** What the guest's three messages are; facility and severity are RFC 3164's numbers. */
const MESSAGES = [
  /^<28>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d guest\[42\]: a message$/,
  /^<27>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d guest\[42\]: 7%: Connection refused$/,
  /^<22>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d again: mail$/,
];

interface Result {
  readonly exit: unknown;
  readonly out: string;
  readonly error: string;
}

async function log(options: Partial<RunOptions>): Promise<Result> {
  let [out, error] = ["", ""];
  const exit = await run(await compileGuest("test/guests/log.c"), {
    stdout: (chunk) => {
      out += new TextDecoder().decode(chunk);
    },
    stderr: (chunk) => {
      error += new TextDecoder().decode(chunk);
    },
    signal: AbortSignal.timeout(LIMIT),
    ...options,
  });
  return { exit, out, error };
}

function assertMessages(lines: readonly string[]): void {
  assert.is(lines.length, MESSAGES.length, lines.join("\n"));
  MESSAGES.forEach((pattern, i) => {
    assert.match(lines[i] ?? "", pattern);
  });
}

/** A daemon on a stream: what all connections brought, once as many as that have ended. */
function daemonAt(path: string, connections: number): Promise<{ server: Server; heard: Promise<string> }> {
  const server = createServer();
  const heard = new Promise<string>((resolve) => {
    let [text, ended] = ["", 0];
    server.on("connection", (socket) => {
      socket.on("data", (chunk) => {
        text += chunk.toString("latin1");
      });
      socket.on("close", () => {
        ended++;
        if (ended === connections) resolve(text);
      });
    });
  });
  return new Promise((resolve) => {
    server.listen(path, () => resolve({ server, heard }));
  });
}

for (const engine of ENGINES) {
  const logs = suite(`syslog on ${engine}`);

  logs("a stream's messages end with NUL and come in order, on a new connection after closelog()", async () => {
    const directory = mkdtempSync(join(tmpdir(), "hawser-"));
    const path = join(directory, "log");
    const { server, heard } = await daemonAt(path, 2);
    try {
      const result = await log({ engine, preopens: { "/dev": directory }, allow: [`unix:${path}`] });
      assert.equal(result, { exit: { status: 0 }, out: "", error: "again: mail\n" });
      const parts = (await heard).split("\0");
      assert.is(parts.pop(), "");
      assertMessages(parts);
    } finally {
      server.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });

  logs("where there are datagrams each message is one", async () => {
    const allow = ["unix:/dev/log", "listen:unix:/dev/log"];
    const { exit, out, error } = await log({ engine, network: loopbackNetwork(), args: ["daemon"], allow });
    assert.equal({ exit, error }, { exit: { status: 0 }, error: "again: mail\n" });
    assertMessages(out.trimEnd().split("\n"));
  });

  logs("without a daemon, or without a rule for it, only LOG_PERROR is heard", async () => {
    const expected = { exit: { status: 0 }, out: "", error: "again: mail\n" };
    assert.equal(await log({ engine, network: loopbackNetwork(), allow: ["unix:*"] }), expected);
    assert.equal(await log({ engine }), expected);
  });

  logs.run();
}
