// One run of the native server (bench/server.c). A fresh one serves each measurement: a new port means that no
// connection of an earlier run, still in TIME_WAIT, is in the way.

import type { ChildProcess } from "node:child_process";
import { kill, start } from "./child.js";

/** A server that listens. */
export interface Server {
  readonly port: number;
  /** Ends it and waits until it has ended. */
  stop(): Promise<void>;
}

/** Starts the server and waits, 10 seconds at most, for the port it prints. */
export async function startServer(command: readonly string[]): Promise<Server> {
  const child = start(command);
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  try {
    return { port: await firstPort(child), stop: () => stop(child, ended) };
  } catch (error) {
    await stop(child, ended);
    throw error;
  }
}

function firstPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the bench server printed no port in 10 s")), 10_000);
    let text = "";
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      if (!text.includes("\n")) return;
      clearTimeout(timer);
      resolve(Number.parseInt(text, 10));
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", () => {
      clearTimeout(timer);
      reject(new Error(`the bench server ended before it listened\n${stderr}`));
    });
  });
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.pid === undefined) return;
  child.stdin?.end();
  const timer = setTimeout(() => kill(child), 2000);
  await ended;
  clearTimeout(timer);
}
