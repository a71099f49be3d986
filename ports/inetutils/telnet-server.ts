// A telnet server for one client of a case (RFC 854): what it says is bytes, what it hears is put in words.

import type { Socket } from "node:net";
import { listen } from "../../test/system/server.js";
import { LineClient } from "../line-client.js";

const COMMANDS: Readonly<Record<string, number>> = {
  ...{
    EOF: 236,
    SUSP: 237,
    ABORT: 238,
    EOR: 239,
    SE: 240,
    NOP: 241,
    DM: 242,
    BRK: 243,
    IP: 244,
    AO: 245,
    AYT: 246,
    EC: 247,
  },
  ...{ EL: 248, GA: 249, SB: 250, WILL: 251, WONT: 252, DO: 253, DONT: 254, IAC: 255 },
};

const OPTIONS: Readonly<Record<string, number>> = {
  ...{ BINARY: 0, ECHO: 1, SGA: 3, STATUS: 5, TM: 6, TTYPE: 24, NAWS: 31, TSPEED: 32, LFLOW: 33, LINEMODE: 34 },
  ...{ XDISPLOC: 35, ENVIRON: 36, "NEW-ENVIRON": 39 },
};

/** The bytes of commands: "WILL ECHO", "SB TTYPE SEND"; each begins with an IAC. */
export function bytes(...all: readonly string[]): string {
  return all
    .map((words) => {
      const [command = "", option, ...rest] = words.split(" ");
      const values = [255, COMMANDS[command] ?? Number.NaN];
      if (option !== undefined) values.push(OPTIONS[option] ?? Number(option));
      for (const word of rest) values.push(word === "IS" ? 0 : word === "SEND" ? 1 : Number(word));
      if (command === "SB") values.push(255, 240);
      return String.fromCharCode(...values);
    })
    .join("");
}

/** What was heard, in words: text as it is, and [DO ECHO] for a command. */
function words(heard: string): string {
  const named = (names: Readonly<Record<string, number>>, char = ""): string =>
    Object.entries(names).find(([, code]) => code === char.charCodeAt(0))?.[0] ?? `${char.charCodeAt(0)}`;
  return heard.replaceAll(
    /\xff(?:\xfa([\s\S])((?:[^\xff]|\xff\xff)*)\xff\xf0|([\xfb-\xfe])([\s\S])|([\s\S]))/g,
    (_, about?: string, content?: string, verb?: string, option?: string, command?: string) => {
      if (about !== undefined) return `[SB ${named(OPTIONS, about)} ${JSON.stringify(content)}]`;
      return verb === undefined
        ? `[${named(COMMANDS, command)}]`
        : `[${named(COMMANDS, verb)} ${named(OPTIONS, option)}]`;
    },
  );
}

/** The server's side of a connection. */
export class TelnetPeer {
  readonly #line: LineClient;

  constructor(socket: Socket) {
    this.#line = LineClient.over(socket);
  }

  /** Says a text, of Latin-1. */
  async say(text: string): Promise<void> {
    await this.#line.ask(text, /(?:)/);
  }

  /** Hears until `text` has come: all of it, in words. */
  async hear(text: string): Promise<string> {
    const codes = Array.from(text, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`);
    return words(await this.#line.ask("", new RegExp(codes.join(""))));
  }

  /** Says commands, and asks for a timing mark: all that is answered until that comes. */
  async command(...all: readonly string[]): Promise<string> {
    await this.say(bytes(...all, "DO TM"));
    return this.hear(bytes("WILL TM"));
  }

  /** Hears to the end. */
  async rest(): Promise<string> {
    return words(await this.#line.rest());
  }

  end(): void {
    this.#line.end();
  }

  /** Ends it with a reset. */
  reset(): void {
    this.#line.reset();
  }
}

/** Starts a server: its port, and the first client that comes. */
export async function startTelnetServer(): Promise<{ readonly port: number; readonly peer: Promise<TelnetPeer> }> {
  let came: (socket: Socket) => void = () => {};
  const peer = new Promise<Socket>((done) => {
    came = done;
  }).then((socket) => new TelnetPeer(socket));
  return { port: await listen((socket) => came(socket)), peer };
}
