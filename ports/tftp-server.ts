// TFTP servers for tests (RFC 1350): Debian's tftpd-hpa on files of its own, and habits of ours for what it does not do.

import { chmodSync, chownSync, readFileSync, writeFileSync } from "node:fs";
import { createSocket } from "node:dgram";
import { once as event } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Child, start } from "../test/system/child.js";
import { ensurePackages } from "../test/system/debian.js";
import { atEnd } from "../test/system/place.js";
import { temporaryDirectory } from "../test/system/server.js";

/** A running server. */
export interface TftpServer {
  readonly port: number;
  readonly directory: string;
  readonly child: Child;
}

/** What it becomes: nobody special. */
const [USER, USER_ID] = ["nobody", 65534];

/** The packets' first words. */
export const ACK = 4;
const [DATA, RRQ] = [3, 1];

/** Starts tftpd-hpa with the files; what is written, it makes. */
export async function startTftpServer(files: Readonly<Record<string, Uint8Array | string>>): Promise<TftpServer> {
  await ensurePackages(["tftpd-hpa"]);
  const directory = temporaryDirectory();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content, { mode: 0o644 });
  chownSync(directory, USER_ID, USER_ID);
  chmodSync(directory, 0o755);
  const port = await freeDatagramPort();
  const child = await start(
    [
      ...["in.tftpd", "--foreground", "--listen", "--address", `127.0.0.1:${port}`, "--user", USER],
      ...["--permissive", "--create", "--secure", directory],
    ],
    { limit: 600_000 },
  );
  await answering(port, child);
  return { port, directory, child };
}

/** A server that does with each packet what `habit` says: its port. */
export async function datagrams(habit: (packet: Buffer, reply: (packet: Uint8Array) => void) => void): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (packet, { port, address }) => habit(packet, (answer) => socket.send(answer, port, address)));
  socket.bind(0, "127.0.0.1");
  await event(socket, "listening");
  atEnd(() => {
    socket.close();
  });
  return socket.address().port;
}

/** A packet of data. */
export function dataPacket(block: number, content: string): Uint8Array {
  return Buffer.from([0, DATA, block >> 8, block & 255, ...Buffer.from(content)]);
}

/** What a file that was sent to the server holds there. */
export function held({ directory }: TftpServer, name: string): string {
  return readFileSync(join(directory, name), "latin1");
}

/** A port that no datagram socket had a moment ago. */
export async function freeDatagramPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await event(socket, "listening");
  const { port } = socket.address();
  await new Promise<void>((done) => socket.close(() => done()));
  return port;
}

/** Waits until the server answers, whatever it says. */
async function answering(port: number, child: Child): Promise<void> {
  const socket = createSocket("udp4");
  const ended = child.ended.then(({ status, stderr }) => {
    throw new Error(`in.tftpd ended with ${status}\n${stderr}`);
  });
  const answered = event(socket, "message");
  try {
    for (let left = 150; left > 0; left--) {
      socket.send(Buffer.from(`\0${String.fromCharCode(RRQ)}no such file\0octet\0`, "latin1"), port, "127.0.0.1");
      if ((await Promise.race([answered, ended, delay(100)])) !== undefined) return;
    }
    throw new Error(`in.tftpd does not answer on ${port} after 15 s`);
  } finally {
    socket.close();
  }
}
