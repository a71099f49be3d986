// telnet: talk, the commands behind the escape character, and what goes wrong. What it is typed is a pipe.

import { strict as assert } from "node:assert";
import type { Case } from "../../test/system/compare.js";
import { freePort, listen } from "../../test/system/server.js";
import { clientCase } from "./client.js";
import { bytes, startTelnetServer } from "./telnet-server.js";
import { ESCAPE, meet, PATIENCE, to, WARNS } from "./telnet-session.js";

/** The cases of telnet. What has not been printed when the server ends, telnet may lose. */
export const telnetCases: readonly Case[] = [
  clientCase(
    "telnet",
    "talks with a server until that ends",
    async (client) => {
      const [telnet, server] = await meet(client, to);
      await telnet.write("HELO there\n");
      const first = await server.hear("HELO there");
      await server.say("250 hello\r\na bare \r, an \r\0, and bytes: \xe9\xff\xff\x01\r\n");
      await telnet.printed("and bytes", PATIENCE);
      await telnet.write(Buffer.from("bytes: \xe9\xff and a \r, and more\n", "latin1"));
      const second = await server.hear("and more");
      await server.say("221 bye\r\n");
      await telnet.printed("221 bye", PATIENCE);
      server.end();
      const ended = await client.shown(telnet);
      assert.match(ended, /Connection closed by foreign host/);
      return { first, second, rest: await server.rest(), ended };
    },
    WARNS,
  ),
  clientCase(
    "telnet",
    "does what is said behind the escape character",
    async (client) => {
      const [telnet, server] = await meet(client, (port) => ["-e", "~", "127.0.0.1", `${port}`]);
      const heard: string[] = [];
      const sends = {
        "send ayt": "AYT",
        "send ip brk el ec ao nop": "NOP",
        "send do 24": "DO TTYPE",
        "mode line": "WILL LINEMODE",
      };
      for (const [line, last] of Object.entries(sends)) {
        await telnet.write(`~${line}\n`);
        heard.push(await server.hear(bytes(last)));
      }
      await telnet.write("~status\n");
      await telnet.printed("Operating", PATIENCE);
      await telnet.write("~send escape\n");
      heard.push(await server.hear("~"));
      await telnet.write("~close\n");
      const rest = await server.rest();
      telnet.end();
      return { heard, rest, ended: await client.shown(telnet) };
    },
    WARNS,
  ),
  clientCase(
    "telnet",
    "opens, closes and opens again by hand, and quits",
    async ({ start, shown, run }) => {
      const [first, second] = [await startTelnetServer(), await startTelnetServer()];
      const telnet = await start([]);
      await telnet.write(`status\nclose\nopen 127.0.0.1 ${first.port}\n`);
      const server = await first.peer;
      await server.say("the first\r\n");
      await telnet.printed("the first", PATIENCE);
      await telnet.write(`${ESCAPE}close\n`);
      const heard = await server.rest();
      const settings = [
        "toggle options",
        "unset echo",
        "environ define A b",
        "environ export A",
        "slc check",
        "set interrupt ^C",
      ];
      await telnet.write(`${[...settings, "display", `open 127.0.0.1 ${second.port}`].join("\n")}\n`);
      const other = await second.peer;
      const set = await other.command("DO TSPEED", "DO NEW-ENVIRON", "SB NEW-ENVIRON SEND");
      await other.say("the second\r\n");
      await telnet.printed("the second", PATIENCE);
      await telnet.write(`${ESCAPE}quit\n`);
      const after = await other.rest();
      const help = "?\nhelp open\nset ?\nset escape ^A\ndisplay escape\nslc ?\nenviron ?\nc\nnonsense\n";
      return { heard, set, after, ended: await shown(telnet), help: await run([], help) };
    },
    WARNS,
  ),
  clientCase(
    "telnet",
    "prints 900 kB and sends 900 kB",
    async (client) => {
      const [telnet, server] = await meet(client, (port) => ["-E", "127.0.0.1", `${port}`]);
      const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} ${"x".repeat(19)}`);
      await server.say(`${lines.join("\r\n")}\r\nthe end\r\n`);
      await telnet.printed("the end", 60_000);
      await telnet.write(`${lines.join("\n")}\nthe end\n`);
      const heard = await server.hear("the end\r\n");
      server.end();
      const ended = (await client.shown(telnet)).replaceAll("\\r\\n", "\\n"); // where two reads have them, the \r is printed
      assert.equal(heard, `${lines.join("\r\n")}\r\nthe end\r\n`);
      assert.ok(ended.includes(`${lines.join("\\n")}\\nthe end`));
      return { ended };
    },
    WARNS,
  ),
  clientCase(
    "telnet",
    "sees a server die, is interrupted, and ends with what is typed",
    async (client) => {
      const [dying, killed] = await meet(client, to);
      killed.reset();
      const [interrupted, left] = await meet(client, to);
      interrupted.signal("SIGINT");
      const interruption = await left.hear(bytes("IP"));
      left.end();
      const [typed, told] = await meet(client, to);
      await typed.write("to the end\n");
      await told.hear("to the end\r\n");
      typed.end();
      return {
        dying: await client.shown(dying),
        ...{ interrupted: await client.shown(interrupted), interruption, left: await left.rest() },
        ...{ typed: await client.shown(typed), told: await told.rest() },
      };
    },
    WARNS,
  ),
  clientCase("telnet", "tells who refused, who is not known, and what it does not understand", async ({ run }) => {
    const refused = await run(["127.0.0.1", `${await freePort()}`]);
    assert.match(refused, /Connection refused/);
    return {
      refused,
      unknown: await run(["nowhere.invalid", "1"]),
      service: await run(["127.0.0.1", "no-such-service"]),
      many: await run(["a", "b", "c"]),
      option: await run(["--no-such-option"]),
      byHand: await run([], `open nowhere.invalid 1\nopen 127.0.0.1 ${await freePort()}\nopen a b c d\nquit\n`),
      source: await run(["-b", "192.0.2.1", "127.0.0.1", `${await listen((socket) => socket.end())}`]),
    };
  }),
];
