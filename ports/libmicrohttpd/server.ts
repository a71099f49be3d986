// libmicrohttpd's examples, started; and what asks them.

import { strict as assert } from "node:assert";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Child } from "../../test/system/child.js";
import type { Case, Observation } from "../../test/system/compare.js";
import { PAGE } from "../../test/system/material.js";
import { freePort, reachable, temporaryDirectory } from "../../test/system/server.js";
import type { LineClient } from "../line-client.js";

/** The page that the file servers have, a character for each byte, as LineClient reads. */
export const BODY: string = Buffer.from(PAGE).toString("latin1");

/** So many bytes of a file that the file servers have. */
export const LARGE: string = Array.from({ length: 400_000 }, (_, n) => `line ${n % 1000} of many\n`).join("");

/** An example that runs. */
export interface Server {
  readonly port: number;
  readonly child: Child;
}

/** What the server says. */
export interface Answer {
  readonly head: string;
  readonly body: string;
}

/** A directory with what the file servers have, which serve where they are. */
function site(): string {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, "deep"));
  const files = { "page.html": PAGE, "large.txt": LARGE, "empty.txt": "", "deep/er.txt": "deeper\n" };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return directory;
}

/** A case of an example: `stop` ends it, and tells what is seen of that. */
function withExample(
  program: string,
  args: readonly string[],
  stop: (server: Server) => Promise<Observation>,
  run: (server: Server) => Promise<Observation>,
): Case["run"] {
  return async (runner) => {
    const [port, directory] = [await freePort(), site()];
    const child = await runner.start(program, [`${port}`, ...args], {
      // The examples listen at every address.
      allow: [`listen:tcp://0.0.0.0:${port}`],
      directories: [`${directory}:.`],
      cwd: directory,
      limit: 150_000,
    });
    await reachable(port, child);
    const seen = await run({ port, child });
    return { ...seen, ...(await stop({ port, child })) };
  };
}

/** A case of an example that runs until it is killed. */
export function withEndless(
  program: string,
  args: readonly string[],
  run: (server: Server) => Promise<Observation>,
): Case["run"] {
  const kill = async ({ child }: Server): Promise<Observation> => {
    child.signal("SIGKILL");
    await child.ended;
    return {};
  };
  return withExample(program, args, kill, run);
}

/** A case of an example that runs in threads of its own until its standard input ends. */
export function withThreads(program: string, run: (server: Server) => Promise<Observation>): Case["run"] {
  const stop = async ({ child }: Server): Promise<Observation> => {
    child.end();
    const { status, stderr } = await child.ended;
    // How the sending to a client that has gone away failed, depends on where it was.
    const lines = stderr.split("\n").map((line) => line.replace(/^(Failed to send the response body).*/, "$1"));
    const corked = (line: string): boolean => line.startsWith("Setting TCP_CORK option");
    return { status, corks: !lines.some(corked), stderr: lines.filter((line) => !corked(line)) };
  };
  return withExample(program, [], stop, run);
}

/** Answers, without when they were said. */
export function undated(answers: string): string {
  return answers.replace(/^Date: .*\r\n/gm, "");
}

/** Asks, on a connection that stays open, and reads as much of an answer as its head says; HEAD has no body. */
export async function ask(
  client: LineClient,
  line: string,
  headers: readonly string[] = [],
  body = "",
): Promise<Answer> {
  const length = body === "" ? [] : [`Content-Length: ${body.length}`];
  const words = [`${line} HTTP/1.1`, "Host: 127.0.0.1", ...length, ...headers, "", ""].join("\r\n");
  const head = undated(await client.ask(`${words}${body}`, /\r\n\r\n/));
  const bytes = Number(/^Content-Length: (\d+)/im.exec(head)?.[1]);
  assert.ok(Number.isSafeInteger(bytes), head);
  return { head, body: line.startsWith("HEAD ") ? "" : await client.take(bytes) };
}

/** Says something and reads to the end that the server makes. */
export async function said(client: LineClient, text: string): Promise<string> {
  await client.ask(text, /(?:)/);
  return undated(await client.rest());
}
