// telnet: what it agrees on with a server (RFC 855), and what it tells of itself.

import { strict as assert } from "node:assert";
import type { Case } from "../../test/system/compare.js";
import { clientCase } from "./client.js";
import { bytes, startTelnetServer } from "./telnet-server.js";
import { ESCAPE, meet, PATIENCE, to, WARNS } from "./telnet-session.js";

/** What it would tell a server of its terminal. */
const ENVIRONMENT = { TERM: "vt100", DISPLAY: "here:0", PRINTER: "laser" };

/** The cases of telnet that are about options. */
export const telnetOptionCases: readonly Case[] = [
  clientCase(
    "telnet",
    "agrees on options that a server begins",
    async (client) => {
      const [telnet, server] = await meet(client, to);
      const offered = await server.command("WILL ECHO", "WILL SGA", "WILL STATUS", "WILL 99");
      const asked = ["BINARY", "NAWS", "TTYPE", "TSPEED", "XDISPLOC", "NEW-ENVIRON", "LFLOW", "98"];
      const agreed = await server.command(...asked.map((option) => `DO ${option}`));
      const details = ["TTYPE", "TTYPE", "TTYPE", "TSPEED", "XDISPLOC", "NEW-ENVIRON"];
      const told = await server.command(...details.map((option) => `SB ${option} SEND`));
      assert.match(told, /VT100.*laser/);
      await telnet.write(`${ESCAPE}status\n`);
      await telnet.printed("Remote character echo", PATIENCE);
      const withdrawn = await server.command("WONT ECHO", "DONT BINARY", "WILL ECHO", "WONT SGA", "DONT TTYPE");
      await telnet.write("a line\n");
      const line = await server.hear("a line");
      server.end();
      return { offered, agreed, told, withdrawn, line, ended: await client.shown(telnet) };
    },
    { ...WARNS, environment: ENVIRONMENT },
  ),
  clientCase(
    "telnet",
    "begins on options where the port is said to be telnet's, and edits lines where the server wants it",
    async (client) => {
      const [telnet, server] = await meet(client, (port) => ["-8", "-l", "alice", "--", "127.0.0.1", `-${port}`]);
      const begun = await server.hear(bytes("WILL BINARY"));
      assert.match(begun, /WILL TTYPE.*WILL LINEMODE/);
      const lines = await server.command("DO LINEMODE", "SB LINEMODE 1 1", "DO NEW-ENVIRON", "SB NEW-ENVIRON SEND 0");
      assert.match(lines, /alice/);
      await telnet.write("before\n");
      const before = await server.hear("before");
      const binary = await server.command("DO BINARY", "WILL BINARY");
      await telnet.write(Buffer.from("binary: \r\xff, and more\n", "latin1"));
      const after = await server.hear("and more");
      await telnet.write(`${ESCAPE}status\n`);
      await telnet.printed("line", PATIENCE);
      server.end();
      return { begun, lines, before, binary, after, ended: await client.shown(telnet) };
    },
    { ...WARNS, environment: ENVIRONMENT },
  ),
  clientCase(
    "telnet",
    "on a terminal sends each key where the server echoes, and lines where it does not",
    async ({ onTerminal, shown }) => {
      const { port, peer } = await startTelnetServer();
      const telnet = await onTerminal(to(port));
      const server = await peer;
      await telnet.printed("Escape character", PATIENCE);
      const begun = await server.command();
      await telnet.write("a lime\x7f\x7fne\r");
      const line = await server.hear("ne\r\n");
      const told = await server.command("WILL ECHO", "WILL SGA", "DO NAWS", "DO TTYPE", "DO TSPEED", "SB TSPEED SEND");
      assert.match(told, /SB NAWS/);
      const keys: string[] = [];
      for (const key of ["x", "\x7f", "\t", "\x1b[A", "\xc3\xa4", "\x15", "\r"]) {
        await telnet.write(Buffer.from(key, "latin1"));
        keys.push(await server.hear(key));
      }
      const more = await server.command();
      await server.say("echoed\r\n");
      await telnet.printed("echoed", PATIENCE);
      const withdrawn = await server.command("WONT ECHO");
      await telnet.write("last\r");
      const last = await server.hear("last");
      await server.say("bye\r\n");
      await telnet.printed("bye", PATIENCE);
      server.end();
      return { begun, line, told, keys, more, withdrawn, last, rest: await server.rest(), ended: await shown(telnet) };
    },
    { environment: ENVIRONMENT, notInPage: "what stands for the guest has no terminal", ...WARNS },
  ),
];
