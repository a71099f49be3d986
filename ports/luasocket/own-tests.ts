// luasocket's own tests, in its directory test: those of sockets run as client and server, both by the runner.

import { strict as assert } from "node:assert";
import { cpSync } from "node:fs";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { freePort, peers, reachable, temporaryDirectory } from "../../test/system/server.js";
import { library } from "./library.js";
import { type Options, runLua, startLua } from "./script.js";

/** A copy of the tests, where they may write. */
async function inTests(): Promise<Options> {
  const directory = temporaryDirectory();
  cpSync((await library()).tests, directory, { recursive: true });
  return { directories: [`${directory}:.`], cwd: directory, limit: 300_000 };
}

/** What testclnt.lua connects to, to see it fail in time, is to be nobody of this network but of the loopback. */
const REDIRECT = (silent: number): string => `
local methods = getmetatable(require("socket").tcp()).__index
local connect = methods.connect
methods.connect = function(self, host, port)
  if host == "10.0.0.1" then return connect(self, "127.0.0.1", ${silent}) end
  return connect(self, host, port)
end`;

async function clientAndServer(runner: Runner): Promise<Observation> {
  const [options, port, { silent }] = [await inTests(), await freePort(), await peers()];
  const where = `host = "127.0.0.1" port = "${port}"`;
  const server = await startLua(runner, ["-e", where, "testsrvr.lua"], options);
  await reachable(port, server);
  const client = await runLua(runner, ["-e", `${where} ${REDIRECT(silent)}`, "testclnt.lua"], options);
  server.signal("SIGKILL");
  await server.ended;
  const verdicts = client.stderr
    .split("\n")
    // How many descriptors there may be is a limit of each (RLIMIT_NOFILE).
    .filter((line) => !/^----|^too many sockets|^unable to create|^try using ulimit/.test(line))
    .map((line) => line.replace(/done in .*|(?<=write detection: ).*/, "done"));
  assert.ok(verdicts.length > 100, client.stderr);
  assert.ok(verdicts.includes("testing: done"), client.stderr);
  return { status: client.status, verdicts };
}

/** Tests that are one script, with what they say at the end of a good run. */
const SCRIPTS = [
  ...["test_bind", "test_getaddrinfo", "test_socket_error", "udp-zero-length-send", "udp-zero-length-send-recv"],
  ...["excepttest", "mimetest", "ltn12test", "urltest", "stufftest", "hello"],
];

/** Its test of all that a socket does, most of a minute of it pauses. */
export const clientAndServerTests: readonly Case[] = [
  {
    name: "luasocket's own tests: client and server",
    limit: 400,
    notInPage: "not tried: it takes long",
    run: clientAndServer,
  },
];

/** The others. */
export const ownTests: readonly Case[] = [
  {
    name: "luasocket's own tests: single scripts",
    limit: 400,
    run: async (runner) => {
      const options = await inTests();
      const seen: Record<string, string> = {};
      for (const name of SCRIPTS) {
        const { status, stdout, stderr } = await runLua(runner, [name.includes("-") ? name : `${name}.lua`], options);
        seen[name] = JSON.stringify({ status, stdout: `${stdout}`.replace(/[\d.]+ ?s\b/g, "TIME"), stderr });
        if (name !== "hello") assert.equal(status, "0", `${name}: ${seen[name]}`);
      }
      return seen;
    },
  },
];
