// Builds dist/browser: what a page loads. The core comes in the JavaScript, gzipped, so that no bundler and no server has to know
// of a wasm file; workers come as text in chunks of their own, so that none has to know of them either.

import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** Gzip bytes that the parts of a page may take; test/browser-bundle.test.ts and the build hold them to it. */
export const BUDGET = { jspi: 75_000, worker: 90_000 };

/** A module whose default export unpacks the wasm. */
function unpacking(path) {
  const packed = gzipSync(readFileSync(path), { level: 9 }).toString("base64");
  return `export default () => new Response(
  new Blob([Uint8Array.from(atob("${packed}"), (c) => c.charCodeAt(0))]).stream().pipeThrough(new DecompressionStream("gzip")),
).arrayBuffer();`;
}

/** Loads wasm files by what `contents` makes of their paths. */
function wasm(contents) {
  return {
    name: "wasm",
    setup({ onLoad }) {
      onLoad({ filter: /\.wasm$/ }, ({ path }) => ({ contents: contents(path), loader: "js" }));
    },
  };
}

const common = {
  bundle: true,
  format: "esm",
  platform: "browser",
  target: ["chrome102", "firefox114", "safari16.4"],
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
};

/** Bundles everything. */
export async function buildBrowser() {
  // A worker is given its modules by the page.
  const none = wasm(() => "export default undefined;");
  for (const name of ["worker", "worker-trace"]) {
    const { metafile } = await build({
      ...common,
      entryPoints: [`host/browser/${name}.ts`],
      outfile: `build/${name}.txt`,
      plugins: [none],
    });
    writeFileSync(`build/${name}.json`, JSON.stringify(metafile));
  }
  const { metafile } = await build({
    ...common,
    entryPoints: { index: "host/browser/index.ts" },
    loader: { ".txt": "text" },
    outdir: "dist/browser",
    splitting: true,
    chunkNames: "[name]-[hash]",
    plugins: [wasm(unpacking)],
  });
  cpSync("build/worker-trace.txt", "dist/browser/worker.js");
  writeFileSync("build/browser.json", JSON.stringify(metafile));
}

/** The output file of an input, and what it imports statically, with their sizes: path to gzip bytes. */
function closure(metafile, output, into = new Map()) {
  if (into.has(output)) return into;
  into.set(output, gzipSync(readFileSync(output), { level: 9 }).length);
  for (const { path, kind } of metafile.outputs[output].imports) {
    if (kind === "import-statement") closure(metafile, path, into);
  }
  return into;
}

function outputOf(metafile, input) {
  const found = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === input);
  if (found === undefined) throw new Error(`no output of ${input}`);
  return found[0];
}

/** What a page loads for each way to run a guest, in gzip bytes, from the build's metafile. */
export function pageSizes() {
  const metafile = JSON.parse(readFileSync("build/browser.json", "utf8"));
  const sum = (...inputs) => {
    const files = new Map();
    for (const input of inputs) closure(metafile, outputOf(metafile, input), files);
    return [...files.values()].reduce((before, each) => before + each, 0);
  };
  const page = "host/browser/index.ts";
  return {
    jspi: sum(page, "build/core.wasm", "build/copy.wasm"),
    worker: sum(page, "build/core.shared.wasm", "build/copy.shared.wasm", "build/worker.txt"),
  };
}
