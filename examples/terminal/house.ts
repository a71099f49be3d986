// A server to telnet to: it echoes and edits itself, paints colours, and says how large its guest's window is (RFC 857, 1073).

import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

const [IAC, DO, WILL, SB, SE] = [255, 253, 251, 250, 240];
const [ECHO, GO_AHEAD, WINDOW] = [1, 3, 31];

/** Bytes without telnet's commands; `resized` is told of sizes. Commands come whole from the clients that this is for. */
function withoutCommands(bytes: Buffer, resized: (columns: number, rows: number) => void): string {
  const text: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== IAC) text.push(bytes[i] ?? 0);
    else if (bytes[i + 1] === SB) {
      if (bytes[i + 2] === WINDOW) resized(bytes.readUInt16BE(i + 3), bytes.readUInt16BE(i + 5));
      i = bytes.indexOf(SE, i);
    } else i += 2;
  }
  return Buffer.from(text).toString();
}

function rainbow(columns: number): string {
  const width = Math.min(columns, 96);
  const cells = Array.from({ length: width }, (_, i) => {
    const [red, green, blue] = [0, 2, 4].map((shift) => Math.round(127 + 127 * Math.sin((i / width) * 6.28 + shift)));
    return `\x1b[48;2;${red};${green};${blue}m `;
  });
  return `${cells.join("")}\x1b[0m\r\n`;
}

function serve(socket: Socket): void {
  let line = "";
  let size = { columns: 80, rows: 24 };
  const say = (text: string): void => void socket.write(text);
  const prompt = (): void => say("\x1b[36mhouse\x1b[0m> ");
  const answers: Readonly<Record<string, () => void>> = {
    help: () => say("size, colours, time, bye\r\n"),
    size: () => say(`your window has ${size.columns} columns and ${size.rows} rows\r\n`),
    colours: () => say(rainbow(size.columns)),
    time: () => say(`${new Date().toISOString()}\r\n`),
    bye: () => void socket.end("goodbye\r\n"),
  };
  socket.write(Buffer.from([IAC, WILL, ECHO, IAC, WILL, GO_AHEAD, IAC, DO, WINDOW]));
  say("\x1b[1mWelcome.\x1b[0m This server echoes what you type; \x1b[33mhelp\x1b[0m says what it knows.\r\n");
  prompt();
  const enter = (): void => {
    say("\r\n");
    const word = line.trim();
    line = "";
    if (word !== "") (answers[word] ?? (() => say(`\x1b[31m${word}\x1b[0m is nothing that I know\r\n`)))();
    if (!socket.writableEnded) prompt();
  };
  const key = (byte: string): void => {
    if (byte === "\r") enter();
    else if (byte === "\x7f" && line !== "") {
      line = line.slice(0, -1);
      say("\b \b");
    } else if (byte === "\x03") {
      line = "";
      say("^C\r\n");
      prompt();
    } else if (byte >= " " && byte !== "\x7f") {
      line += byte;
      say(byte);
    }
  };
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes: Buffer) => {
    const typed = withoutCommands(bytes, (columns, rows) => {
      size = { columns, rows };
    });
    for (const each of typed) key(each);
  });
}

/** Starts the server: its port, and what ends it. */
export async function startHouse(): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
