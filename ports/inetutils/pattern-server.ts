// A small FTP server (RFC 959) whose NLST knows patterns, as pure-ftpd's does not: what `mget *.txt` asks for. It is open to
// anybody, and has its files in memory.

import { createServer, type AddressInfo, connect, type Socket } from "node:net";
import { once as event } from "node:events";
import { listen } from "../../test/system/server.js";

const HOST = "127.0.0.1";

/** The names that a pattern of stars means. */
function matching(names: Iterable<string>, pattern: string): readonly string[] {
  const words = pattern.split("*").map((word) => word.replaceAll(/[^\w]/g, "\\$&"));
  const all = new RegExp(`^${words.join(".*")}$`);
  return [...names].filter((name) => all.test(name)).sort();
}

/** Starts a server of these files, which its clients change: its port. */
export function startPatternServer(files: Map<string, string>): Promise<number> {
  return listen((control) => {
    let data: () => Promise<Socket> = () => Promise.reject(new Error("no PORT and no PASV"));
    const send = async (text: string): Promise<string> => {
      control.write("150 here it comes\r\n");
      const socket = await data();
      socket.end(text);
      await event(socket, "close");
      return "226 done";
    };
    const commands: Readonly<Record<string, (word: string) => Promise<string> | string>> = {
      USER: () => "230 welcome",
      TYPE: () => "200 as you like",
      QUIT: () => "221 farewell",
      PORT: (word) => {
        const [high = 0, low = 0] = word.split(",").slice(4).map(Number);
        data = async () => connect(high * 256 + low, HOST).resume();
        return "200 there";
      },
      PASV: async () => {
        const server = createServer((socket) => server.close(() => {}) && socket.resume());
        const came: Promise<Socket> = event(server, "connection").then(([socket]) => socket as Socket);
        data = () => came;
        server.listen(0, HOST);
        await event(server, "listening");
        const { port } = server.address() as AddressInfo;
        return `227 here (${HOST.replaceAll(".", ",")},${port >> 8},${port & 255})`;
      },
      NLST: (word) => {
        const names = matching(files.keys(), word);
        return names.length === 0 ? "550 nothing is called so" : send(names.map((name) => `${name}\r\n`).join(""));
      },
      RETR: (word) => {
        const content = files.get(word);
        return content === undefined ? "550 nothing is called so" : send(content);
      },
      DELE: (word) => (files.delete(word) ? "250 gone" : "550 nothing is called so"),
    };
    let line = "";
    let turn = Promise.resolve();
    control.write("220 files\r\n");
    control.on("data", (chunk) => {
      const lines = `${line}${chunk}`.split("\r\n");
      line = lines.pop() ?? "";
      for (const each of lines) {
        const [, word = "", rest = ""] = /^(\S*) ?(.*)$/.exec(each) ?? [];
        turn = turn
          .then(() => commands[word]?.(rest) ?? "502 no such command")
          .then(
            (answer) => void (word === "QUIT" ? control.end(`${answer}\r\n`) : control.write(`${answer}\r\n`)),
            () => void control.destroy(),
          );
      }
    });
  });
}
