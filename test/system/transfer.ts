// Large files through netcat: both ways at once, and each way past somebody who stalls, with the peak of the memory. Owns
// the moves and the bounds.

import { strict as assert } from "node:assert";
import { closeSync, createReadStream, openSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { ChildOptions, Ended } from "./child.js";
import type { Observation, Runner } from "./compare.js";
import { type Large, largeFile, measure } from "./material.js";
import { listen } from "./server.js";

const MEGABYTE = 1 << 20;
/** The most that a process may hold, whatever goes through it. */
const MEMORY = 400 * MEGABYTE;
/** How much more it may hold for 100 MB than for 10 MB: two thirds of what was added, since a busy machine collects garbage late. */
const MEMORY_GROWTH = 60 * MEGABYTE;
const STALL = 1000;

/** 20 MB from standard input to the server while the server sends as much. */
export async function bothWays(runner: Runner): Promise<Observation> {
  const file = await largeFile(20);
  let arrived: Promise<{ readonly sha256: string }> | undefined;
  const port = await listen((socket) => {
    arrived = measure(socket);
    arrived.catch(() => {}); // a candidate that fails is heard of below
    const source = createReadStream(file.path);
    source.on("data", (chunk) => {
      if (!socket.write(chunk)) source.pause();
    });
    socket.on("drain", () => source.resume());
    // It ends once both are through: netcat takes the end of the connection for the end of all.
    Promise.all([arrived, new Promise((done) => source.on("end", () => done(null)))]).then(
      () => socket.end(),
      () => socket.destroy(),
    );
  });
  const input = readFileSync(file.path);
  let received = { bytes: 0, sha256: "" };
  const child = await runner.start("nc", ["-q", "20", "127.0.0.1", `${port}`], {
    allow: [`tcp://127.0.0.1:${port}`],
    stdout: async (stream) => {
      received = await measure(stream);
    },
  });
  await Promise.race([child.write(input), child.ended]);
  child.end();
  const { status, stderr } = await child.ended;
  assert.equal(received.bytes, file.bytes, `${received.bytes} bytes received`);
  assert.equal(received.sha256, file.sha256, "what it received");
  assert.equal((await arrived)?.sha256, file.sha256, "what it sent");
  return { status, stderr };
}

/** Moves one file: how the program ended. Throws unless the file arrived whole. */
export type Move = (runner: Runner, file: Large) => Promise<Ended>;

/** Moves 10 MB, then 100 MB: the memory is bounded, and does not grow with the file. */
export async function growth(runner: Runner, move: Move): Promise<Observation> {
  const small = await move(runner, await largeFile(10));
  const large = await move(runner, await largeFile(100));
  const megabytes = (bytes: number): string => `${Math.round(bytes / MEGABYTE)} MB`;
  const figures = `${megabytes(small.peak)} for 10 MB, ${megabytes(large.peak)} for 100 MB`;
  assert.ok(large.peak > 0 && large.peak < MEMORY, `peak memory: ${figures}`);
  assert.ok(large.peak - small.peak < MEMORY_GROWTH, `memory grows with the file: ${figures}`);
  return { small: small.status, large: large.status, stderr: small.stderr + large.stderr };
}

/** The server sends the file; whoever reads what netcat prints begins a second late. */
export async function receive(runner: Runner, file: Large): Promise<Ended> {
  let handed = 0;
  let stalled = 0;
  const port = await listen((socket) => {
    createReadStream(file.path)
      .on("data", (chunk) => {
        handed += chunk.length;
      })
      .pipe(socket);
  });
  let received = { bytes: 0, sha256: "" };
  const options: ChildOptions = {
    stdout: async (stream) => {
      await delay(STALL);
      stalled = handed;
      received = await measure(stream);
    },
  };
  const ended = await withInput("/dev/null", runner, port, [], options);
  assert.equal(received.bytes, file.bytes, `${received.bytes} bytes arrived`);
  assert.equal(received.sha256, file.sha256, "the bytes that arrived");
  if (file.megabytes >= 100) assert.ok(stalled < file.bytes / 2, "the stall held the server back");
  return ended;
}

/** netcat sends the file; the server begins to read a second late. */
export async function send(runner: Runner, file: Large): Promise<Ended> {
  const arrived: Promise<{ readonly bytes: number; readonly sha256: string }>[] = [];
  const port = await listen((socket: Socket) => {
    const measured = delay(STALL).then(() => measure(socket));
    measured.catch(() => {}); // a candidate that fails is heard of below
    arrived.push(measured);
  });
  const ended = await withInput(file.path, runner, port, ["-q", "0"], {});
  const received = await arrived[0];
  assert.equal(received?.bytes, file.bytes, `${received?.bytes} bytes arrived`);
  assert.equal(received?.sha256, file.sha256, "the bytes that arrived");
  return ended;
}

async function withInput(
  path: string,
  runner: Runner,
  port: number,
  args: readonly string[],
  options: ChildOptions,
): Promise<Ended> {
  const stdin = openSync(path, "r");
  try {
    return await runner.finish("nc", [...args, "127.0.0.1", `${port}`], {
      allow: [`tcp://127.0.0.1:${port}`],
      ...options,
      stdin,
      limit: 60_000,
    });
  } finally {
    closeSync(stdin);
  }
}
