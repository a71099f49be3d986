// A bridge as its users start it: the built command line in a process of its own, its log, its counters and its memory.

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const CLI = join("dist", "cli.js");
const LIMIT = 20_000;

/** A line of the log. */
export interface Logged extends Readonly<Record<string, unknown>> {
  readonly level: number;
  readonly msg: string;
}

/** How a process ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process under test. */
export class Command {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly ended: Promise<Ended>;
  isOver = false;

  /** Starts `hawser` with those arguments. */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [CLI, ...args], {
      stdio: "pipe",
      env: { PATH: process.env["PATH"] ?? "", ...env },
    });
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.child.stdin?.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.child.once("close", (status, signal) => {
        this.isOver = true;
        resolve({ status, signal });
      });
    });
  }

  /** Waits until it has said what `find` finds in its output. Throws when it ends or the time is over. */
  async said<T>(what: string, find: (self: Command) => T | null | undefined, limit: number = LIMIT): Promise<T> {
    const until = Date.now() + limit;
    while (true) {
      const found = find(this);
      if (found !== null && found !== undefined) return found;
      if (this.isOver || Date.now() > until) {
        throw new Error(
          `${what}: ${this.isOver ? "it ended" : `not within ${limit} ms`}; ${this.stdout}${this.stderr}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** Its end; it is killed when that takes too long. */
  async end(limit: number = LIMIT): Promise<Ended> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), limit);
    const ended = await this.ended;
    clearTimeout(timer);
    return ended;
  }

  /** Resident memory in bytes; null where the system does not tell. */
  get resident(): number | null {
    try {
      const kilobytes = /^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${this.child.pid}/status`, "latin1"))?.[1];
      return kilobytes === undefined ? null : Number(kilobytes) * 1024;
    } catch {
      return null;
    }
  }
}

/** A bridge that serves. */
export class BridgeProcess extends Command {
  /** Starts `hawser bridge`, at any port, with counters, and these arguments. */
  static async start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<BridgeProcess> {
    const made = new BridgeProcess(["bridge", "--listen", "127.0.0.1:0", "--metrics", "127.0.0.1:0", ...args], env);
    await made.said("the bridge's start", ({ stdout }) => /^hawser bridge: /m.exec(stdout));
    return made;
  }

  /** Where it listens. */
  get url(): string {
    return /^hawser bridge: (.+)$/m.exec(this.stdout)?.[1] ?? "";
  }

  /** Its log so far. Throws for a line that is no JSON. */
  get log(): readonly Logged[] {
    return this.stderr
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Logged);
  }

  /** Waits for a line of the log with that message. */
  logged(message: string): Promise<Logged> {
    return this.said(`"${message}" in the log`, () => this.log.find(({ msg }) => msg === message));
  }

  /** What is at the address of its counters. */
  async scrape(): Promise<string> {
    const { metrics } = await this.logged("bridge listens");
    return (await fetch(String(metrics))).text();
  }

  /** A counter's value, by its name and labels as they are written; 0 for one that has none yet. */
  async counter(name: string): Promise<number> {
    const line = (await this.scrape()).split("\n").find((each) => each.startsWith(`${name} `));
    return line === undefined ? 0 : Number(line.slice(name.length + 1));
  }
}
