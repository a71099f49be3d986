// Child processes of the harness: each in a group of its own, each with a time limit, none left behind.

import { type ChildProcess, spawn } from "node:child_process";

const groups = new Set<number>();

/** How a child is run. */
export interface ChildOptions {
  /** Seconds until the child and all its descendants are killed. */
  readonly timeout: number;
  readonly cwd?: string;
}

/** Starts a command whose standard input is a pipe that ends when this process ends. */
export function start(command: readonly string[], cwd?: string): ChildProcess {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { cwd, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  const pid = child.pid;
  if (pid !== undefined) {
    groups.add(pid);
    child.once("close", () => {
      groups.delete(pid);
    });
  }
  child.stdin?.on("error", () => {}); // a child that is gone does not read
  return child;
}

/** Kills a child and its descendants. */
export function kill(child: ChildProcess): void {
  if (child.pid !== undefined && groups.has(child.pid)) killGroup(child.pid);
}

/** Kills every child that is still there; for the end of the process, however it comes. */
export function killAll(): void {
  for (const pid of groups) killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // the group is gone already
  }
}

/** Runs a command to its end and gives its standard output. Throws, with its standard error, unless it exits with 0. */
export function run(command: readonly string[], options: ChildOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = start(command, options.cwd);
    let stdout = "";
    let stderr = "";
    let late = false;
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-4000);
    });
    const timer = setTimeout(() => {
      late = true;
      kill(child);
    }, options.timeout * 1000);
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new Error(`${command.join(" ")}: ${what}${stderr === "" ? "" : `\n${stderr.trimEnd()}`}`));
    };
    child.once("error", (error) => fail(error.message));
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (late) fail(`no end after ${options.timeout} s`);
      else if (code !== 0) fail(signal === null ? `exit status ${code}` : `killed by ${signal}`);
      else resolve(stdout);
    });
  });
}
