// node:wasi under a guest: hawser has the sockets, node:wasi the files. curl fetches a page into a directory of the host, by
// run() with `wasi: "node"` on every engine, and by attach() under a WASI instance of the caller's own where there is JSPI.

import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { demand } from "./child.js";
import { PAGE } from "./material.js";
import { type Node, nodes } from "./node.js";
import { ROOT } from "./place.js";
import { wasmProgram } from "../../ports/build.js";
import { temporaryDirectory, web } from "./server.js";
import type { Test } from "./test.js";

/** What the programs below are told. */
interface Task {
  readonly hawser: string;
  readonly path: string;
  readonly args: readonly string[];
  readonly allow: readonly string[];
  readonly directory: string;
  readonly engine: string;
}

const RUN = `
const { hawser, path, args, allow, directory, engine } = JSON.parse(process.argv[2]);
const { run } = await import(hawser);
const exit = await run(path, { args, allow, engine, wasi: "node", preopens: { "/files": directory } });
console.log(JSON.stringify(exit));
`;

const ATTACH = `
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";
const { hawser, path, args, allow, directory } = JSON.parse(process.argv[2]);
const { attach } = await import(hawser);
const wasi = new WASI({ version: "preview1", args: ["curl", ...args], preopens: { "/files": directory } });
const provider = {
  imports: wasi.wasiImport,
  start: ({ exports: { memory } }) => wasi.initialize({ exports: { memory } }),
};
const attachment = await attach(provider, { allow });
const { instance } = await WebAssembly.instantiate(await readFile(path), attachment.imports);
console.log(JSON.stringify(await attachment.start(instance)));
`;

async function fetchPage(node: Node, engine: string, script: string): Promise<void> {
  const { port } = await web();
  const directory = temporaryDirectory();
  const task: Task = {
    hawser: pathToFileURL(join(ROOT, "dist", "node", "index.js")).href,
    path: await wasmProgram("curl"),
    args: ["-q", "-sS", "-o", "/files/page", `http://127.0.0.1:${port}/page.html`],
    allow: [`tcp://127.0.0.1:${port}`],
    directory,
    engine,
  };
  const program = join(directory, "embedder.mjs");
  writeFileSync(program, script);
  const printed = await demand([node.path, program, JSON.stringify(task)]);
  assert.deepEqual(JSON.parse(printed), { status: 0 });
  assert.equal(readFileSync(join(directory, "page"), "utf8"), PAGE);
}

/** The tests. */
export async function wasiTests(): Promise<readonly Test[]> {
  return (await nodes()).flatMap((node) => [
    ...node.engines.map((engine) => ({
      name: `run() serves files through node:wasi (${engine}, Node ${node.major})`,
      limit: 200,
      run: () => fetchPage(node, engine, RUN),
    })),
    ...(node.engines.includes("jspi") ? [node] : []).map(() => ({
      name: `attach() joins sockets to a WASI instance of node:wasi (jspi, Node ${node.major})`,
      limit: 200,
      run: () => fetchPage(node, "jspi", ATTACH),
    })),
  ]);
}
