// sic, a client of IRC on standard input and output.

import { strict as assert } from "node:assert";
import type { Child, Ended } from "../../test/system/child.js";
import type { Case, Observation, Runner } from "../../test/system/compare.js";
import { freePort, listen } from "../../test/system/server.js";
import { startIrcServer } from "../irc-server.js";
import { LineClient } from "../line-client.js";
import type { Port } from "../port.js";

const START = { limit: 60_000 };

/** What it printed, without the time, and without what counts visitors. */
function lines({ status, stdout, stderr }: Ended): Observation {
  const shown = `${stdout}`
    .replace(/: \d\d\/\d\d\/\d\d \d\d:\d\d /g, ": ")
    .replace(/\d+\.\d+ kb/g, "SIZE")
    .split("\n")
    .filter((line) => !/>< (00[34]|25\d|26\d) /.test(line));
  return { status, stderr, lines: shown };
}

function startSic(runner: Runner, port: number, nick: string, args: readonly string[] = []): Promise<Child> {
  return runner.start("sic", ["-h", "127.0.0.1", "-p", `${port}`, "-n", nick, ...args], {
    ...START,
    allow: [`tcp://127.0.0.1:${port}`],
  });
}

/** Types a line and waits for what it leads to: sic reads on only when more comes. */
async function type(child: Child, line: string, shown: string): Promise<void> {
  await child.write(`${line}\n`);
  await child.printed(shown, 20_000);
}

const cases: readonly Case[] = [
  {
    name: "sic joins a channel, talks and listens, and leaves",
    run: async (runner) => {
      const { port, child: server } = await startIrcServer();
      const sic = await startSic(runner, port, "alice");
      await sic.printed("End of MOTD", 20_000);
      await type(sic, ":j #here", "End of NAMES");
      const bob = await LineClient.open(port);
      await bob.ask("NICK bob\r\nUSER bob 0 * :Bob\r\n", / 376 .*\r\n/);
      await bob.ask("JOIN #here\r\n", / 366 .*\r\n/);
      await sic.printed("bob         : ", 20_000);
      await sic.write("hello, bob\n");
      const heard = await bob.ask("", /PRIVMSG #here .*\r\n/);
      await bob.ask("PRIVMSG #here :hello, alice\r\n", /(?:)/);
      await sic.printed("<bob> hello, alice", 20_000);
      await sic.write(":m bob a word\n");
      const told = await bob.ask("", /PRIVMSG bob .*\r\n/);
      await bob.ask(`PRIVMSG alice :${"long ".repeat(80)}\r\n`, /(?:)/);
      await sic.printed("long long", 20_000);
      await type(
        sic,
        ":TOPIC #here :größer",
        "TOPIC (#here): größer".replace(/[^\0-\x7f]/g, (c) => Buffer.from(c).toString("latin1")),
      );
      await type(sic, ":NICK bob", "433");
      await type(sic, ":NICK carol", "NICK (): carol");
      await type(sic, ":nonsense", "421");
      await type(sic, ":l #here done", "PART");
      await type(sic, ":QUIT bye", "closed connection");
      const ended = await sic.ended;
      bob.close();
      server.signal("SIGTERM");
      await server.ended;
      assert.match(`${ended.stdout}`, /<bob> hello, alice/);
      return {
        ...lines(ended),
        heard: heard.slice(heard.indexOf("PRIVMSG")),
        told: told.slice(told.indexOf("PRIVMSG")),
      };
    },
  },
  {
    name: "sic says a password, or is turned away",
    run: async (runner) => {
      const { port, child: server } = await startIrcServer("secret");
      const right = await startSic(runner, port, "alice", ["-k", "secret"]);
      await right.printed("End of MOTD", 20_000);
      right.end();
      const wrong = await startSic(runner, port, "alice2", ["-k", "guess"]);
      const seen = { right: (await right.ended).status, wrong: JSON.stringify(lines(await wrong.ended)) };
      server.signal("SIGTERM");
      await server.ended;
      return seen;
    },
  },
  {
    name: "sic answers pings, and sees the server die",
    run: async (runner) => {
      let heard = "";
      const port = await listen((socket) => {
        socket.write("PING :are you there\r\n:irc.example NOTICE * :cut of");
        socket.on("data", (chunk) => {
          heard += chunk;
          if (heard.includes("PONG")) setTimeout(() => socket.resetAndDestroy(), 200);
        });
      });
      const ended = await (await startSic(runner, port, "alice")).ended;
      assert.match(heard, /PONG are you there/);
      return { ...lines(ended), heard };
    },
  },
  {
    name: "sic says who refused, who is not known, and what an option is not",
    run: async (runner) => {
      const port = await freePort();
      const allow = ["tcp://127.0.0.1:*", "tcp://nowhere.invalid:*"];
      const run = async (...args: readonly string[]): Promise<string> =>
        JSON.stringify(lines(await runner.finish("sic", args, { ...START, allow })));
      const refused = await run("-h", "127.0.0.1", "-p", `${port}`);
      assert.match(refused, /cannot connect/);
      return {
        refused,
        unknown: await run("-h", "nowhere.invalid", "-p", "1"),
        service: await run("-h", "127.0.0.1", "-p", "no-such-service"),
        version: await run("-v"),
        option: await run("-x"),
      };
    },
  },
];

/** sic. */
export const sic: Port = {
  name: "sic",
  source: "sic",
  programs: { sic: "sic" },
  steps: ({ compiler: { cc } }) => [["make", `CC=${cc} -O1 -w`, "INCS=-I.", "LIBS="]],
  cases,
  works: "IRC: channels, messages, passwords, pings, a server that dies",
  lacks: "nothing known",
  page: "over a bridge",
};
