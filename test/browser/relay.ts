// The process that stands for a guest in a page: its streams and signals are the guest's, and so is its exit status. It is bundled
// and started as `relay.mjs URL VARIABLE...`.

import { constants } from "node:os";
import { WebSocket } from "ws";
import {
  ENDED,
  type End,
  ERROR,
  frame,
  HELLO,
  INPUT,
  INPUT_END,
  OUTPUT,
  SIGNAL,
  TAKEN,
  textOf,
  WINDOW,
} from "./frames.js";

const FAULT = 125;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

const [url = "", ...variables] = process.argv.slice(2);
const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 1 << 30 });
let untaken = 0;

/** Ends this process as a program would end that cannot go on. */
function fail(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = FAULT;
  setImmediate(() => process.exit());
}

function write(stream: NodeJS.WriteStream, chunk: Uint8Array): void {
  stream.write(chunk, () => {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame(TAKEN, `${chunk.length}`));
  });
}

function end({ status, note }: End): void {
  socket.removeAllListeners("close");
  // What was written before has its turn first.
  process.stderr.write(note, () => process.stdout.write("", () => process.exit(status)));
}

socket.on("open", () => {
  const env = Object.fromEntries(variables.map((name) => [name, process.env[name] ?? ""]));
  socket.send(frame(HELLO, JSON.stringify(env)));
  process.stdin.on("data", (chunk: Buffer) => {
    untaken += chunk.length;
    if (untaken > WINDOW) process.stdin.pause();
    socket.send(frame(INPUT, chunk));
  });
  process.stdin.on("end", () => socket.send(frame(INPUT_END)));
});
socket.on("message", (data: Buffer) => {
  const [kind, body] = [data[0], data.subarray(1)];
  if (kind === OUTPUT) write(process.stdout, body);
  else if (kind === ERROR) write(process.stderr, body);
  else if (kind === ENDED) end(JSON.parse(textOf(body)));
  else if (kind === TAKEN) {
    untaken -= Number(textOf(body));
    if (untaken <= WINDOW) process.stdin.resume();
  }
});
socket.on("error", (error) => fail(`the page's guest cannot be reached: ${error.message}`));
socket.on("close", () => fail("the page is gone"));
for (const name of SIGNALS) {
  if (name in constants.signals) process.on(name, () => socket.send(frame(SIGNAL, name)));
}
// Whoever reads has closed: the guest is told as natively by a signal.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", () => {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame(SIGNAL, "SIGPIPE"));
  });
}
