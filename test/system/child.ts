// Child processes of the system test: each in a group of its own, each with a time limit, none left behind. Owns their
// input, what they print, and the peak of their memory; what it should be is the cases' business.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

/** How a child is run. */
export interface ChildOptions {
  /** Milliseconds until the child and all its descendants are killed. Default 30 s. */
  readonly limit?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A file descriptor to use as standard input. Default: a pipe. */
  readonly stdin?: number;
  /** Where standard output goes instead of `Ended.stdout`; data is taken from the pipe only as it is read. */
  readonly stdout?: (stream: Readable) => Promise<void>;
}

/** How a child ended. */
export interface Ended {
  /** The exit status, the signal's name, or "no end after N s". */
  readonly status: string;
  readonly stdout: Buffer;
  readonly stderr: string;
  /** Bytes: the peak resident memory of the child and its descendants, as Linux counts it. */
  readonly peak: number;
}

/** A child that runs. */
export interface Child {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Writes to its standard input; settles once the pipe took it (or the child is gone). */
  write(data: string | Uint8Array): Promise<void>;
  /** Ends its standard input. */
  end(): void;
  /** Waits until it has printed `text` on either stream. Rejects if it ends without, or after `limit` milliseconds. */
  printed(text: string, limit?: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

const DEFAULT_LIMIT = 30_000;
const SAMPLE_EVERY = 20;
const groups = new Set<number>();

/** Kills every child that is still there; for the end of the process, however it comes. */
export function killAll(): void {
  for (const pid of groups) killGroup(pid, "SIGKILL");
}

function killGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // the group is gone already
  }
}

/** Starts a command. Throws if there is no such program. */
export async function start(command: readonly string[], options: ChildOptions = {}): Promise<Child> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, LC_ALL: "C", ...options.env },
    detached: true,
    stdio: [options.stdin ?? "pipe", "pipe", "pipe"],
  });
  await new Promise<void>((done, fail) => {
    child.once("spawn", done);
    child.once("error", (error) => fail(new Error(`${file}: ${error.message}`)));
  });
  return watch(child, options);
}

/** Runs a command to its end, with `input` as its standard input. */
export async function finish(
  command: readonly string[],
  options: ChildOptions & { readonly input?: string | Uint8Array } = {},
): Promise<Ended> {
  const child = await start(command, options);
  if (options.stdin === undefined) {
    await Promise.race([child.write(options.input ?? ""), child.ended]);
    child.end();
  }
  return await child.ended;
}

/** Runs a command to its end: its standard output. Throws, with the end of what it printed, unless it exits with 0. */
export async function demand(
  command: readonly string[],
  options: ChildOptions & { readonly input?: string } = {},
): Promise<string> {
  const { status, stdout, stderr } = await finish(command, options);
  if (status === "0") return `${stdout}`;
  const printed = `${stdout}\n${stderr}`.trim().split("\n").slice(-12).join("\n");
  throw new Error(`${command.join(" ")}: ended with ${status}\n${printed}`);
}

function watch(child: ChildProcess, options: ChildOptions): Child {
  const pid = child.pid ?? 0;
  groups.add(pid);
  const limit = options.limit ?? DEFAULT_LIMIT;
  const output: Buffer[] = [];
  let text = "";
  let late = false;
  let closed = false;
  let waiters: (() => void)[] = [];
  const wake = (): void => {
    const woken = waiters;
    waiters = [];
    for (const waiter of woken) waiter();
  };
  const heard = (chunk: Buffer): void => {
    if (text.length < 1_000_000) text += chunk.toString("latin1");
    wake();
  };
  let stderr = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    stderr += chunk;
    heard(chunk);
  });
  const drained =
    child.stdout === null
      ? Promise.resolve()
      : options.stdout !== undefined
        ? options.stdout(child.stdout)
        : void child.stdout.on("data", (chunk: Buffer) => {
            output.push(chunk);
            heard(chunk);
          });
  child.stdin?.on("error", () => {}); // a child that is gone does not read
  const peaks = new Map<number, number>();
  const sampler = setInterval(() => sample(pid, peaks), SAMPLE_EVERY);
  sample(pid, peaks);
  const timer = setTimeout(() => {
    late = true;
    killGroup(pid, "SIGKILL");
  }, limit);
  const ended = new Promise<Ended>((done, fail) => {
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      clearInterval(sampler);
      killGroup(pid, "SIGKILL"); // descendants that it left
      groups.delete(pid);
      closed = true;
      wake();
      Promise.resolve(drained).then(() => {
        const status = late ? `no end after ${limit / 1000} s` : (signal ?? `${code}`);
        const peak = [...peaks.values()].reduce((sum, each) => sum + each, 0);
        done({ status, stdout: Buffer.concat(output), stderr, peak });
      }, fail);
    });
  });
  ended.catch(() => {}); // whoever waits for it hears of it
  return {
    pid,
    ended,
    write: (data) =>
      new Promise((done) => {
        if (child.stdin === null || data.length === 0) done();
        else child.stdin.write(data, () => done());
      }),
    end: () => child.stdin?.end(),
    signal: (name) => killGroup(pid, name),
    async printed(wanted, patience = 10_000) {
      const until = Date.now() + patience;
      while (!text.includes(wanted)) {
        if (closed || Date.now() >= until) {
          const said = JSON.stringify(text.slice(-500));
          throw new Error(
            `${closed ? "ended without printing" : "has not printed"} ${JSON.stringify(wanted)}; ${said}`,
          );
        }
        const step = new AbortController();
        const woken = new Promise<void>((done) => waiters.push(done));
        await Promise.race([woken, delay(until - Date.now(), undefined, { signal: step.signal }).catch(() => {})]);
        step.abort();
      }
    },
  };
}

/** Notes the peak (VmHWM only grows) of a process and its descendants. */
function sample(pid: number, peaks: Map<number, number>): void {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    if (kilobytes !== undefined) peaks.set(pid, Number(kilobytes) * 1024);
    for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ")) {
      if (child !== "") sample(Number(child), peaks);
    }
  } catch {
    // it has ended
  }
}
