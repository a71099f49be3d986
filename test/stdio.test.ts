// Standard streams of a process: this file, bundled, starts itself with a role as its argument.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { inputFrom, outputTo } from "../host/node/stdio.js";

const LIMIT = 15_000;
const SELF = fileURLToPath(import.meta.url);
const MEBIBYTE = 1 << 20;
/** Keeps a process alive, as a guest does. */
const alive = (): NodeJS.Timeout => setTimeout(() => {}, LIMIT);

const ROLES: Readonly<Record<string, () => Promise<void>>> = {
  /** Copies input to output. */
  copy: async () => {
    const timer = alive();
    const [input, output] = [inputFrom("inherit"), outputTo("inherit", 1)];
    for (let chunk = await input.read(); chunk !== null; chunk = await input.read()) await output.write(chunk);
    input.cancel();
    clearTimeout(timer);
  },
  /** Reads one chunk, gives input up, and has nothing left to do. */
  once: async () => {
    const timer = alive();
    const input = inputFrom("inherit");
    const chunk = await input.read();
    const next = input.read();
    next.catch(() => {});
    input.cancel();
    await outputTo("inherit", 1).write(Buffer.from(`read ${chunk?.length}\n`));
    clearTimeout(timer);
  },
  /** Makes a source and reads nothing of it. */
  unread: async () => {
    const input = inputFrom("inherit");
    input.cancel();
  },
  /** Reads to the end with two sources one after the other. */
  twice: async () => {
    const timer = alive();
    const output = outputTo("inherit", 1);
    const first = inputFrom("inherit");
    await output.write(Buffer.from(`first ${await first.read()}\n`));
    first.cancel();
    const second = inputFrom("inherit");
    await output.write(Buffer.from(`second ${await second.read()}, then ${await second.read()}\n`));
    second.cancel();
    clearTimeout(timer);
  },
  /** Writes more than a pipe holds to both, in turn, without waiting for any of it. */
  flood: async () => {
    const sinks = [outputTo("inherit", 1), outputTo("inherit", 2)];
    const written: (void | Promise<void>)[] = [];
    const reused = Buffer.alloc(4096);
    for (let number = 0; number < 1024; number++) {
      reused.fill(`${number % 10}`);
      reused.write(`${number}`.padStart(6, "0"));
      const result = sinks[number % 2]?.write(reused);
      written.push(result);
      if (result instanceof Promise) await result;
    }
    await Promise.all(written);
  },
  /** Writes again as soon as a write has settled, always with one behind it, until a timer has its turn. */
  eager: async () => {
    const output = outputTo("inherit", 1);
    const deadline = performance.now() + LIMIT / 2;
    let isOver = false;
    setTimeout(() => {
      isOver = true;
    }, 100);
    const write = async (): Promise<void> => {
      while (!isOver && performance.now() < deadline) await output.write(Buffer.alloc(64));
    };
    await Promise.all([write(), write()]);
    await outputTo("inherit", 2).write(Buffer.from(isOver ? "turned\n" : "starved\n"));
  },
  /** Writes until it fails, and tells how. */
  broken: async () => {
    const output = outputTo("inherit", 1);
    try {
      for (let i = 0; i < 64; i++) await output.write(Buffer.alloc(MEBIBYTE / 16));
    } catch (error) {
      await outputTo("inherit", 2).write(Buffer.from(`${(error as NodeJS.ErrnoException).code}\n`));
    }
  },
  /** Tells what is a terminal. */
  terminal: async () => {
    const [input, output, error] = [inputFrom("inherit"), outputTo("inherit", 1), outputTo("inherit", 2)];
    await output.write(Buffer.from(`${input.isTerminal} ${output.isTerminal} ${error.isTerminal}\n`));
  },
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Collects a child to its end; its end comes within the limit. */
function collect(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ["", ""];
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("latin1");
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("latin1");
    });
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`still there after ${LIMIT} ms; it said: ${stdout.slice(0, 200)}${stderr.slice(0, 200)}`));
    }, LIMIT);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

function play(role: string): ChildProcess {
  return spawn(process.execPath, [SELF, role], { stdio: "pipe" });
}

/** Runs a shell line in which $PLAY starts this file with a role. */
function shell(line: string): Promise<Ended> {
  const env = { ...process.env, PLAY: `'${process.execPath}' '${SELF}'` };
  return collect(spawn("sh", ["-c", line.replaceAll("$PLAY", env.PLAY)], { stdio: ["ignore", "pipe", "pipe"] }));
}

const role = process.argv[2];
const directory = role === undefined ? mkdtempSync(join(tmpdir(), "hawser-stdio-")) : "";
const lines = Array.from({ length: 40_000 }, (_, i) => `line ${i}\n`).join("");

