// AF_UNIX names from a guest to the host's files: preopened directories, the rules that are judged on the host's paths, and
// that no link leads around a rule.

import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run, type RunOptions } from "hawser";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ENGINES } from "./engines.js";
import { compileGuest } from "./guest-programs.js";

const LIMIT = 20_000;

interface Place {
  /** A directory of the host: a/ is what guests get, s and a/s are sockets. */
  host: string;
  servers: Server[];
}

async function listenAt(path: string): Promise<Server> {
  const server = createServer((socket) => socket.on("error", () => {}).resume()).listen(path);
  await once(server, "listening");
  return server;
}

/** What the guest prints, a line for each two arguments. */
async function told(words: string, options: RunOptions): Promise<string[]> {
  let output = "";
  const decoder = new TextDecoder();
  const exit = await run(await compileGuest("test/guests/names.c"), {
    args: words.split(" "),
    stdout: (chunk) => {
      output += decoder.decode(chunk, { stream: true });
    },
    signal: AbortSignal.timeout(LIMIT),
    ...options,
  });
  assert.equal(exit, { status: 0 });
  return output.trimEnd().split("\n");
}

for (const engine of ENGINES) {
  const names = suite<Place>(`AF_UNIX names on ${engine}`);

  names.before.each(async (context) => {
    context.host = realpathSync(mkdtempSync(join(tmpdir(), "hawser-")));
    mkdirSync(join(context.host, "a/deep"), { recursive: true });
    context.servers = [await listenAt(join(context.host, "s")), await listenAt(join(context.host, "a/s"))];
  });

  names.after.each(({ host, servers }) => {
    for (const server of servers) server.close();
    rmSync(host, { recursive: true, force: true });
  });

  names("a path is the guest's, a rule the host's; the peer's name is as it was given", async ({ host }) => {
    const lines = await told("connect /data/s cd /data connect s cd deep connect ../s connect /data/absent", {
      engine,
      preopens: { "/data": join(host, "a") },
      allow: [`unix:${host}/a/s`],
    });
    assert.equal(lines, [
      "connect /data/s: done, to /data/s",
      "cd /data: done",
      "connect s: done, to s",
      "cd deep: done",
      "connect ../s: done, to ../s",
      "connect /data/absent: No such file or directory",
    ]);
  });

  names("without a rule it is EACCES, and the audit names the rule by the host's path", async ({ host }) => {
    const reasons: string[] = [];
    const lines = await told("connect /data/s bind /data/new stat /data/new", {
      engine,
      preopens: { "/data": join(host, "a") },
      audit: ({ reason }) => reasons.push(reason),
    });
    assert.equal(lines, [
      "connect /data/s: Permission denied",
      "bind /data/new: Permission denied",
      "stat /data/new: No such file or directory",
    ]);
    assert.match(reasons[0] ?? "", `/data/s (${host}/a/s on the host)`);
    assert.match(reasons[0] ?? "", `--allow unix:${host}/a/s`);
    assert.match(reasons[1] ?? "", `--allow listen:unix:${host}/a/new`);
  });

  names("bind makes the file in the preopen, where WASI sees it and takes it away", async ({ host }) => {
    const lines = await told("bind /data/deep/new stat /data/deep/new connect /data/deep/new unlink /data/deep/new", {
      engine,
      preopens: { "/data": join(host, "a") },
      allow: [`unix:${host}/a/deep/new`, `listen:unix:${host}/a/deep/new`],
    });
    assert.equal(lines, [
      "bind /data/deep/new: done",
      "stat /data/deep/new: done",
      "connect /data/deep/new: done, to /data/deep/new",
      "unlink /data/deep/new: done",
    ]);
    assert.equal(readdirSync(join(host, "a/deep")), []);
  });

  names("no link leads around a rule, nor out of the preopen", async ({ host }) => {
    const rules = [`unix:${host}/a/s`, `unix:${host}/a/other`];
    const preopens = { "/data": join(host, "a") };
    const words =
      "link s /data/inner link ../s /data/outer connect /data/inner connect /data/outer connect /data/other";
    // node:wasi makes no link that leads out, so the host does.
    symlinkSync("../s", join(host, "a/outer"));
    const lines = await told(words, { engine, preopens, allow: rules });
    assert.equal(
      lines.filter((line) => line.startsWith("connect")),
      [
        "connect /data/inner: done, to /data/inner",
        "connect /data/outer: No such file or directory",
        "connect /data/other: No such file or directory",
      ],
    );
    // The rule names a/other, which now leads to a socket that no rule names.
    assert.equal(
      await told("link deep/s /data/other bind /data/deep/s connect /data/other", {
        engine,
        preopens,
        allow: [...rules, `listen:unix:${host}/a/deep/s`],
      }),
      ["link deep/s: done", "bind /data/deep/s: done", "connect /data/other: Permission denied"],
    );
  });

  names(
    "a path in no preopen is the host's: only a rule opens it, and only a rule tells what is there",
    async ({ host }) => {
      const lines = await told(`connect ${host}/s connect ${host}/a/s connect ${host}/none connect ${host}/none2`, {
        engine,
        preopens: { "/data": join(host, "a") },
        allow: [`unix:${host}/s`, `unix:${host}/none`],
      });
      assert.equal(lines, [
        `connect ${host}/s: done, to ${host}/s`,
        `connect ${host}/a/s: Permission denied`,
        `connect ${host}/none: No such file or directory`,
        `connect ${host}/none2: Permission denied`,
      ]);
    },
  );

  names("a rule that goes through a link holds, without any preopen too", async ({ host }) => {
    symlinkSync("a", join(host, "to-a"));
    symlinkSync("to-a/s", join(host, "link"));
    for (const rule of [`unix:${host}/to-a/s`, `unix:${host}/link`, "unix:*"]) {
      const lines = await told(`connect ${host}/a/s connect ${host}/link`, { engine, allow: [rule] });
      assert.equal(lines, [`connect ${host}/a/s: done, to ${host}/a/s`, `connect ${host}/link: done, to ${host}/link`]);
    }
  });

  names("the host's path may be longer than sun_path", async ({ host }) => {
    const long = join(host, "a", "l".repeat(120), "m".repeat(120));
    mkdirSync(long, { recursive: true });
    const lines = await told("bind /data/new connect /data/new", {
      engine,
      preopens: { "/data": long },
      allow: [`unix:${long}/new`, `listen:unix:${long}/new`],
    });
    const isLinux = process.platform === "linux";
    assert.equal(
      lines,
      isLinux
        ? ["bind /data/new: done", "connect /data/new: done, to /data/new"]
        : ["bind /data/new: Filename too long", "connect /data/new: No such file or directory"],
    );
    assert.equal(readdirSync(long), isLinux ? ["new"] : []);
  });

  names.run();
}
