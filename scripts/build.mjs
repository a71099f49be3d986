// Builds everything: `node scripts/build.mjs`. The core (asc), the glue (wabt), the trace interposer, the bundles (esbuild),
// the sysroot's object, the types (tsc). Nothing is fetched.

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(fileURLToPath(import.meta.url), "../..");
process.chdir(root);
const require = createRequire(import.meta.url);
const started = Date.now();

function say(text) {
  console.error(`${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

function runNode(...args) {
  const result = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (result.status === 0) return;
  console.error(`${result.stdout}${result.stderr}`);
  throw new Error(`${args.join(" ")} failed`);
}

function runTool(name, args) {
  runNode(join("node_modules", ".bin", name), ...args);
}

/** Shared maximum of the core's memory: asconfig.json and host/core.ts say the same. */
const SHARED = "(memory $core 1 32768 shared)";

async function buildGlue() {
  const wabt = await require("wabt")();
  const features = { multi_memory: true, bulk_memory: true, threads: true };
  const write = (name, text) => {
    writeFileSync(`build/${name}.wasm`, wabt.parseWat(`${name}.wat`, text, features).toBinary({}).buffer);
  };
  const copy = readFileSync("assembly/glue/copy.wat", "utf8");
  write("copy", copy);
  write("copy.shared", copy.replace("(memory $core 1)", SHARED));
  write("call", readFileSync("assembly/glue/call.wat", "utf8"));
}

const common = {
  bundle: true,
  format: "esm",
  target: "es2022",
  splitting: true,
  outdir: "dist",
  packages: "external",
  loader: { ".wasm": "binary" },
  logLevel: "warning",
  legalComments: "none",
};

async function buildBundles() {
  await build({
    ...common,
    platform: "node",
    target: "node20",
    entryPoints: {
      "node/index": "host/node/index.ts",
      "node/worker": "host/node/worker.ts",
      "node/bridge": "host/node/bridge/index.ts",
      cli: "host/node/cli.ts",
    },
    chunkNames: "node/[name]-[hash]",
  });
  chmodSync("dist/cli.js", 0o755);
}

async function main() {
  mkdirSync("build", { recursive: true });
  rmSync("dist", { recursive: true, force: true });
  say("core");
  runTool("asc", ["--config", "asconfig.json", "--target", "release"]);
  runTool("asc", ["--config", "asconfig.json", "--target", "shared"]);
  say("glue");
  await buildGlue();
  say("interposer");
  const { buildInterposer } = await import(pathToFileURL(join(root, "scripts/interposer.mjs")).href);
  await buildInterposer();
  say("bundles");
  await buildBundles();
  const { buildBrowser, pageSizes } = await import(pathToFileURL(join(root, "scripts/browser.mjs")).href);
  await buildBrowser();
  const { jspi, worker } = pageSizes();
  say(`a page loads ${jspi} bytes (gzip) for the jspi engine, ${worker} for the worker engine`);
  cpSync("build/core.wasm", "dist/core.wasm");
  cpSync("build/core.shared.wasm", "dist/core.shared.wasm");
  say("sysroot");
  runNode("scripts/run-ts.mjs", "scripts/glue.ts");
  say("types");
  runTool("tsc", ["-p", "tsconfig.types.json"]);
  say("done");
}

await main();