test("a pipe is read to its end, in order", async () => {
  const child = play("copy");
  child.stdin?.end(lines);
  assert.equal(await collect(child), { code: 0, stdout: lines, stderr: "" });
});

test("a pipe that gets bytes now and then is read as they come", async () => {
  const child = play("copy");
  const ended = collect(child);
  for (const part of ["one ", "two ", "three"]) {
    child.stdin?.write(part);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  child.stdin?.end();
  assert.equal(await ended, { code: 0, stdout: "one two three", stderr: "" });
});

test("a file is read to its end", async () => {
  writeFileSync(join(directory, "lines"), lines);
  const { code, stdout } = await shell(`$PLAY copy < '${join(directory, "lines")}'`);
  assert.is(code, 0);
  assert.ok(stdout === lines);
});

test("/dev/null and a closed descriptor are at their end at once", async () => {
  assert.equal(await shell("$PLAY copy < /dev/null"), { code: 0, stdout: "", stderr: "" });
  assert.equal(await shell("$PLAY copy <&-"), { code: 0, stdout: "", stderr: "" });
});

test("after cancel() an open pipe and a pending read do not keep the process alive", async () => {
  const child = play("once");
  child.stdin?.on("error", () => {});
  child.stdin?.write("hello");
  assert.equal(await collect(child), { code: 0, stdout: "read 5\n", stderr: "" });
});

test("input that nobody asks for is left to the next process", async () => {
  const { stdout } = await shell("printf 'for the next' | { $PLAY unread; cat; }");
  assert.is(stdout, "for the next");
});

test("a second source reads on where the first stopped, to the end", async () => {
  const child = play("twice");
  const ended = collect(child);
  child.stdin?.write("a");
  child.stdout?.once("data", () => child.stdin?.end("b"));
  assert.is((await ended).stdout, "first a\nsecond b, then null\n");
});

test("output to a slow pipe is complete, and both descriptors keep their order", async () => {
  const { code, stdout } = await shell("$PLAY flood 2>&1 | { sleep 0.5; cat; }");
  assert.is(code, 0);
  assert.is(stdout.length, 1024 * 4096);
  for (let number = 0; number < 1024; number++) {
    const wanted = `${number}`.padStart(6, "0").padEnd(4096, `${number % 10}`);
    if (stdout.slice(number * 4096, (number + 1) * 4096) !== wanted)
      throw new Error(`record ${number} is out of place`);
  }
});

test("a chunk that waits is copied: a slow reader on each descriptor gets every byte once", async () => {
  const child = play("flood");
  child.stdout?.pause();
  setTimeout(() => child.stdout?.resume(), 300);
  const { code, stdout, stderr } = await collect(child);
  assert.equal([code, stdout.length, stderr.length], [0, 512 * 4096, 512 * 4096]);
  assert.is(stdout.slice(0, 6), "000000");
  assert.is(stderr.slice(-4096, -4090), "001023");
});

test("a program that writes without end to a file leaves timers and signals their turns", async () => {
  const file = join(directory, "eager");
  const { stderr } = await shell(`$PLAY eager > '${file}'`);
  rmSync(file);
  assert.is(stderr, "turned\n");
});

test("a reader that is gone is EPIPE", async () => {
  const child = play("broken");
  child.stdout?.destroy();
  assert.is((await collect(child)).stderr, "EPIPE\n");
});

test("a full disk is ENOSPC", async () => {
  const { stdout } = await shell("$PLAY broken 2>&1 >/dev/full");
  assert.is(stdout, "ENOSPC\n");
});

test("pipes and files are no terminals", async () => {
  assert.is((await shell("$PLAY terminal </dev/null 2>/dev/null")).stdout, "false false false\n");
});

test("text, bytes and iterables are sources too", async () => {
  async function* parts(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(0);
    yield Uint8Array.of(1, 2);
  }
  const text = inputFrom("hé");
  assert.is(Buffer.from((await text.read()) ?? []).toString(), "hé");
  assert.is(await text.read(), null);
  const iterable = inputFrom(parts());
  assert.equal(await iterable.read(), Uint8Array.of(1, 2));
  assert.is(await iterable.read(), null);
  assert.is(await inputFrom("ignore").read(), null);
});

test("a function gets copies of what is written", () => {
  const got: Uint8Array[] = [];
  const sink = outputTo((chunk) => void got.push(chunk), 1);
  const reused = Uint8Array.of(1);
  sink.write(reused);
  reused[0] = 2;
  assert.equal(got, [Uint8Array.of(1)]);
});

test.after(() => rmSync(directory, { recursive: true, force: true }));

if (role === undefined) test.run();
else await ROLES[role]?.();
