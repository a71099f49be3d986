// busybox telnet: what it agrees on with a server, and a conversation.

import { strict as assert } from "node:assert";
import type { Ended } from "../../test/system/child.js";
import type { Case } from "../../test/system/compare.js";
import { listen, peers } from "../../test/system/server.js";
import { seen, withBusybox } from "./applet.js";

const [SE, SB, WILL, DO, IAC] = [240, 250, 251, 253, 255] as const;
const [ECHO, AHEAD, TERMINAL, SIZE, ENVIRONMENT] = [1, 3, 24, 31, 39] as const;

/** A telnet server that asks for all that it can: its port, and what it was told, in hexadecimal. */
async function telnetServer(): Promise<{ readonly port: number; told(): string }> {
  let told = "";
  const port = await listen((socket) => {
    socket.write(Buffer.from([IAC, WILL, ECHO, IAC, WILL, AHEAD, IAC, DO, TERMINAL, IAC, DO, SIZE]));
    socket.write(Buffer.from([IAC, DO, ENVIRONMENT, IAC, DO, 99, IAC, WILL, 98]));
    let asked = false;
    socket.on("data", (chunk: Buffer) => {
      const before = told.length;
      told += chunk.toString("hex");
      const has = (sent: string): boolean => told.includes(sent, Math.max(0, before - sent.length));
      if (has("fffb18")) socket.write(Buffer.from([IAC, SB, TERMINAL, 1, IAC, SE]));
      if (has("fffb27")) socket.write(Buffer.from([IAC, SB, ENVIRONMENT, 1, IAC, SE]));
      // All is agreed on before anybody types.
      if (!asked && /fffa18.*?fff0/.test(told) && /fffc27|fffa27.*?fff0/.test(told)) {
        asked = true;
        socket.write("login: ");
      }
      if (/\r\n/.test(`${chunk}`)) socket.write(Buffer.from("\r\nwelcome \xff\xff, \r\0and a line\r\n", "latin1"));
      if (/bye/.test(`${chunk}`)) socket.end();
    });
    socket.on("end", () => socket.end());
  });
  return { port, told: () => told };
}

/** What an ended telnet showed; the first line that it printed comes when its libc wants to write it. */
function shown(ended: Ended): string {
  const stdout = `${ended.stdout}`;
  assert.ok(stdout.includes("Connected to 127.0.0.1\n"));
  return seen({ ...ended, stdout: Buffer.from(stdout.replace("Connected to 127.0.0.1\n", "")) });
}

/** The cases of telnet. */
export const telnetCases: readonly Case[] = [
  withBusybox("telnet agrees with a server on a terminal, and talks", async ({ start }) => {
    const server = await telnetServer();
    const words = ["telnet", "-l", "alice", "127.0.0.1", `${server.port}`];
    const child = await start(words, { TERM: "vt100" });
    await child.printed("login: ");
    await child.write("alice\n");
    await child.printed("and a line");
    await child.write(Buffer.from("\xff is doubled, bye\n", "latin1"));
    const ended = shown(await child.ended);
    assert.match(ended, /Connection closed by foreign host/);
    assert.match(server.told(), /fffa18007674313030fff0/);
    return { ended, told: server.told() };
  }),
  withBusybox("telnet ends with its input, and tells who is not there", async ({ start, run }) => {
    const server = await telnetServer();
    const child = await start(["telnet", "127.0.0.1", `${server.port}`], { TERM: "dumb" });
    await child.printed("login: ");
    child.end();
    const ended = shown(await child.ended);
    const { refused } = await peers();
    const nobody = await run(["telnet", "127.0.0.1", `${refused}`]);
    const unknown = await run(["telnet", "nowhere.invalid"]);
    const service = await run(["telnet", "127.0.0.1", "no-such-service"]);
    assert.match(nobody, /Connection refused/);
    return { ended, nobody, unknown, service };
  }),
  withBusybox("telnet tells of a server that is gone", async ({ start }) => {
    const port = await listen((socket) => {
      socket.write("half a l");
      socket.once("data", () => socket.resetAndDestroy());
    });
    const child = await start(["telnet", "127.0.0.1", `${port}`], { TERM: "dumb" });
    await child.printed("half a l");
    await child.write("x\n");
    return { ended: shown(await child.ended) };
  }),
];
